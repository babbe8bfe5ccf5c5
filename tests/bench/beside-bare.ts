// A door of the app and a bare server that answers alike, asked in turns as fast as eight clients can.
import { figure, median, type Figure } from "./figure";
import { saturate, type Fired, type Magazine } from "./load";
import { cpuOf, type AppPlace, type Server, type Stage } from "./stage";

const ROUNDS = 3;
/** So many ask at once. */
export const CLIENTS = 8;

interface Compared {
  /** Of the figure. */
  name: string;
  /** The program of `tests/bench/bare`. */
  bare: string;
  /** Where both read; unset: on the stage's database. */
  place?: AppPlace;
  magazine: Magazine;
  /** What is asked, for the figure's note. */
  asked: string;
}

/** Answers a second of the app's web role beside the bare program's. */
export async function besideBare(stage: Stage, { name, bare, place, magazine, asked }: Compared): Promise<Figure> {
  const ours: Measured[] = [];
  const plain: Measured[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(await measured(stage, await stage.startApp("web", place), magazine));
    const env = { BENCH_SECRET: stage.stack.apiSecret };
    const url = place?.database?.ownerUrl;
    plain.push(await measured(stage, await stage.startBare(bare, url ? { ...env, DATABASE_URL: url } : env), magazine));
  }
  const values = ours.map(({ perSecond }) => perSecond);
  const middle = [...ours].sort((a, b) => a.latency.p99 - b.latency.p99)[Math.floor((ROUNDS - 1) / 2)];
  return figure({
    name,
    value: median(values),
    unit: "answers/s",
    bare: median(plain.map(({ perSecond }) => perSecond)),
    cpuMs: median(ours.map(({ cpuMs }) => cpuMs)),
    bareCpuMs: median(plain.map(({ cpuMs }) => cpuMs)),
    bareP99: median(plain.map(({ latency }) => latency.p99)),
    ...middle?.latency,
    rounds: values,
    note: `${CLIENTS} clients, ${asked}; ${ours.reduce((sum, { bad }) => sum + bad, 0)} not answered 2xx`,
  });
}

type Measured = Fired & { cpuMs: number };
async function measured(stage: Stage, server: Server, magazine: Magazine): Promise<Measured> {
  try {
    await saturate(server.url, CLIENTS, 1, magazine);
    const before = cpuOf(server.pid);
    const fired = await saturate(server.url, CLIENTS, stage.isQuick ? 4 : 15, magazine);
    return { ...fired, cpuMs: (cpuOf(server.pid) - before) / (fired.good + fired.bad) };
  } finally {
    await server.stop();
  }
}

// npm run chaos: throws seeds at the app and prints what was found. README: tests/README.md.
//   --seeds N             plan seeds 1…N (in this process, exactly replayable)
//   --process-minutes M   so long, processes that are killed (best effort to replay)
//   --seed S              one plan seed again, with every step on stderr when --trace is given
//   --plant FILE.sql      runs SQL as the owner after the migration
//   --self-test           plants bugs one by one: passes only if each is caught and the control is clean
//   --json                only the figures, as JSON, on stdout
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";

import { playInShards } from "./plan/shards";
import { keepRegressions, readRegressions } from "./regressions";
import { isClean, mergeFigures, noFigures, type ChaosFigures } from "./report";

const SEEDS = 50;

const { values } = parseArgs({
  options: {
    seeds: { type: "string" },
    seed: { type: "string" },
    "process-minutes": { type: "string" },
    "process-seed": { type: "string" },
    plant: { type: "string" },
    "self-test": { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    trace: { type: "boolean", default: false },
  },
});
const say = (line: string): void => void process.stderr.write(`${line}\n`);

const code = values["self-test"] ? await selfTest() : await run();
// What is said is out before the end, which no socket that a killed process left open may put off.
process.stdout.write("", () => process.exit(code));

async function run(): Promise<number> {
  const started = performance.now();
  const figures = mergeFigures([await plan(), await processes()]);
  figures.seconds = Math.round((performance.now() - started) / 100) / 10;
  if (figures.seeds === 0) say("nothing ran: --seeds N or --process-minutes M");
  tell(figures);
  return isClean(figures) ? 0 : 1;
}

async function plan(): Promise<ChaosFigures> {
  const seeds = wantedSeeds();
  if (seeds.length === 0) return noFigures();
  const figures = await playInShards({
    seeds,
    plant: values.plant ?? null,
    trace: values.trace,
    isUntilCaught: false,
    say,
  });
  // A planted bug is no regression of ours.
  if (values.plant === undefined) keepRegressions(figures.violations.map(({ seed }) => seed));
  return figures;
}

/** What failed once comes first, every time. */
function wantedSeeds(): number[] {
  if (values.seed !== undefined) return [whole(values.seed, "--seed")];
  const isProcessesOnly = values.seeds === undefined && values["process-minutes"] !== undefined;
  const count = isProcessesOnly ? 0 : whole(values.seeds ?? String(SEEDS), "--seeds");
  if (count === 0) return [];
  return [...new Set([...readRegressions(), ...Array.from({ length: count }, (_, index) => index + 1)])];
}

async function processes(): Promise<ChaosFigures> {
  const minutes = Number(values["process-minutes"] ?? 0);
  if (!(minutes > 0)) return noFigures();
  const { runProcessSeeds } = await import("./process/process-seeds");
  const plant = values.plant === undefined ? {} : { plant: readFileSync(values.plant, "utf8") };
  const seed = whole(values["process-seed"] ?? "1", "--process-seed");
  return runProcessSeeds({ minutes, seed, onProgress: say, ...plant });
}

async function selfTest(): Promise<number> {
  const { runSelfTest } = await import("./plant/self-test");
  const report = await runSelfTest({ say: values.json ? () => undefined : say });
  process.stdout.write(`${JSON.stringify(report, null, values.json ? undefined : 2)}\n`);
  return report.control === "clean" && report.planted.every(({ caught }) => caught) ? 0 : 1;
}

function whole(text: string, name: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`${name} wants a whole number, not ${text}`);
  return value;
}

function tell(figures: ChaosFigures): void {
  for (const { seed, invariant, detail } of figures.violations) say(`seed ${seed} ${invariant}: ${detail}`);
  const again = figures.violations.map(({ seed, isProcess }) =>
    isProcess
      ? `--seeds 0 --process-minutes 0.34 --process-seed ${seed} (its schedule again: as far as processes can be repeated)`
      : `--seed ${seed}`,
  );
  for (const replay of new Set(again)) say(`again: npm run chaos -- ${replay}`);
  process.stdout.write(`${JSON.stringify(figures, null, values.json ? undefined : 2)}\n`);
}

// What the measurements run on: PostgreSQL that really writes to disk, the migrated database, the built app as a
// process, and bare programs as processes beside it.
import { execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import pg from "pg";

import { startApp, type AppProcess } from "../demo/app-process";
import { prepareDatabase, type DemoDatabase } from "../demo/demo-database";
import { keepSecrets } from "../demo/secrets";
import { startStack, type Stack } from "../demo/stack";
import { projectRoot } from "../setup/postgres-account";

export interface Server {
  url: string;
  pid: number;
  stop(): Promise<void>;
}
/** A database that only one figure fills. */
export interface OwnDatabase extends DemoDatabase {
  owner: pg.Pool;
  drop(): Promise<void>;
}
/** Where and how a process of the app runs; unset: on the stage's database, without Shopify. */
export interface AppPlace {
  database?: DemoDatabase;
  /** Stands for Shopify: the simulator, or what stands before it. */
  shopifyUrl?: string;
}
export interface Stage {
  stack: Stack;
  owner: pg.Pool;
  /** Rows are a tenth: for a first look. */
  isQuick: boolean;
  say(line: string): void;
  /** So many of what a figure needs `full` of: the size the run was asked for. */
  sized(full: number): number;
  /** A migrated database without rows. */
  openDatabase(name: string): Promise<OwnDatabase>;
  /** The built app in a role, as in production: its clock is the database's. */
  startApp(role: "web" | "worker" | "all", place?: AppPlace): Promise<Server>;
  /** Runs a program with the app's environment to its end. @returns what it printed, its time and its peak memory */
  run(program: string, args: string[], place?: AppPlace): Promise<Ran>;
  /** A program of `tests/bench/bare`, which says where it listens. */
  startBare(name: string, env: Record<string, string>): Promise<Server>;
  /** The app's own rooms in this process, with the app's rights. */
  useRooms(): void;
  stop(): Promise<void>;
}

export interface Ran {
  output: string;
  seconds: number;
  /** Peak resident memory, MiB. */
  peakMiB: number;
}

/** Starts everything but the measured servers. */
export async function openStage(options: {
  isQuick: boolean;
  /** Whether the seeded shops have the app, with a year of orders read. */
  isInstalled: boolean;
  /** Multiplies how many rows the long figures work through. */
  scale: number;
  say: (line: string) => void;
}): Promise<Stage> {
  const { isQuick, scale, say } = options;
  // Not a throw-away cluster: those do not wait for the disk.
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "kizuna-bench-"));
  fs.chmodSync(folder, 0o711);
  const stack = await startStack({ folder, seed: "demo", install: options.isInstalled, say });
  // Statements of this pool build data of any size.
  const owner = new pg.Pool({ connectionString: stack.database.ownerUrl, max: 4 });
  owner.on("error", () => undefined); // A connection that the server ends when everything is over.
  const databases = ownDatabases(stack, owner, folder);
  return {
    stack,
    owner,
    isQuick,
    say,
    sized: (full) => Math.max(1, Math.round(full * scale)),
    openDatabase: databases,
    async startApp(role, place) {
      const env = { ...environmentOf(stack, place), KIZUNA_ROLE: role, PORT: "0" };
      return asServer(await startApp({ env, logFile: path.join(folder, "bench.log") }));
    },
    run: (program, args, place) => run(program, args, environmentOf(stack, place)),
    startBare: (name, env) => startBare(name, { DATABASE_URL: stack.database.ownerUrl, ...env }),
    useRooms() {
      for (const [name, value] of Object.entries({ ...stack.appEnv, LOG_LEVEL: "error" })) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    },
    async stop() {
      await owner.end();
      await stack.stop();
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

function environmentOf(stack: Stack, { database = stack.database, shopifyUrl }: AppPlace = {}) {
  return {
    ...stack.appEnv,
    // Whoever speaks to no simulator must not hold its key: the app refuses to start with it.
    ...(shopifyUrl ? {} : { SHOPIFY_API_KEY: randomBytes(16).toString("hex") }),
    SHOPIFY_SIMULATOR_URL: shopifyUrl,
    APP_BRIDGE_URL: undefined,
    DATABASE_URL: database.appUrl,
    DATABASE_ROUTER_URL: database.routerUrl,
    DATABASE_OWNER_URL: undefined,
    BENCH_OWNER_URL: database.ownerUrl,
  };
}

/** Migrates once; every further database is a copy. */
function ownDatabases(stack: Stack, admin: pg.Pool, folder: string): (name: string) => Promise<OwnDatabase> {
  const EMPTY = "bench_empty";
  const at = (url: string, name: string) => {
    const own = new URL(url);
    own.pathname = `/${name}`;
    return own.href;
  };
  let empty: Promise<DemoDatabase> | undefined;
  const makeEmpty = async () => {
    await admin.query(`CREATE DATABASE ${EMPTY} TEMPLATE template0 ENCODING 'UTF8'`);
    return prepareDatabase(at(stack.database.ownerUrl, EMPTY), keepSecrets(folder));
  };
  return async (name) => {
    const model = await (empty ??= makeEmpty());
    const own = `bench_${name.replace(/\W/g, "_")}`;
    await admin.query(`CREATE DATABASE ${own} TEMPLATE ${EMPTY}`);
    const ownerUrl = at(model.ownerUrl, own);
    const owner = new pg.Pool({ connectionString: ownerUrl, max: 4 });
    owner.on("error", () => undefined); // A connection that the server ends when everything is over.
    return {
      ownerUrl,
      appUrl: at(model.appUrl, own),
      routerUrl: at(model.routerUrl, own),
      owner,
      async drop() {
        await owner.end();
        await admin.query(`DROP DATABASE ${own} WITH (FORCE)`);
      },
    };
  };
}

async function run(program: string, args: string[], env: Record<string, string | undefined>): Promise<Ran> {
  const started = performance.now();
  const child = spawn(process.execPath, ["--import", "tsx", path.join(projectRoot, program), ...args], {
    cwd: projectRoot,
    env: { ...process.env, LOG_LEVEL: "error", ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const output: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
  let peakMiB = 0;
  const watch = setInterval(() => (peakMiB = Math.max(peakMiB, peakMemoryOf(child.pid ?? 0))), 250);
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve)).finally(() =>
    clearInterval(watch),
  );
  const said = Buffer.concat(output).toString("utf8");
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${said.slice(-2_000)}`);
  return { output: said, seconds: (performance.now() - started) / 1_000, peakMiB };
}

const asServer = (app: AppProcess): Server => ({ url: app.url, pid: app.pid, stop: () => app.stop() });

function startBare(name: string, env: Record<string, string>): Promise<Server> {
  const child = spawn(process.execPath, ["--import", "tsx", path.join(projectRoot, "tests/bench/bare", `${name}.ts`)], {
    cwd: projectRoot,
    env: { ...process.env, ...env },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  return new Promise((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`${name} ended with ${code}`)));
    child.once("message", ({ listening }: { listening: number }) =>
      resolve({
        url: `http://127.0.0.1:${listening}`,
        pid: child.pid ?? 0,
        async stop() {
          child.kill("SIGTERM");
          await ended;
        },
      }),
    );
  });
}

/** CPU time a process has used so far, milliseconds. */
export function cpuOf(pid: number): number {
  const stat = `/proc/${pid}/stat`;
  if (fs.existsSync(stat)) {
    // The name may hold spaces; user and system ticks are the 12th and 13th field behind it.
    const fields = fs
      .readFileSync(stat, "utf8")
      .replace(/^.*\) /, "")
      .split(" ");
    return (Number(fields[11]) + Number(fields[12])) * 10;
  }
  const [minutes = "0", seconds = "0"] = execFileSync("ps", ["-o", "cputime=", "-p", String(pid)], { encoding: "utf8" })
    .trim()
    .split(":")
    .slice(-2);
  return (Number(minutes) * 60 + Number(seconds)) * 1_000;
}

/** Resident memory of a process, MiB. */
export function memoryOf(pid: number): number {
  return Number(execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" }).trim()) / 1024;
}

/** The most resident memory a process has had so far, MiB; 0 once it is gone. */
export function peakMemoryOf(pid: number): number {
  try {
    const status = fs.readFileSync(`/proc/${pid}/status`, "utf8");
    return Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return process.platform === "linux" ? 0 : memoryOf(pid);
  }
}

// What the measurements run on: PostgreSQL that really writes to disk, the migrated database, the built app as a
// process, and bare programs as processes beside it.
import { execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import pg from "pg";

import { startApp, type AppProcess } from "../demo/app-process";
import { startStack, type Stack } from "../demo/stack";
import { projectRoot } from "../setup/postgres-account";

export interface Server {
  url: string;
  pid: number;
  stop(): Promise<void>;
}
export interface Stage {
  stack: Stack;
  owner: pg.Pool;
  /** Rows are a tenth: for a first look. */
  isQuick: boolean;
  say(line: string): void;
  /** The built app in a role, as in production: its clock is the database's. */
  startApp(role: "web" | "all"): Promise<Server>;
  /** A program of `tests/bench/bare`, which says where it listens. */
  startBare(name: string, env: Record<string, string>): Promise<Server>;
  /** The app's own rooms in this process, with the app's rights. */
  useRooms(): void;
  stop(): Promise<void>;
}

/** Starts everything but the measured servers. */
export async function openStage(options: {
  isQuick: boolean;
  /** Whether the seeded shops have the app, with a year of orders read. */
  isInstalled: boolean;
  say: (line: string) => void;
}): Promise<Stage> {
  const { isQuick, say } = options;
  // Not a throw-away cluster: those do not wait for the disk.
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "kizuna-bench-"));
  fs.chmodSync(folder, 0o711);
  const stack = await startStack({ folder, seed: "demo", install: options.isInstalled, say });
  // Statements of this pool build data of any size.
  const owner = new pg.Pool({ connectionString: stack.database.ownerUrl, max: 4 });
  owner.on("error", () => undefined); // A connection that the server ends when everything is over.
  return {
    stack,
    owner,
    isQuick,
    say,
    async startApp(role) {
      const real = { SHOPIFY_API_KEY: randomBytes(16).toString("hex"), SHOPIFY_SIMULATOR_URL: undefined };
      const env = { ...stack.appEnv, ...real, APP_BRIDGE_URL: undefined, KIZUNA_ROLE: role, PORT: "0" };
      return asServer(await startApp({ env, logFile: path.join(folder, "bench.log") }));
    },
    startBare: (name, env) => startBare(name, { ...env, DATABASE_URL: stack.database.ownerUrl }),
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

// The app as a process of its own, as in production.
import { spawn, type ChildProcess } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

import { projectRoot, SetupError } from "../setup/postgres-account";

export interface AppProcessOptions {
  env: Record<string, string | undefined>;
  logFile: string;
  /** Compile on request from the sources instead of running the build. */
  dev?: boolean;
}
export interface AppProcess {
  url: string;
  pid: number;
  /** Resolves with the exit code or signal when the process has ended. */
  readonly ended: Promise<string>;
  /** Asks it to finish what it is doing and end. */
  stop(): Promise<void>;
  kill(signal: NodeJS.Signals): void;
}

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 40_000;

/**
 * Starts the app and waits until it listens.
 * @throws SetupError with its last words when it does not
 */
export async function startApp(options: AppProcessOptions): Promise<AppProcess> {
  const program = options.dev ? ["--import", "tsx", "app/server.ts"] : ["--enable-source-maps", "build/server.js"];
  const log = fs.openSync(options.logFile, "a", 0o600);
  const offset = fs.fstatSync(log).size;
  // A session of its own: a Ctrl-C in the terminal is for us, and we stop things in order. When we are
  // killed, the channel closes and the app stops by itself.
  const child = spawn(process.execPath, program, {
    cwd: projectRoot,
    env: { ...process.env, ...options.env },
    detached: true,
    stdio: ["ignore", log, log, "ipc"],
  });
  fs.closeSync(log);
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(signal ?? String(code)));
  });
  const port = await Promise.race([listening(child), ended.then(() => null), timeout(START_TIMEOUT_MS)]);
  if (port === null) {
    child.kill("SIGKILL");
    throw new SetupError(`The app did not start:\n${lastWords(options.logFile, offset)}`);
  }
  child.unref();
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    ended,
    kill: (signal) => void child.kill(signal),
    async stop() {
      child.ref();
      child.kill("SIGTERM");
      if ((await Promise.race([ended, timeout(STOP_TIMEOUT_MS)])) === null) child.kill("SIGKILL");
      await ended;
    },
  };
}

function listening(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.on("message", (message: { listening?: number }) => {
      if (typeof message.listening === "number") resolve(message.listening);
    });
  });
}

function timeout(milliseconds: number): Promise<null> {
  return new Promise((resolve) => setTimeout(() => resolve(null), milliseconds).unref());
}

/** The end of what the app has written since `offset`. */
export function lastWords(logFile: string, offset = 0): string {
  const text = fs.readFileSync(logFile).subarray(offset).toString("utf8").trimEnd();
  return text
    .split("\n")
    .slice(-12)
    .map((line) => `  ${line.slice(0, 400)}`)
    .join("\n");
}

/** Where the app's log of this data folder is. */
export function logFileOf(folder: string): string {
  return path.join(folder, "app.log");
}

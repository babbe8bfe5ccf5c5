// Starts and stops the real PostgreSQL server that npm installed, on a folder of its own.
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import pg from "pg";

import { claimFolder, postgresAccount, postgresBinaries, SetupError, type Account } from "./postgres-account";
import { leaveIdentity, livingOwner } from "./process-identity";

export interface PostgresOptions {
  /** Holds data/, password and log; created when missing. */
  folder: string;
  /** 0 or unset: any free port. */
  port?: number;
  /** Test clusters trade crash safety for speed; `synchronous_commit` stays on either way. */
  disposable?: boolean;
  /** Removes the folder after the server has stopped, even when this process was killed. */
  removeAtExit?: boolean;
  /** Deletes an existing cluster in the folder first, whatever state it is in. */
  reset?: boolean;
  /** On top of the usual ones: archiving, recovery. */
  settings?: Record<string, string>;
  say?: (line: string) => void;
}
export interface RunningPostgres {
  port: number;
  folder: string;
  /** URL of the cluster's administrator for `database`. */
  adminUrl(database?: string): string;
  /** Waits for a fast shutdown; may be called again. */
  stop(): Promise<void>;
  /** Resolves when the server has ended, by itself or by `stop`. */
  readonly ended: Promise<void>;
}

const ADMIN = "postgres";
const START_TIMEOUT_MS = 30_000;
const WAY_OUT = "npm run demo -- --reset starts anew (it deletes the demo's data).";

/**
 * Starts a server on `options.folder`, creating the cluster (UTF-8, passwords) on first use.
 * @throws SetupError with a way out: taken port, folder in use or broken, missing binaries
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const say = options.say ?? (() => {});
  const account = postgresAccount();
  const bin = postgresBinaries(account, say);
  claimFolder(options.folder, account);
  const files = filesOf(options.folder);
  await endLeftover(files, say);
  if (options.reset) for (const name of [files.data, files.password]) fs.rmSync(name, { recursive: true, force: true });
  if (!fs.existsSync(path.join(files.data, "PG_VERSION"))) createCluster(bin, files, account, say);
  checkCluster(bin, files);
  if (options.port && !(await isFree(options.port))) {
    throw new SetupError(`Port ${options.port} is taken.\nStop what listens there, or choose another port.`);
  }
  const password = fs.readFileSync(files.password, "utf8").trim();
  for (let attempt = 1; ; attempt++) {
    const port = options.port || (await freePort());
    const adminUrl = (database = "postgres") =>
      `postgresql://${ADMIN}:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}`;
    const server = launch({ bin, files, account, port, options });
    leaveIdentity(files.owner);
    if (await becomesReady(server, adminUrl())) return running(server, { port, folder: options.folder, adminUrl });
    await server.ended;
    const tail = logTail(files.log);
    if (/could not bind|Address already in use/.test(tail) && !options.port && attempt < 5) continue;
    throw new SetupError(
      `PostgreSQL did not start on ${files.data}. Its last words:\n${tail}\nIf the data folder is broken: ${WAY_OUT}`,
    );
  }
}

interface Files {
  data: string;
  password: string;
  log: string;
  owner: string;
}
function filesOf(folder: string): Files {
  const inside = (name: string) => path.join(folder, name);
  return { data: inside("data"), password: inside("password"), log: inside("log"), owner: inside("owner.json") };
}

function createCluster(bin: string, files: Files, account: Account, say: (line: string) => void): void {
  if (fs.existsSync(files.data) && fs.readdirSync(files.data).length > 0) {
    throw new SetupError(`${files.data} is not empty, but no complete PostgreSQL data folder either.\n${WAY_OUT}`);
  }
  say("creating the database cluster");
  fs.writeFileSync(files.password, randomBytes(24).toString("hex") + "\n", { mode: 0o600 });
  if (account.uid !== undefined && account.gid !== undefined) fs.chownSync(files.password, account.uid, account.gid);
  const made = spawnSync(
    path.join(bin, "initdb"),
    [
      `--pgdata=${files.data}`,
      `--username=${ADMIN}`,
      `--pwfile=${files.password}`,
      "--auth=scram-sha-256",
      // Whatever LANG says: the catalogue of Japanese names needs UTF-8.
      "--encoding=UTF8",
      "--locale-provider=builtin",
      "--locale=C.UTF-8",
      "--wal-segsize=4",
      // Hundreds of small waits for the disk; a cluster lost to a power cut this early is made again.
      "--no-sync",
    ],
    { ...account, cwd: "/", encoding: "utf8", env: serverEnvironment() },
  );
  if (made.status === 0) return;
  fs.rmSync(files.data, { recursive: true, force: true });
  throw new SetupError(`initdb failed: ${made.error?.message ?? made.stderr.trim()}`);
}

function serverEnvironment(): NodeJS.ProcessEnv {
  return { NODE_ENV: process.env.NODE_ENV, PATH: process.env.PATH ?? "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" };
}

function checkCluster(bin: string, files: Files): void {
  if (!fs.existsSync(files.password)) {
    throw new SetupError(`${files.password} is missing, so nobody can log in.\n${WAY_OUT}`);
  }
  const held = fs.readFileSync(path.join(files.data, "PG_VERSION"), "utf8").trim();
  const version = spawnSync(path.join(bin, "postgres"), ["--version"], { encoding: "utf8", cwd: "/" }).stdout;
  if (version && !version.includes(` ${held}.`)) {
    throw new SetupError(`${files.data} was written by PostgreSQL ${held}, this is ${version.trim()}.\n${WAY_OUT}`);
  }
}

interface Server {
  process: ChildProcess;
  ended: Promise<void>;
}

// A shell holds our end of a pipe: when this process ends, however it ends, the pipe closes and the
// server gets its fast shutdown. The server never outlives us, and no signal meant for us reaches it
// first, since it has a session of its own (a Ctrl-C in the terminal goes to ours only).
const WATCH = `
folder=$1; remove=$2; shift 2
exec 3<&0
"$@" </dev/null 3<&- &
server=$!
(cat <&3 >/dev/null; kill -INT $server) 2>/dev/null &
wait $server
code=$?
[ "$remove" = yes ] && rm -rf -- "$folder"
exit $code`;

function launch(plan: { bin: string; files: Files; account: Account; port: number; options: PostgresOptions }): Server {
  const { bin, files, account, port, options } = plan;
  const log = fs.openSync(files.log, "w", 0o600);
  if (account.uid !== undefined && account.gid !== undefined) fs.fchownSync(log, account.uid, account.gid);
  const child = spawn(
    "/bin/sh",
    ["-c", WATCH, "kizuna-postgres", options.folder, options.removeAtExit ? "yes" : "no", ...command()],
    { ...account, cwd: "/", detached: true, stdio: ["pipe", log, log], env: serverEnvironment() },
  );
  fs.closeSync(log);
  child.stdin?.on("error", () => {}); // The server was quicker to go than we were to say so.
  const ended = new Promise<void>((resolve) => {
    child.once("error", () => resolve());
    child.once("exit", () => {
      child.stdin?.destroy();
      resolve();
    });
  });
  return { process: child, ended };

  function command(): string[] {
    const settings = { ...SETTINGS, ...(options.disposable ? DISPOSABLE : {}), ...options.settings };
    const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    return [path.join(bin, "postgres"), "-D", files.data, "-p", String(port), ...flags];
  }
}

// Modest on purpose: the machine also runs the app, the simulator and a browser.
const SETTINGS = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: "200",
  shared_buffers: "128MB",
  effective_cache_size: "2GB",
  work_mem: "16MB",
  maintenance_work_mem: "128MB",
  min_wal_size: "32MB",
  max_wal_size: "1GB",
  wal_level: "minimal",
  max_wal_senders: "0",
  synchronous_commit: "on",
  timezone: "UTC",
  log_timezone: "UTC",
  log_min_messages: "warning",
  logging_collector: "off",
};
const DISPOSABLE = { fsync: "off", full_page_writes: "off" };

async function becomesReady(server: Server, url: string): Promise<boolean> {
  let ended = false;
  void server.ended.then(() => (ended = true));
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!ended && Date.now() < deadline) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
    client.on("error", () => {});
    try {
      await client.connect();
      await client.query("SELECT 1");
      await client.end();
      return true;
    } catch (error) {
      const { code } = error as { code?: string };
      // 28…: the answer came from a server with another password than this folder's.
      if (code?.startsWith("28")) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  server.process.stdin?.end();
  return false;
}

function running(server: Server, facts: Pick<RunningPostgres, "port" | "folder" | "adminUrl">): RunningPostgres {
  // Neither the child nor its pipe may keep a finished program alive.
  server.process.unref();
  (server.process.stdin as net.Socket | null)?.unref();
  return {
    ...facts,
    ended: server.ended,
    async stop() {
      server.process.ref();
      server.process.stdin?.end();
      await server.ended;
    },
  };
}

// ─── Leftovers ───────────────────────────────────────────────────────────────────────────────────

async function endLeftover(files: Files, say: (line: string) => void): Promise<void> {
  const pidFile = path.join(files.data, "postmaster.pid");
  if (!fs.existsSync(pidFile)) return;
  const owner = livingOwner(files.owner);
  if (owner) {
    throw new SetupError(
      `The database in ${files.data} is in use by process ${owner.pid}.\nStop that process (Ctrl-C in its terminal) first.`,
    );
  }
  const pid = Number(fs.readFileSync(pidFile, "utf8").split("\n")[0]);
  if (Number.isInteger(pid) && pid > 1 && isServerOf(pid, files.data)) {
    say(`a PostgreSQL left over by an earlier run is still up (process ${pid}): stopping it`);
    process.kill(pid, "SIGINT");
    if (!(await gone(pid, 20_000))) {
      throw new SetupError(
        `The PostgreSQL with process id ${pid} does not stop. End it (kill -INT ${pid}) and try again.`,
      );
    }
  }
  // After a crash or a reboot the number in the file may be another program's.
  fs.rmSync(pidFile, { force: true });
}
function isServerOf(pid: number, data: string): boolean {
  try {
    const line = fs.existsSync(`/proc/${pid}`)
      ? fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ")
      : spawnSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" }).stdout;
    return line.includes("postgres") && line.includes(data);
  } catch {
    return false;
  }
}
async function gone(pid: number, limitMs: number): Promise<boolean> {
  for (const deadline = Date.now() + limitMs; Date.now() < deadline;) {
    try {
      process.kill(pid, 0);
    } catch {
      return true;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

function logTail(file: string): string {
  const lines = fs.readFileSync(file, "utf8").trimEnd().split("\n");
  return lines
    .slice(-8)
    .map((line) => `  ${line}`)
    .join("\n");
}

// ─── Ports ───────────────────────────────────────────────────────────────────────────────────────

/** Whether a server could listen on this loopback port now. */
export function isFree(port: number, host = "127.0.0.1"): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = net.createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, host, () => probe.close(() => resolve(true)));
  });
}
/** A loopback port nobody listens on at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as net.AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

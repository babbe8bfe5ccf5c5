// The embedded PostgreSQL with its real durability settings, which the bench may kill in the ways machines do:
// everything at once, or one backend, after which the server takes all the others down by itself.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { startPostgres, type RunningPostgres } from "../../setup/embedded-postgres";

const GONE_WITHIN_MS = 20_000;

export class KillablePostgres {
  private constructor(
    private readonly folder: string,
    private server: RunningPostgres,
    private readonly password: string,
  ) {}

  /** Starts a server in `folder`, with fsync and full page writes on. */
  static async start(folder: string): Promise<KillablePostgres> {
    const server = await startPostgres({ folder });
    return new KillablePostgres(folder, server, fs.readFileSync(path.join(folder, "password"), "utf8").trim());
  }

  /** Another one after every start. */
  get port(): number {
    return this.server.port;
  }
  /** The administrator's URL at a fixed address, such as a proxy's. */
  adminUrl(port: number, database = "postgres"): string {
    return `postgresql://postgres:${this.password}@127.0.0.1:${port}/${encodeURIComponent(database)}`;
  }

  /** Kills the server with all its processes; nothing is flushed, nothing is said. */
  async kill(): Promise<void> {
    const server = this.postmaster();
    if (server === null) return;
    // Stopped first, it can neither start another process nor notice that its own are dying.
    signal(server, "SIGSTOP");
    const all = [...childrenOf(server), server];
    for (const pid of all) signal(pid, "SIGKILL");
    await this.server.ended;
    for (const end = Date.now() + GONE_WITHIN_MS; all.some(isRunning) && Date.now() < end;) await sleep(10);
  }

  /** Kills one process that serves a connection. @returns false when there is none */
  killBackend(pick: (pids: number[]) => number | undefined): boolean {
    const server = this.postmaster();
    const backends = server === null ? [] : childrenOf(server).filter((pid) => /kizuna/.test(titleOf(pid)));
    const victim = pick(backends);
    if (victim === undefined) return false;
    signal(victim, "SIGKILL");
    return true;
  }

  /** Starts it again after a kill: recovery from what had reached the disk. */
  async restart(): Promise<void> {
    this.server = await startPostgres({ folder: this.folder });
  }

  async stop(): Promise<void> {
    await this.server.stop();
  }

  private postmaster(): number | null {
    try {
      const pid = Number(fs.readFileSync(path.join(this.folder, "data/postmaster.pid"), "utf8").split("\n")[0]);
      return Number.isInteger(pid) && pid > 1 && isRunning(pid) ? pid : null;
    } catch {
      return null;
    }
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It was quicker.
  }
}

/** Whether the process still does anything; one that nobody has buried yet does not. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return stateOf(pid) !== "Z";
}

function stateOf(pid: number): string {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2, stat.lastIndexOf(")") + 3);
  } catch {
    return (
      spawnSync("ps", ["-o", "state=", "-p", String(pid)], { encoding: "utf8" })
        .stdout?.trim()
        .slice(0, 1) ?? ""
    );
  }
}

function childrenOf(parent: number): number[] {
  if (!fs.existsSync("/proc/self/stat")) {
    const lines = spawnSync("ps", ["-axo", "pid=,ppid="], { encoding: "utf8" }).stdout.trim().split("\n");
    return lines
      .map((line) => line.trim().split(/\s+/).map(Number))
      .flatMap(([pid, of]) => (pid && of === parent ? [pid] : []));
  }
  return fs.readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const stat = fs.readFileSync(`/proc/${name}/stat`, "utf8");
      return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]) === parent ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

// PostgreSQL writes into its title whom the process serves.
function titleOf(pid: number): string {
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return spawnSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" }).stdout ?? "";
  }
}

// A process number alone may since be another program's: together with its start time it names one process.
import { spawnSync } from "node:child_process";
import fs from "node:fs";

export interface ProcessIdentity {
  pid: number;
  /** When the process started, as the system tells it; null when the system does not say. */
  started: string | null;
}

/** This process. */
export function ownIdentity(): ProcessIdentity {
  return { pid: process.pid, started: startTime(process.pid) };
}

/** Whether the process that left `file` behind (by `leaveIdentity`) is still running; then it is returned. */
export function livingOwner(file: string): ProcessIdentity | null {
  let owner: ProcessIdentity;
  try {
    owner = JSON.parse(fs.readFileSync(file, "utf8")) as ProcessIdentity;
  } catch {
    return null;
  }
  const alive = owner.pid !== process.pid && owner.started !== null && startTime(owner.pid) === owner.started;
  return alive ? owner : null;
}

/** Writes who we are to `file`. */
export function leaveIdentity(file: string): void {
  fs.writeFileSync(file, JSON.stringify(ownIdentity()), { mode: 0o600 });
}

function startTime(pid: number): string | null {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
  } catch {
    const asked = spawnSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" });
    return asked.status === 0 ? asked.stdout.trim() : null;
  }
}

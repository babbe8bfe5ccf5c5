// What an orchestrator asks: does the process live, and should it get requests?
import fs from "node:fs";
import path from "node:path";

import { queryShop, routerPool } from "../db.server";
import { projectRoot } from "../project-root.server";

const ANSWER_WITHIN_MS = 2_000;
/** SQLSTATE of a missing function or table: what tells came with a migration of its own. */
const UNDEFINED = ["42883", "42P01"];

export type Readiness = { ready: true } | { ready: false; why: "stopping" | "database" | "migrations pending" };

let isStopping = false;
let isMigrated = false;

/** From now on the process takes no new requests. */
export function beginStop(): void {
  isStopping = true;
}
export function hasBegunStop(): boolean {
  return isStopping;
}

/** Whether requests may be sent here: both roles answer in time, on a schema that this version knows. */
export async function readReadiness(): Promise<Readiness> {
  if (isStopping) return { ready: false, why: "stopping" };
  const late = new Promise<"late">((resolve) => setTimeout(() => resolve("late"), ANSWER_WITHIN_MS).unref());
  const asked = Promise.all([queryShop(0, "SELECT 1 AS one"), isSchemaCurrent()]).then(
    ([, current]) => (current ? "ready" : "pending"),
    () => "late" as const,
  );
  const answer = await Promise.race([asked, late]);
  if (answer === "ready") return { ready: true };
  return { ready: false, why: answer === "pending" ? "migrations pending" : "database" };
}

/** Whether every migration that came with this version is applied. Once true it stays true. */
export async function isSchemaCurrent(folder = path.join(projectRoot(), "prisma/migrations")): Promise<boolean> {
  if (isMigrated) {
    await routerPool().query("SELECT 1");
    return true;
  }
  const newest = newestMigration(folder);
  if (newest === null) return true;
  try {
    const { rows } = await routerPool().query<{ newest: string | null }>("SELECT newest_migration() AS newest");
    isMigrated = (rows[0]?.newest ?? "") >= newest;
    return isMigrated;
  } catch (error) {
    if (UNDEFINED.includes((error as { code?: string }).code ?? "")) return false;
    throw error;
  }
}

// Their names begin with their date: the last in order is the newest.
function newestMigration(folder: string): string | null {
  if (!fs.existsSync(folder)) return null;
  const names = fs.readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return (
    names
      .map(({ name }) => name)
      .sort()
      .at(-1) ?? null
  );
}

/** Forgets what was learnt; for tests. */
export function resetReadiness(): void {
  isStopping = false;
  isMigrated = false;
}

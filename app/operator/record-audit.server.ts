// Leaves a note of a finished audit where each shop's health page reads it: when, and how it ended.
import pg from "pg";

import type { AuditReport } from "./audit.server";

/**
 * Notes the audit for every installed shop, as the owner.
 * @returns unwritable when the database takes no writes, such as a replica that was audited
 */
export async function recordAudit(
  ownerUrl: string,
  { invariants }: AuditReport,
): Promise<{ outcome: "recorded"; shops: number } | { outcome: "unwritable" }> {
  const client = new pg.Client({
    connectionString: ownerUrl,
    application_name: "kizuna-audit",
    connectionTimeoutMillis: 5_000,
    query_timeout: 30_000,
  });
  client.on("error", () => undefined); // The statement under way rejects with the same error.
  await client.connect();
  try {
    const wrong = invariants.filter(({ violations }) => violations > 0).length;
    const { rowCount } = await client.query(
      `INSERT INTO reconciliation_run (shop_id, kind, started_at, finished_at, seen, matched, unexplained, status)
       SELECT id, 'audit', now(), now(), $1, $2, $3, 'done' FROM shop WHERE uninstalled_at IS NULL`,
      [invariants.length, invariants.length - wrong, wrong],
    );
    return { outcome: "recorded", shops: rowCount ?? 0 };
  } catch (error) {
    if ((error as { code?: string }).code === READ_ONLY) return { outcome: "unwritable" };
    throw error;
  } finally {
    await client.end();
  }
}

/** SQLSTATE: read_only_sql_transaction. */
const READ_ONLY = "25006";

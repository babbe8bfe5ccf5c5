// Checks the invariants over the whole database as the owner, read-only, on one consistent picture.
import pg from "pg";

import { INVARIANTS, SUBJECT, type Invariant } from "./invariants";

export interface InvariantResult {
  id: string;
  rows: number;
  violations: number;
  seconds: number;
}
export interface AuditReport {
  ok: boolean;
  invariants: InvariantResult[];
}

/** A long audit may not hold back vacuum for ever. */
const STATEMENT_MINUTES_MAX = 10;

async function check(client: pg.Client, invariant: Invariant): Promise<InvariantResult> {
  const started = performance.now();
  const { rows } = await client.query<{ rows: string; violations: string }>(invariant.sql);
  const looked = Number(rows[0]?.rows ?? 0);
  let violations = Number(rows[0]?.violations ?? 1);
  const table = SUBJECT[invariant.id];
  if (looked === 0 && table !== undefined) {
    // A check that saw nothing where there is something was blind, and a blind check proves nothing.
    const { rows: found } = await client.query<{ some: boolean }>(`SELECT EXISTS (SELECT FROM ${table}) AS some`);
    if (found[0]?.some !== false) violations += 1;
  }
  return { id: invariant.id, rows: looked, violations, seconds: Math.round(performance.now() - started) / 1000 };
}

/**
 * Runs every invariant.
 * @param ownerUrl the owner role's database URL: row-level security must not make the audit blind
 * @param onProgress called before each check, for a person's progress bar
 * @throws when the database does not answer or the role may not see every shop
 */
export async function runAudit(
  ownerUrl: string,
  onProgress: (done: number, total: number, law: string) => void = () => undefined,
): Promise<AuditReport> {
  const client = new pg.Client({
    connectionString: ownerUrl,
    application_name: "kizuna-audit",
    connectionTimeoutMillis: 5_000,
  });
  await client.connect();
  try {
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    await client.query(`SET LOCAL statement_timeout = '${STATEMENT_MINUTES_MAX}min'`);
    const { rows } = await client.query<{ blind: boolean }>(
      "SELECT pg_has_role(current_user, 'kizuna_app', 'USAGE') AND NOT rolsuper AND NOT pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = 'points_entry'::regclass), 'USAGE') AS blind FROM pg_roles WHERE rolname = current_user",
    );
    if (rows[0]?.blind !== false)
      throw new Error("The audit needs the owner's database URL: this role sees one shop at a time.");
    const invariants: InvariantResult[] = [];
    for (const [index, invariant] of INVARIANTS.entries()) {
      onProgress(index, INVARIANTS.length, invariant.law);
      invariants.push(await check(client, invariant));
    }
    return { ok: invariants.every((result) => result.violations === 0), invariants };
  } finally {
    await client.end();
  }
}

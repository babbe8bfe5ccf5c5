// Checks the invariants over the whole database as the owner, read-only, on one consistent picture.
import pg from "pg";

import { countCrossings } from "./cross-shop.server";
import { INVARIANTS, RECOMPUTED, SUBJECT } from "./invariants";
import { BENCH_ONLY, LIVENESS, type ElsewhereChecked } from "./liveness";
import { recomputeTiers } from "./recompute-tiers.server";
import { recomputeEarnings, type Recomputation } from "./recompute-earnings.server";
import { verifySeals } from "./verify-seals.server";

export interface InvariantResult {
  id: string;
  rows: number;
  violations: number;
  seconds: number;
}
export interface AuditReport {
  ok: boolean;
  invariants: InvariantResult[];
  /** What no look at the tables can show, and where it is shown. */
  notApplicable: ElsewhereChecked[];
}

/** A long audit may not hold back vacuum for ever. */
const STATEMENT_MINUTES_MAX = 10;

/** One check: its sentence, and how it counts. */
interface Check {
  id: string;
  law: string;
  count(client: pg.Client): Promise<Recomputation>;
}
/** Halves of laws that one statement cannot say. */
const FURTHER: Record<string, (client: pg.Client) => Promise<Recomputation>> = {
  I10: verifySeals,
  I17: countCrossings,
};
const CHECKS: Check[] = [
  ...[...INVARIANTS, ...LIVENESS].map(({ id, law, sql }) => ({
    id,
    law,
    count: async (client: pg.Client) => {
      const [said, further] = [await countBySql(client, sql), await FURTHER[id]?.(client)];
      return { rows: said.rows, violations: said.violations + (further?.violations ?? 0) };
    },
  })),
  { ...RECOMPUTED, count: recomputeEarnings },
  {
    id: "I16",
    law: "Every member's tier is what the plans, the qualifying orders and the date make it.",
    count: recomputeTiers,
  },
];

async function countBySql(client: pg.Client, sql: string): Promise<Recomputation> {
  const { rows } = await client.query<{ rows: string; violations: string }>(sql);
  return { rows: Number(rows[0]?.rows ?? 0), violations: Number(rows[0]?.violations ?? 1) };
}

async function check(client: pg.Client, { id, count }: Check): Promise<InvariantResult> {
  const started = performance.now();
  const { rows: looked, violations: found } = await count(client);
  let violations = found;
  const table = SUBJECT[id];
  if (looked === 0 && table !== undefined) {
    // A check that saw nothing where there is something was blind, and a blind check proves nothing.
    const { rows } = await client.query<{ some: boolean }>(`SELECT EXISTS (SELECT FROM ${table}) AS some`);
    if (rows[0]?.some !== false) violations += 1;
  }
  return { id, rows: looked, violations, seconds: Math.round(performance.now() - started) / 1000 };
}

const SESSIONS_HIDDEN: ElsewhereChecked = {
  id: "I22",
  law: "No transaction writes for more than 30 seconds.",
  why: "The owner's role does not see when others' transactions began: GRANT pg_read_all_stats to it.",
};
async function seesSessions(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ sees: boolean }>(
    "SELECT pg_has_role(current_user, 'pg_read_all_stats', 'USAGE') AS sees",
  );
  return rows[0]?.sees ?? false;
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
    for (const [index, each] of CHECKS.entries()) {
      onProgress(index, CHECKS.length, each.law);
      invariants.push(await check(client, each));
    }
    const notApplicable = [...BENCH_ONLY, ...((await seesSessions(client)) ? [] : [SESSIONS_HIDDEN])];
    return { ok: invariants.every((result) => result.violations === 0), invariants, notApplicable };
  } finally {
    await client.end();
  }
}

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
const CHECKS: Check[] = [
  ...[...INVARIANTS, ...LIVENESS].map(({ id, law, sql }) => ({
    id,
    law,
    count: (client: pg.Client) => countBySql(client, sql),
  })),
  { ...RECOMPUTED, count: recomputeEarnings },
  {
    id: "I16",
    law: "Every member's tier is what the plans, the qualifying orders and the date make it.",
    count: recomputeTiers,
  },
];
/** Halves of laws that one statement cannot say. */
const FURTHER: Check[] = [
  { id: "I10", law: "Each day's seal re-computes.", count: verifySeals },
  { id: "I17", law: "Whatever names a row of another table names one of its own shop.", count: countCrossings },
];
/** What is worked out here and not in the database has a connection of its own: each waits little for the other. */
const WORKED_OUT_HERE: ReadonlySet<Check["count"]> = new Set([recomputeEarnings, recomputeTiers, verifySeals]);

async function countBySql(client: pg.Client, sql: string): Promise<Recomputation> {
  const { rows } = await client.query<{ rows: string; violations: string }>(sql);
  return { rows: Number(rows[0]?.rows ?? 0), violations: Number(rows[0]?.violations ?? 1) };
}

async function check(client: pg.Client, { id, count }: Check): Promise<InvariantResult> {
  const started = performance.now();
  const { rows, violations } = await count(client);
  return { id, rows, violations, seconds: (performance.now() - started) / 1000 };
}

// A check that saw nothing where there is something was blind, and a blind check proves nothing.
async function countBlindness(client: pg.Client, { id, rows }: InvariantResult): Promise<number> {
  const table = SUBJECT[id];
  if (rows > 0 || table === undefined) return 0;
  const found = await client.query<{ some: boolean }>(`SELECT EXISTS (SELECT FROM ${table}) AS some`);
  return found.rows[0]?.some === false ? 0 : 1;
}

/** One result of a law from its halves; the first says how many rows were looked at. */
function together(halves: InvariantResult[]): InvariantResult {
  const [first] = halves;
  if (!first) throw new RangeError("a law without a check");
  const sum = (of: (half: InvariantResult) => number) => halves.reduce((total, half) => total + of(half), 0);
  return {
    ...first,
    violations: sum(({ violations }) => violations),
    seconds: Math.round(sum(({ seconds }) => seconds) * 1000) / 1000,
  };
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
  const clients = [openClient(ownerUrl), openClient(ownerUrl)] as const;
  const [database, here] = clients;
  try {
    await begin(database);
    const { rows } = await database.query<{ blind: boolean; snapshot: string }>(
      "SELECT pg_has_role(current_user, 'kizuna_app', 'USAGE') AND NOT rolsuper AND NOT pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = 'points_entry'::regclass), 'USAGE') AS blind, pg_export_snapshot() AS snapshot FROM pg_roles WHERE rolname = current_user",
    );
    if (rows[0]?.blind !== false)
      throw new Error("The audit needs the owner's database URL: this role sees one shop at a time.");
    await begin(here, rows[0].snapshot);
    const all = [...CHECKS, ...FURTHER];
    const results = new Map<Check, InvariantResult>();
    const work = async (client: pg.Client, checks: Check[]) => {
      for (const each of checks) {
        onProgress(results.size, all.length, each.law);
        results.set(each, await check(client, each));
      }
    };
    const isHere = ({ count }: Check) => WORKED_OUT_HERE.has(count);
    await Promise.all([
      work(
        database,
        all.filter((each) => !isHere(each)),
      ),
      work(here, all.filter(isHere)),
    ]);
    const invariants: InvariantResult[] = [];
    for (const { id } of CHECKS) {
      const result = together(all.flatMap((each) => (each.id === id ? (results.get(each) ?? []) : [])));
      invariants.push({ ...result, violations: result.violations + (await countBlindness(database, result)) });
    }
    const notApplicable = [...BENCH_ONLY, ...((await seesSessions(database)) ? [] : [SESSIONS_HIDDEN])];
    return { ok: invariants.every((result) => result.violations === 0), invariants, notApplicable };
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
}

function openClient(ownerUrl: string): pg.Client {
  const client = new pg.Client({
    connectionString: ownerUrl,
    application_name: "kizuna-audit",
    connectionTimeoutMillis: 5_000,
  });
  client.on("error", () => undefined); // The query under way rejects with the same error.
  return client;
}

/** @param snapshot the picture of another connection; without one the present */
async function begin(client: pg.Client, snapshot?: string): Promise<void> {
  await client.connect();
  await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  if (snapshot !== undefined) await client.query(`SET TRANSACTION SNAPSHOT ${client.escapeLiteral(snapshot)}`);
  await client.query(`SET LOCAL statement_timeout = '${STATEMENT_MINUTES_MAX}min'`);
  // Whole tables are grouped, and those who wait for an answer meanwhile keep a processor.
  await client.query("SET LOCAL work_mem = '64MB'; SET LOCAL max_parallel_workers_per_gather = 0");
}

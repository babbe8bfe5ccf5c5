// A million lots whose last day is over, found by the sweep and expired by the worker.
import { figure, type Figure } from "../figure";
import { dropIndexes } from "../seed/drop-indexes";
import type { OwnDatabase, Stage } from "../stage";
import { workOff } from "../work-off";

const LOTS_DUE = 1_000_000;
const DUE_EACH = 2;
const POINTS = 70;

/** Lots a second, from the start of the worker to the last one. */
export async function expiry(stage: Stage): Promise<Figure> {
  const database = await stage.openDatabase("expiry");
  try {
    const lots = await fill(stage, database);
    const worker = await stage.startApp("worker", { database });
    const { seconds, cpuMs, peakMiB } = await workOff(worker, async () => !(await isAnyDue(database)));
    await expectExpired(database, lots);
    return figure({
      name: "expiry.1m",
      value: lots / seconds,
      unit: "lots/s",
      cpuMs: cpuMs / lots,
      note: `${lots} lots of ${lots / DUE_EACH} members in ${seconds.toFixed(1)} s, one worker process, peak ${Math.round(peakMiB)} MiB`,
    });
  } finally {
    await database.drop();
  }
}

// Each member has lots that are due and one that is not.
async function fill(stage: Stage, { owner, ...database }: OwnDatabase): Promise<number> {
  const members = Math.round(stage.sized(LOTS_DUE) / DUE_EACH);
  const opened = await stage.run("tests/bench/programs/open-shops.ts", ["1", "expiry"], { database });
  const shopId = (JSON.parse(opened.output) as { shops: number[] }).shops[0];
  const restore = await dropIndexes(owner, ["member", "lot", "points_entry"]);
  await owner.query(
    `INSERT INTO member (shop_id, customer_gid, tags, search_grams, first_seen_at, available, balance_seq, published_seq)
     SELECT $1::int, 'gid://shopify/Customer/' || n, '{}', '{}', now() - interval '2 years', $3::int * $4::int, 1, 1 FROM generate_series(1, $2::int) n`,
    [shopId, members, POINTS, DUE_EACH + 1],
  );
  await owner.query(
    `INSERT INTO lot (shop_id, member_id, source_type, source_id, rule, version, size, remaining, state, available_at, expires_at, created_at)
     SELECT m.shop_id, m.id, 'adjustment', m.id || '/' || k, 'adjustment', 1, $2::int, $2::int, 'available', at, CASE WHEN k <= $3::int THEN at + interval '1 year' ELSE now() + interval '1 year' END, at
       FROM member m, generate_series(1, $3::int + 1) k, LATERAL (SELECT now() - interval '400 days' + m.id % 30 * interval '1 day' + k * interval '1 second' AS at) t
      WHERE m.shop_id = $1`,
    [shopId, POINTS, DUE_EACH],
  );
  await owner.query(
    `INSERT INTO points_entry (shop_id, member_id, lot_id, kind, from_bucket, to_bucket, points, key, source_type, source_id, rule, version, reason, params, actor, at)
     SELECT shop_id, member_id, id, 'adjustment', 'issued', 'available', size, 'adjustment/' || source_id, source_type, source_id, rule, version, 'adjust_gift', '{}', 'staff:1', created_at
       FROM lot WHERE shop_id = $1`,
    [shopId],
  );
  await restore();
  await owner.query("VACUUM (ANALYZE) member, lot, points_entry");
  return members * DUE_EACH;
}

async function isAnyDue({ owner }: OwnDatabase): Promise<boolean> {
  const { rowCount } = await owner.query(
    "SELECT FROM lot WHERE shop_id = 1 AND state = 'available' AND remaining > 0 AND expires_at <= now() LIMIT 1",
  );
  return rowCount === 1;
}

async function expectExpired({ owner }: OwnDatabase, lots: number): Promise<void> {
  const { rows } = await owner.query<{ entries: number; points: number }>(
    `SELECT (SELECT count(*) FROM points_entry WHERE kind = 'expiry')::int AS entries, (SELECT sum(expired) FROM member)::float8 AS points`,
  );
  const { entries = 0, points = 0 } = rows[0] ?? {};
  if (entries !== lots || points !== lots * POINTS)
    throw new Error(`${lots} lots made ${entries} entries and ${points} expired points`);
}

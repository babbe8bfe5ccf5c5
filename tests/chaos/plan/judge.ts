// The judgement over one seed: what members hold against the model of the true history, what became of every
// delivery that was answered with 200, and whether hearing everything again changes anything.
import { expectedHoldings, type Holding, type RulesFrom } from "../model/expected-holdings";
import { expectedRatings } from "../model/expected-ratings";
import { expectedSpending } from "../model/expected-spending";
import type { Violation } from "../report";
import type { Play } from "./play-seed";
import type { Shoppers } from "./shoppers";
import type { SeedShop } from "./world";

interface Judgement {
  lost: number;
  doubled: number;
  healed: number;
  violations: Violation[];
}

/** Compares the end with the model. */
export async function judge(play: Play): Promise<Judgement> {
  const found: Judgement = { lost: 0, doubled: 0, healed: await healed(play), violations: [] };
  for (const [index, shop] of play.shops.entries()) {
    const people = play.people[index];
    if (!people) throw new Error("every shop has people");
    await compareShop(play, shop, people, found);
    await compareRatings(play, shop, people, found);
    await judgeErased(play, shop, people, found);
    await judgeKeys(play, shop, found);
  }
  await judgeDeliveries(play, found);
  return found;
}

/** I11, of everything since the last look: two commits that settle one delivery are two effects. */
export function judgeSettlements({ world, seed }: Play): Violation[] {
  return world.stage.settlements
    .takeDoubled()
    .map((id) => ({ seed, invariant: "I11", detail: `delivery ${id} took effect twice` }));
}

async function healed({ world, shops }: Play): Promise<number> {
  const { rows } = await world.owner.query<{ healed: string }>(
    "SELECT coalesce(sum(healed), 0) AS healed FROM reconciliation_run WHERE shop_id = ANY ($1) AND kind IN ('orders', 'customers')",
    [shops.map(({ id }) => id)],
  );
  return Number(rows[0]?.healed ?? 0);
}

async function compareShop(
  play: Play,
  { id, shop, rules }: SeedShop,
  people: Shoppers,
  found: Judgement,
): Promise<void> {
  const { holdings } = expectedHoldings(shop, rules, play.world.sim.now());
  const { rewards, problems } = people.promised();
  const spending = expectedSpending(shop, rewards, (rules[0] as RulesFrom).rules);
  for (const detail of problems)
    found.violations.push({ seed: play.seed, invariant: "I7", detail: `${shop.domain} ${detail}` });
  const { rows } = await play.world.owner.query<{ customer: string; pending: string; available: string }>(
    `SELECT split_part(customer_gid, '/', 5) AS customer, pending, available - debt AS available
       FROM member WHERE shop_id = $1 AND customer_gid IS NOT NULL AND status <> 'redacted'`,
    [id],
  );
  const held = new Map(
    rows.map((row) => [row.customer, { pending: Number(row.pending), available: Number(row.available) }]),
  );
  for (const customer of new Set([...holdings.keys(), ...held.keys()])) {
    if (people.erased.has(customer)) continue;
    const spent = spending.get(customer) ?? 0;
    const earned = holdings.get(customer) ?? { pending: 0, available: 0 };
    const expected = { ...earned, available: earned.available - spent };
    const actual = held.get(customer) ?? { pending: 0, available: 0 };
    const [wanted, got] = [total(expected), total(actual)];
    // Who spent before a clawback may have paid it out of what is still pending.
    if (wanted === got && (spending.has(customer) || expected.pending === actual.pending)) continue;
    if (got < wanted) found.lost++;
    if (got > wanted) found.doubled++;
    found.violations.push({
      seed: play.seed,
      invariant: "model",
      detail: `${shop.domain} customer ${customer}: the true history gives ${show(expected)} (${spent} spent), the app holds ${show(actual)}`,
    });
  }
}
const total = ({ pending, available }: Holding): number => pending + available;
const show = ({ pending, available }: Holding): string => `${available} + ${pending} pending`;

/** I19: what the app counted is what people sent. */
async function compareRatings(play: Play, { id, shop }: SeedShop, people: Shoppers, found: Judgement): Promise<void> {
  const expected = expectedRatings(shop, people.sent, people.erased);
  const { rows } = await play.world.owner.query<{ product: string; counts: number[] }>(
    `SELECT split_part(group_key, '/', 5) AS product, counts FROM rating_summary WHERE shop_id = $1 AND counts <> '{0,0,0,0,0}'`,
    [id],
  );
  const counted = new Map(rows.map(({ product, counts }) => [product, counts]));
  for (const product of new Set([...expected.keys(), ...counted.keys()])) {
    const [wanted, got] = [expected.get(product)?.join(" "), counted.get(product)?.join(" ")];
    if (wanted !== got)
      found.violations.push({
        seed: play.seed,
        invariant: "I19",
        detail: `${shop.domain} product ${product}: stars ${wanted ?? "none"} were sent, ${got ?? "none"} are counted`,
      });
  }
}

/** I18, as far as it is a row of ours: who asked to be forgotten has no name and no address. */
export async function judgeErased(
  { world, seed }: Play,
  { id, shop }: SeedShop,
  people: Shoppers,
  found: Pick<Judgement, "violations">,
): Promise<void> {
  const { rows } = await world.owner.query<{ customer: string }>(
    `SELECT concat_ws(' ', 'member', customer_gid, status, email) AS customer FROM member WHERE shop_id = $1 AND split_part(customer_gid, '/', 5) = ANY ($2)
        AND (status <> 'redacted' OR email IS NOT NULL OR name <> '')
     UNION ALL SELECT concat_ws(' ', 'order', order_gid, kind, email) FROM customer_order WHERE shop_id = $1 AND split_part(customer_gid, '/', 5) = ANY ($2) AND email IS NOT NULL`,
    [id, [...people.erased]],
  );
  for (const { customer } of rows)
    found.violations.push({ seed, invariant: "I18", detail: `${shop.domain}: ${customer} is not forgotten` });
}

/** I4: whoever posts an entry again, past every lock and lease, is refused by the books themselves. */
async function judgeKeys({ world, seed }: Play, { id, shop }: SeedShop, found: Judgement): Promise<void> {
  const client = await world.owner.connect();
  try {
    await client.query("BEGIN");
    await client.query("SELECT set_config('app.shop', $1, true)", [String(id)]);
    const { rowCount } = await client.query(
      `INSERT INTO points_entry SELECT (jsonb_populate_record(e, jsonb_build_object('id', e.id + 1000000000))).*
         FROM points_entry e WHERE e.shop_id = $1 ORDER BY e.id DESC LIMIT 1`,
      [id],
    );
    if (rowCount === 0) return;
    found.doubled++;
    found.violations.push({ seed, invariant: "I4", detail: `${shop.domain}: an entry was posted again under its key` });
  } catch (error) {
    if ((error as { code?: string }).code !== UNIQUE_VIOLATION) throw error;
  } finally {
    await client.query("ROLLBACK");
    client.release();
  }
}
const UNIQUE_VIOLATION = "23505";

/** I11: each delivery answered with 200 is in the letter box, and over. */
async function judgeDeliveries({ world, plan, seed }: Play, found: Judgement): Promise<void> {
  const accepted = [...plan.accepted.values()];
  const { rows } = await world.owner.query<{ id: string; topic: string; status: string | null; error: string | null }>(
    `SELECT sent.id, sent.topic, i.status, i.error FROM unnest($1::text[], $2::text[], $3::text[]) AS sent (domain, topic, id)
       LEFT JOIN webhook_inbox i ON i.domain = sent.domain AND i.topic = sent.topic AND i.webhook_id = sent.id
      WHERE i.status IS NULL OR i.status NOT IN ('done', 'ignored')`,
    [accepted.map(({ shop }) => shop), accepted.map(({ topic }) => topic), accepted.map(({ webhookId }) => webhookId)],
  );
  for (const { id, topic, status, error } of rows) {
    found.lost++;
    found.violations.push({
      seed,
      invariant: "I11",
      detail: `${topic} ${id} was answered with 200 and is ${status ?? "not there"} ${error ?? ""}`.trim(),
    });
  }
}

/** I13: hearing everything again changes nothing. */
export async function judgeAgain(play: Play, again: () => Promise<void>): Promise<Violation[]> {
  const before = await fingerprint(play, play.shops);
  await again();
  const after = await fingerprint(play, play.shops);
  if (before === after) return [];
  return [{ seed: play.seed, invariant: "I13", detail: `a second delivery of everything: ${before} → ${after}` }];
}

/** What shops hold, as one line: equal lines, equal books. */
export async function fingerprint({ world }: Play, shops: readonly SeedShop[]): Promise<string> {
  const { rows } = await world.owner.query<{ state: string }>(
    `SELECT concat_ws('/', (SELECT count(*) FROM points_entry WHERE shop_id = ANY ($1)),
              (SELECT count(*) FROM review WHERE shop_id = ANY ($1)), sum(pending), sum(available), sum(reserved),
              sum(redeemed), sum(debt), sum(balance_seq)) AS state
       FROM member WHERE shop_id = ANY ($1)`,
    [shops.map(({ id }) => id)],
  );
  return rows[0]?.state ?? "";
}

// People who ask to be forgotten, after everything they did was read and before the platform has gone quiet: requests
// arrive twice and late while processes are killed, and afterwards nothing of theirs is left.
import type { Simulator } from "../../simulator/simulator";
import { expectedRatings } from "../model/expected-ratings";
import type { Violation } from "../report";
import type { Bench } from "./bench";
import { drawSchedule } from "./schedule";
import type { SeedShop } from "./seed-shop";
import { Troublemaker } from "./trouble";

const TROUBLE_MS = 5_000;
/** Draws apart from those of the seeds' lives. */
const DRAWS_FROM = 500_000;
const HOUR = 3_600_000;
/** Of each shop's people. */
const PEOPLE = 2;

/** The platform asks to erase somebody in each shop; resolves when the trouble is over. @returns how many kills */
export async function forgetSome(bench: Bench, shops: readonly SeedShop[]): Promise<number> {
  const { sim } = bench.simulator;
  askTwiceAndLate(sim);
  for (const { shop, erased, random } of shops) {
    for (const customerId of random.shuffle(Object.keys(shop.customers)).slice(0, PEOPLE)) {
      const { email } = shop.customers[customerId] ?? {};
      erased.add(customerId);
      sim.emit({ shop: shop.domain, topic: "customers/redact", ids: { customerId }, extra: email ? { email } : {} });
    }
  }
  const trouble = new Troublemaker(
    bench,
    shops.map(({ shop }) => shop.domain),
  );
  await trouble.run(drawSchedule(DRAWS_FROM + (shops[0]?.seed ?? 0), TROUBLE_MS), new AbortController().signal);
  return trouble.figures.kills;
}

// Never lost: what such a request says can be read nowhere else.
function askTwiceAndLate(sim: Simulator): void {
  const { webhooks } = sim.faults;
  Object.assign(webhooks, {
    duplicateRate: 0.5,
    reorderWindowMs: HOUR,
    lossRate: 0,
    staleRate: 0,
    badSignatureRate: 0,
  });
}

/** I18, as far as it is a row of ours, and I19: stars are counted as they were sent, without those of the forgotten. */
export async function judgePeople(
  { owner }: Bench,
  { id, seed, shop, erased, reviewers }: SeedShop,
): Promise<Violation[]> {
  const found: Violation[] = [];
  const { rows: left } = await owner.query<{ what: string }>(
    `SELECT concat_ws(' ', 'member', customer_gid, status) AS what FROM member WHERE shop_id = $1 AND split_part(customer_gid, '/', 5) = ANY ($2)
        AND (status <> 'redacted' OR email IS NOT NULL OR name <> '')
     UNION ALL SELECT concat_ws(' ', 'order', order_gid) FROM customer_order WHERE shop_id = $1 AND split_part(customer_gid, '/', 5) = ANY ($2) AND email IS NOT NULL`,
    [id, [...erased]],
  );
  for (const { what } of left)
    found.push({ seed, invariant: "I18", detail: `${shop.domain}: ${what} is not forgotten` });
  const expected = expectedRatings(shop, reviewers.sent, erased);
  const { rows } = await owner.query<{ product: string; counts: number[] }>(
    `SELECT split_part(group_key, '/', 5) AS product, counts FROM rating_summary WHERE shop_id = $1 AND counts <> '{0,0,0,0,0}'`,
    [id],
  );
  const counted = new Map(rows.map(({ product, counts }) => [product, counts]));
  for (const product of new Set([...expected.keys(), ...counted.keys()])) {
    const [wanted, got] = [expected.get(product)?.join(" "), counted.get(product)?.join(" ")];
    if (wanted !== got) {
      const detail = `${shop.domain} product ${product}: stars ${wanted ?? "none"} were sent, ${got ?? "none"} are counted`;
      found.push({ seed, invariant: "I19", detail });
    }
  }
  return found;
}

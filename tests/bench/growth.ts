// How the hot paths grow with a shop: the same questions at 10^4, 10^5 and 10^6 members, ten entries each.
import { multiplyShop } from "./seed/copies";
import type { OwnDatabase, Stage } from "./stage";

export interface Growth {
  name: string;
  /** Median milliseconds at each number of members. */
  sizes: { members: number; ms: number }[];
  /** The slope of the straight line through log(members) and log(ms): 0 stays, 1 grows with the shop. */
  exponent: number;
  isFlat: boolean;
}

const MODEL_MEMBERS = 1_000;
const REPETITIONS = 300;
/**
 * What grows with the logarithm of the members, as an index does, takes half as long again from 10^4 to 10^6: an
 * exponent of 0.09. Above this it is something else.
 */
export const EXPONENT_MAX = 0.15;

/** Makes the shop larger step by step and asks again. */
export async function measureGrowth(stage: Stage): Promise<Growth[]> {
  const database = await stage.openDatabase("growth");
  try {
    const made = await stage.run("tests/bench/programs/model-shop.ts", [String(MODEL_MEMBERS)], { database });
    const { shopId } = JSON.parse(made.output) as { shopId: number };
    const paths = new Map<string, Growth["sizes"]>();
    let there = 1;
    for (const members of [10_000, 100_000, 1_000_000].map((full) => Math.max(MODEL_MEMBERS, stage.sized(full)))) {
      stage.say(`growing to ${members} members`);
      const copies = Math.round(members / MODEL_MEMBERS);
      await multiplyShop(database.owner, shopId, { shops: 1, copies, there });
      there = copies;
      await settleDeliveries(database, members);
      const ran = await stage.run("tests/bench/programs/hot-paths.ts", [String(shopId), String(REPETITIONS)], {
        database,
      });
      for (const [name, ms] of Object.entries(JSON.parse(ran.output) as Record<string, number>))
        paths.set(name, [...(paths.get(name) ?? []), { members, ms }]);
    }
    return [...paths].map(([name, sizes]) => {
      const exponent = exponentOf(sizes);
      return { name, sizes, exponent, isFlat: exponent <= EXPONENT_MAX };
    });
  } finally {
    await database.drop();
  }
}

// The letter box keeps what it took: as many as there are members.
async function settleDeliveries({ owner }: OwnDatabase, members: number): Promise<void> {
  await owner.query(
    `INSERT INTO webhook_inbox (shop_id, domain, topic, webhook_id, received_at, status, settled_at)
     SELECT id, domain, 'orders/updated', gen_random_uuid(), now(), 'done', now()
       FROM shop, generate_series(1, $1::int - (SELECT count(*) FROM webhook_inbox)::int) WHERE domain = 'ledger-0.myshopify.com'`,
    [members],
  );
  await owner.query("VACUUM ANALYZE webhook_inbox");
}

/** Least squares on logarithms. @throws RangeError with fewer than two sizes */
export function exponentOf(sizes: Growth["sizes"]): number {
  if (sizes.length < 2) throw new RangeError("growth needs two sizes");
  const points = sizes.map(({ members, ms }) => [Math.log(members), Math.log(ms)] as const);
  const mean = (at: 0 | 1) => points.reduce((sum, point) => sum + point[at], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const above = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0);
  return above / points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
}

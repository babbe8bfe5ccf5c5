// The list of members in a shop with very many: every order, search and filter, first pages and those half-way down.
import type { Figure } from "../figure";
import { crowdedShop, measureVisits, type CrowdedShop, type Visits } from "../crowded-shop";
import type { Stage } from "../stage";

const ORDERS = {
  balance: "available DESC, id",
  last_order: "coalesce(last_order_at, '-infinity') DESC, id",
  name: "name, id",
  newest: "first_seen_at DESC, id",
} as const;
const KEYS = {
  balance: "available",
  last_order: "coalesce(last_order_at, '-infinity')",
  name: "name",
  newest: "first_seen_at",
} as const;

/** The address of a list that begins after the row at `depth` in an order. */
async function deepPage(stage: Stage, shop: CrowdedShop, sort: keyof typeof ORDERS, depth: number): Promise<string> {
  const { rows } = await stage.owner.query<{ key: string; id: string }>(
    `SELECT (${KEYS[sort]})::text AS key, id FROM member WHERE shop_id = $1 AND status = 'active' ORDER BY ${ORDERS[sort]} OFFSET $2 LIMIT 1`,
    [shop.shopId, Math.floor(shop.size * depth)],
  );
  const cursor = Buffer.from(JSON.stringify([sort, rows[0]?.key, Number(rows[0]?.id)])).toString("base64url");
  return `/app/members?sort=${sort}&cursor=${cursor}`;
}

async function visitsOf(stage: Stage, shop: CrowdedShop): Promise<Visits> {
  const visits: Visits = {};
  for (const sort of ["balance", "last_order", "name", "newest"] as const) {
    visits[`by ${sort}`] = `/app/members?sort=${sort}`;
    // The last third has no points and never ordered: a page deep among equals.
    for (const depth of [0.5, 0.9]) {
      const address = await deepPage(stage, shop, sort, depth);
      visits[`by ${sort}, ${depth * 100} % down`] = address;
      visits[`by ${sort}, ${depth * 100} % down, backwards`] = `${address}&direction=previous`;
    }
    visits[`frequent name (10 %) by ${sort}`] = `/app/members?q=田中&sort=${sort}`;
    visits[`rare name (0.2 %) by ${sort}`] = `/app/members?q=五美&sort=${sort}`;
  }
  return {
    ...visits,
    "two words": "/app/members?q=田中 五&sort=balance",
    "address, rare": "/app/members?q=user19999",
    "address, everybody": "/app/members?q=user",
    nobody: "/app/members?q=鳳凰",
    tier: "/app/members?tier=gold",
    "tier and frequent name": "/app/members?tier=silver&q=田中",
    "without a tier": "/app/members?tier=-",
  };
}

/** The server's time for the list's data. */
export async function membersList(stage: Stage): Promise<Figure> {
  const shop = await crowdedShop(stage);
  const visits = await visitsOf(stage, shop);
  return measureVisits(stage, shop, { name: "members.list", visits, note: `${shop.size} members` });
}

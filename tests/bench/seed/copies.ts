// A shop's history, multiplied within the shop and into others: the same rows under other ids, so that the books of
// every copy balance as the model's do.
import type pg from "pg";

import { dropIndexes } from "./drop-indexes";

/** Ids of a copy are the model's and so much more. */
const STRIDE = 10_000_000;

// t: the model's row; :off what this copy adds to ids, :shop-off what the shop's first copy adds, :tag a text of the copy.
const ROW_ID = "t.id + :off";
const MEMBER_ID = "t.member_id + :off";
const ORDER_ID = "t.order_id + :off";
const gid = (column: string) => `t.${column} || :tag`;
const SOURCE_ID = `CASE WHEN t.source_type IN ('order', 'redemption') THEN (t.source_id::bigint + :off)::text
  WHEN t.source_type IN ('way', 'tier') THEN t.source_id ELSE t.source_id || :tag END`;
/** In the order of their foreign keys: what differs in a copy. */
const TABLES: Record<string, Record<string, string>> = {
  member: { id: ROW_ID, customer_gid: gid("customer_gid") },
  customer_order: {
    id: ROW_ID, member_id: MEMBER_ID, order_gid: gid("order_gid"), customer_gid: gid("customer_gid"),
    facts: `t.facts || jsonb_build_object('orderId', ${gid("order_gid")}, 'customerId', ${gid("customer_gid")})`,
  },
  order_earning: { order_id: ORDER_ID },
  order_qualifying: { order_id: ORDER_ID, member_id: MEMBER_ID },
  lot: { id: ROW_ID, member_id: MEMBER_ID, source_id: SOURCE_ID },
  redemption: { id: ROW_ID, member_id: MEMBER_ID, reward_id: "t.reward_id + :shop-off" },
  way_grant: { member_id: MEMBER_ID },
  tier_change: { id: ROW_ID, member_id: MEMBER_ID },
  points_entry: { id: ROW_ID, member_id: MEMBER_ID, lot_id: "t.lot_id + :off", key: "t.key || '/' || :tag", source_id: SOURCE_ID },
}; // prettier-ignore
const OF_THE_SHOP: Record<string, Record<string, string>> = {
  shop_profile: {},
  program_version: {},
  reward: { id: "t.id + :shop-off" },
};

interface Copy {
  model: number;
  shopId: number;
  offset: number;
  shopOffset: number;
  tag: string;
}

/**
 * Makes `shops` shops (the model among them) of `copies` copies each.
 * @param size.there copies of the model in its own shop that were made before
 * @returns their ids
 */
export async function multiplyShop(
  owner: pg.Pool,
  model: number,
  size: { shops: number; copies: number; there?: number },
): Promise<number[]> {
  const restore = await dropIndexes(owner, Object.keys(TABLES));
  const shops: number[] = [model];
  for (let shop = 0; shop < size.shops; shop++) {
    const shopOffset = shop * size.copies * STRIDE;
    const shopId = shop === 0 ? model : await openShop(owner, shop);
    if (shop > 0) shops.push(shopId);
    for (let copy = shop === 0 ? (size.there ?? 1) : 0; copy < size.copies; copy++) {
      const at: Copy = {
        model,
        shopId,
        offset: shopOffset + copy * STRIDE,
        shopOffset,
        tag: String(shop * size.copies + copy).padStart(5, "0"),
      };
      if (shop > 0 && copy === 0)
        for (const [table, changed] of Object.entries(OF_THE_SHOP)) await copyRows(owner, table, changed, at);
      for (const [table, changed] of Object.entries(TABLES)) await copyRows(owner, table, changed, at);
    }
  }
  await restore();
  for (const table of ["member", "customer_order", "lot", "redemption", "tier_change", "points_entry", "reward"])
    await owner.query(`SELECT setval(pg_get_serial_sequence('${table}', 'id'), (SELECT max(id) + 1 FROM ${table}))`);
  await owner.query("VACUUM (ANALYZE)");
  return shops;
}

async function openShop(owner: pg.Pool, shop: number): Promise<number> {
  const { rows } = await owner.query<{ id: number }>("INSERT INTO shop (domain) VALUES ($1) RETURNING id", [
    `ledger-${shop}.myshopify.com`,
  ]);
  if (!rows[0]) throw new Error("a shop did not come back");
  return rows[0].id;
}

const columnsOf = new Map<string, string[]>();
async function copyRows(owner: pg.Pool, table: string, changed: Record<string, string>, copy: Copy): Promise<void> {
  let columns = columnsOf.get(table);
  if (!columns) {
    const { rows } = await owner.query<{ name: string }>(
      "SELECT attname AS name FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
      [table],
    );
    columnsOf.set(table, (columns = rows.map(({ name }) => name)));
  }
  const values = columns.map((name) =>
    name === "shop_id"
      ? String(copy.shopId)
      : (changed[name] ?? `t."${name}"`)
          .replaceAll(":shop-off", String(copy.shopOffset))
          .replaceAll(":off", String(copy.offset))
          .replaceAll(":tag", `'${copy.tag}'`),
  );
  const names = columns.map((name) => `"${name}"`).join(", ");
  // The model's own rows only: copies within its shop have larger ids.
  const ownId = ["id", "order_id", "member_id"].find((name) => columns.includes(name));
  const isModel = ownId ? `AND t.${ownId} < ${STRIDE}` : "";
  await owner.query(
    `INSERT INTO ${table} (${names}) SELECT ${values.join(", ")} FROM ${table} t WHERE t.shop_id = ${copy.model} ${isModel}`,
  );
}

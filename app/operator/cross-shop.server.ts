// I17 over the whole schema: whatever row names a row of another table names one of its own shop. The columns come
// from the catalogue, so a table that is added tomorrow is looked at tomorrow.
import type pg from "pg";

import type { Recomputation } from "./recompute-earnings.server";

/** What a column of that name points at. Ids are given out once for all shops, so a stranger's id is a stranger's row. */
const POINTS_AT: Record<string, string> = {
  member_id: "member",
  advocate_id: "member",
  friend_id: "member",
  merged_into: "member",
  order_id: "customer_order",
  lot_id: "lot",
  entry_id: "points_entry",
  reward_id: "reward",
  redemption_id: "redemption",
  batch_id: "adjustment_batch",
  review_id: "review",
  request_id: "review_request",
};

/** Counts the references that leave their shop, and the tables whose policies are not the two of every tenant table. */
export async function countCrossings(client: pg.Client): Promise<Recomputation> {
  const { rows: columns } = await client.query<{ table: string; column: string }>(
    `SELECT c.relname AS table, a.attname AS column
       FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attname = ANY ($1) AND a.atttypid = 'bigint'::regtype
        AND EXISTS (SELECT FROM pg_attribute s WHERE s.attrelid = c.oid AND s.attname = 'shop_id')
      ORDER BY 1, 2`,
    [Object.keys(POINTS_AT)],
  );
  const total = { rows: columns.length, violations: await countOddPolicies(client) };
  for (const { table, column } of columns) {
    const target = client.escapeIdentifier(POINTS_AT[column] ?? "");
    const { rows } = await client.query<{ crossings: string }>(
      `SELECT count(*) AS crossings FROM ${client.escapeIdentifier(table)} t
         JOIN ${target} o ON o.id = t.${client.escapeIdentifier(column)} AND o.shop_id <> t.shop_id`,
    );
    total.violations += Number(rows[0]?.crossings ?? 1);
  }
  return total;
}

// One policy for the app by shop, one for the owner; the app's and the router's roles bypass neither.
async function countOddPolicies(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ odd: string }>(
    `SELECT (SELECT count(*) FROM pg_class c
              WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace AND c.relname <> 'webhook_inbox'
                AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'shop_id')
                AND (SELECT array_agg(p.polname::text ORDER BY p.polname::text) FROM pg_policy p WHERE p.polrelid = c.oid
                      AND (p.polname <> 'by_shop' OR pg_get_expr(p.polqual, p.polrelid) LIKE '%shop_id = ( SELECT current_shop()%'
                           AND pg_get_expr(p.polwithcheck, p.polrelid) LIKE '%shop_id = ( SELECT current_shop()%'))
                    IS DISTINCT FROM ARRAY['by_owner', 'by_shop'])
          + (SELECT count(*) FROM pg_roles WHERE rolname IN ('kizuna_app', 'kizuna_router') AND (rolsuper OR rolbypassrls)) AS odd`,
  );
  return Number(rows[0]?.odd ?? 1);
}

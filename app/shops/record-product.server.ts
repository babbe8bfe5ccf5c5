import type { ShopTx } from "../db.server";
import type { ProductFacts } from "../shopify/product-facts";

export interface RecordProductOutcome {
  outcome: "recorded" | "stale";
}

/**
 * Stores the newest known facts of a product; older ones change nothing. Collections stay as they are
 * where the source does not carry them. A stamp from the future counts as `now`, so that it cannot shut
 * out what comes after it.
 */
export async function recordProduct(tx: ShopTx, facts: ProductFacts, now: Date): Promise<RecordProductOutcome> {
  const { rowCount } = await tx.query(
    `INSERT INTO product_fact (shop_id, product_gid, title, vendor, product_type, tags, collection_ids, updated_at, handle, identifiers)
     VALUES ($1, $2, $3, $4, $5, $6, COALESCE($7::text[], '{}'), LEAST($8::timestamptz, $9), $10, COALESCE($11::jsonb, '{}'))
     ON CONFLICT (shop_id, product_gid) DO UPDATE SET
       title = excluded.title, vendor = excluded.vendor, product_type = excluded.product_type, tags = excluded.tags,
       collection_ids = COALESCE($7::text[], product_fact.collection_ids), updated_at = excluded.updated_at, deleted_at = NULL,
       handle = coalesce(nullif(excluded.handle, ''), product_fact.handle),
       identifiers = COALESCE($11::jsonb, product_fact.identifiers)
     WHERE product_fact.updated_at <= excluded.updated_at`,
    [
      tx.shopId,
      facts.productId,
      facts.title,
      facts.vendor,
      facts.productType,
      facts.tags,
      facts.collectionIds ?? null,
      facts.updatedAt,
      now,
      facts.handle ?? "",
      facts.identifiers ? JSON.stringify(facts.identifiers) : null,
    ],
  );
  return { outcome: rowCount ? "recorded" : "stale" };
}

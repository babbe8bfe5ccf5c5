// A customer deleted at Shopify can never sign in again. What they earned and spent stays explained; the
// points stay in the ledger, out of anyone's reach. Erasing who they were is privacy's work.
import type { ShopTx } from "../db.server";

export type DeleteCustomerOutcome = { outcome: "deleted" | "already_gone" };

/** Closes the member of a deleted customer; one we never met is remembered as gone, in case its events are late. */
export async function deleteCustomer(tx: ShopTx, customerGid: string, now: Date): Promise<DeleteCustomerOutcome> {
  const { rowCount } = await tx.query(
    `INSERT INTO member AS m (shop_id, customer_gid, status, tags, search_grams, first_seen_at, source_updated_at)
     VALUES ($1, $2, 'deleted', '{}', '{}', $3, $3)
     ON CONFLICT (shop_id, customer_gid) DO UPDATE SET status = 'deleted' WHERE m.status = 'active'`,
    [tx.shopId, customerGid, now],
  );
  return { outcome: rowCount === 1 ? "deleted" : "already_gone" };
}

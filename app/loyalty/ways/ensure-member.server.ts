// The member behind a signed-in customer, read at Shopify when we have not met them yet.
import { inShop, queryShop, type ShopId } from "../../db.server";
import { readCustomers } from "../../shopify/read-customers.server";
import { recordCustomer } from "../record-customer.server";

/**
 * The active member of a customer; null when the customer is gone (deleted, merged away, erased).
 * @throws what the Admin API client throws
 */
export async function ensureMember(shopId: ShopId, customerGid: string, now: Date): Promise<number | null> {
  const [known] = await queryShop<{ id: number; status: string }>(
    shopId,
    "SELECT id, status FROM member WHERE shop_id = $1 AND customer_gid = $2",
    [shopId, customerGid],
  );
  if (known) return known.status === "active" ? known.id : null;
  const facts = (await readCustomers(shopId, [customerGid])).get(customerGid);
  if (!facts) return null;
  const recorded = await inShop(shopId, (tx) => recordCustomer(tx, facts, now));
  return recorded.outcome === "recorded" ? recorded.memberId : null;
}

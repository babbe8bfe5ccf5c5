// A signed-in shopper's guest orders of the same address, theirs once Shopify has proof of that address.
import { inShop, type ShopId } from "../db.server";
import { claimGuestOrders } from "../loyalty/claim-guest-orders.server";
import { normalEmail } from "../loyalty/member-name";
import { recordCustomer } from "../loyalty/record-customer.server";
import { toGid } from "../shopify/gid";
import { readCustomers } from "../shopify/read-customers.server";

/**
 * Reads the customer at Shopify and gives their member the guest orders of a verified address.
 * @returns how many orders were claimed
 * @throws what the Admin API client throws
 */
export async function claimOrders(shopId: ShopId, customerId: string, now: Date): Promise<{ claimed: number }> {
  const customerGid = toGid("Customer", customerId);
  const facts = (await readCustomers(shopId, [customerGid])).get(customerGid);
  const email = normalEmail(facts?.email ?? null);
  if (!facts?.verifiedEmail || email === null) return { claimed: 0 };
  // Two transactions: a claim locks orders before members, and recording locks the member.
  await inShop(shopId, (tx) => recordCustomer(tx, facts, now));
  const claim = await inShop(shopId, async (tx) => {
    // A newer state with another address may be known already: that one is not proved.
    const { rows } = await tx.query<{ id: number }>(
      "SELECT id FROM member WHERE shop_id = $1 AND customer_gid = $2 AND email = $3 AND status = 'active'",
      [shopId, customerGid, email],
    );
    return rows[0] ? claimGuestOrders(tx, rows[0].id, now) : null;
  });
  return { claimed: claim?.outcome === "claimed" ? claim.orders : 0 };
}

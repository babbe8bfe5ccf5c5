// Members for tests, made the way Shopify's customers become members.
import { inShop, queryShop, type ShopId } from "../../app/db.server";
import { recordCustomer } from "../../app/loyalty/record-customer.server";
import type { CustomerFacts } from "../../app/shopify/customer-facts";
import { newGid } from "./order-facts";

export interface TestMember {
  memberId: number;
  customerGid: string;
}

/** A customer who is known to the shop and has no orders yet. */
export async function createTestMember(
  shopId: ShopId,
  fields: Partial<CustomerFacts> = {},
  now = new Date("2026-06-01T00:00:00Z"),
): Promise<TestMember> {
  const customerGid = fields.customerId ?? newGid("Customer");
  const facts: CustomerFacts = {
    name: "田中 花子",
    email: null,
    verifiedEmail: true,
    state: "enabled",
    createdAt: now.toISOString(),
    updatedAt: now.toISOString(),
    tags: [],
    ...fields,
    customerId: customerGid,
  };
  const recorded = await inShop(shopId, (tx) => recordCustomer(tx, facts, now));
  if (recorded.outcome !== "recorded") throw new Error(`the member was not recorded: ${recorded.outcome}`);
  return { memberId: recorded.memberId, customerGid };
}

export interface TestBalance {
  pending: number;
  available: number;
  expired: number;
  revoked: number;
  debt: number;
  ordersCount: number;
  status: string;
}
/** The cached balances of a customer's member. */
export async function balanceOf(shopId: ShopId, customerGid: string): Promise<TestBalance> {
  const [row] = await queryShop<TestBalance & { [column: string]: unknown }>(
    shopId,
    `SELECT pending, available, expired, revoked, debt, orders_count AS "ordersCount", status FROM member WHERE shop_id = $1 AND customer_gid = $2`,
    [shopId, customerGid],
  );
  if (!row) throw new Error("no such member");
  return row;
}

// GET /account-api/order: what an order earns, for the thank-you and order-status pages.
import type { ShopId } from "../db.server";
import { explain } from "../loyalty/reasons";
import { readShopperOrder } from "../loyalty/shopper-order.server";
import { toGid } from "../shopify/gid";
import type { OrderAnswer } from "./account-answers";
import { localeOf } from "./door";

// The thank-you page may name the order by its identity, which has the same number.
const ORDER = /^gid:\/\/shopify\/Order(?:Identity)?\/(\d{1,20})$/;

/** The points of the order that `parameters` name, if it is the token's customer's. */
export async function readAccountOrder(
  shopId: ShopId,
  customerId: string,
  parameters: URLSearchParams,
): Promise<OrderAnswer> {
  const number = ORDER.exec(parameters.get("order") ?? "")?.[1];
  if (number === undefined) return { outcome: "bad_request" };
  const order = await readShopperOrder(shopId, toGid("Customer", customerId), toGid("Order", number));
  if (!order) return { outcome: "not_found" };
  const { points, state, explanation } = order;
  const text = explanation && explain(explanation.code, explanation.params, localeOf(parameters.get("locale")));
  return { outcome: "found", points, state, text };
}

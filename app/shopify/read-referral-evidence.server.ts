import type { ShopId } from "../db.server";
import { adminClient } from "./admin-client.server";
import { referralEvidenceQuery } from "./documents/referral";
import type { OrderOriginFragment } from "./generated/admin-operations";
import { RefusedByShopifyError } from "./shopify-errors";

export interface OrderOrigin {
  clientIp: string | null;
  /** Shipping and billing, where there are any. */
  addresses: { address1: string | null; address2: string | null; zip: string | null; country: string | null }[];
}
export interface ReferralEvidence {
  friend: OrderOrigin | null;
  /** Orders of the friend's customer, this one included; null: a guest's order, or not readable. */
  friendOrders: number | null;
  /** The advocate's latest orders, without the friend's. */
  advocate: OrderOrigin[];
}

/**
 * Reads what a friend's order and its advocate's have in common. Kept nowhere. Without the approval for
 * addresses there is no evidence, and nobody is held for that.
 * @throws what the Admin API client throws, refusals excepted
 */
export async function readReferralEvidence(
  shopId: ShopId,
  asked: { orderId: string; advocateId: string },
): Promise<ReferralEvidence> {
  const client = await adminClient(shopId);
  try {
    const { order, customer } = await client.request(referralEvidenceQuery, asked);
    const others = customer?.orders.nodes.filter(({ id }) => id !== asked.orderId) ?? [];
    const count = order?.customer?.numberOfOrders;
    return {
      friend: order ? origin(order) : null,
      friendOrders: count === undefined ? null : Number(count),
      advocate: others.map(origin),
    };
  } catch (error) {
    if (error instanceof RefusedByShopifyError) return { friend: null, friendOrders: null, advocate: [] };
    throw error;
  }
}

function origin({ clientIp, shippingAddress, billingAddress }: OrderOriginFragment): OrderOrigin {
  const given = [shippingAddress, billingAddress].filter((address) => !!address);
  return {
    clientIp: clientIp ?? null,
    addresses: given.map(({ address1, address2, zip, countryCodeV2 }) => ({
      address1: address1 ?? null,
      address2: address2 ?? null,
      zip: zip ?? null,
      country: countryCodeV2 ?? null,
    })),
  };
}

// POST /proxy/redeem: a signed-in shopper buys a reward; POST /proxy/redeem-cancel: they change their mind.
import { z } from "zod";

import { enqueue } from "../jobs/queue.server";
import { cancelRedemption } from "../loyalty/rewards/cancel-redemption.server";
import { redeem, type RedeemOutcome } from "../loyalty/rewards/redeem.server";
import type { Redemption } from "../loyalty/rewards/redemption";
import type { RewardKind } from "../loyalty/rewards/reward-terms";
import { findShopper } from "../loyalty/shopper-balance.server";
import { toGid } from "../shopify/gid";
import { withBody } from "./door";

const wishSchema = z.object({
  rewardId: z.number().int().positive(),
  points: z.number().int().positive().max(1_000_000_000).optional(),
  cart: z.object({ subtotalMinor: z.number().int().min(0).max(1_000_000_000_000) }).optional(),
  /** Made once per click by the page: a repeated call answers the same. */
  requestKey: z.string().regex(/^[\w-]{8,100}$/),
});

/** Buys for the signed customer only. 409 for a key that was used for something else. */
export const answerRedeem = withBody(wishSchema, async (wish, { shopId, customerId, now }) => {
  const answer = await redeem(
    shopId,
    {
      customerGid: toGid("Customer", customerId),
      rewardId: wish.rewardId,
      requestKey: wish.requestKey,
      actor: "shopper",
      ...(wish.points === undefined ? {} : { points: wish.points }),
      ...(wish.cart === undefined ? {} : { cart: wish.cart }),
    },
    now,
  );
  if (changesTheShelf(answer)) await enqueue(null, "publish-program", { shopId });
  return "redemption" in answer ? { ...answer, redemption: shown(answer.redemption) } : answer;
});

// Donation totals and what has run out are part of what every visitor's page holds.
const COUNTED_IN_PUBLIC: readonly RewardKind[] = ["donation", "voucher", "place"];
function changesTheShelf(answer: RedeemOutcome): boolean {
  return "redemption" in answer
    ? COUNTED_IN_PUBLIC.includes(answer.redemption.kind)
    : answer.outcome === "out_of_stock";
}

const cancelSchema = z.object({ redemptionId: z.number().int().positive() });
/** Ends an unused redemption of the signed customer early. */
export const answerRedeemCancel = withBody(cancelSchema, async ({ redemptionId }, { shopId, customerId, now }) => {
  const memberId = await findShopper(shopId, toGid("Customer", customerId));
  if (memberId === null) return { outcome: "unknown_redemption" };
  return cancelRedemption(shopId, redemptionId, "shopper", now, memberId);
});

/** What a shopper may know of their redemption. */
export function shown(redemption: Redemption) {
  const { id, kind, points, valueMinor, currency, code, texts, status, expiresAt, returned } = redemption;
  const isReady = status === "issued" || status === "posted";
  return {
    id,
    kind,
    points,
    valueMinor,
    currency,
    title: texts.title,
    status,
    expiresAt,
    returned,
    code: isReady ? code : null,
  };
}

// POST /proxy/review-vote: whether a review helped. Signed in or not; a visitor is known by a token of their
// browser and by where they come from, neither of which is kept.
import { z } from "zod";

import { voteReview } from "../reviews/votes/vote-review.server";
import { toGid } from "../shopify/gid";
import type { DoorAnswer, DoorCall } from "./door";

const body = z.strictObject({
  reviewId: z.string().regex(/^[1-9]\d{0,14}$/),
  /** null: the vote is taken back. */
  helpful: z.boolean().nullable(),
  browser: z
    .string()
    .regex(/^[\w-]{16,64}$/)
    .optional(),
});

/** voted (with the new counts), already_voted, own_review or unknown_review. */
export async function answerVote({ shopId, customerId, visitor, now, ...call }: DoorCall): Promise<DoorAnswer> {
  const parsed = body.safeParse(call.body);
  if (!parsed.success) return { outcome: "bad_body" };
  const { reviewId, helpful, browser } = parsed.data;
  if (customerId !== null) {
    return voteReview(shopId, Number(reviewId), { customerGid: toGid("Customer", customerId) }, helpful, now);
  }
  if (browser === undefined) return { outcome: "bad_body" };
  return voteReview(shopId, Number(reviewId), { browser, address: visitor }, helpful, now);
}

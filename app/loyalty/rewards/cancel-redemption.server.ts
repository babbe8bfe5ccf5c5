// A redemption ends early: by the shopper, by the staff, or because a person settles one that got stuck. A code
// takes the same way as an expired one (ended at Shopify, a grace, the orders read), so that no points return
// for a code that was used a moment ago.
import { inShop, type ShopId, type ShopTx } from "../../db.server";
import { announceIssued } from "./apply-step.server";
import { nextLook, type Redemption } from "./redemption";
import { postPoints, voidPoints } from "./redemption-points.server";
import { changeRedemption, lockRedemption, type LockedRedemption } from "./redemption-rows.server";
import { isCodeKind } from "./reward-terms";

export type CancelOutcome =
  /** The points are back. */
  | { outcome: "voided" }
  /** The code ends now; its points come back within half an hour unless an order used it. */
  | { outcome: "returning" }
  /** Used, given or over already. */
  | { outcome: "too_late" }
  | { outcome: "unknown_redemption" };

/**
 * Cancels a redemption.
 * @param memberId for a shopper: only their own
 */
export async function cancelRedemption(
  shopId: ShopId,
  id: number,
  actor: string,
  now: Date,
  memberId?: number,
): Promise<CancelOutcome> {
  return inShop(shopId, async (tx) => {
    const locked = await lockRedemption(tx, id);
    if (!locked || (memberId !== undefined && locked.redemption.memberId !== memberId))
      return { outcome: "unknown_redemption" };
    return cancelLocked(tx, locked, actor, now);
  });
}

async function cancelLocked(tx: ShopTx, locked: LockedRedemption, actor: string, now: Date): Promise<CancelOutcome> {
  const { redemption } = locked;
  if (redemption.status === "returning") return { outcome: "returning" };
  if (redemption.status === "voided") return { outcome: "voided" };
  if (redemption.status !== "reserved" && redemption.status !== "issued") return { outcome: "too_late" };
  if (redemption.status === "reserved" && redemption.attempts === 0 && !locked.hasLease) {
    await voidPoints(tx, locked, { reason: "reward_cancelled", actor, lastError: "cancelled" }, now);
    return { outcome: "voided" };
  }
  if (!isCodeKind(redemption.kind)) return { outcome: "too_late" };
  await changeRedemption(tx, redemption, {
    status: "returning",
    nextAttempt: now,
    attempts: 0,
    lastError: "cancelled",
  });
  return { outcome: "returning" };
}

export type ResolveOutcome =
  { outcome: "resolved"; redemption: Redemption } | { outcome: "not_stuck" } | { outcome: "unknown_redemption" };

/**
 * A person has looked at Shopify and says what became of a stuck redemption: it was given (the points are
 * used), it was not (they come back), or it should be tried again.
 */
export async function resolveRedemption(
  shopId: ShopId,
  id: number,
  verdict: "given" | "not_given" | "try_again",
  actor: string,
  now: Date,
): Promise<ResolveOutcome> {
  return inShop(shopId, async (tx) => {
    const locked = await lockRedemption(tx, id);
    if (!locked) return { outcome: "unknown_redemption" };
    if (locked.redemption.status !== "needs_person") return { outcome: "not_stuck" };
    return { outcome: "resolved", redemption: await resolve(tx, locked, verdict, actor, now) };
  });
}

async function resolve(
  tx: ShopTx,
  locked: LockedRedemption,
  verdict: "given" | "not_given" | "try_again",
  actor: string,
  now: Date,
): Promise<Redemption> {
  const { redemption } = locked;
  if (verdict === "try_again") {
    // The person vouches that nothing is there: a credit without an end may be given again.
    const isKnownAbsent = redemption.lastError === "credit_answer_lost";
    return changeRedemption(tx, redemption, {
      status: "reserved",
      attempts: isKnownAbsent ? 0 : 1,
      nextAttempt: now,
      lastError: null,
    });
  }
  if (verdict === "not_given" && isCodeKind(redemption.kind))
    return changeRedemption(tx, redemption, {
      status: "returning",
      attempts: 0,
      nextAttempt: now,
      lastError: "cancelled",
    });
  if (verdict === "not_given") return voidPoints(tx, locked, { reason: "reward_cancelled", actor }, now);
  if (isCodeKind(redemption.kind)) {
    const nextAttempt = nextLook(redemption.expiresAt, now);
    return changeRedemption(tx, redemption, {
      status: "issued",
      issuedAt: now,
      attempts: 0,
      nextAttempt,
      lastError: null,
    });
  }
  // Who vouches for it stands where Shopify's own id would.
  const change = { shopifyGid: `confirmed by ${actor}`, issuedAt: now, attempts: 0, lastError: null };
  const posted = await postPoints(tx, locked, change, now);
  await announceIssued(tx, posted, now);
  return posted;
}

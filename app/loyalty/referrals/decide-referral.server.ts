// A person looks at a referral that a check has held: it goes on as if no check had spoken, or ends.
import { inShop, type ShopId } from "../../db.server";
import { signalsEndAt } from "./referral";
import { changeReferral, lockReferral } from "./referral-rows.server";

export type DecideReferralOutcome =
  | { outcome: "approved" | "rejected" }
  /** Somebody decided before, or it is not held. */
  | { outcome: "not_held" }
  | { outcome: "unknown_referral" };

/** Decides a held referral. `actor`: staff:<id>. */
export async function decideReferral(
  shopId: ShopId,
  referralId: number,
  decision: "approve" | "reject",
  actor: string,
  now: Date,
): Promise<DecideReferralOutcome> {
  return inShop(shopId, async (tx): Promise<DecideReferralOutcome> => {
    const locked = await lockReferral(tx, referralId);
    if (!locked) return { outcome: "unknown_referral" };
    const { referral } = locked;
    if (referral.status !== "held") return { outcome: "not_held" };
    const decided = { decidedBy: actor, decidedAt: now };
    if (decision === "reject") {
      const nextAttempt = signalsEndAt(referral.claimedAt);
      await changeReferral(tx, referralId, { ...decided, status: "rejected", nextAttempt });
      return { outcome: "rejected" };
    }
    const status = referral.orderId === null ? "claimed" : "ordered";
    await changeReferral(tx, referralId, { ...decided, status, attempts: 0, nextAttempt: now, lastError: null });
    return { outcome: "approved" };
  });
}

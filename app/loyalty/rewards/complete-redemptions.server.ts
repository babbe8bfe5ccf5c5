// The completer: takes redemptions that are due, one at a time under a lease, and carries each to where it
// belongs. Shopify is asked outside any transaction; before and after, short transactions lock the member,
// then the redemption. A crash between any two lines is made good by the next run: redemption.ts has the table.
import { randomUUID } from "node:crypto";

import { inShop, type ShopId, type ShopTx } from "../../db.server";
import { log } from "../../log.server";
import type { Purpose } from "../../shopify/admin-client.server";
import { UnauthorizedShopError } from "../../shopify/shopify-errors";
import { applyAnswer } from "./apply-step.server";
import { askShopify } from "./ask-shopify.server";
import { ATTEMPTS_MAX, graceEnd, nextLook, nextStep, type Redemption, type Step } from "./redemption";
import { changeRedemption, lockRedemption } from "./redemption-rows.server";
import { reviewRedemption } from "./review-redemption.server";
import { didNothing, type StepAnswer } from "./step-answer";

// A lease is real time: it outlasts a worker, not a business date.
/** Longer than the longest wait for Shopify inside one step. */
const LEASE_SECONDS = 180;
/** A credit has no key of its own: nobody takes over before every wait of the first attempt must be over. */
const CREDIT_LEASE_SECONDS = 900;
/** Set before Shopify is asked; still there when the next attempt begins, it says that an answer was lost. */
const UNANSWERED = "unanswered";
/** What failed inside our own walls waits this long. */
const AFTER_FAILURE_MS = 10 * 60_000;

/**
 * Carries every due redemption of the shop on.
 * @throws UnauthorizedShopError when the shop refuses all calls; what is due stays due
 */
export async function completeRedemptions(
  shopId: ShopId,
  now: Date,
  signal: AbortSignal,
): Promise<{ completed: number }> {
  let completed = 0;
  const seen = new Set<number>();
  while (!signal.aborted) {
    const claim = await inShop(shopId, (tx) => claimNext(tx, now, [...seen]));
    if (!claim) break;
    // A row that rings again while it is carried on waits for the next run.
    seen.add(claim.id);
    try {
      await carryOn(shopId, claim, now, "background");
      completed++;
    } catch (error) {
      if (error instanceof UnauthorizedShopError) throw error;
      log().error({ shopId, redemption: claim.id, error: nameOf(error) }, "a redemption could not be carried on");
      // One that we cannot digest does not stand in the way of the others.
      await inShop(shopId, (tx) => putOff(tx, claim, now));
    }
  }
  return { completed };
}

/** Carries one redemption on at once, if nobody else is at it. Never throws: what did not work stays due. */
export async function completeNow(shopId: ShopId, id: number, now: Date): Promise<void> {
  try {
    const claim = await inShop(shopId, (tx) => claimOne(tx, id));
    if (claim) await carryOn(shopId, claim, now, "interactive");
  } catch (error) {
    log().info({ shopId, redemption: id, error: nameOf(error) }, "a redemption goes on in the background");
  }
}

interface Claim {
  id: number;
  token: string;
}
const CLAIMED = "lease_token = $3, lease_until = now() + interval '1 second' * $4";
const FREE = "(lease_until IS NULL OR lease_until < now())";

async function claimNext(tx: ShopTx, now: Date, except: number[]): Promise<Claim | null> {
  const token = randomUUID();
  const { rows } = await tx.query<{ id: number }>(
    `UPDATE redemption SET ${CLAIMED} WHERE shop_id = $1 AND id = (
       SELECT id FROM redemption WHERE shop_id = $1 AND next_attempt <= $2 AND ${FREE} AND NOT id = ANY ($5)
        ORDER BY next_attempt, id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED)
     RETURNING id`,
    [tx.shopId, now, token, LEASE_SECONDS, except],
  );
  return rows[0] ? { id: rows[0].id, token } : null;
}
async function claimOne(tx: ShopTx, id: number): Promise<Claim | null> {
  const token = randomUUID();
  const { rows } = await tx.query<{ id: number }>(
    `UPDATE redemption SET ${CLAIMED} WHERE shop_id = $1 AND id = $2 AND next_attempt IS NOT NULL AND ${FREE} RETURNING id`,
    [tx.shopId, id, token, LEASE_SECONDS],
  );
  return rows[0] ? { id, token } : null;
}

async function carryOn(shopId: ShopId, claim: Claim, now: Date, purpose: Purpose): Promise<void> {
  // A few steps may follow each other; none comes twice without a wait in between.
  for (let steps = 0; steps < 4; steps++) {
    const begun = await inShop(shopId, (tx) => begin(tx, claim, now));
    if (!begun) return;
    const answer = await askShopify({ shopId, purpose, now, ...begun });
    const goesOn = await inShop(shopId, (tx) => finish(tx, claim, begun, answer, now));
    if (answer.outcome === "failed" && answer.error instanceof UnauthorizedShopError) throw answer.error;
    if (!goesOn) return;
  }
  await inShop(shopId, (tx) => release(tx, claim));
}

interface Begun {
  step: Step;
  redemption: Redemption;
  customerId: string | null;
  /** An earlier attempt may have reached Shopify. */
  mayExist: boolean;
}
// Reviews first: an order that used the code decides without Shopify. null: nothing to ask, lease given back.
async function begin(tx: ShopTx, claim: Claim, now: Date): Promise<Begun | null> {
  const locked = await lockRedemption(tx, claim.id);
  if (locked?.leaseToken !== claim.token) return null;
  const { member } = locked;
  const redemption = await reviewRedemption(tx, locked, now);
  const step = nextStep(redemption, now);
  if (step === null) {
    await changeRedemption(tx, redemption, { nextAttempt: restsUntil(redemption, now) }, "release");
    return null;
  }
  const mayExist = step === "create" && redemption.attempts > 0 && !didNothing(redemption.lastError);
  await changeRedemption(tx, redemption, {
    attempts: redemption.attempts + 1,
    ...(step === "create" ? { lastError: UNANSWERED } : {}),
  });
  if (redemption.kind === "store_credit")
    await tx.query(
      "UPDATE redemption SET lease_until = now() + interval '1 second' * $3 WHERE shop_id = $1 AND id = $2",
      [tx.shopId, redemption.id, CREDIT_LEASE_SECONDS],
    );
  const isGone = member.status !== "active";
  return { step, redemption, customerId: isGone ? null : member.customerGid, mayExist };
}

// @returns whether another step follows at once
async function finish(
  tx: ShopTx,
  claim: Claim,
  { step, mayExist }: Begun,
  answer: StepAnswer,
  now: Date,
): Promise<boolean> {
  const locked = await lockRedemption(tx, claim.id);
  // Somebody else took over while we waited for Shopify: what we know, they find out.
  if (locked?.leaseToken !== claim.token) return false;
  await applyAnswer(tx, locked, answer, { step, mayExist, now, isLast: locked.redemption.attempts >= ATTEMPTS_MAX });
  const after = await lockRedemption(tx, claim.id);
  if (!after) return false;
  const redemption = await reviewRedemption(tx, after, now);
  const goesOn =
    answer.outcome !== "failed" &&
    redemption.nextAttempt !== null &&
    Date.parse(redemption.nextAttempt) <= now.getTime() &&
    nextStep(redemption, now) !== null;
  if (!goesOn) await changeRedemption(tx, redemption, {}, "release");
  return goesOn;
}

async function release(tx: ShopTx, claim: Claim): Promise<void> {
  await tx.query(
    "UPDATE redemption SET lease_token = NULL, lease_until = NULL WHERE shop_id = $1 AND id = $2 AND lease_token = $3",
    [tx.shopId, claim.id, claim.token],
  );
}
async function putOff(tx: ShopTx, claim: Claim, now: Date): Promise<void> {
  await release(tx, claim);
  await tx.query("UPDATE redemption SET next_attempt = $3 WHERE shop_id = $1 AND id = $2 AND next_attempt <= $4", [
    tx.shopId,
    claim.id,
    new Date(now.getTime() + AFTER_FAILURE_MS),
    now,
  ]);
}

// Nothing to ask now: a code waits for its end, an ended one for its grace, the rest for nothing.
function restsUntil({ status, expiresAt, deactivatedAt }: Redemption, now: Date): Date | null {
  if (status === "issued") return nextLook(expiresAt, now);
  return status === "returning" && deactivatedAt !== null ? graceEnd(deactivatedAt) : null;
}
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "unknown";
}

// What Shopify answered, written down: the state moves, and the points with it, in the caller's transaction.
import type { ShopTx } from "../../db.server";
import { announceEvent } from "../announce-event.server";
import type { FoundCode } from "../../shopify/reward-codes.server";
import { graceEnd, markOf, nextLook, retryAt, type Redemption, type Step } from "./redemption";
import { postPoints, voidPoints } from "./redemption-points.server";
import { changeRedemption, type LockedRedemption } from "./redemption-rows.server";
import { isCodeKind } from "./reward-terms";
import { didNothing, type Failure, type StepAnswer } from "./step-answer";

export interface StepContext {
  step: Step;
  mayExist: boolean;
  now: Date;
  /** No further attempt after this one. */
  isLast: boolean;
}
/** An order that Shopify named is read and settled within a few seconds. */
const WAIT_FOR_ORDER_MS = 2 * 60_000;
/** Shopify counted a use and its search does not know the order yet. */
const WAIT_FOR_SEARCH_MS = 3_600_000;

/** Applies a step's answer to a locked redemption. */
export async function applyAnswer(
  tx: ShopTx,
  locked: LockedRedemption,
  answer: StepAnswer,
  context: StepContext,
): Promise<void> {
  const { redemption } = locked;
  switch (answer.outcome) {
    case "made":
      return made(tx, locked, answer.gid, context.now);
    case "refused":
      return notMade(tx, locked, answer.reason, context);
    case "nobody_to_give_to":
      return notMade(tx, locked, "customer_gone", context);
    case "unclear":
      return askAPerson(tx, redemption, answer.reason);
    case "inspected":
      return inspected(tx, redemption, answer.found, context.now);
    case "ended":
      await changeRedemption(tx, redemption, {
        ...(isOpen(redemption) ? { status: "returning", nextAttempt: graceEnd(context.now.toISOString()) } : {}),
        deactivatedAt: context.now,
        attempts: 0,
      });
      return;
    case "uses_read":
      return usesRead(tx, locked, answer, context);
    case "failed":
      return failed(tx, redemption, answer.how, context);
  }
}

const isOpen = ({ status }: Redemption): boolean =>
  status === "reserved" || status === "issued" || status === "returning";

async function made(tx: ShopTx, locked: LockedRedemption, gid: string | null, now: Date): Promise<void> {
  const { redemption } = locked;
  const known = { ...(gid === null ? {} : { shopifyGid: gid }), attempts: 0, lastError: null };
  if (redemption.status !== "reserved") {
    // Cancelled, or used, while Shopify was making it: its own state says what follows.
    const isReturning = redemption.status === "returning";
    await changeRedemption(tx, redemption, {
      ...(gid === null ? {} : { shopifyGid: gid }),
      attempts: 0,
      ...(isReturning ? { nextAttempt: now, deactivatedAt: null } : {}),
    });
    return;
  }
  if (isCodeKind(redemption.kind)) {
    const nextAttempt = nextLook(redemption.expiresAt, now);
    await changeRedemption(tx, redemption, { ...known, status: "issued", issuedAt: now, nextAttempt });
  } else await postPoints(tx, locked, { ...known, issuedAt: now }, now);
  await announceIssued(tx, redemption, now);
}

/** Tells the member what they got, once. */
export async function announceIssued(tx: ShopTx, redemption: Redemption, now: Date): Promise<void> {
  const { id, memberId, code, expiresAt, texts } = redemption;
  const params = { redemptionId: id, title: texts.title, code, expiresAt };
  await announceEvent(tx, { memberId, kind: "reward_issued", key: `reward_issued/${id}`, params }, now);
}

async function notMade(tx: ShopTx, locked: LockedRedemption, reason: string, { mayExist, now }: StepContext) {
  const { redemption } = locked;
  if (redemption.status !== "reserved") {
    await changeRedemption(tx, redemption, { attempts: 0, lastError: reason, nextAttempt: now });
    return;
  }
  // What may be there after all is ended first, and looked for, before the points go back.
  if (mayExist && isCodeKind(redemption.kind))
    await changeRedemption(tx, redemption, { status: "returning", attempts: 0, lastError: reason, nextAttempt: now });
  else if (mayExist && reason === "customer_gone") await askAPerson(tx, redemption, reason);
  else await voidPoints(tx, locked, { reason: "reward_failed", actor: "system", lastError: reason }, now);
  await alert(tx, "reward_refused", { redemption: redemption.id, reason });
}

async function askAPerson(tx: ShopTx, redemption: Redemption, reason: string): Promise<void> {
  await changeRedemption(tx, redemption, {
    ...(isOpen(redemption) ? { status: "needs_person" } : {}),
    nextAttempt: null,
    lastError: reason,
  });
  await alert(tx, "redemption_stuck", { redemption: redemption.id, reason });
}

// A merchant who deletes or ends a code ends the redemption; one who changes it is told that we saw.
async function inspected(tx: ShopTx, redemption: Redemption, found: FoundCode | null, now: Date): Promise<void> {
  const isOurs = found?.title === markOf(redemption.id) || found?.gid === redemption.shopifyGid;
  if (!found?.isActive || !isOurs) {
    const lastError = found ? "ended_in_shopify" : "deleted_in_shopify";
    await changeRedemption(tx, redemption, { status: "returning", attempts: 0, nextAttempt: now, lastError });
    await alert(tx, "code_changed", { redemption: redemption.id, reason: lastError });
    return;
  }
  const isChanged = found.usageLimit !== 1 || !isSameEnd(found.endsAt, redemption.expiresAt);
  if (isChanged && redemption.lastError !== "changed_in_shopify")
    await alert(tx, "code_changed", { redemption: redemption.id, reason: "changed_in_shopify" });
  const nextAttempt = nextLook(redemption.expiresAt, now);
  const keptError = redemption.lastError === "used_again" ? redemption.lastError : null;
  await changeRedemption(tx, redemption, {
    attempts: 0,
    nextAttempt,
    lastError: isChanged ? "changed_in_shopify" : keptError,
  });
}
// Shopify keeps whole seconds.
function isSameEnd(a: string | null, b: string | null): boolean {
  return a === b || (a !== null && b !== null && Math.abs(Date.parse(a) - Date.parse(b)) < 1_000);
}

async function usesRead(
  tx: ShopTx,
  locked: LockedRedemption,
  { found, orderGids }: { found: FoundCode | null; orderGids: string[] },
  { now, isLast }: StepContext,
): Promise<void> {
  const { redemption } = locked;
  if (redemption.status !== "returning") return;
  // A creation that was still under way when we ended the code.
  if (found?.isActive && found.title === markOf(redemption.id)) {
    await changeRedemption(tx, redemption, { deactivatedAt: null, nextAttempt: now });
    return;
  }
  if (orderGids.length > 0) {
    await tx.query(
      `INSERT INTO code_use (shop_id, code, order_id, seen_at)
       SELECT $1, $2, id, $4 FROM customer_order WHERE shop_id = $1 AND order_gid = ANY ($3) AND facts IS NOT NULL ON CONFLICT DO NOTHING`,
      [tx.shopId, redemption.code, orderGids, now],
    );
    if (isLast) await askAPerson(tx, redemption, "order_not_readable");
    else await changeRedemption(tx, redemption, { nextAttempt: new Date(now.getTime() + WAIT_FOR_ORDER_MS) });
    return;
  }
  if (found !== null && found.uses > 0) {
    if (isLast) await askAPerson(tx, redemption, "use_not_found");
    else await changeRedemption(tx, redemption, { nextAttempt: new Date(now.getTime() + WAIT_FOR_SEARCH_MS) });
    return;
  }
  await voidPoints(tx, locked, { ...whyOver(redemption), actor: "system" }, now);
}
function whyOver({ lastError }: Redemption) {
  if (lastError === "cancelled") return { reason: "reward_cancelled" as const, lastError };
  const isOfMerchant = lastError === "deleted_in_shopify" || lastError === "ended_in_shopify";
  if (isOfMerchant) return { reason: "reward_cancelled" as const, lastError };
  if (lastError === "customer_gone") return { reason: "reward_failed" as const, lastError };
  return { reason: "reward_expired" as const, lastError: null };
}

async function failed(
  tx: ShopTx,
  redemption: Redemption,
  how: Failure,
  { step, mayExist, now, isLast }: StepContext,
): Promise<void> {
  if (redemption.nextAttempt === null) return;
  if (how.code === "unauthorized") {
    // The shop as a whole rests: that is no attempt at this redemption.
    const nextAttempt = retryAt(now, 1, how, Math.random);
    await changeRedemption(tx, redemption, {
      attempts: redemption.attempts - 1,
      nextAttempt,
      ...(step === "create" && !mayExist ? { lastError: how.code } : {}),
    });
    return;
  }
  if (isLast) return askAPerson(tx, redemption, how.code);
  // An answer that was lost once stays lost, whatever a later attempt says.
  const keepsDoubt = step === "create" && mayExist && didNothing(how.code);
  const lastError = step !== "create" || keepsDoubt ? undefined : how.code;
  const nextAttempt = retryAt(now, redemption.attempts, how, Math.random);
  await changeRedemption(tx, redemption, { nextAttempt, ...(lastError === undefined ? {} : { lastError }) });
}

// A line on the health page, once an hour and cause. Loyalty may not reach the room of deliveries, which has the same.
async function alert(tx: ShopTx, kind: string, params: Record<string, string | number>): Promise<void> {
  await tx.query(
    `INSERT INTO health_alert (shop_id, kind, params)
     SELECT $1, $2::text, $3::jsonb WHERE NOT EXISTS (
       SELECT FROM health_alert WHERE shop_id = $1 AND kind = $2 AND params = $3::jsonb AND resolved_at IS NULL)`,
    [tx.shopId, kind, JSON.stringify(params)],
  );
}

// The friend's discount code at Shopify. Its string is fixed since the claim: however often this runs, and
// whatever answer is lost, there is one code.
import { inShop, type ShopId } from "../../db.server";
import type { Purpose } from "../../shopify/admin-client.server";
import { findCode, makeCode, type MadeAtShopify } from "../../shopify/reward-codes.server";
import {
  RefusedByShopifyError,
  ThrottledError,
  TransientShopifyError,
  UnauthorizedShopError,
} from "../../shopify/shopify-errors";
import type { ReferralProgram } from "../program-parts";
import { ATTEMPTS_MAX, retryAt } from "../rewards/redemption";
import { programAt, readCalendar } from "../ways/program-now.server";
import { codeIsOver, friendCodeEnds, referralMark } from "./referral";
import { changeReferral, lockReferral, type Referral } from "./referral-rows.server";

export type IssueOutcome =
  | { outcome: "issued"; code: string; endsAt: Date }
  /** Shopify could not be asked or has not answered: tried again later. */
  | { outcome: "later" }
  | { outcome: "not_issued" };

/** While Shopify is asked, nobody else begins. */
const BUSY_MS = 90_000;

interface Begun {
  referral: Referral;
  terms: ReferralProgram;
  timeZone: string;
  currency: string;
  mayExist: boolean;
}

/**
 * Makes the code of a claimed referral, or finds it made.
 * @throws UnauthorizedShopError when the shop refuses all calls; the referral stays due
 */
export async function issueFriendCode(
  shopId: ShopId,
  referralId: number,
  now: Date,
  purpose: Purpose,
): Promise<IssueOutcome> {
  const begun = await begin(shopId, referralId, now);
  if (begun.outcome !== "begun") return begun;
  const { referral, timeZone, terms } = begun.begun;
  const endsAt = friendCodeEnds(referral.claimedAt, terms.friend.validDays, timeZone);
  let made: MadeAtShopify;
  try {
    made = await makeOrFind(shopId, begun.begun, endsAt, purpose);
  } catch (error) {
    return postpone(shopId, referral, error, now);
  }
  return inShop(shopId, async (tx): Promise<IssueOutcome> => {
    const locked = await lockReferral(tx, referralId);
    if (locked?.referral.status !== "claimed") return { outcome: "later" };
    if (made.outcome === "made") {
      const nextAttempt = locked.referral.orderId === null ? codeIsOver(endsAt) : now;
      await changeReferral(tx, referralId, {
        status: "issued",
        shopifyGid: made.gid,
        attempts: 0,
        nextAttempt,
        lastError: null,
      });
      return { outcome: "issued", code: referral.code ?? "", endsAt };
    }
    const lastError = made.outcome === "taken" ? "code_is_not_ours" : made.reason;
    await changeReferral(tx, referralId, { ...heldUnissued(locked.referral), lastError });
    return { outcome: "not_issued" };
  });
}

async function begin(
  shopId: ShopId,
  referralId: number,
  now: Date,
): Promise<{ outcome: "begun"; begun: Begun } | IssueOutcome> {
  return inShop(shopId, async (tx) => {
    const locked = await lockReferral(tx, referralId);
    const referral = locked?.referral;
    const calendar = await readCalendar(tx);
    const terms = referral && (await programAt(tx, calendar, referral.claimedAt))?.rules.referral;
    if (!terms || referral.code === null) return { outcome: "not_issued" as const };
    const endsAt = friendCodeEnds(referral.claimedAt, terms.friend.validDays, calendar.timeZone);
    if (referral.status === "issued") return { outcome: "issued" as const, code: referral.code, endsAt };
    if (referral.status !== "claimed") return { outcome: "not_issued" as const };
    if (referral.nextAttempt !== null && referral.nextAttempt > now) return { outcome: "later" as const };
    const { rows } = await tx.query<{ currency: string }>("SELECT currency FROM shop_profile WHERE shop_id = $1", [
      shopId,
    ]);
    await changeReferral(tx, referralId, {
      attempts: referral.attempts + 1,
      nextAttempt: new Date(now.getTime() + BUSY_MS),
    });
    const begun = {
      referral: { ...referral, attempts: referral.attempts + 1 },
      terms,
      timeZone: calendar.timeZone,
      currency: rows[0]?.currency ?? "USD",
      mayExist: referral.attempts > 0,
    };
    return { outcome: "begun" as const, begun };
  });
}

async function makeOrFind(shopId: ShopId, begun: Begun, endsAt: Date, purpose: Purpose): Promise<MadeAtShopify> {
  const { referral, terms, currency, mayExist } = begun;
  const code = referral.code ?? "";
  const wanted = {
    code,
    title: referralMark(referral.id),
    customerId: null,
    startsAt: referral.claimedAt.toISOString(),
    endsAt: endsAt.toISOString(),
    currency,
    minimumMinor: terms.friend.minimumMinor,
    combinesWith: { order: false, product: false, shipping: true },
    benefit:
      terms.friend.kind === "amount"
        ? ({ kind: "amount", minor: terms.friend.value, items: null } as const)
        : ({ kind: "percentage", percent: terms.friend.value, items: null } as const),
  };
  const made = await makeCode(shopId, wanted, purpose);
  if (made.outcome === "made" || (made.outcome === "refused" && !mayExist)) return made;
  const found = await findCode(shopId, code, purpose);
  return found?.title === wanted.title ? { outcome: "made", gid: found.gid } : made;
}

async function postpone(shopId: ShopId, referral: Referral, error: unknown, now: Date): Promise<IssueOutcome> {
  const isKnown =
    error instanceof ThrottledError || error instanceof TransientShopifyError || error instanceof UnauthorizedShopError;
  if (!isKnown && !(error instanceof RefusedByShopifyError)) throw error;
  const how = {
    isOutcomeUnknown: error instanceof TransientShopifyError,
    ...(error instanceof ThrottledError ? { retryAfterMs: error.retryAfterMs } : {}),
  };
  const isLast = !(error instanceof UnauthorizedShopError) && referral.attempts >= ATTEMPTS_MAX;
  await inShop(shopId, (tx) =>
    changeReferral(tx, referral.id, {
      lastError: error.name,
      ...(isLast ? heldUnissued(referral) : { nextAttempt: retryAt(now, referral.attempts, how, Math.random) }),
    }),
  );
  if (error instanceof UnauthorizedShopError) throw error;
  return { outcome: isLast ? "not_issued" : "later" };
}

function heldUnissued({ flags }: Referral) {
  const all = flags.includes("not_issued") ? flags : [...flags, "not_issued" as const];
  return { status: "held" as const, flags: all, nextAttempt: null, attempts: 0 };
}

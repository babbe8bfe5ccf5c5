// The movements of one redemption's points, each with its key, reason and change of the row. Callers hold the
// locks of the member and of the redemption.
import type { ShopTx } from "../../db.server";
import { lotExpiresAt } from "../expiry";
import { postEntries, type LockedMember } from "../ledger.server";
import type { Posting } from "../posting-plan";
import { rulesOfVersion, versionAt, VERSION_STAMPS, type VersionStamp } from "../program-versions.server";
import type { ReasonParams, RewardReason } from "../reasons";
import { writeNote } from "../write-note.server";
import type { Redemption } from "./redemption";
import { changeRedemption, openHeldAccount, type RedemptionChange } from "./redemption-rows.server";

/** What every movement names. */
export function redemptionPosting(
  redemption: Pick<Redemption, "id" | "texts">,
  step: string | number,
  reason: RewardReason,
  actor: string,
  params: ReasonParams = {},
): Posting {
  const id = String(redemption.id);
  return {
    source: { type: "redemption", id, rule: "redemption", version: null, actor, isTest: false },
    keyPrefix: `redemption/${id}/${step}`,
    reason,
    params: { name: redemption.texts.title, ...params },
  };
}

interface ReturnTerms {
  until: string;
  now: string;
  repayDebt: boolean;
}
/**
 * How long points that come back are usable at least, and whether they repay debt: by the newest version.
 * What was given back by choice keeps its own dates and is usable that day: redeeming and cancelling must not
 * make points last longer.
 */
export async function readReturnTerms(tx: ShopTx, now: Date, isByChoice = false): Promise<ReturnTerms> {
  const { rows } = await tx.query<{ timeZone: string; stamps: VersionStamp[] }>(
    `SELECT time_zone AS "timeZone", ${VERSION_STAMPS} AS stamps FROM shop_profile WHERE shop_id = $1`,
    [tx.shopId],
  );
  const at = now.toISOString();
  const stamp = versionAt(rows[0]?.stamps ?? [], at);
  const rules = stamp ? await rulesOfVersion(tx, stamp) : null;
  const grace = { kind: "after_days" as const, days: isByChoice ? 0 : (rules?.returns.graceDays ?? 30) };
  const until = lotExpiresAt(at, grace, rows[0]?.timeZone ?? "UTC") ?? at;
  return { until, now: at, repayDebt: rules?.repayDebtFirst ?? true };
}

/** reserved → redeemed: used by an order, or given by Shopify. */
export async function postPoints(
  tx: ShopTx,
  { redemption, member }: { redemption: Redemption; member: LockedMember },
  change: RedemptionChange,
  now: Date,
  params: ReasonParams = {},
): Promise<Redemption> {
  const { account, held } = await openHeldAccount(tx, member, redemption.id, now);
  account.post(held.reserved, redemptionPosting(redemption, "post", "reward_used", "system", params));
  await postEntries(tx, { accounts: [account], now });
  return changeRedemption(tx, redemption, { ...change, status: "posted", postedAt: now, nextAttempt: null });
}

/**
 * Reserved, or redeemed where staff take back what was given → available: the redemption is over and cost nothing; a
 * limited reward is free again. A note stands beside the entry.
 */
export async function voidPoints(
  tx: ShopTx,
  { redemption, member }: { redemption: Redemption; member: LockedMember },
  why: { reason: RewardReason; actor: string; lastError?: string | null; note?: string },
  now: Date,
): Promise<Redemption> {
  const { account, held } = await openHeldAccount(tx, member, redemption.id, now);
  const revision = redemption.revision + 1;
  const bucket = redemption.status === "posted" ? "redeemed" : "reserved";
  account.giveBack(
    redemption.points - redemption.returned,
    { in: bucket, parts: held[bucket] },
    await readReturnTerms(tx, now, why.lastError === "cancelled"),
    redemptionPosting(redemption, revision, why.reason, why.actor),
  );
  const entries = await postEntries(tx, { accounts: [account], now });
  if (why.note !== undefined) {
    const entryId = entries.values().next().value ?? null;
    await writeNote(tx, { memberId: member.id, text: why.note, actor: why.actor, entryId }, now);
  }
  await tx.query("UPDATE reward SET stock = stock + 1, taken = greatest(0, taken - 1) WHERE shop_id = $1 AND id = $2", [
    tx.shopId,
    redemption.rewardId,
  ]);
  return changeRedemption(tx, redemption, {
    status: "voided",
    voidedAt: now,
    returned: redemption.points,
    revision,
    nextAttempt: null,
    lastError: why.lastError ?? null,
  });
}

/** Moves what a used redemption keeps spent to `spent`, in whichever direction. */
export async function settleSpent(
  tx: ShopTx,
  { redemption, member }: { redemption: Redemption; member: LockedMember },
  wanted: { spent: number; because: "rest" | "refund"; orderId: number; orderName: string },
  now: Date,
): Promise<Redemption> {
  const spentNow = redemption.points - redemption.returned;
  const delta = wanted.spent - spentNow;
  if (delta === 0) return redemption;
  const { account, held } = await openHeldAccount(tx, member, redemption.id, now);
  const revision = redemption.revision + 1;
  const posting = (reason: RewardReason) =>
    redemptionPosting(redemption, revision, reason, "system", { orderName: wanted.orderName });
  if (delta > 0)
    account.charge(delta, posting(redemption.status === "voided" ? "reward_used_late" : "reward_refund_reversed"));
  else
    account.giveBack(
      -delta,
      { in: "redeemed", parts: held.redeemed },
      await readReturnTerms(tx, now),
      posting(wanted.because === "rest" ? "reward_rest_returned" : "reward_order_refunded"),
    );
  await postEntries(tx, { accounts: [account], now });
  return changeRedemption(tx, redemption, {
    status: "posted",
    orderId: wanted.orderId,
    returned: redemption.points - wanted.spent,
    revision,
    nextAttempt: null,
    ...(redemption.postedAt === null ? { postedAt: now } : {}),
  });
}

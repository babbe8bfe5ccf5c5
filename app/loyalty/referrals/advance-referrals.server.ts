// The referral's clock: codes that are not made yet, orders that rang, holds that ended, codes nobody used,
// network facts whose time is over. Each step may be repeated; each reward is given once.
import { inShop, queryShop, type ShopId, type ShopTx } from "../../db.server";
import type { OrderFacts } from "../../shopify/order-facts";
import { readReferralEvidence, type ReferralEvidence } from "../../shopify/read-referral-evidence.server";
import { announceEvent } from "../announce-event.server";
import { keptAmounts } from "../kept-amounts";
import type { LockedMember } from "../ledger.server";
import { testEarns, whyUndone } from "../order-eligibility";
import type { ReferralProgram } from "../program-parts";
import type { VersionInForce } from "../program-versions.server";
import { grantWay } from "../ways/grant-way.server";
import { programAt, readCalendar } from "../ways/program-now.server";
import { checkReferral } from "./check-referral.server";
import { issueFriendCode } from "./issue-friend-code.server";
import { holdEnds, mustBeHeld, signalsEndAt, type ReferralFlag } from "./referral";
import { changeReferral, lockReferral, type Referral } from "./referral-rows.server";

const PER_LOOK = 100;

/**
 * Takes every due referral one step on.
 * @throws UnauthorizedShopError when the shop refuses all calls; what is due stays due
 */
export async function advanceReferrals(shopId: ShopId, now: Date, signal?: AbortSignal): Promise<{ advanced: number }> {
  let advanced = 0;
  let after = 0;
  for (;;) {
    const due = await queryShop<{ id: number }>(
      shopId,
      `SELECT id FROM referral WHERE shop_id = $1 AND next_attempt <= $2 AND id > $3 ORDER BY id LIMIT ${PER_LOOK}`,
      [shopId, now, after],
    );
    if (due.length === 0) return { advanced };
    for (const { id } of due) {
      signal?.throwIfAborted();
      await advance(shopId, id, now);
      advanced++;
    }
    after = due.at(-1)?.id ?? after;
  }
}

async function advance(shopId: ShopId, id: number, now: Date): Promise<void> {
  const [row] = await queryShop<{ status: string; orderGid: string | null; advocateGid: string | null }>(
    shopId,
    `SELECT r.status, o.order_gid AS "orderGid", m.customer_gid AS "advocateGid" FROM referral r
       JOIN member m ON m.shop_id = r.shop_id AND m.id = r.advocate_id
       LEFT JOIN customer_order o ON o.shop_id = r.shop_id AND o.id = r.order_id WHERE r.shop_id = $1 AND r.id = $2`,
    [shopId, id],
  );
  if (!row) return;
  if (row.status === "claimed" && row.orderGid === null)
    return void (await issueFriendCode(shopId, id, now, "background"));
  const isNew = row.orderGid !== null && ["claimed", "issued", "expired"].includes(row.status);
  // Shopify is asked before anything is locked.
  const evidence =
    isNew && row.orderGid !== null && row.advocateGid !== null
      ? await readReferralEvidence(shopId, { orderId: row.orderGid, advocateId: row.advocateGid })
      : { friend: null, friendOrders: null, advocate: [] };
  await inShop(shopId, (tx) => takeStep(tx, id, { evidence, hasEvidence: isNew, now }));
}

interface Order {
  orderGid: string;
  memberId: number | null;
  email: string | null;
  processedAt: Date;
  facts: OrderFacts;
  isDevelopmentShop: boolean;
}
interface Case {
  referral: Referral;
  advocate: LockedMember;
  order: Order;
  inForce: VersionInForce;
  terms: ReferralProgram;
  timeZone: string;
}

async function takeStep(
  tx: ShopTx,
  id: number,
  { evidence, hasEvidence, now }: { evidence: ReferralEvidence; hasEvidence: boolean; now: Date },
): Promise<void> {
  const locked = await lockReferral(tx, id);
  if (!locked || locked.referral.nextAttempt === null || locked.referral.nextAttempt > now) return;
  const { referral, advocate } = locked;
  const order = referral.orderId === null ? null : await readOrder(tx, referral.orderId);
  if (referral.status === "issued" && referral.orderId === null) return end(tx, referral, "expired", now);
  if (order === null || !["claimed", "issued", "expired", "ordered"].includes(referral.status))
    return rest(tx, referral, now);
  const calendar = await readCalendar(tx);
  const inForce = await programAt(tx, calendar, referral.claimedAt);
  const terms = inForce?.rules.referral;
  if (!terms) return end(tx, referral, "rejected", now);
  const each: Case = { referral, advocate, order, inForce, terms, timeZone: calendar.timeZone };
  if (referral.status === "ordered") return reward(tx, each, now);
  // The order rang after we had asked: the next look asks with it.
  if (!hasEvidence) return;
  const flags = await checkReferral(tx, { ...each, evidence });
  const all = [...new Set([...referral.flags, ...flags])];
  const isHeld = mustBeHeld(flags) && referral.decidedBy === null;
  const changed = { ...referral, flags: all, status: isHeld ? ("held" as const) : ("ordered" as const) };
  await changeReferral(tx, id, { status: changed.status, flags: all, nextAttempt: null, attempts: 0 });
  if (!isHeld) await reward(tx, { ...each, referral: changed }, now);
}

async function readOrder(tx: ShopTx, orderId: number): Promise<Order | null> {
  const { rows } = await tx.query<Order & { [column: string]: unknown }>(
    `SELECT o.order_gid AS "orderGid", o.member_id AS "memberId", o.email, o.processed_at AS "processedAt", o.facts,
            coalesce(p.is_development, false) AS "isDevelopmentShop"
       FROM customer_order o LEFT JOIN shop_profile p ON p.shop_id = o.shop_id
      WHERE o.shop_id = $1 AND o.id = $2 AND o.facts IS NOT NULL AND o.processed_at IS NOT NULL`,
    [tx.shopId, orderId],
  );
  return rows[0] ?? null;
}

// The hold is over once the order was paid so many days ago; what is kept then decides.
async function reward(tx: ShopTx, each: Case, now: Date): Promise<void> {
  const { referral, advocate, order, inForce, terms, timeZone } = each;
  const { facts } = order;
  if (whyUndone(facts)) return end(tx, referral, "rejected", now, "refunded");
  if (facts.test && !testEarns(inForce.rules, order)) return end(tx, referral, "rejected", now, "test_order");
  const isPaid = ["paid", "partially_refunded", "refunded"].includes(facts.financialStatus);
  // A payment that comes, or a dispute that is decided, rings.
  if (!isPaid || facts.dispute === "open") return changeReferral(tx, referral.id, { nextAttempt: null });
  const ends = holdEnds(facts.paidAt ?? facts.processedAt, terms.holdDays, timeZone);
  if (ends > now) return changeReferral(tx, referral.id, { nextAttempt: ends });
  const all = { include: null, exclude: { productIds: [], variantIds: [], collectionIds: [], tags: [] } };
  const kept = keptAmounts(facts, inForce.rules.base, all, "now").goodsMinor;
  if (kept === 0 || kept < terms.minimumOrderMinor) return end(tx, referral, "rejected", now, "refunded");
  // A merge may have made the friend and the advocate one person since.
  if (order.memberId === advocate.id && referral.decidedBy === null)
    return changeReferral(tx, referral.id, {
      status: "held",
      flags: [...new Set([...referral.flags, "same_customer" as const])],
      nextAttempt: null,
    });
  await grant(tx, each, now);
}

async function grant(tx: ShopTx, { referral, advocate, inForce, terms }: Case, now: Date): Promise<void> {
  const granted = await grantWay(
    tx,
    {
      memberId: advocate.id,
      way: { id: "referral", kind: "referral", points: terms.advocatePoints, holdDays: 0 },
      occasion: `referral/${referral.id}`,
      inForce,
    },
    now,
  );
  if (granted.outcome !== "granted" && granted.outcome !== "already_granted")
    return end(tx, referral, "rejected", now, "advocate_gone");
  await changeReferral(tx, referral.id, { points: terms.advocatePoints });
  await end(tx, referral, "rewarded", now);
  const key = `referral/${referral.id}`;
  const params = { points: terms.advocatePoints };
  await announceEvent(tx, { memberId: advocate.id, kind: "referral_rewarded", key, params }, now);
}

async function end(
  tx: ShopTx,
  referral: Referral,
  status: "rewarded" | "rejected" | "expired",
  now: Date,
  flag?: ReferralFlag,
): Promise<void> {
  const flags = flag && !referral.flags.includes(flag) ? [...referral.flags, flag] : referral.flags;
  await changeReferral(tx, referral.id, { status, flags, nextAttempt: null, attempts: 0 });
  await rest(tx, { ...referral, status }, now);
}
// Nothing is left to do but to forget where the claim came from.
async function rest(tx: ShopTx, referral: Referral, now: Date): Promise<void> {
  const until = signalsEndAt(referral.claimedAt);
  const isEmpty = Object.keys(referral.signals).length === 0;
  const isOver = isEmpty || until <= now;
  await changeReferral(tx, referral.id, { nextAttempt: isOver ? null : until, eraseSignals: isOver });
}

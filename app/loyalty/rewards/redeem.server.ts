// A member buys a reward with points: reserved in one transaction, together with the code that Shopify will be
// asked for; then one quick attempt to have it made at once.
import { createHash } from "node:crypto";

import { inShop, type ShopId, type ShopTx } from "../../db.server";
import { lotExpiresAt } from "../expiry";
import {
  byId,
  lockMembers,
  openAccount,
  postEntries,
  readOpenLots,
  standing,
  type LockedMember,
} from "../ledger.server";
import { effectiveExpiry, readInactivity } from "../member-activity.server";
import type { AccountDraft, DraftLot, HeldPart } from "../posting-plan";
import { rulesOfVersion, versionAt, VERSION_STAMPS, type VersionStamp } from "../program-versions.server";
import { announceIssued } from "./apply-step.server";
import { completeNow } from "./complete-redemptions.server";
import type { Redemption } from "./redemption";
import { newRedemptionCode } from "./redemption-code.server";
import { redemptionPosting } from "./redemption-points.server";
import { readRedemption } from "./redemption-rows.server";
import { whyNot, workOutOffer, type NotForYou } from "./reward-offer";
import { readReward } from "./reward-rows.server";
import { isCodeKind, type Reward, type RewardKind } from "./reward-terms";

export interface RedeemWish {
  customerGid?: string;
  memberId?: number;
  rewardId: number;
  /** For points_off: how many points to use. */
  points?: number;
  cart?: { subtotalMinor: number };
  /** Made once per click: the same key never buys twice. */
  requestKey: string;
  /** shopper | staff:<id> */
  actor: string;
}
export type RedeemRefusal =
  | NotForYou
  | "unknown_member"
  | "unknown_reward"
  | "bad_points"
  | "cart_missing"
  | "limit_reached"
  | "out_of_stock"
  | "insufficient_points"
  /** The key was used before for something else. */
  | "key_reused";
export type RedeemOutcome =
  /** Ready to use. */
  | { outcome: "issued"; redemption: Redemption }
  /** Bought; what Shopify has to make is on its way. */
  | { outcome: "reserved"; redemption: Redemption }
  /** A repeated key of a redemption that is over: its points are back. */
  | { outcome: "voided"; redemption: Redemption }
  | { outcome: RedeemRefusal };

/** The shopper waits no longer than this for Shopify. */
const QUICK_MS = 4_000;

/** Buys a reward. The same key with the same wish answers with the same redemption. */
export async function redeem(shopId: ShopId, wish: RedeemWish, now: Date): Promise<RedeemOutcome> {
  if (wish.requestKey === "" || wish.requestKey.length > 200) return { outcome: "key_reused" };
  const reserved = await inShop(shopId, (tx) => reserve(tx, wish, now)).catch((error: unknown): RedeemOutcome => {
    if (error instanceof PoolEmpty) return { outcome: "out_of_stock" };
    throw error;
  });
  if (reserved.outcome !== "reserved") return reserved;
  const { id } = reserved.redemption;
  // Goes on by itself when it takes longer; the completer knows of it in any case.
  await Promise.race([completeNow(shopId, id, now), new Promise((resolve) => setTimeout(resolve, QUICK_MS).unref())]);
  const redemption = await inShop(shopId, (tx) => readRedemption(tx, id));
  return answer(redemption ?? reserved.redemption);
}

function answer(redemption: Redemption): RedeemOutcome {
  const { status } = redemption;
  if (status === "voided") return { outcome: "voided", redemption };
  return { outcome: status === "issued" || status === "posted" ? "issued" : "reserved", redemption };
}

async function reserve(tx: ShopTx, wish: RedeemWish, now: Date): Promise<RedeemOutcome> {
  const member = await lockBuyer(tx, wish);
  if (!member) return { outcome: "unknown_member" };
  const requestHash = hashOf(wish);
  const { rows: earlier } = await tx.query<{ id: number; hash: string }>(
    "SELECT id, request_hash AS hash FROM redemption WHERE shop_id = $1 AND member_id = $2 AND request_key = $3",
    [tx.shopId, member.id, wish.requestKey],
  );
  if (earlier[0]) {
    const redemption = earlier[0].hash === requestHash ? await readRedemption(tx, earlier[0].id) : null;
    return redemption ? answer(redemption) : { outcome: "key_reused" };
  }
  const reward = await readReward(tx, wish.rewardId);
  if (reward?.status !== "active") return { outcome: "unknown_reward" };
  const shop = await readShop(tx, member.id);
  const stamp = versionAt(shop.stamps, now.toISOString());
  if (!stamp) return { outcome: "not_open" };
  const shopper = { ...shop, customerGid: member.customerGid, joinedAt: member.joinedAt };
  const refusal = whyNot(await rulesOfVersion(tx, stamp), reward.terms, shopper, now);
  if (refusal) return { outcome: refusal };
  const offer = workOutOffer(reward, {
    points: wish.points ?? null,
    subtotalMinor: wish.cart?.subtotalMinor ?? null,
  });
  if (offer.outcome !== "offered") return offer;
  return buy(tx, { wish, member, reward, offer, shop, requestHash }, now);
}

interface Purchase {
  wish: RedeemWish;
  member: LockedMember;
  reward: Reward;
  offer: { points: number; valueMinor: number | null };
  shop: { currency: string; timeZone: string };
  requestHash: string;
}
async function buy(tx: ShopTx, purchase: Purchase, now: Date): Promise<RedeemOutcome> {
  const { member, reward, offer, wish } = purchase;
  const account = openAccount(member, (await readOpenLots(tx, [member.id])).get(member.id) ?? []);
  await expireFirst(tx, account, now);
  if (account.balances.available < offer.points) return { outcome: "insufficient_points" };
  if (await isLimitReached(tx, member.id, reward)) return { outcome: "limit_reached" };
  if (!(await takeOne(tx, reward.id))) return { outcome: "out_of_stock" };
  const id = await insertRedemption(tx, purchase, now);
  if (reward.terms.kind === "voucher" && !(await takeVoucher(tx, reward.id, id))) throw new PoolEmpty();
  const subject = { id, texts: reward.texts };
  account.reserve(offer.points, redemptionPosting(subject, "reserve", "reward_reserved", wish.actor));
  if (isGivenAtOnce(reward.terms.kind))
    account.post(reservedBy(account, id), redemptionPosting(subject, "post", "reward_used", wish.actor));
  await postEntries(tx, { accounts: [account], now });
  const redemption = await readRedemption(tx, id);
  if (!redemption) throw new Error("a redemption did not come back");
  if (redemption.status === "posted") await announceIssued(tx, redemption, now);
  return answer(redemption);
}

// Points whose last day is over are not spent because the sweep has not come by yet; those that their
// member's activity keeps alive are left to it.
async function expireFirst(tx: ShopTx, account: AccountDraft, now: Date): Promise<void> {
  const isOver = (lot: DraftLot) =>
    lot.remaining > 0 && lot.expiresAt !== null && Date.parse(lot.expiresAt) <= now.getTime();
  if (!account.lots.some(isOver)) return;
  const inactivity = await readInactivity(tx, [account.memberId], now);
  account.expireDue(now.toISOString(), {
    isConcerned: (lot) => effectiveExpiry(lot, account.memberId, inactivity) === lot.expiresAt,
  });
}

/** Kinds that need nothing of Shopify. */
function isGivenAtOnce(kind: RewardKind): boolean {
  return kind === "donation" || kind === "voucher" || kind === "place";
}
function reservedBy(account: AccountDraft, id: number): HeldPart[] {
  return account.entries
    .filter((entry) => entry.to === "reserved" && entry.source.id === String(id))
    .map(({ lot, points }) => ({ lot, points }));
}

async function lockBuyer(tx: ShopTx, { memberId, customerGid }: RedeemWish): Promise<LockedMember | null> {
  const members = await lockMembers(tx, {
    ids: memberId === undefined ? [] : [memberId],
    customerGids: customerGid === undefined ? [] : [customerGid],
  });
  const named = members.find((each) => each.id === memberId || each.customerGid === customerGid);
  const buyer = named && standing(byId(members), named.id);
  return buyer?.status === "active" ? buyer : null;
}

function hashOf({ rewardId, points, cart }: RedeemWish): string {
  const asked = JSON.stringify([rewardId, points ?? null, cart?.subtotalMinor ?? null]);
  return createHash("sha256").update(asked).digest("base64url");
}

interface ShopRow {
  [column: string]: unknown;
  currency: string;
  timeZone: string;
  stamps: VersionStamp[];
  tags: string[];
  tierId: string | null;
}
async function readShop(tx: ShopTx, memberId: number): Promise<ShopRow> {
  const { rows } = await tx.query<ShopRow>(
    `SELECT p.currency, p.time_zone AS "timeZone", ${VERSION_STAMPS} AS stamps, m.tags, m.tier_id AS "tierId"
       FROM shop_profile p JOIN member m ON m.shop_id = p.shop_id AND m.id = $2 WHERE p.shop_id = $1`,
    [tx.shopId, memberId],
  );
  const row = rows[0];
  if (!row) throw new Error("a shop has no profile");
  return row;
}

async function isLimitReached(tx: ShopTx, memberId: number, { id, terms }: Reward): Promise<boolean> {
  if (terms.perMemberLimit === null) return false;
  const { rows } = await tx.query<{ count: number }>(
    "SELECT count(*) AS count FROM redemption WHERE shop_id = $1 AND member_id = $2 AND reward_id = $3 AND status <> 'voided'",
    [tx.shopId, memberId, id],
  );
  return (rows[0]?.count ?? 0) >= terms.perMemberLimit;
}

// The reward's row is locked from here to the commit: two members never take the last one.
async function takeOne(tx: ShopTx, rewardId: number): Promise<boolean> {
  const { rowCount } = await tx.query(
    "UPDATE reward SET stock = stock - 1, taken = taken + 1 WHERE shop_id = $1 AND id = $2 AND status = 'active' AND (stock IS NULL OR stock > 0)",
    [tx.shopId, rewardId],
  );
  return rowCount === 1;
}
async function takeVoucher(tx: ShopTx, rewardId: number, redemptionId: number): Promise<boolean> {
  const { rowCount } = await tx.query(
    `UPDATE voucher_code SET redemption_id = $3 WHERE shop_id = $1 AND reward_id = $2 AND id = (
       SELECT id FROM voucher_code WHERE shop_id = $1 AND reward_id = $2 AND redemption_id IS NULL ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)`,
    [tx.shopId, rewardId, redemptionId],
  );
  return rowCount === 1;
}

async function insertRedemption(tx: ShopTx, purchase: Purchase, now: Date): Promise<number> {
  const { wish, member, reward, offer, shop, requestHash } = purchase;
  const { terms } = reward;
  const isDone = isGivenAtOnce(terms.kind);
  const { rows: drawn } = await tx.query<{ id: number }>("SELECT nextval('redemption_id_seq') AS id");
  const id = Number(drawn[0]?.id);
  const expiresAt = endOf(reward, shop.timeZone, now);
  const fingerprint =
    terms.kind === "store_credit" && expiresAt ? await freeFingerprint(tx, member.id, expiresAt, id) : null;
  await tx.query(
    `INSERT INTO redemption (shop_id, id, member_id, reward_id, kind, request_key, request_hash, points, value_minor, currency, code, terms,
                             texts, status, fingerprint, reserved_at, issued_at, posted_at, expires_at, next_attempt, actor)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17, $18, $19, $20)`,
    [
      tx.shopId,
      id,
      member.id,
      reward.id,
      terms.kind,
      wish.requestKey,
      requestHash,
      offer.points,
      offer.valueMinor,
      shop.currency,
      codeFor(terms.kind),
      JSON.stringify(terms),
      JSON.stringify(reward.texts),
      isDone ? "posted" : "reserved",
      fingerprint,
      now,
      isDone ? now : null,
      fingerprint ?? expiresAt,
      isDone ? null : now,
      wish.actor,
    ],
  );
  return id;
}

function codeFor(kind: RewardKind): string | null {
  if (isCodeKind(kind)) return newRedemptionCode("discount");
  return kind === "gift_card" ? newRedemptionCode("gift_card") : null;
}
// The end of the shop-local day that lies so many days ahead.
function endOf({ terms }: Reward, timeZone: string, now: Date): string | null {
  const days = "validDays" in terms ? terms.validDays : null;
  return days === null ? null : lotExpiresAt(now.toISOString(), { kind: "after_days", days }, timeZone);
}

// A credit is recognised by the instant it ends: later than promised by less than half a day, and never that
// of another credit of the member.
async function freeFingerprint(tx: ShopTx, memberId: number, endsAt: string, id: number): Promise<string> {
  const { rows } = await tx.query<{ fingerprint: string }>(
    "SELECT fingerprint FROM redemption WHERE shop_id = $1 AND member_id = $2 AND fingerprint IS NOT NULL",
    [tx.shopId, memberId],
  );
  const taken = new Set(rows.map(({ fingerprint }) => fingerprint));
  for (let second = id % 40_000; ; second++) {
    const instant = new Date(Date.parse(endsAt) + second * 1_000).toISOString();
    if (!taken.has(instant)) return instant;
  }
}

/** The pool ran dry between the count and the grab: the whole purchase is undone. */
class PoolEmpty extends Error {
  override name = "PoolEmpty";
}

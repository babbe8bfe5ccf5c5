// A shopper joins the program: by one click while signed in, or by the first signed-in visit. Shopify must
// have proof of their address; nothing else about the account matters, and no earlier order is judged anew.
import { inShop, queryShop, type ShopId, type ShopTx } from "../../db.server";
import type { CustomerFacts } from "../../shopify/customer-facts";
import { readCustomers } from "../../shopify/read-customers.server";
import { lockMembers } from "../ledger.server";
import type { WayOfKind } from "../program-parts";
import { giveReferralCode } from "../referrals/ensure-referral-code.server";
import type { NothingReason } from "../reasons";
import { recordCustomer } from "../record-customer.server";
import { grantWay } from "./grant-way.server";
import { setNextOccasion } from "./next-occasion.server";
import { offeredWay, programAt, readCalendar } from "./program-now.server";
import { whyNotTakingPart } from "./taking-part";

export type JoinOutcome =
  /** `points` 0: joining gives none. `isRush`: more people joined within the hour than is usual. */
  | { outcome: "joined"; points: number; state: "pending" | "available"; isRush: boolean }
  | { outcome: "already_joined" }
  /** Shopify has no proof that the address is theirs. */
  | { outcome: "unverified" }
  | { outcome: "not_open"; why: NothingReason }
  /** A visit joins nobody here, or no longer. */
  | { outcome: "click_needed" }
  | { outcome: "unknown_member" };

/** More bonuses for joining within an hour than this look like made accounts. */
export const JOINS_PER_HOUR = 120;
/** What a rush earns is held so long: time to look before it is spent. */
const RUSH_HOLD_DAYS = 7;
const HOUR_MS = 3_600_000;

/**
 * Joins, once; a customer we have not met becomes a member.
 * @throws what the Admin API client throws
 */
export async function joinProgram(
  shopId: ShopId,
  customerGid: string,
  now: Date,
  how: "click" | "visit",
): Promise<JoinOutcome> {
  const [known] = await queryShop<{ status: string; joinedAt: Date | null }>(
    shopId,
    `SELECT status, joined_at AS "joinedAt" FROM member WHERE shop_id = $1 AND customer_gid = $2`,
    [shopId, customerGid],
  );
  if (known && known.status !== "active") return { outcome: "unknown_member" };
  if (known?.joinedAt) return { outcome: "already_joined" };
  const facts = (await readCustomers(shopId, [customerGid])).get(customerGid);
  if (!facts) return { outcome: "unknown_member" };
  if (!facts.verifiedEmail) return { outcome: "unverified" };
  return inShop(shopId, (tx) => join(tx, facts, how, now));
}

async function join(tx: ShopTx, facts: CustomerFacts, how: "click" | "visit", now: Date): Promise<JoinOutcome> {
  await recordCustomer(tx, facts, now);
  const members = await lockMembers(tx, { customerGids: [facts.customerId] });
  const member = members.find(({ customerGid }) => customerGid === facts.customerId);
  if (!member || member.status !== "active") return { outcome: "unknown_member" };
  if (member.joinedAt) return { outcome: "already_joined" };
  const calendar = await readCalendar(tx);
  const inForce = await programAt(tx, calendar, now);
  if (!inForce) return { outcome: "not_open", why: "no_program" };
  const joining = { customerGid: facts.customerId, tags: facts.tags ?? [], joinedAt: now };
  const why = whyNotTakingPart(inForce.rules, joining, now);
  if (why) return { outcome: "not_open", why };
  const way = offeredWay(inForce, "join");
  if (how === "visit" && way?.by !== "visit") return { outcome: "click_needed" };
  // The storefront shows who has joined: what is published is out of date, points or none.
  await tx.query("UPDATE member SET joined_at = $3, balance_seq = balance_seq + 1 WHERE shop_id = $1 AND id = $2", [
    tx.shopId,
    member.id,
    now,
  ]);
  await setNextOccasion(tx, member.id, calendar.timeZone, now);
  await giveReferralCode(tx, member.id, now);
  const nothing = { outcome: "joined", points: 0, state: "available", isRush: false } as const;
  if (!way) return nothing;
  const isRush = await isJoiningRushed(tx, way, now);
  const holdDays = isRush ? Math.max(way.holdDays, RUSH_HOLD_DAYS) : way.holdDays;
  const actor = how === "click" ? "shopper" : "system";
  const request = { memberId: member.id, way: { ...way, holdDays }, occasion: "join", inForce, actor };
  const granted = await grantWay(tx, request, now);
  if (granted.outcome !== "granted") return { ...nothing, isRush };
  return { outcome: "joined", points: granted.points, state: granted.state, isRush };
}

async function isJoiningRushed(tx: ShopTx, way: WayOfKind<"join">, now: Date): Promise<boolean> {
  const { rows } = await tx.query<{ count: number }>(
    "SELECT count(*)::int AS count FROM (SELECT FROM way_grant WHERE shop_id = $1 AND way_id = $2 AND at > $3 LIMIT $4) recent",
    [tx.shopId, way.id, new Date(now.getTime() - HOUR_MS), JOINS_PER_HOUR],
  );
  return (rows[0]?.count ?? 0) >= JOINS_PER_HOUR;
}

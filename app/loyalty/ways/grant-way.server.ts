// Points for an act or a date: each occasion of a way gives them once in a member's life. The row of
// way_grant decides, under the member's lock; who asked, how often and how many at once does not matter.
import { DateTime } from "luxon";

import type { ShopTx } from "../../db.server";
import { POINTS_MAX, type EarningRules } from "../earning-rules";
import { lotExpiresAt } from "../expiry";
import { lockMembers, openAccount, postEntries, type LockedMember } from "../ledger.server";
import type { GrantTerms, Posting } from "../posting-plan";
import type { VersionInForce } from "../program-versions.server";
import type { NothingReason, ReasonParams, WayReason } from "../reasons";
import { ONCE_PER_KIND, shopMonth } from "./occasions";
import { readCalendar } from "./program-now.server";
import { whyNotTakingPart } from "./taking-part";

/** What gives points: a way of the program, or the referral's reward. */
export interface GrantedWay {
  id: string;
  kind: keyof typeof REASONS;
  points: number;
  holdDays: number;
  /** Reviews and surveys: at most so many a shop-local month. There is no other condition, least of all stars or scores. */
  perMonth?: number;
}
export interface WayToGrant {
  memberId: number;
  way: GrantedWay;
  /** Unique per member and way, for ever: "join", "birthday/2026", "review/17". */
  occasion: string;
  inForce: VersionInForce;
  /** The occasion's own instant where that is not now: a birthday that is caught up. */
  at?: Date;
  params?: ReasonParams;
  /** shopper | system | staff:<id> */
  actor?: string;
}
export type GrantWayOutcome =
  | { outcome: "granted"; points: number; state: GrantTerms["state"] }
  | { outcome: "already_granted" }
  /** The month's share is used up, or the balance could hold no more. */
  | { outcome: "limit_reached" }
  | { outcome: "not_taking_part"; why: NothingReason }
  | { outcome: "member_inactive" };

const REASONS = {
  join: "way_join",
  newsletter: "way_newsletter",
  sms: "way_sms",
  birthday: "way_birthday",
  anniversary: "way_anniversary",
  social: "way_social",
  review: "way_review",
  photo_review: "way_photo_review",
  video_review: "way_video_review",
  first_review: "way_first_review",
  survey: "way_survey",
  referral: "referral_reward",
} as const satisfies Record<string, WayReason>;

/** Gives the points of one occasion, once. Locks the member; a merged one stands for the one that was kept. */
export async function grantWay(tx: ShopTx, request: WayToGrant, now: Date): Promise<GrantWayOutcome> {
  const { way, occasion, inForce } = request;
  const member = await lockFinal(tx, request.memberId);
  if (!member || member.status !== "active") return { outcome: "member_inactive" };
  const { tags, timeZone } = await readAround(tx, member.id);
  const why = whyNotTakingPart(inForce.rules, { ...member, tags }, request.at ?? now);
  if (why) return { outcome: "not_taking_part", why };
  if (member.available + member.pending + way.points > POINTS_MAX) return { outcome: "limit_reached" };
  const before = await earlierGrants(tx, member.id, request, timeZone, now);
  if (before) return { outcome: before };
  const { rowCount } = await tx.query(
    `INSERT INTO way_grant (shop_id, member_id, way_id, occasion, kind, points, version, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT (shop_id, member_id, way_id, occasion) DO NOTHING`,
    [tx.shopId, member.id, way.id, occasion, way.kind, way.points, inForce.version, request.at ?? now],
  );
  if (rowCount === 0) return { outcome: "already_granted" };
  const account = openAccount(member, []);
  const terms = termsOf(way.holdDays, inForce.rules, timeZone, now);
  account.grant(way.points, terms, postingOf(member.id, request), { repayDebt: inForce.rules.repayDebtFirst });
  await postEntries(tx, { accounts: [account], now });
  return { outcome: "granted", points: way.points, state: terms.state };
}

async function lockFinal(tx: ShopTx, memberId: number): Promise<LockedMember | undefined> {
  const members = await lockMembers(tx, { ids: [memberId] });
  let member = members.find(({ id }) => id === memberId);
  while (member?.mergedInto) {
    const { mergedInto } = member;
    member = members.find(({ id }) => id === mergedInto);
  }
  return member;
}

async function readAround(tx: ShopTx, memberId: number): Promise<{ tags: string[]; timeZone: string }> {
  const { rows } = await tx.query<{ tags: string[] }>("SELECT tags FROM member WHERE shop_id = $1 AND id = $2", [
    tx.shopId,
    memberId,
  ]);
  return { tags: rows[0]?.tags ?? [], timeZone: (await readCalendar(tx)).timeZone };
}

async function earlierGrants(
  tx: ShopTx,
  memberId: number,
  { way, occasion, at }: WayToGrant,
  timeZone: string,
  now: Date,
): Promise<"already_granted" | "limit_reached" | null> {
  const isOnce = ONCE_PER_KIND.includes(way.kind);
  if (!isOnce && way.perMonth === undefined) return null;
  const month = shopMonth(at ?? now, timeZone);
  const { rows } = await tx.query<{ same: boolean; inMonth: number }>(
    `SELECT coalesce(bool_or($6 OR way_id = $3 AND occasion = $7), false) AS same,
            count(*) FILTER (WHERE state = 'granted' AND at >= $4 AND at < $5)::int AS "inMonth"
       FROM way_grant WHERE shop_id = $1 AND member_id = $2 AND kind = $8 AND ($6 OR way_id = $3)`,
    [tx.shopId, memberId, way.id, month.from, month.until, isOnce, occasion, way.kind],
  );
  if (rows[0]?.same) return "already_granted";
  return way.perMonth !== undefined && (rows[0]?.inMonth ?? 0) >= way.perMonth ? "limit_reached" : null;
}

function termsOf(holdDays: number, rules: EarningRules, timeZone: string, now: Date): GrantTerms {
  const from = DateTime.fromJSDate(now, { zone: timeZone }).plus({ days: holdDays });
  const availableAt = from.toJSDate().toISOString();
  return {
    state: holdDays === 0 ? "available" : "pending",
    availableAt,
    expiresAt: lotExpiresAt(availableAt, rules.expiry, timeZone),
    createdAt: now.toISOString(),
  };
}

// The member's own id stays in the source when the row moves to another member by a merge.
function postingOf(memberId: number, { way, occasion, inForce, params = {}, actor = "system" }: WayToGrant): Posting {
  const name = `${memberId}/${way.id}/${occasion}`;
  return {
    source: { type: "way", id: name, rule: `way:${way.id}`, version: inForce.version, actor, isTest: false },
    keyPrefix: `way/${name}`,
    reason: REASONS[way.kind],
    params: { ...params, points: way.points },
  };
}

// One member as the merchant sees them, in one round trip; the history has its own pages.
import { queryShop, type ShopId } from "../db.server";
import { effectiveExpiry, readInactivity, type Inactivity } from "./member-activity.server";
import { reader } from "./next-expiry.server";
import type { Balances } from "./posting-plan";
import type { ReasonCode, ReasonParams } from "./reasons";
import { BIRTHDAY_COLUMNS, openBirthday, type StoredBirthday } from "./ways/birthday-cipher.server";

export interface MemberLot {
  lotId: number;
  version: number | null;
  sourceType: string;
  order: { orderGid: string; name: string } | null;
  size: number;
  remaining: number;
  state: "pending" | "available";
  availableAt: Date | null;
  expiresAt: Date | null;
  createdAt: Date;
  isTest: boolean;
}
export interface MemberOrder {
  orderGid: string;
  name: string;
  processedAt: Date | null;
  points: number;
  state: "waiting" | "pending" | "available" | "none";
  explanation: { code: ReasonCode; params: ReasonParams } | null;
}
export interface MemberPageData {
  memberId: number;
  customerGid: string | null;
  name: string;
  email: string | null;
  locale: string | null;
  tags: string[];
  status: "active" | "merged" | "deleted" | "redacted";
  mergedInto: number | null;
  joinedAt: Date | null;
  firstSeenAt: Date;
  lastOrderAt: Date | null;
  ordersCount: number;
  /** "MM-DD", as the member gave it; the year is never asked. */
  birthday: string | null;
  referralCode: string | null;
  /** Friends who asked for a code with this member's link, and those who bought. */
  referrals: { invited: number; rewarded: number };
  balances: Balances;
  /** Open lots, earliest expiry first; at most 200. */
  lots: MemberLot[];
  /** Newest 20. */
  orders: MemberOrder[];
  notes: { noteId: number; text: string; actor: string; at: Date }[];
}

/** A member of this shop. null: there is none with this id. */
export async function readMemberPage(shopId: ShopId, memberId: number): Promise<MemberPageData | null> {
  const [found] = await queryShop<MemberPageData & StoredBirthday>(shopId, MEMBER_PAGE, [shopId, memberId]);
  if (!found) return null;
  const { birthdaySealed, ...row } = found;
  const inactivity = await readInactivity(reader(shopId), [memberId], null);
  return {
    ...row,
    birthday: openBirthday(shopId, memberId, { birthday: row.birthday, birthdaySealed }),
    lots: row.lots.map((lot) => ({
      ...lot,
      availableAt: date(lot.availableAt),
      expiresAt: shownExpiry(lot, memberId, inactivity),
      createdAt: new Date(lot.createdAt),
    })),
    orders: row.orders.map((order) => ({ ...order, processedAt: date(order.processedAt) })),
    notes: row.notes.map((note) => ({ ...note, at: new Date(note.at) })),
  };
}
/** Whether this shop has a member with this id. */
export async function hasMember(shopId: ShopId, memberId: number): Promise<boolean> {
  const rows = await queryShop(shopId, "SELECT FROM member WHERE shop_id = $1 AND id = $2", [shopId, memberId]);
  return rows.length === 1;
}
// Points that end by inactivity: the day that the member's own acts have moved.
function shownExpiry(lot: MemberLot, memberId: number, inactivity: Inactivity): Date | null {
  const dates = { availableAt: date(lot.availableAt), expiresAt: date(lot.expiresAt) };
  if (lot.state === "pending") return dates.expiresAt;
  const shown = {
    availableAt: dates.availableAt?.toISOString() ?? null,
    expiresAt: dates.expiresAt?.toISOString() ?? null,
  };
  return date(effectiveExpiry({ version: lot.version, ...shown }, memberId, inactivity));
}
// Inside JSON, instants arrive as text.
function date(value: Date | string | null): Date | null {
  return value === null ? null : new Date(value);
}

const MEMBER_PAGE = `
SELECT m.id AS "memberId", m.customer_gid AS "customerGid", m.name, m.email, m.locale, m.tags, m.status, m.merged_into AS "mergedInto",
       ${BIRTHDAY_COLUMNS}, m.referral_code AS "referralCode",
       (SELECT jsonb_build_object('invited', count(*), 'rewarded', count(*) FILTER (WHERE r.status = 'rewarded'))
          FROM referral r WHERE r.shop_id = $1 AND r.advocate_id = $2) AS referrals,
       m.joined_at AS "joinedAt", m.first_seen_at AS "firstSeenAt", m.last_order_at AS "lastOrderAt", m.orders_count AS "ordersCount",
       jsonb_build_object('pending', m.pending, 'available', m.available, 'reserved', m.reserved, 'redeemed', m.redeemed,
                          'expired', m.expired, 'revoked', m.revoked, 'debt', m.debt) AS balances,
       (SELECT coalesce(jsonb_agg(lot), '[]') FROM (
          SELECT l.id AS "lotId", l.version, l.source_type AS "sourceType", l.size, l.remaining, l.state, l.available_at AS "availableAt",
                 l.expires_at AS "expiresAt", l.created_at AS "createdAt", l.is_test AS "isTest",
                 CASE WHEN o.id IS NULL THEN NULL ELSE jsonb_build_object('orderGid', o.order_gid, 'name', o.name) END AS "order"
            FROM lot l
            LEFT JOIN LATERAL (SELECT id, order_gid, name FROM customer_order WHERE shop_id = l.shop_id
                                AND id = CASE WHEN l.source_type = 'order' THEN l.source_id::bigint END LIMIT 1) o ON true
           WHERE l.shop_id = $1 AND l.member_id = $2 AND l.remaining > 0 ORDER BY l.expires_at, l.id LIMIT 200) lot) AS lots,
       (SELECT coalesce(jsonb_agg(recent), '[]') FROM (
          SELECT o.order_gid AS "orderGid", o.name, o.processed_at AS "processedAt", coalesce(e.points, 0) AS points,
                 coalesce(main.state, 'none') AS state, main.explanation
            FROM customer_order o
            LEFT JOIN order_earning main ON main.shop_id = o.shop_id AND main.order_id = o.id AND main.rule = 'order'
            LEFT JOIN LATERAL (SELECT sum(target)::bigint AS points FROM order_earning WHERE shop_id = $1 AND order_id = o.id) e ON true
           WHERE o.shop_id = $1 AND o.member_id = $2 ORDER BY o.processed_at DESC NULLS LAST, o.id DESC LIMIT 20) recent) AS orders,
       (SELECT coalesce(jsonb_agg(note), '[]') FROM (
          SELECT id AS "noteId", text, actor, at FROM member_note WHERE shop_id = $1 AND member_id = $2 ORDER BY id DESC LIMIT 50) note) AS notes
  FROM member m WHERE m.shop_id = $1 AND m.id = $2`;

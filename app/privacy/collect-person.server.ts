// What is held about a person, table by table, as it is handed over: names of ours, dates in UTC, no keys and hashes.
import type { ShopTx } from "../db.server";
import { openBirthday } from "../loyalty/ways/birthday-cipher.server";

/** Everything of some members that hangs on the member. */
export async function collectMembers(tx: ShopTx, memberIds: readonly number[]): Promise<Record<string, unknown>[]> {
  if (memberIds.length === 0) return [];
  const { rows } = await tx.query<{
    id: number;
    birthday: string | null;
    sealed: string | null;
    content: { member: Record<string, unknown> } & Record<string, unknown>;
  }>(MEMBERS, [tx.shopId, memberIds]);
  return rows.map(({ id, birthday, sealed, content }) => ({
    ...content,
    member: { ...content.member, birthday: openBirthday(tx.shopId, id, { birthday, birthdaySealed: sealed }) },
  }));
}

/** Orders of the person that belong to no member: as a guest, or from before there was one. */
export async function collectOtherOrders(
  tx: ShopTx,
  who: {
    customerGid: string | null;
    email: string | null;
    orderGids: readonly string[];
    memberIds: readonly number[];
  },
): Promise<unknown[]> {
  const { rows } = await tx.query<{ content: unknown }>(
    `SELECT ${ORDER} AS content FROM customer_order o
      WHERE o.shop_id = $1 AND o.kind <> 'anonymised' AND NOT coalesce(o.member_id = ANY ($5), false)
        AND (o.customer_gid = $2 OR (o.customer_gid IS NULL AND o.email = $3) OR o.order_gid = ANY ($4)) ORDER BY o.id`,
    [tx.shopId, who.customerGid, who.email, who.orderGids, who.memberIds],
  );
  return rows.map(({ content }) => content);
}

const ORDER = `jsonb_build_object('order', o.order_gid, 'name', o.name, 'email', o.email, 'facts', o.facts)`;

/** A list of what a table holds of the member m, oldest first. */
function listOf(fields: string, from: string, order: string): string {
  return `(SELECT coalesce(jsonb_agg(${fields} ORDER BY ${order}), '[]') FROM ${from})`;
}
const of = (table: string, alias: string) =>
  `${table} ${alias} WHERE ${alias}.shop_id = m.shop_id AND ${alias}.member_id = m.id`;

const SECTIONS: Record<string, string> = {
  consents: `jsonb_build_object('email', m.email_consent, 'sms', m.sms_consent, 'asOf', m.source_updated_at, 'joinedAt', m.joined_at)`,
  notes: listOf("jsonb_build_object('at', n.at, 'text', n.text)", of("member_note", "n"), "n.id"),
  orders: listOf(ORDER, of("customer_order", "o"), "o.id"),
  entries: listOf(
    `jsonb_build_object('at', e.at, 'kind', e.kind, 'from', e.from_bucket, 'to', e.to_bucket, 'points', e.points, 'reason', e.reason, 'params', e.params)`,
    of("points_entry", "e"),
    "e.id",
  ),
  lots: listOf(
    `jsonb_build_object('at', l.created_at, 'source', l.source_type, 'size', l.size, 'remaining', l.remaining, 'expired', l.expired, 'state', l.state,
       'availableAt', l.available_at, 'expiresAt', l.expires_at)`,
    of("lot", "l"),
    "l.id",
  ),
  ways: listOf(
    "jsonb_build_object('at', g.at, 'kind', g.kind, 'occasion', g.occasion, 'points', g.points, 'state', g.state)",
    of("way_grant", "g"),
    "g.at",
  ),
  tiers: listOf(
    "jsonb_build_object('at', t.at, 'from', t.from_tier_id, 'to', t.to_tier_id, 'cause', t.cause)",
    of("tier_change", "t"),
    "t.id",
  ),
  tierOverrides: listOf(
    "jsonb_build_object('tier', t.tier_id, 'from', t.from_at, 'until', t.until_at, 'endedAt', t.ended_at)",
    of("tier_override", "t"),
    "t.id",
  ),
  redemptions: listOf(
    `jsonb_build_object('at', r.reserved_at, 'kind', r.kind, 'points', r.points, 'status', r.status, 'code', r.code, 'texts', r.texts, 'valueMinor', r.value_minor,
       'currency', r.currency, 'expiresAt', r.expires_at)`,
    of("redemption", "r"),
    "r.id",
  ),
  referrals: listOf(
    `jsonb_build_object('at', f.claimed_at, 'as', CASE WHEN f.advocate_id = m.id THEN 'advocate' ELSE 'friend' END, 'status', f.status,
       'points', CASE WHEN f.advocate_id = m.id THEN f.points END, 'code', CASE WHEN f.friend_id = m.id THEN f.code END)`,
    "referral f WHERE f.shop_id = m.shop_id AND (f.advocate_id = m.id OR f.friend_id = m.id)",
    "f.id",
  ),
  messages: listOf(
    `jsonb_build_object('at', coalesce(s.sent_at, s.due_at), 'channel', s.channel, 'kind', s.kind, 'status', s.status, 'why', s.why, 'params', s.params)`,
    of("message", "s"),
    "s.id",
  ),
  reviewRequests: listOf(
    `jsonb_build_object('at', q.created_at, 'status', q.status, 'why', q.why, 'invitedAt', q.invited_at, 'remindedAt', q.reminded_at, 'products', q.products)`,
    of("review_request", "q"),
    "q.id",
  ),
  tasks: listOf(
    "jsonb_build_object('at', k.opened_at, 'kind', k.kind, 'status', k.status, 'closedAt', k.closed_at)",
    of("support_task", "k"),
    "k.id",
  ),
  imports: listOf(
    "jsonb_build_object('row', a.row, 'email', a.email, 'points', a.points, 'outcome', a.outcome)",
    of("adjustment_row", "a"),
    "a.batch_id, a.row",
  ),
  // Who looked at it is theirs to know; the person behind the number is the merchant's to name.
  lookedAt: listOf("jsonb_build_object('at', c.at, 'by', c.actor, 'kind', c.kind)", of("customer_access", "c"), "c.id"),
};

const MEMBERS = `
  SELECT m.id, m.birthday, m.birthday_sealed AS sealed, jsonb_build_object(
    'member', to_jsonb(m) - 'search_grams' - 'shop_id' - 'birthday' - 'birthday_sealed' - 'birthday_key',
    ${Object.entries(SECTIONS)
      .map(([name, sql]) => `'${name}', ${sql}`)
      .join(",\n    ")}) AS content
    FROM member m WHERE m.shop_id = $1 AND m.id = ANY ($2) AND m.status <> 'redacted' ORDER BY m.id`;

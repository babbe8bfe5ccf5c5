// The ways to earn as one shopper sees them: what is open to them, what they have done, what will come by
// itself and when.
import { inShop, type ShopId, type ShopTx } from "../../db.server";
import type { Instant } from "../../shopify/order-facts";
import type { ReviewWayKind, WayKind, WayOfKind, WayToEarn } from "../program-parts";
import { BIRTHDAY_COLUMNS, openBirthday, type StoredBirthday } from "./birthday-cipher.server";
import { nextBirthday, occasionsAt, shopMonth, socialOccasion } from "./occasions";
import { programAt, readCalendar } from "./program-now.server";

export interface ShownWay {
  wayId: string;
  kind: WayKind;
  points: number;
  /** pending: done, its points are on hold. waiting: nothing to do until `nextAt`. */
  state: "open" | "done" | "pending" | "waiting";
  nextAt: Instant | null;
}
interface Facts {
  timeZone: string;
  now: Date;
  birthday: string | null;
  birthdaySetAt: Date | null;
  joinedAt: Date | null;
  emailConsent: string | null;
  smsConsent: string | null;
  grants: { wayId: string; kind: string; occasion: string; at: string; isPending: boolean }[];
  /** Rules of nth-order ways that gave points to one of the member's orders. */
  orderRules: string[];
}
type Shown = Pick<ShownWay, "state" | "nextAt">;

const OPEN: Shown = { state: "open", nextAt: null };
const DONE: Shown = { state: "done", nextAt: null };

/** Every way that is offered at `now`; for nobody in particular (`memberId` null) all are open. */
export async function readWaysOf(shopId: ShopId, memberId: number | null, now: Date): Promise<ShownWay[]> {
  return inShop(shopId, async (tx) => {
    const calendar = await readCalendar(tx);
    const inForce = await programAt(tx, calendar, now);
    const ways = inForce?.rules.status === "live" ? inForce.rules.ways.filter(({ enabled }) => enabled) : [];
    const facts = ways.length > 0 && memberId !== null ? await readFacts(tx, memberId) : null;
    return ways.map((way) => ({
      wayId: way.id,
      kind: way.kind,
      points: way.points,
      ...(facts ? stateOf(way, { ...facts, timeZone: calendar.timeZone, now }) : OPEN),
    }));
  });
}

async function readFacts(tx: ShopTx, memberId: number): Promise<Omit<Facts, "timeZone" | "now"> | null> {
  const { rows } = await tx.query<Omit<Facts, "timeZone" | "now"> & StoredBirthday>(
    `SELECT ${BIRTHDAY_COLUMNS}, birthday_set_at AS "birthdaySetAt", joined_at AS "joinedAt", email_consent AS "emailConsent", sms_consent AS "smsConsent",
            (SELECT coalesce(jsonb_agg(jsonb_build_object('wayId', g.way_id, 'kind', g.kind, 'occasion', g.occasion, 'at', g.at, 'isPending',
                      EXISTS (SELECT FROM lot l WHERE l.shop_id = $1 AND l.member_id = m.id AND l.source_type = 'way' AND l.state = 'pending'
                                 AND l.remaining > 0 AND l.rule = 'way:' || g.way_id AND right(l.source_id, length(g.occasion) + 1) = '/' || g.occasion))), '[]')
               FROM way_grant g WHERE g.shop_id = $1 AND g.member_id = m.id AND g.state = 'granted') AS grants,
            ARRAY(SELECT DISTINCT e.rule FROM order_earning e JOIN customer_order o ON o.shop_id = e.shop_id AND o.id = e.order_id
                   WHERE o.shop_id = $1 AND o.member_id = m.id AND e.rule LIKE 'way:%' AND e.target > 0) AS "orderRules"
       FROM member m WHERE m.shop_id = $1 AND m.id = $2 AND m.status = 'active'`,
    [tx.shopId, memberId],
  );
  const [row] = rows;
  return row ? { ...row, birthday: openBirthday(tx.shopId, memberId, row) } : null;
}

function stateOf(way: WayToEarn, facts: Facts): Shown {
  switch (way.kind) {
    case "join":
      return facts.joinedAt === null ? OPEN : onceGranted(way, facts, DONE);
    case "newsletter":
      return onceGranted(way, facts, facts.emailConsent === "subscribed" ? DONE : OPEN);
    case "sms":
      return onceGranted(way, facts, facts.smsConsent === "subscribed" ? DONE : OPEN);
    case "birthday":
      return birthdayState(way, facts);
    case "anniversary":
      return anniversaryState(way, facts);
    case "social": {
      const { name, nextAt } = socialOccasion(way.every, facts.timeZone, facts.now);
      const grant = facts.grants.find(({ wayId, occasion }) => wayId === way.id && occasion === name);
      if (!grant) return OPEN;
      if (grant.isPending) return { state: "pending", nextAt };
      return nextAt === null ? DONE : { state: "waiting", nextAt };
    }
    case "review":
    case "photo_review":
    case "video_review":
    case "first_review":
    case "survey":
      return monthlyState(way, facts);
    case "nth_order":
      return way.repeat === "once" && facts.orderRules.includes(`way:${way.id}`) ? DONE : OPEN;
    case "product_bonus":
    case "spend_threshold":
      return OPEN;
  }
}

function onceGranted(way: WayToEarn, { grants }: Facts, otherwise: Shown): Shown {
  const grant = grants.find(({ kind }) => kind === way.kind);
  if (!grant) return otherwise;
  return grant.isPending ? { state: "pending", nextAt: null } : DONE;
}
function birthdayState(way: WayOfKind<"birthday">, facts: Facts): Shown {
  if (facts.birthday === null) return OPEN;
  const last = facts.grants.flatMap(({ kind, at }) => (kind === "birthday" ? [Date.parse(at)] : []));
  const terms = {
    timeZone: facts.timeZone,
    noticeDays: way.noticeDays,
    setAt: facts.birthdaySetAt,
    lastDay: last.length === 0 ? null : new Date(Math.max(...last)),
  };
  return { state: "waiting", nextAt: nextBirthday(facts.birthday, terms, facts.now).toISOString() };
}
function anniversaryState(way: WayOfKind<"anniversary">, { joinedAt, timeZone, now }: Facts): Shown {
  if (joinedAt === null) return OPEN;
  const { nextAt, nextYears } = occasionsAt({ birthday: null, birthdaySetAt: null, joinedAt }, timeZone, now);
  if (nextAt === null || (way.yearsMax !== null && nextYears > way.yearsMax)) return DONE;
  return { state: "waiting", nextAt: nextAt.toISOString() };
}
function monthlyState(way: WayOfKind<ReviewWayKind | "survey">, facts: Facts): Shown {
  const month = shopMonth(facts.now, facts.timeZone);
  const inMonth = facts.grants.filter(
    ({ wayId, at }) =>
      wayId === way.id && Date.parse(at) >= month.from.getTime() && Date.parse(at) < month.until.getTime(),
  );
  return inMonth.length < way.perMonth ? OPEN : { state: "waiting", nextAt: month.until.toISOString() };
}

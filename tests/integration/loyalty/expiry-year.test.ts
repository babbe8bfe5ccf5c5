// Fourteen months in New York, hour by hour where it matters, the way the sweep sees them: two winters, three changes of
// the clock, a leap day. What happened is compared with plain calendar arithmetic.
import { describe, expect, it } from "vitest";

import { inShop, queryShop, routerPool, type ShopId } from "../../../app/db.server";
import { announceEvents } from "../../../app/journeys/announce-events.server";
import { defaultEarningRules } from "../../../app/loyalty/earning-rules";
import { expireDuePoints } from "../../../app/loyalty/expire-due-points.server";
import type { ExpiryPolicy } from "../../../app/loyalty/program-parts";
import { saveProgram } from "../../../app/loyalty/program.server";
import { recordOrder } from "../../../app/loyalty/record-order.server";
import { releaseDuePoints } from "../../../app/loyalty/release-due-points.server";
import { remindExpiry } from "../../../app/loyalty/remind-expiry.server";
import { settleOrder } from "../../../app/loyalty/settle-order.server";
import { createTestMember } from "../../builders/member";
import { orderFacts } from "../../builders/order-facts";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";
import { expectLedgerAddsUp } from "./ledger-invariants";

const database = useTestDatabase();
const ZONE = "America/New_York";
const HOUR = 3_600_000;
const BEGIN = Date.parse("2027-09-30T00:00:00Z");
const HOURS = 430 * 24;
const HOLD_DAYS = 3;
/** Local hours that matter: around midnight, of reminders, and of the releases below. */
const HOURS_LIVED = new Set([23, 0, 9, 10, 11]);

const POLICIES: ExpiryPolicy[] = [
  { kind: "never" },
  { kind: "after_days", days: 30 },
  { kind: "after_months", months: 1 },
  { kind: "after_months", months: 12 },
  { kind: "month_end", months: 1 },
  { kind: "year_end", years: 0 },
  { kind: "after_inactivity", months: 2 },
];
const ORDERS = [
  "2027-10-01T03:00:00Z", // the last evening of September
  "2027-11-05T15:00:00Z", // its hold ends after the clocks went back
  "2027-12-30T15:00:00Z", // available in the new year
  "2028-01-28T14:00:00Z", // available on 31 January
  "2028-02-26T14:00:00Z", // available on 29 February
  "2028-03-10T15:00:00Z", // its hold ends after the clocks went forward
  "2028-08-10T15:00:00Z",
].map((at, index) => ({ at, points: 100 + index }));

interface Local {
  day: string;
  hour: number;
  minute: number;
}
const parts = new Intl.DateTimeFormat("en-CA", {
  timeZone: ZONE,
  dateStyle: "short",
  timeStyle: "short",
  hourCycle: "h23",
});
function localOf(at: Date | string): Local {
  const [day = "", time = ""] = parts.format(new Date(at)).split(", ");
  return { day, hour: Number(time.slice(0, 2)), minute: Number(time.slice(3, 5)) };
}
/** A calendar day moved by whole months or days; the 31st becomes the last day of a shorter month. */
function moved(day: string, by: { months?: number; days?: number }): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  const months = year * 12 + month - 1 + (by.months ?? 0);
  const last = new Date(Date.UTC(Math.floor(months / 12), (months % 12) + 1, 0)).getUTCDate();
  const at = Date.UTC(Math.floor(months / 12), months % 12, Math.min(date, last) + (by.days ?? 0));
  return new Date(at).toISOString().slice(0, 10);
}
const monthEnd = (day: string) => moved(`${moved(`${day.slice(0, 7)}-01`, { months: 1 })}`, { days: -1 });

function lastDay(availableOn: string, policy: ExpiryPolicy, acts: string[]): string | null {
  switch (policy.kind) {
    case "never":
      return null;
    case "after_days":
      return moved(availableOn, { days: policy.days });
    case "after_months":
      return moved(availableOn, { months: policy.months });
    case "month_end":
      return monthEnd(moved(`${availableOn.slice(0, 7)}-01`, { months: policy.months }));
    case "year_end":
      return `${Number(availableOn.slice(0, 4)) + policy.years}-12-31`;
    case "after_inactivity":
      return acts.reduce(
        (end, act) => {
          const extended = moved(act, { months: policy.months });
          return act <= end && extended > end ? extended : end;
        },
        moved(availableOn, { months: policy.months }),
      );
  }
}

interface Life {
  policy: ExpiryPolicy;
  shopId: ShopId;
  customerGid: string;
}
async function begin(policy: ExpiryPolicy): Promise<Life> {
  const shopId = await createTestShop(undefined, { timeZone: ZONE });
  const rules = defaultEarningRules({ currency: "JPY", taxesIncluded: true });
  const program = { ...rules, expiry: policy, holdDays: HOLD_DAYS, expiryReminders: [30, 7] };
  await saveProgram(shopId, program, "staff:1", new Date("2027-01-01T00:00:00Z"));
  const { customerGid } = await createTestMember(shopId, { email: "ann@example.com", emailConsent: "subscribed" });
  return { policy, shopId, customerGid };
}
async function buy({ shopId, customerGid }: Life, at: string, points: number): Promise<void> {
  await inShop(shopId, async (tx) => {
    const facts = orderFacts({ customerId: customerGid, amountMinor: points * 100, processedAt: at });
    const { orderId } = await recordOrder(tx, facts, "payload", new Date(at));
    await settleOrder(tx, orderId, new Date(at));
  });
}

const signal = new AbortController().signal;
const WORK: Record<string, (shopId: ShopId, now: Date) => Promise<unknown>> = {
  release: releaseDuePoints,
  expire: expireDuePoints,
  remind: remindExpiry,
  announce: (shopId, now) => announceEvents(shopId, (_kind, params) => params, now, signal),
};

async function live(lives: Life[]): Promise<void> {
  const queue = [...ORDERS];
  for (let hour = 0; hour <= HOURS; hour++) {
    const now = new Date(BEGIN + hour * HOUR);
    if (!HOURS_LIVED.has(localOf(now).hour)) continue;
    while (queue[0] && Date.parse(queue[0].at) <= now.getTime()) {
      const order = queue.shift();
      for (const life of lives) if (order) await buy(life, order.at, order.points);
    }
    // Announcing follows reminding in the same hour, as the sweep's next second would.
    for (const wanted of [["release", "expire", "remind"], ["announce"]]) {
      const { rows } = await routerPool().query<{ shop_id: ShopId; work: string }>(
        "SELECT shop_id, work FROM due_shops($1) WHERE work = ANY ($2)",
        [now, wanted],
      );
      for (const { shop_id: shopId, work } of rows) await WORK[work]?.(shopId, now);
    }
  }
}

const entries = (life: Life, kind: string) =>
  queryShop<{ at: Date; points: number }>(
    life.shopId,
    "SELECT at, points FROM points_entry WHERE shop_id = $1 AND kind = $2 ORDER BY at, points",
    [life.shopId, kind],
  );

describe("a year of every policy", () => {
  it("C10 C12 points are released, reminded of and expired on the right local days, each once", async () => {
    const lives: Life[] = [];
    for (const policy of POLICIES) lives.push(await begin(policy));
    await live(lives);
    const acts = ORDERS.map(({ at }) => localOf(at).day);
    const over = localOf(new Date(BEGIN + HOURS * HOUR)).day;
    for (const life of lives) {
      const name = JSON.stringify(life.policy);
      const released = (await entries(life, "release")).map(({ at, points }) => [localOf(at).day, points]);
      const availableOn = ORDERS.map(
        ({ at, points }) => [moved(localOf(at).day, { days: HOLD_DAYS }), points] as const,
      );
      expect(released, name).toEqual(availableOn);

      const ends = availableOn.flatMap(([day, points]) => {
        const last = lastDay(day, life.policy, acts);
        return last !== null && moved(last, { days: 1 }) <= over ? [{ last, points }] : [];
      });
      const expired = (await entries(life, "expiry")).map(({ at, points }) => ({ ...localOf(at), points }));
      const midnights = ends
        .map(({ last, points }) => ({ day: moved(last, { days: 1 }), hour: 0, minute: 0, points }))
        .sort((a, b) => a.day.localeCompare(b.day) || a.points - b.points);
      expect(expired, name).toEqual(midnights);

      const reminded = await queryShop<{ at: Date; on: string; daysBefore: number; points: number }>(
        life.shopId,
        `SELECT at, params->>'on' AS on, (params->>'daysBefore')::int AS "daysBefore", (params->>'points')::bigint AS points
           FROM loyalty_event WHERE shop_id = $1 AND kind = 'points_expiring' ORDER BY at`,
        [life.shopId],
      );
      expect(new Set(reminded.map(({ on, daysBefore }) => `${on}/${daysBefore}`)).size, name).toBe(reminded.length);
      for (const { at, on, daysBefore } of reminded) {
        expect(localOf(at).hour, name).toBe(9);
        expect(localOf(at).day >= moved(on, { days: -daysBefore }), name).toBe(true);
        expect(localOf(at).day <= on, name).toBe(true);
      }
      // Nobody loses points without a word.
      for (const { last } of ends)
        expect(
          reminded.map(({ on }) => on),
          name,
        ).toContain(last);
      if (life.policy.kind !== "after_inactivity") {
        const days = new Set(ends.map(({ last }) => last));
        expect(new Set(reminded.map(({ on }) => on).filter((on) => on < over)), name).toEqual(days);
      }
    }
    const { rows } = await database.owner().query("SELECT FROM message WHERE kind = 'points_expiring'");
    expect(rows.length).toBeGreaterThan(20);
    await expectLedgerAddsUp(database.owner());
  }, 240_000);
});

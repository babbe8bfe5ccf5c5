// When an order was first paid: whatever order its states arrive in, and whichever door they come through.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { carryOverFacts } from "../../../app/shopify/carry-over-facts";
import { parseJsonExact } from "../../../app/shopify/json";
import type { OrderFacts } from "../../../app/shopify/order-facts";
import { orderFactsFromNode } from "../../../app/shopify/parse-order-node";
import { orderFactsFromPayload } from "../../../app/shopify/parse-order-payload";

const FIXTURES = join(import.meta.dirname, "../../fixtures");
const text = (name: string) => readFileSync(join(FIXTURES, `${name}.json`), "utf8");
type Json = Record<string, unknown>;
const PLACED = Date.parse("2026-03-01T03:00:00Z");
const at = (hours: number) => new Date(PLACED + hours * 3_600_000).toISOString();

/** What happened to an order at one hour of its life. */
interface Moment {
  hour: number;
  /** Added to (or taken off) what is due. */
  edit: number;
  pay: number;
}
interface State {
  hour: number;
  status: "pending" | "partially_paid" | "paid";
  payments: { hour: number; amount: number }[];
}
const ORIGINAL = 1_000;

/** The order after each of its moments, and when its payments first reached what was due just then. */
function lifeOf(moments: Moment[]): { states: State[]; firstPaidAt: string | null } {
  let [due, received, firstPaidAt] = [ORIGINAL, 0, null as string | null];
  const payments: State["payments"] = [];
  const states = moments.map(({ hour, edit, pay }): State => {
    due += edit;
    if (pay > 0) payments.push({ hour, amount: pay });
    received += pay;
    const status = received >= due ? "paid" : received > 0 ? "partially_paid" : "pending";
    if (status === "paid") firstPaidAt ??= at(hour);
    return { hour, status, payments: [...payments] };
  });
  return { states, firstPaidAt };
}

function read({ hour, status, payments }: State): OrderFacts {
  const yen = (amount: number) => ({
    shopMoney: { amount: `${amount}.0` },
    presentmentMoney: { amount: `${amount}.0` },
  });
  return orderFactsFromNode({
    ...(JSON.parse(text("admin/order-tokyo")) as Json),
    updatedAt: at(hour),
    displayFinancialStatus: status.toUpperCase(),
    originalTotalPriceSet: yen(ORIGINAL),
    refunds: [],
    transactions: payments.map((payment) => ({
      kind: "SALE",
      status: "SUCCESS",
      gateway: "bogus",
      createdAt: at(payment.hour),
      processedAt: at(payment.hour),
      amountSet: yen(payment.amount),
    })),
  });
}
function body({ hour, status }: State): OrderFacts {
  const fixture = parseJsonExact(text("webhooks/order-tokyo")) as Json;
  return orderFactsFromPayload({ ...fixture, updated_at: at(hour), financial_status: status, refunds: [] });
}
/** What is stored after these states. */
function stored(facts: OrderFacts[]): OrderFacts | null {
  return facts.reduce<OrderFacts | null>((previous, next) => carryOverFacts(previous, next), null);
}

const PAID_THEN_EDITED: Moment[] = [
  { hour: 0, edit: 0, pay: 0 },
  { hour: 5, edit: 0, pay: ORIGINAL },
  { hour: 30, edit: 400, pay: 400 },
];

describe("paidAt", () => {
  const { states } = lifeOf(PAID_THEN_EDITED);
  const [placed, paid, edited] = states as [State, State, State];

  it.each([
    ["only a read after the edit", [read(edited)]],
    ["a read, then the edit's body", [read(paid), body(edited)]],
    ["a read, then a read of the edit", [read(paid), read(edited)]],
    ["a body, then a read of the edit", [body(paid), read(edited)]],
    ["bodies, then a read", [body(placed), body(paid), body(edited), read(edited)]],
    ["bodies alone", [body(placed), body(paid), body(edited)]],
  ])("B04 a payment that an edit asked for does not start the hold again: %s", (_name, facts) => {
    expect(stored(facts)?.paidAt).toBe(at(5));
  });

  it("B04 an order that owes again after an edit remembers when it was paid", () => {
    const life = lifeOf([
      ...PAID_THEN_EDITED.slice(0, 2),
      { hour: 30, edit: 400, pay: 0 },
      { hour: 60, edit: 0, pay: 400 },
    ]);
    const [, whole, owing, settled] = life.states as [State, State, State, State];
    for (const first of [read(whole), read(owing)]) {
      const owes = stored([first, read(owing)]);
      expect(owes).toMatchObject({ paidAt: null, firstPaidAt: at(5) });
      expect(stored([first, read(owing), body(settled)])).toMatchObject({ paidAt: at(5) });
      expect(stored([first, read(owing), body(settled)])).not.toHaveProperty("firstPaidAt");
    }
  });

  it("an edit that made an unpaid order cheaper: the last payment, unless an earlier state was paid", () => {
    const life = lifeOf([
      { hour: 0, edit: -400, pay: 0 },
      { hour: 5, edit: 0, pay: 600 },
      { hour: 30, edit: 100, pay: 100 },
    ]);
    const [, whole, later] = life.states as [State, State, State];
    expect(stored([read(whole)])?.paidAt).toBe(at(5));
    expect(stored([read(later)])?.paidAt).toBe(at(30));
    expect(stored([read(whole), read(later)])?.paidAt).toBe(at(5));
    expect(stored([body(whole), read(later)])?.paidAt).toBe(at(5));
  });

  it("an order that cost nothing was paid when it was placed", () => {
    const free = { ...(JSON.parse(text("admin/order-tokyo")) as Json), transactions: [], refunds: [] };
    const facts = orderFactsFromNode({
      ...free,
      displayFinancialStatus: "PAID",
      originalTotalPriceSet: { presentmentMoney: { amount: "0.0" } },
    });
    expect(facts.paidAt).toBe(facts.processedAt);
  });

  it("B04 is the same whichever states were read, told or lost, once one of them was read", () => {
    const moments = fc
      .array(
        fc.record({
          wait: fc.integer({ min: 1, max: 50 }),
          edit: fc.integer({ min: 0, max: 300 }),
          share: fc.integer({ min: 0, max: 3 }),
        }),
        {
          minLength: 1,
          maxLength: 6,
        },
      )
      .map((steps) => {
        let [hour, due, received] = [0, ORIGINAL, 0];
        return steps.map(({ wait, edit, share }): Moment => {
          hour += wait;
          due += edit;
          const pay = share === 3 ? due - received : Math.floor(((due - received) * share) / 3);
          received += pay;
          return { hour, edit, pay };
        });
      })
      // Paid in full before goods were added, as an order that is edited after its sale is.
      .filter((life) => {
        const first = lifeOf(life).states.findIndex(({ status }) => status === "paid");
        return first >= 0 && life.slice(0, first + 1).every(({ edit }) => edit === 0);
      });
    fc.assert(
      fc.property(
        moments,
        fc.array(fc.constantFrom("read", "told", "lost"), { minLength: 6, maxLength: 6 }),
        (life, fates) => {
          const { states: all, firstPaidAt } = lifeOf(life);
          const seen = all.flatMap((state, index) =>
            fates[index] === "read" ? [read(state)] : fates[index] === "told" ? [body(state)] : [],
          );
          const last = all.at(-1);
          if (!last) return;
          const known = stored([...seen, read(last)]);
          expect(known?.paidAt ?? known?.firstPaidAt).toBe(firstPaidAt);
          // The delivery of that very state comes afterwards.
          expect(carryOverFacts(known, body(last)).paidAt).toBe(known?.paidAt);
        },
      ),
      { numRuns: 300 },
    );
  });
});

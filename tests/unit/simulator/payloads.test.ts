// Whatever happens to an order, its figures add up and every body it causes is valid as published.
import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { lineFigures, totals } from "../../simulator/order-math";
import {
  assignCustomer,
  cancelOrder,
  createCustomer,
  createDiscount,
  createOrder,
  createReturn,
  deliverOrder,
  editOrder,
  fulfilOrder,
  moveReturn,
  openDispute,
  payOrder,
  Refused,
  refundOrder,
  removeFromReturn,
  settleRefund,
  type CreateOrderInput,
} from "../../simulator/order-engine";
import { assertConserved } from "../../simulator/orders/conservation";
import { buildPayload } from "../../simulator/payloads/build";
import { payloadProblems } from "../../simulator/payloads/validate";
import type { Simulator } from "../../simulator/simulator";
import type { SimEvent, SimOrder } from "../../simulator/state";
import { KUWAIT, NEW_YORK, sampleSimulator, TOKYO } from "./sample-shops";

const lineArb = fc.record({ product: fc.nat(3), quantity: fc.integer({ min: 1, max: 5 }), lineDiscount: fc.nat(300) });
const orderArb = fc.record({
  lines: fc.array(lineArb, { minLength: 1, maxLength: 4 }),
  who: fc.constantFrom("customer", "guest", "guest_record", "nobody"),
  codes: fc.subarray(["TEN", "FIXED", "SHIP"]),
  by: fc.constantFrom("card", "cash_on_delivery", "bank_transfer", "authorization", "none"),
  giftCardMinor: fc.nat(2_000),
  storeCreditMinor: fc.nat(500),
  sourceName: fc.constantFrom("web", "pos", "shopify_draft_order", "subscription_contract_checkout_one"),
  isB2b: fc.boolean(),
  test: fc.boolean(),
  foreign: fc.boolean(),
  tipMinor: fc.nat(200),
  dutiesMinor: fc.nat(200),
});
const actArb = fc.record({
  act: fc.constantFrom(
    "pay",
    "refundLine",
    "refundAmount",
    "refundShipping",
    "refundPending",
    "restock",
    "edit",
    "add",
    "fulfil",
    "deliver",
    "return",
    "dispute",
    "cancel",
    "assign",
  ),
  line: fc.nat(5),
  quantity: fc.integer({ min: 0, max: 6 }),
  amount: fc.integer({ min: 1, max: 4_000 }),
});

describe("any order", () => {
  it("keeps its sums and sends valid bodies, whatever is done to it", () => {
    const { sim, events, variants } = sampleSimulator();
    const people = Object.fromEntries(
      [TOKYO, NEW_YORK, KUWAIT].map((domain) => [
        domain,
        createCustomer(sim, domain, { email: `a@${domain}`, firstName: "花子", lastName: "佐藤" }),
      ]),
    );
    for (const domain of [TOKYO, NEW_YORK, KUWAIT]) {
      createDiscount(sim, domain, {
        code: "TEN",
        kind: "percentage",
        value: 1_000,
        combinesWith: { order: true, product: true, shipping: true },
      });
      createDiscount(sim, domain, {
        code: "FIXED",
        kind: "amount",
        value: 333,
        combinesWith: { order: true, product: true, shipping: true },
      });
      createDiscount(sim, domain, {
        code: "SHIP",
        kind: "free_shipping",
        value: 0,
        combinesWith: { order: true, product: true, shipping: true },
      });
    }
    let acts = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(TOKYO, NEW_YORK, KUWAIT),
        orderArb,
        fc.array(actArb, { maxLength: 6 }),
        (domain, wanted, steps) => {
          events.length = 0;
          const input: CreateOrderInput = {
            lines: wanted.lines.map(({ product, quantity, lineDiscount }) => ({
              variantId: variants[domain]?.[product],
              quantity,
              lineDiscountMinor: lineDiscount,
            })),
            customerId: wanted.who === "customer" ? people[domain]?.id : null,
            email: wanted.who.startsWith("guest") ? "guest@example.com" : null,
            guest: wanted.who === "guest_record" ? "customer_record" : "no_customer",
            discountCodes: wanted.codes,
            badCodes: "ignore",
            payment: {
              by: wanted.by as "card",
              giftCardMinor: wanted.giftCardMinor,
              storeCreditMinor: wanted.storeCreditMinor,
            },
            sourceName: wanted.sourceName,
            isB2b: wanted.isB2b,
            test: wanted.test,
            presentmentCurrency: wanted.foreign ? Object.keys(sim.shop(domain).presentment)[0] : undefined,
            tipMinor: wanted.tipMinor,
            dutiesMinor: wanted.dutiesMinor,
          };
          const order = createOrder(sim, domain, input);
          for (const step of steps) acts += attempt(sim, domain, order, step, people[domain]?.id ?? "");
          assertConserved(order);
          expect(problemsOf(sim, events)).toEqual([]);
        },
      ),
      { numRuns: 400, seed: 20_261_122 },
    );
    // The steps must not all have been refused.
    expect(acts).toBeGreaterThan(300);
  });
});

function problemsOf(sim: Simulator, events: SimEvent[]): string[] {
  return events.flatMap((event) =>
    payloadProblems(event.topic, buildPayload(sim, event).body).map((problem) => `${event.topic}: ${problem}`),
  );
}

function attempt(
  sim: Simulator,
  domain: string,
  order: SimOrder,
  step: { act: string; line: number; quantity: number; amount: number },
  customerId: string,
): number {
  const line = order.lines[step.line % order.lines.length];
  if (!line) return 0;
  const before = JSON.stringify(order);
  try {
    act(sim, domain, order, step, line.id, customerId);
    return 1;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    // A refused act leaves no trace.
    expect(JSON.stringify(order)).toBe(before);
    return 0;
  }
}

function act(
  sim: Simulator,
  domain: string,
  order: SimOrder,
  step: { act: string; quantity: number; amount: number },
  lineId: string,
  customerId: string,
): void {
  const { id } = order;
  const { quantity, amount } = step;
  switch (step.act) {
    case "pay":
      return void payOrder(sim, domain, id, quantity % 2 ? {} : { amountMinor: amount });
    case "refundLine":
      return void refundOrder(sim, domain, id, {
        lines: [{ lineId, quantity }],
        gateway: quantity === 2 ? "shopify_store_credit" : "original",
      });
    case "refundAmount":
      return void refundOrder(sim, domain, id, { amountMinor: amount });
    case "refundShipping":
      return void refundOrder(sim, domain, id, { shippingMinor: quantity % 2 ? "all" : amount });
    case "refundPending": {
      const refund = refundOrder(sim, domain, id, {
        lines: [{ lineId, quantity }],
        shippingMinor: "all",
        status: "pending",
      });
      if (!order.payments.some((payment) => payment.status === "pending" && payment.refundId === refund.id)) return;
      return void settleRefund(sim, domain, id, refund.id, amount % 2 ? "success" : "failure");
    }
    case "restock":
      return void refundOrder(sim, domain, id, { lines: [{ lineId, quantity }], withoutMoney: true });
    case "edit":
      return void editOrder(sim, domain, id, {
        setQuantity: [{ lineId, quantity }],
        refundDifference: amount % 2 === 0,
      });
    case "add":
      return void editOrder(sim, domain, id, {
        add: [{ custom: { title: "Wrapping", sku: "WRAP", priceMinor: amount }, quantity: 1 }],
      });
    case "fulfil":
      return void fulfilOrder(
        sim,
        domain,
        id,
        quantity === 0 ? {} : { lines: [{ lineId, quantity }], trackingNumber: "T1" },
      );
    case "deliver":
      return void deliverOrder(sim, domain, id);
    case "return": {
      const made = createReturn(sim, domain, id, {
        lines: [{ lineId, quantity }],
        status: quantity % 2 ? "requested" : "open",
      });
      if (made.status === "requested") return void moveReturn(sim, domain, id, made.id, "decline");
      removeFromReturn(sim, domain, id, made.id, lineId, 1);
      return void moveReturn(sim, domain, id, made.id, "close");
    }
    case "dispute":
      return void openDispute(sim, domain, id);
    case "assign":
      return void assignCustomer(sim, domain, id, customerId);
    default:
      return void cancelOrder(sim, domain, id);
  }
}

describe("a refunded order", () => {
  it("gives back exactly what it took, in any number of pieces", () => {
    const { sim, variants } = sampleSimulator();
    fc.assert(
      fc.property(
        fc.constantFrom(TOKYO, NEW_YORK, KUWAIT),
        fc.integer({ min: 1, max: 9 }),
        fc.nat(900),
        (domain, quantity, lineDiscountMinor) => {
          const order = createOrder(sim, domain, {
            lines: [{ variantId: variants[domain]?.[2], quantity, lineDiscountMinor }],
          });
          for (let unit = 0; unit < quantity; unit++)
            refundOrder(sim, domain, order.id, { lines: [{ lineId: order.lines[0]?.id ?? "", quantity: 1 }] });
          if (order.shipping && order.shipping.discountedMinor > 0)
            refundOrder(sim, domain, order.id, { shippingMinor: "all" });
          const figures = totals(order);
          expect(figures).toMatchObject({
            currentTotalMinor: 0,
            outstandingMinor: 0,
            financialStatus: "refunded",
            refundedMinor: figures.totalMinor,
          });
          expect(lineFigures(order, order.lines[0] as SimOrder["lines"][number])).toMatchObject({
            currentQuantity: 0,
            currentNetMinor: 0,
            currentTaxMinor: 0,
          });
        },
      ),
    );
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { DAY_MS, planRequest, reviewableProducts, type RequestFacts } from "../../../app/reviews/requests/request-plan";
import { nextStep, reasonOfMail, type DueRequest } from "../../../app/reviews/requests/request-steps";
import { reviewSettingsSchema, type ReviewSettings } from "../../../app/reviews/review-settings";
import { orderFacts, orderLine, refundFacts, refundOfLine } from "../../builders/order-facts";

const SINCE = new Date("2026-06-01T00:00:00Z");
const SHIPPED = "2026-06-10T00:00:00.000Z";
const ARRIVED = "2026-06-12T00:00:00.000Z";
const at = (instant: string, days: number) => new Date(Date.parse(instant) + days * DAY_MS);
const settings = (change: object = {}): ReviewSettings["requests"] =>
  reviewSettingsSchema.parse({ requests: change }).requests;
const shirt = orderLine({ productId: "gid://shopify/Product/1", title: "Shirt", productType: "Clothes" });
const lamp = orderLine({ productId: "gid://shopify/Product/2", title: "Lamp", productType: "Lighting", quantity: 2 });
const order = (change: Parameters<typeof orderFacts>[0] = {}) =>
  orderFacts({ lines: [shirt, lamp], fulfilledAt: SHIPPED, deliveredAt: ARRIVED, ...change });
const plan = (facts: RequestFacts, change: object = {}, kind = "live") =>
  planRequest({ kind, facts }, settings(change), SINCE);

describe("when an order is asked about", () => {
  it.each([
    ["delivered", order(), {}, at(ARRIVED, 7), "delivered"],
    ["no news of the delivery", order({ deliveredAt: null }), {}, at(SHIPPED, 12), "fulfilled"],
    ["handed over at a counter", order({ deliveredAt: null, channel: "pos" }), {}, at(SHIPPED, 7), "delivered"],
    ["another wait", order(), { waitDays: 21 }, at(ARRIVED, 21), "delivered"],
    ["at once", order(), { waitDays: 0 }, at(ARRIVED, 0), "delivered"],
    [
      "the longest wait of its types",
      order(),
      {
        waitByType: [
          { productType: " lighting ", days: 30 },
          { productType: "Clothes", days: 3 },
        ],
      },
      at(ARRIVED, 30),
      "delivered",
    ],
    [
      "a type whose line came back does not count",
      order({ refunds: [refundOfLine(lamp, 2, 2_000)] }),
      { waitByType: [{ productType: "Lighting", days: 30 }] },
      at(ARRIVED, 7),
      "delivered",
    ],
    ["a company's order", order({ isB2b: true, channel: "draft" }), {}, at(ARRIVED, 7), "delivered"],
    ["not paid yet", order({ financialStatus: "pending", paidAt: null }), {}, at(ARRIVED, 7), "delivered"],
  ] as const)("%s", (_name, facts, change, dueAt, basis) => {
    expect(plan(facts, change)).toMatchObject({ status: "scheduled", dueAt, basis });
  });

  it.each([
    ["not_delivered_yet", order({ fulfilledAt: null, deliveredAt: null }), "waiting", "live"],
    ["test_order", order({ test: true }), "skipped", "test"],
    ["test_order", order(), "skipped", "test_removed"],
    ["erased", order(), "cancelled", "anonymised"],
    ["cancelled", order({ cancelledAt: ARRIVED }), "cancelled", "live"],
    ["disputed", order({ dispute: "open" }), "cancelled", "live"],
    ["refunded", order({ financialStatus: "refunded" }), "cancelled", "live"],
    ["refunded", order({ refunds: [refundOfLine(shirt, 1, 1), refundOfLine(lamp, 2, 2)] }), "cancelled", "live"],
    ["old_order", order({ fulfilledAt: "2026-05-31T23:59:59.999Z" }), "skipped", "live"],
    ["nothing_to_review", order({ lines: [orderLine({ ...shirt, isGiftCard: true })] }), "skipped", "live"],
    ["nothing_to_review", order({ lines: [orderLine(), orderLine({ ...shirt, quantity: 0 })] }), "skipped", "live"],
  ] as const)("%s", (why, facts, status, kind) => {
    expect(plan(facts, {}, kind)).toEqual({ status, why });
  });

  it("is switched off by the setting alone", () => {
    expect(plan(order(), { enabled: false })).toEqual({ status: "skipped", why: "requests_off" });
  });

  it("leaves out what was given back, whole lines only, and asks about a product once", () => {
    const again = orderLine({ ...shirt, lineId: "gid://shopify/LineItem/9" });
    const facts = order({
      lines: [shirt, again, lamp],
      refunds: [
        refundOfLine(lamp, 1, 1_000),
        refundFacts({
          status: "failure",
          lines: [{ lineId: shirt.lineId, quantity: 1, subtotalMinor: 1, taxMinor: 0 }],
        }),
      ],
    });
    expect(reviewableProducts(facts).map(({ lineId }) => lineId)).toEqual([shirt.lineId, lamp.lineId]);
    const gone = order({ refunds: [refundOfLine(lamp, 1, 1), refundOfLine(lamp, 1, 1, { status: "pending" })] });
    expect(reviewableProducts(gone).map(({ title }) => title)).toEqual(["Shirt"]);
  });

  it("is never before the delivery (or the shipment and the way) and the wait of each of its products", () => {
    const types = ["Clothes", "Lighting", "", "Tea"];
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...types), { minLength: 1, maxLength: 6 }),
        fc.array(fc.record({ productType: fc.constantFrom("Clothes", "Lighting", "Tea"), days: fc.nat(120) }), {
          maxLength: 3,
        }),
        fc.record({ waitDays: fc.nat(120), shippingDays: fc.nat(60) }),
        fc.option(fc.nat(40), { nil: null }),
        (lineTypes, waitByType, days, deliveredAfter) => {
          const lines = lineTypes.map((productType, index) =>
            orderLine({ productType, productId: `gid://shopify/Product/${index}` }),
          );
          const deliveredAt = deliveredAfter === null ? null : at(SHIPPED, deliveredAfter).toISOString();
          const result = plan(order({ lines, deliveredAt }), { ...days, waitByType });
          if (result.status !== "scheduled") throw new Error(result.status);
          const arrival = deliveredAt === null ? at(SHIPPED, days.shippingDays) : new Date(deliveredAt);
          const waits = lineTypes.map(
            (type) => waitByType.findLast(({ productType }) => productType === type)?.days ?? days.waitDays,
          );
          for (const wait of waits)
            expect(result.dueAt.getTime()).toBeGreaterThanOrEqual(arrival.getTime() + wait * DAY_MS);
          expect(waits).toContain((result.dueAt.getTime() - arrival.getTime()) / DAY_MS);
        },
      ),
    );
  });
});

describe("the steps of a request", () => {
  const NOW = at(ARRIVED, 7);
  const request = (change: Partial<DueRequest> = {}): DueRequest => ({
    requestId: 1,
    memberId: 1,
    status: "scheduled",
    generation: 1,
    promised: false,
    products: reviewableProducts(order()),
    invitedAt: null,
    remindedAt: null,
    tokenExpiresAt: null,
    kind: "live",
    facts: order(),
    isDeleted: false,
    hasRecipient: true,
    since: SINCE,
    reviewedLines: [],
    reviewedProducts: [],
    askedProducts: [],
    mailStatus: null,
    mailWhy: null,
    ...change,
  });
  const sent = (change: Partial<DueRequest> = {}) =>
    request({ status: "sent", invitedAt: NOW, tokenExpiresAt: at(ARRIVED, 97), mailStatus: "sent", ...change });
  const step = (which: DueRequest, now = NOW, change: object = {}) => nextStep(which, settings(change), now);

  it("invites for what is open", () => {
    expect(step(request())).toMatchObject({ step: "invite", products: [{ title: "Shirt" }, { title: "Lamp" }] });
    expect(step(request({ reviewedLines: [shirt.lineId] }))).toMatchObject({
      step: "invite",
      products: [{ title: "Lamp" }],
    });
    expect(step(request({ askedProducts: ["gid://shopify/Product/2"] }))).toMatchObject({
      products: [{ title: "Shirt" }],
    });
  });

  it.each([
    [request({ reviewedProducts: ["gid://shopify/Product/1", "gid://shopify/Product/2"] }), "already_reviewed"],
    [request({ askedProducts: ["gid://shopify/Product/1", "gid://shopify/Product/2"] }), "asked_lately"],
    [request({ hasRecipient: false }), "no_email"],
    [request({ facts: order({ test: true }) }), "test_order"],
  ])("asks nobody in vain", (which, why) => {
    expect(step(which)).toEqual({ step: "end", status: "skipped", why });
  });

  it("waits where the day has moved, and is called off with the order", () => {
    expect(step(request(), at(ARRIVED, 6))).toEqual({ step: "wait", until: NOW });
    expect(step(request({ facts: order({ fulfilledAt: null, deliveredAt: null }) }))).toEqual({
      step: "wait",
      until: null,
    });
    for (const which of [
      request({ isDeleted: true }),
      sent({ isDeleted: true }),
      sent({ facts: order({ cancelledAt: ARRIVED }) }),
    ])
      expect(step(which)).toEqual({ step: "end", status: "cancelled", why: "cancelled" });
  });

  it("reminds once, only of what is open, and only after the invitation has left", () => {
    const later = at(ARRIVED, 14);
    expect(step(sent(), later)).toEqual({ step: "remind" });
    expect(step(sent({ mailStatus: "queued" }), later)).toEqual({ step: "wait", until: at(ARRIVED, 15) });
    expect(step(sent({ remindedAt: later }), later)).toEqual({ step: "wait", until: at(ARRIVED, 97) });
    expect(step(sent(), later, { reminder: { enabled: false, afterDays: 7 } })).toMatchObject({ step: "wait" });
    expect(step(sent({ mailStatus: "skipped", mailWhy: "no_consent" }), later)).toMatchObject({
      step: "end",
      why: "no_consent",
    });
    expect(step(sent({ mailStatus: "failed", mailWhy: "refused_550" }), later)).toMatchObject({ why: "mail_failed" });
    const all = [shirt.lineId, lamp.lineId];
    expect(step(sent({ reviewedLines: all }), later)).toEqual({ step: "end", status: "reviewed", why: null });
    expect(step(sent(), at(ARRIVED, 97))).toEqual({ step: "end", status: "closed", why: null });
  });

  it("is sent on demand whatever the plan said, but never for an order that is gone", () => {
    const due = (facts: DueRequest["facts"], change: Partial<DueRequest> = {}) =>
      step(request({ status: "due", facts, ...change }));
    expect(due(order({ fulfilledAt: "2026-01-01T00:00:00Z" }))).toMatchObject({ step: "invite" });
    expect(due(order(), { askedProducts: ["gid://shopify/Product/1"] })).toMatchObject({ products: [{}, {}] });
    expect(due(order({ cancelledAt: ARRIVED }))).toMatchObject({ step: "end", why: "cancelled" });
    expect(due(order(), { reviewedLines: [shirt.lineId, lamp.lineId] })).toMatchObject({ why: "already_reviewed" });
    expect(due(order(), { hasRecipient: false })).toMatchObject({ why: "no_email" });
  });

  it("always ends or moves on: no step leaves a request due", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("scheduled", "due", "sent"),
        fc.constantFrom(null, "queued", "sending", "sent", "skipped", "failed"),
        fc.boolean(),
        fc.integer({ min: -5, max: 120 }),
        (status, mailStatus, reminded, day) => {
          const now = at(ARRIVED, day);
          const which =
            status === "sent"
              ? sent({ mailStatus, remindedAt: reminded ? now : null })
              : request({ status, mailStatus });
          const next = step(which, now);
          if (next.step === "wait" && next.until) expect(next.until.getTime()).toBeGreaterThan(now.getTime());
          if (status !== "sent") expect(next.step).not.toBe("remind");
          else expect(next.step).not.toBe("invite");
        },
      ),
    );
  });

  it("names the gate's reasons in the list's own words", () => {
    expect(
      ["no_address", "suppressed", "kind_off", "member_gone", "no_link", "out_of_date", null].map(reasonOfMail),
    ).toEqual(["no_email", "suppressed", "mail_off", "erased", "no_channel", "already_reviewed", "mail_failed"]);
  });
});

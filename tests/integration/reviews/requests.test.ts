// From a shipped order to the question about it: planning, the gate, the mail, and the link in it.
import { beforeEach, describe, expect, it } from "vitest";

import { inShop, queryShop, routerPool, type ShopId } from "../../../app/db.server";
import { applyOrders } from "../../../app/ingest/apply-order.server";
import { announceShopReviews } from "../../../app/jobs/handlers/announce-reviews.server";
import { planReviewRequests } from "../../../app/jobs/handlers/plan-review-requests.server";
import { sendDueMessages } from "../../../app/jobs/handlers/send-messages.server";
import { addressKeys } from "../../../app/journeys/contact-keys.server";
import { announceEvent } from "../../../app/loyalty/announce-event.server";
import { announceEvents } from "../../../app/journeys/announce-events.server";
import { defaultEarningRules } from "../../../app/loyalty/earning-rules";
import { saveProgram } from "../../../app/loyalty/program.server";
import { findRequest } from "../../../app/reviews/requests/find-request.server";
import { countReasons, countRequests, listRequests } from "../../../app/reviews/requests/list-requests.server";
import { requestToken } from "../../../app/reviews/requests/request-token.server";
import { resendRequest } from "../../../app/reviews/requests/resend-request.server";
import { qrForOrder, qrForProduct, qrForShop } from "../../../app/reviews/requests/review-qr.server";
import { unsubscribe } from "../../../app/journeys/suppress.server";
import { readUnsubscribeToken } from "../../../app/journeys/contact-keys.server";
import type { OrderFacts } from "../../../app/shopify/order-facts";
import { createTestMember, type TestMember } from "../../builders/member";
import { DAY_MS, later, newGid, orderFacts, orderLine, refundOfLine } from "../../builders/order-facts";
import { setReviewSettings, submission, takeReview } from "../../builders/review";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";
import { parseMail } from "../../simulator/mime";
import { useTestMailbox, type ReceivedMail } from "../journeys/test-mailbox";

const database = useTestDatabase();
const mailbox = useTestMailbox();
const signal = new AbortController().signal;
/** 11:00 in Tokyo. */
const ORDERED = new Date("2026-06-01T02:00:00Z");
const SHIPPED = "2026-06-02T02:00:00.000Z";
const ARRIVED = "2026-06-03T02:00:00.000Z";
const day = (count: number, from = ARRIVED) => new Date(Date.parse(from) + count * DAY_MS);
const DUE = day(7);
const EMAIL = "hanako@example.jp";
const SHIRT = "gid://shopify/Product/71";
const LAMP = "gid://shopify/Product/72";

let shopId: ShopId;
let member: TestMember;
beforeEach(async () => {
  shopId = await createTestShop();
  await inShop(shopId, (tx) =>
    tx.query(
      "UPDATE shop_profile SET email = 'shop@example.jp', primary_domain = 'kinari.example.jp', primary_locale = 'en' WHERE shop_id = $1",
      [shopId],
    ),
  );
  member = await createTestMember(shopId, { email: EMAIL, emailConsent: "subscribed" });
});

const apply = (states: OrderFacts[], now: Date) => inShop(shopId, (tx) => applyOrders(tx, states, "payload", now));
const ordered = (change: Partial<OrderFacts> = {}): OrderFacts =>
  orderFacts({
    orderId: newGid("Order"),
    customerId: member.customerGid,
    email: EMAIL,
    processedAt: ORDERED.toISOString(),
    lines: [orderLine({ productId: SHIRT, title: "Linen shirt" }), orderLine({ productId: LAMP, title: "Desk lamp" })],
    ...change,
  });
/** Bought, shipped and delivered, as three events. */
async function deliver(change: Partial<OrderFacts> = {}): Promise<OrderFacts> {
  const bought = ordered(change);
  await apply([bought], ORDERED);
  const shipped = later(bought, { fulfilledAt: SHIPPED });
  await apply([shipped], new Date(SHIPPED));
  const arrived = later(shipped, { deliveredAt: ARRIVED });
  await apply([arrived], new Date(ARRIVED));
  return arrived;
}
const ask = (now: Date) => planReviewRequests({ shopId }, { now, signal });
const announce = (now: Date) => announceShopReviews({ shopId }, { now, signal });
const send = (now: Date) => sendDueMessages({ shopId }, { now, signal });
async function askAndSend(now: Date): Promise<void> {
  await ask(now);
  await announce(now);
  await send(now);
}
interface RequestRow {
  [column: string]: unknown;
  id: number;
  status: string;
  why: string | null;
  basis: string;
  dueAt: Date | null;
  generation: number;
  promised: boolean;
}
const requests = () =>
  queryShop<RequestRow>(
    shopId,
    `SELECT id, status, why, basis, due_at AS "dueAt", generation, promised FROM review_request WHERE shop_id = $1 ORDER BY id`,
    [shopId],
  );
const messages = () =>
  queryShop<{ kind: string; status: string; why: string | null; params: unknown; dueAt: Date }>(
    shopId,
    `SELECT kind, status, why, params, due_at AS "dueAt" FROM message WHERE shop_id = $1 ORDER BY id`,
    [shopId],
  );
/** The text part of a mail. */
const textOf = (mail: ReceivedMail | undefined) =>
  (parseMail(Buffer.from(mail?.raw ?? "", "utf8")).text ?? "").replaceAll("\r\n", "\n");
const tokenIn = (mail: ReceivedMail | undefined) => /review\?t=([\w-]{27})/.exec(textOf(mail))?.[1] ?? "";
const due = async (at: Date) => {
  const { rows } = await routerPool().query<{ work: string }>(
    "SELECT work FROM due_shops($2) WHERE shop_id = $1 AND work IN ('ask', 'notify', 'mail') ORDER BY work",
    [shopId, at],
  );
  return rows.map(({ work }) => work);
};

describe("an order is asked about", () => {
  it("when it has arrived and been used: the day moves with the parcel, and the sweep finds each step", async () => {
    const bought = ordered();
    await apply([bought], ORDERED);
    expect(await requests()).toEqual([]);
    const shipped = later(bought, { fulfilledAt: SHIPPED });
    await apply([shipped], new Date(SHIPPED));
    expect(await requests()).toMatchObject([{ status: "scheduled", basis: "fulfilled", dueAt: day(12, SHIPPED) }]);
    await apply([later(shipped, { deliveredAt: ARRIVED })], new Date(ARRIVED));
    expect(await requests()).toMatchObject([{ status: "scheduled", basis: "delivered", dueAt: DUE }]);
    expect(await due(day(6.9))).toEqual([]);
    expect(await due(DUE)).toEqual(["ask"]);
    expect(await ask(DUE)).toEqual({ asked: 1, ended: 0 });
    expect(await due(DUE)).toEqual(["notify"]);
    expect(await announce(DUE)).toEqual({ announced: 1, queued: 1 });
    expect(await due(DUE)).toEqual(["mail"]);
    expect(await send(DUE)).toEqual({ sent: 1, skipped: 0, failed: 0 });
    expect(await due(DUE)).toEqual([]);
    const [mail] = mailbox.received;
    expect(mail?.to).toEqual([EMAIL]);
    expect(mail?.headers.get("list-unsubscribe-post")).toBe("List-Unsubscribe=One-Click");
    expect(textOf(mail)).toContain("- Linen shirt\n- Desk lamp");
    expect(await findRequest(shopId, tokenIn(mail), DUE)).toMatchObject({
      memberId: member.memberId,
      customerGid: member.customerGid,
      email: EMAIL,
      promised: false,
      products: [
        { productGid: SHIRT, title: "Linen shirt", reviewed: null },
        { productGid: LAMP, title: "Desk lamp", reviewed: null },
      ],
    });
  });

  it("once, however often its events arrive and however many look", async () => {
    const arrived = await deliver();
    for (let each = 0; each < 3; each++) await apply([arrived, later(arrived, {}, each + 1)], DUE);
    await Promise.all(Array.from({ length: 8 }, () => ask(DUE)));
    await Promise.all(Array.from({ length: 8 }, () => announce(DUE)));
    await Promise.all(Array.from({ length: 8 }, () => send(DUE)));
    expect(await requests()).toHaveLength(1);
    expect(mailbox.received).toHaveLength(1);
    await apply([later(arrived, {}, 60)], day(8));
    await askAndSend(day(8));
    expect(mailbox.received).toHaveLength(1);
  });

  it("is not, where it was shipped before reviews could be asked for", async () => {
    const old = Array.from({ length: 30 }, () => ordered({ fulfilledAt: SHIPPED, deliveredAt: ARRIVED }));
    await apply(old, day(30));
    expect(await countRequests(shopId)).toEqual({ skipped: 30 });
    expect(await countReasons(shopId)).toEqual({ old_order: 30 });
    expect(await due(day(60))).toEqual([]);
    const fresh = ordered();
    await apply([fresh], day(31));
    await apply([later(fresh, { fulfilledAt: day(32).toISOString() })], day(32));
    expect((await requests()).at(-1)).toMatchObject({ status: "scheduled" });
  });

  it("is called off with the order, even when the mail is written already", async () => {
    const first = await deliver();
    await apply([later(first, { cancelledAt: ARRIVED })], day(1));
    expect(await requests()).toMatchObject([{ status: "cancelled", why: "cancelled", dueAt: null }]);
    const second = await deliver();
    await ask(DUE);
    await announce(DUE);
    const [shirt, lamp] = second.lines;
    if (!shirt || !lamp) throw new Error("two lines");
    await apply([later(second, { refunds: [refundOfLine(shirt, 1, 1), refundOfLine(lamp, 1, 1)] })], DUE);
    await send(DUE);
    expect(mailbox.received).toEqual([]);
    expect((await requests())[1]).toMatchObject({ status: "cancelled", why: "refunded" });
    expect(await messages()).toMatchObject([{ status: "skipped", why: "out_of_date" }]);
  });

  it("goes back to waiting when the parcel does", async () => {
    const arrived = await deliver();
    await apply([later(arrived, { fulfilledAt: null, deliveredAt: null })], day(1));
    expect(await requests()).toMatchObject([{ status: "scheduled", why: "not_delivered_yet", dueAt: null }]);
    await apply([later(arrived, { fulfilledAt: day(3).toISOString(), deliveredAt: null }, 2)], day(3));
    expect(await requests()).toMatchObject([{ status: "scheduled", why: null, dueAt: day(15) }]);
  });

  it("leaves out what is reviewed, and what was asked about lately", async () => {
    const first = await deliver();
    await askAndSend(DUE);
    const found = await findRequest(shopId, tokenIn(mailbox.received[0]), DUE);
    const [shirt] = first.lines;
    const taken = await takeReview(
      shopId,
      submission({
        source: "request",
        productGid: SHIRT,
        customerGid: member.customerGid,
        memberId: member.memberId,
        requestId: found?.requestId ?? null,
        orderId: found?.orderId ?? null,
        lineId: shirt?.lineId ?? null,
      }),
      DUE,
    );
    expect((await findRequest(shopId, tokenIn(mailbox.received[0]), DUE))?.products).toMatchObject([
      { productGid: SHIRT, reviewed: taken.reviewId },
      { productGid: LAMP, reviewed: null },
    ]);
    await deliver();
    await askAndSend(DUE);
    expect((await requests())[1]).toMatchObject({ status: "skipped", why: "asked_lately" });
    await deliver({ lines: [orderLine({ productId: SHIRT })] });
    await askAndSend(DUE);
    expect((await requests())[2]).toMatchObject({ status: "skipped", why: "already_reviewed" });
  });
});

describe("the reminder", () => {
  it("comes once, names only what is open, and the request ends with its link", async () => {
    const arrived = await deliver();
    await askAndSend(DUE);
    const found = await findRequest(shopId, tokenIn(mailbox.received[0]), DUE);
    await takeReview(
      shopId,
      submission({
        source: "request",
        productGid: SHIRT,
        customerGid: member.customerGid,
        memberId: member.memberId,
        requestId: found?.requestId ?? null,
        orderId: found?.orderId ?? null,
        lineId: arrived.lines[0]?.lineId ?? null,
      }),
      DUE,
    );
    await askAndSend(day(13.9));
    expect(mailbox.received).toHaveLength(1);
    await askAndSend(day(14));
    expect(mailbox.received).toHaveLength(2);
    expect(textOf(mailbox.received[1])).toContain("Desk lamp");
    expect(textOf(mailbox.received[1])).not.toContain("Linen shirt");
    // Its stars belong to the product it names, whatever is reviewed before somebody taps them.
    const lines = mailbox.received.slice(0, 2).map((mail) => /[?&]l=(\d+)/.exec(textOf(mail))?.[1]);
    expect(lines).toEqual(arrived.lines.map(({ lineId }) => lineId.split("/").at(-1)));
    expect(tokenIn(mailbox.received[1])).toBe(tokenIn(mailbox.received[0]));
    await askAndSend(day(60));
    expect(mailbox.received).toHaveLength(2);
    await askAndSend(day(97));
    expect(await requests()).toMatchObject([{ status: "closed", dueAt: null }]);
    expect(await findRequest(shopId, tokenIn(mailbox.received[0]), day(97))).toBeNull();
  });

  it("does not come when everything is reviewed", async () => {
    const arrived = await deliver({ lines: [orderLine({ productId: SHIRT })] });
    await askAndSend(DUE);
    const [order] = await requests();
    await takeReview(
      shopId,
      submission({
        source: "request",
        productGid: SHIRT,
        customerGid: member.customerGid,
        memberId: member.memberId,
        requestId: order?.id ?? null,
        orderId: (await findRequest(shopId, tokenIn(mailbox.received[0]), DUE))?.orderId ?? null,
        lineId: arrived.lines[0]?.lineId ?? null,
      }),
      DUE,
    );
    await askAndSend(day(14));
    expect(mailbox.received).toHaveLength(1);
    expect(await requests()).toMatchObject([{ status: "reviewed", dueAt: null }]);
  });
});

describe("a request that promises points", () => {
  const review = { id: "review", kind: "review" as const, enabled: true, points: 50, perMonth: 10 };
  const promise = async () => {
    const rules = defaultEarningRules({ currency: "JPY", taxesIncluded: true });
    const saved = await saveProgram(
      shopId,
      { ...rules, status: "live", ways: [review] },
      "staff:1",
      new Date("2026-05-01T00:00:00Z"),
    );
    expect(saved.outcome).toBe("saved");
    await setReviewSettings(shopId, { requests: { mentionPoints: true, audience: "subscribed" } });
  };

  it("says them plainly to subscribers, and that they do not depend on the stars", async () => {
    await promise();
    await deliver();
    await askAndSend(DUE);
    const text = textOf(mailbox.received[0]);
    expect(text).toContain("You receive 50 points for your review.");
    expect(text).toContain("the same whatever your rating");
    expect(await findRequest(shopId, tokenIn(mailbox.received[0]), DUE)).toMatchObject({ promised: true });
  });

  it("is advertising: without the opt-in it is not sent, and the list says why", async () => {
    await promise();
    await inShop(shopId, (tx) =>
      tx.query("UPDATE member SET email_consent = 'not_subscribed' WHERE shop_id = $1", [shopId]),
    );
    await deliver();
    await askAndSend(DUE);
    expect(mailbox.received).toEqual([]);
    expect(await requests()).toMatchObject([{ status: "skipped", why: "no_consent", dueAt: null }]);
    const { requests: listed } = await listRequests(shopId, { why: "no_consent" });
    expect(listed).toMatchObject([
      { orderName: "#1001", mail: { kind: "review_request", status: "skipped", why: "no_consent" } },
    ]);
  });

  it("a plain request belongs to the purchase and needs none; who stopped the mail gets none", async () => {
    await inShop(shopId, (tx) =>
      tx.query("UPDATE member SET email_consent = 'not_subscribed' WHERE shop_id = $1", [shopId]),
    );
    await deliver();
    await askAndSend(DUE);
    expect(mailbox.received).toHaveLength(1);
    await unsubscribe(shopId, { memberId: member.memberId }, DUE);
    await deliver({ lines: [orderLine({ productId: newGid("Product") })] });
    await askAndSend(day(8));
    expect((await requests())[1]).toMatchObject({ status: "skipped", why: "suppressed" });
  });
});

describe("the gate counts requests like everything nobody asked for", () => {
  it("F11 eight parallel senders keep one unasked mail a day, whatever it is about, and send each once", async () => {
    await inShop(shopId, (tx) => tx.query("UPDATE member SET available = 100 WHERE shop_id = $1", [shopId]));
    for (let each = 0; each < 3; each++) await deliver({ lines: [orderLine({ productId: newGid("Product") })] });
    await inShop(shopId, (tx) =>
      announceEvent(
        tx,
        {
          memberId: member.memberId,
          kind: "points_expiring",
          key: "p",
          params: { points: 10, on: "2026-07-10", daysBefore: 30 },
        },
        DUE,
      ),
    );
    await Promise.all(Array.from({ length: 8 }, () => ask(DUE)));
    await Promise.all([
      ...Array.from({ length: 4 }, () => announce(DUE)),
      ...Array.from({ length: 4 }, () => announceEvents(shopId, (_kind, params) => params, DUE, signal)),
    ]);
    const days = (await messages()).map(({ dueAt }) => dueAt.toISOString().slice(0, 10));
    expect(days).toHaveLength(4);
    await Promise.all(Array.from({ length: 8 }, () => send(DUE)));
    expect(mailbox.received).toHaveLength(1);
    for (const each of [1, 2, 3, 4]) await Promise.all(Array.from({ length: 8 }, () => send(day(7 + each))));
    expect(mailbox.received).toHaveLength(4);
    expect(new Set(mailbox.received.map(({ headers }) => headers.get("message-id"))).size).toBe(4);
  });

  it("keeps the night quiet", async () => {
    await deliver();
    const night = new Date("2026-06-10T13:30:00Z"); // 22:30 in Tokyo
    await askAndSend(night);
    expect(mailbox.received).toEqual([]);
    expect(await messages()).toMatchObject([{ status: "queued", dueAt: new Date("2026-06-10T23:00:00Z") }]);
    await send(new Date("2026-06-10T23:00:00Z"));
    expect(mailbox.received).toHaveLength(1);
  });
});

describe("a buyer without an account", () => {
  it("F10 is asked at the order's address, and stops it with one click by a token that holds no address", async () => {
    await deliver({ customerId: null, email: "guest@example.jp" });
    await askAndSend(DUE);
    const [mail] = mailbox.received;
    expect(mail?.to).toEqual(["guest@example.jp"]);
    const token = /unsubscribe\/([^>]+)>/.exec(mail?.headers.get("list-unsubscribe") ?? "")?.[1] ?? "";
    expect(Buffer.from(token, "base64url").toString("latin1") + token).not.toContain("guest");
    const known = readUnsubscribeToken(token);
    const [request] = await requests();
    expect(known).toEqual({ shopId, subject: { requestId: request?.id } });
    // The same number means another one as a member or as a review.
    const [, shop, who, mac] = token.split(".");
    for (const other of [
      `1.${shop}.${who}.${mac}`,
      `1.${shop}.${who?.slice(1)}.${mac}`,
      `2.${shop}.r${who?.slice(1)}.${mac}`,
    ])
      expect(readUnsubscribeToken(other)).toBeNull();
    if (!known) throw new Error("the token is ours");
    expect(await unsubscribe(shopId, known.subject, DUE)).toEqual({ outcome: "unsubscribed" });
    const { rows } = await database.owner().query("SELECT address_key FROM suppression WHERE shop_id = $1", [shopId]);
    expect(rows).toEqual([{ address_key: addressKeys(shopId, "guest@example.jp")[0] }]);
    await askAndSend(day(14));
    expect(mailbox.received).toHaveLength(1);
  });

  it("cannot be promised points, nor counted among those who agreed to news", async () => {
    await setReviewSettings(shopId, { requests: { audience: "subscribed" } });
    await deliver({ customerId: null, email: "guest@example.jp" });
    await deliver({ customerId: null, email: null });
    await askAndSend(DUE);
    expect((await requests()).map(({ status, why, promised }) => [status, why, promised])).toEqual([
      ["skipped", "no_consent", false],
      ["skipped", "no_email", false],
    ]);
  });
});

describe("E08 the link", () => {
  it("E08 opens one request of one shop, and nothing that was changed, cut, made up or ended", async () => {
    await deliver();
    await askAndSend(DUE);
    const token = tokenIn(mailbox.received[0]);
    const [request] = await requests();
    if (!request) throw new Error("there is a request");
    expect(token).toBe(requestToken(shopId, request.id, 1));
    expect(await findRequest(shopId, token, DUE)).toMatchObject({ requestId: request.id });
    const flipped = (token.startsWith("A") ? "B" : "A") + token.slice(1);
    const other = await createTestShop();
    const made = [
      flipped,
      token.slice(0, -1),
      `${token}A`,
      token.toLowerCase(),
      "",
      "%00",
      "' OR 1=1 --",
      "x".repeat(5_000),
      requestToken(shopId, request.id, 2),
      requestToken(shopId, request.id + 1, 1),
      requestToken(other, request.id, 1),
    ];
    for (const each of made)
      if (each !== token) expect(await findRequest(shopId, each, DUE), each.slice(0, 40)).toBeNull();
    expect(await findRequest(other, token, DUE)).toBeNull();
    expect(await findRequest(shopId, token, day(96.99))).not.toBeNull();
    expect(await findRequest(shopId, token, day(97))).toBeNull();
    const { rows } = await database
      .owner()
      .query("SELECT to_jsonb(r)::text || to_jsonb(m)::text AS all FROM review_request r, message m");
    expect(JSON.stringify(rows)).not.toContain(token);
  });

  it("E08 ends when a newer one is sent, and with an erasure", async () => {
    await deliver();
    await askAndSend(DUE);
    const first = tokenIn(mailbox.received[0]);
    const [request] = await requests();
    expect(await resendRequest(shopId, request?.id ?? 0, "staff:1", day(8))).toEqual({ outcome: "resending" });
    expect(await findRequest(shopId, first, day(8))).toBeNull();
    await askAndSend(day(8));
    const second = tokenIn(mailbox.received[1]);
    expect(second).not.toBe(first);
    expect(await findRequest(shopId, second, day(8))).toMatchObject({ requestId: request?.id });
    expect(await findRequest(shopId, first, day(8))).toBeNull();
    await inShop(shopId, (tx) =>
      tx.query("UPDATE customer_order SET kind = 'anonymised' WHERE shop_id = $1", [shopId]),
    );
    expect(await findRequest(shopId, second, day(8))).toBeNull();
  });

  it("E09 a look changes nothing, however often", async () => {
    await deliver();
    await askAndSend(DUE);
    const token = tokenIn(mailbox.received[0]);
    const everything = async () => {
      const { rows } = await database.owner().query<Record<string, unknown>>(
        `SELECT (SELECT jsonb_agg(to_jsonb(r)) FROM review_request r) AS requests, (SELECT jsonb_agg(to_jsonb(n)) FROM review_notice n) AS notices,
                (SELECT jsonb_agg(to_jsonb(m)) FROM message m) AS messages, (SELECT count(*) FROM review) AS reviews`,
      );
      return rows;
    };
    const before = await everything();
    for (let each = 0; each < 5; each++) expect(await findRequest(shopId, token, day(8))).not.toBeNull();
    expect(await everything()).toEqual(before);
  });
});

describe("the list", () => {
  it("pages, filters, counts and finds, and sends again what was left out", async () => {
    const orders = Array.from({ length: 120 }, (_, index) =>
      ordered({
        name: `#${2_000 + index}`,
        fulfilledAt: SHIPPED,
        lines: [orderLine({ productId: newGid("Product") })],
      }),
    );
    await apply(orders, day(30));
    const seen: number[] = [];
    for (let cursor: number | null = null, pages = 0; pages < 5; pages++) {
      const page: Awaited<ReturnType<typeof listRequests>> = await listRequests(shopId, { status: "skipped", cursor });
      seen.push(...page.requests.map(({ requestId }) => requestId));
      cursor = page.next;
      if (cursor === null) break;
    }
    expect(seen).toHaveLength(120);
    expect(seen).toEqual([...seen].sort((a, b) => b - a));
    expect(await countRequests(shopId)).toEqual({ skipped: 120 });
    for (const search of ["2007", "#2007"])
      expect((await listRequests(shopId, { search })).requests).toMatchObject([
        { orderName: "#2007", why: "old_order", mail: null },
      ]);
    expect((await listRequests(shopId, { search: EMAIL.toUpperCase() })).next).not.toBeNull();
    expect((await listRequests(shopId, { search: "#9999" })).requests).toEqual([]);
    expect((await listRequests(shopId, { why: "no_email" })).requests).toEqual([]);

    const [found] = (await listRequests(shopId, { search: "#2007" })).requests;
    const other = await createTestShop();
    expect(await resendRequest(other, found?.requestId ?? 0, "staff:1", day(31))).toEqual({ outcome: "unknown" });
    expect(await resendRequest(shopId, found?.requestId ?? 0, "staff:1", day(31))).toEqual({ outcome: "resending" });
    await askAndSend(day(31));
    expect(mailbox.received).toHaveLength(1);
    expect((await listRequests(shopId, { search: "#2007" })).requests).toMatchObject([
      { status: "sent", why: null, mail: { kind: "review_request", status: "sent" }, reviews: 0 },
    ]);
  });

  it("does not send again what has nothing left to review", async () => {
    const arrived = await deliver();
    await apply([later(arrived, { cancelledAt: ARRIVED })], day(1));
    const [request] = await requests();
    expect(await resendRequest(shopId, request?.id ?? 0, "staff:1", day(2))).toEqual({ outcome: "nothing_to_review" });
  });
});

describe("codes to print", () => {
  it("a packing slip's code opens the order's page before and after the invitation", async () => {
    const bought = ordered();
    const [applied] = await apply([bought], ORDERED);
    const code = await qrForOrder(shopId, applied?.orderId ?? 0, ORDERED);
    if (code.outcome !== "made") throw new Error(code.outcome);
    expect(code.svg).toMatch(/^<svg/);
    const token = new URL(code.url).searchParams.get("t") ?? "";
    expect(code.url).toMatch(/^https:\/\/kinari\.example\.jp\/apps\/kizuna\/review\?t=/);
    expect(await qrForOrder(shopId, applied?.orderId ?? 0, ORDERED)).toEqual(code);
    expect(await findRequest(shopId, token, day(3))).toMatchObject({
      products: [{ productGid: SHIRT }, { productGid: LAMP }],
    });
    expect(await requests()).toMatchObject([{ status: "scheduled", why: "not_delivered_yet" }]);
    await apply([later(bought, { fulfilledAt: SHIPPED, deliveredAt: ARRIVED })], new Date(ARRIVED));
    await askAndSend(DUE);
    expect(tokenIn(mailbox.received[0])).toBe(token);
    expect(await findRequest(shopId, token, DUE)).not.toBeNull();
  });

  it("the code for every parcel leads to what its reader bought, and names nobody", async () => {
    expect((await qrForShop(shopId))?.url).toBe("https://kinari.example.jp/apps/kizuna/review");
  });

  it("an insert's code leads to the product's page for everybody", async () => {
    expect((await qrForProduct(shopId, SHIRT))?.url).toBe("https://kinari.example.jp/apps/kizuna/review?product=71");
    expect(await qrForOrder(shopId, 999_999, ORDERED)).toEqual({ outcome: "unknown" });
  });
});

describe("F13 hostile titles", () => {
  it("F13 never make a header or a link", async () => {
    const title = "Shirt\r\nBcc: victim@example.com <a href='https://evil.example'>x</a>";
    await deliver({ lines: [orderLine({ productId: SHIRT, title })] });
    await askAndSend(DUE);
    const [mail] = mailbox.received;
    expect(mail?.to).toEqual([EMAIL]);
    expect(mail?.headers.has("bcc")).toBe(false);
    const html = parseMail(Buffer.from(mail?.raw ?? "", "utf8")).html ?? "";
    expect(html).toContain("&lt;a href");
    expect(html).not.toMatch(/href=["']?https:\/\/evil/);
  });
});

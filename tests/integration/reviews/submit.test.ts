// A review arrives: what is verified, what is held, and what is refused.
import { beforeEach, describe, expect, it } from "vitest";

import { inShop, queryShop, type ShopId } from "../../../app/db.server";
import { submitReview } from "../../../app/reviews/submit-review.server";
import { createTestMember } from "../../builders/member";
import { newGid, orderLine, refundOfLine } from "../../builders/order-facts";
import {
  AUTHOR_MAIL,
  REVIEW_DAY,
  reviewEvents,
  reviewNotices,
  setReviewSettings,
  storedReview,
  storeOrder,
  submission,
  takeReview,
} from "../../builders/review";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";

useTestDatabase();
const TEA = "gid://shopify/Product/501";
const CUP = "gid://shopify/Product/502";
let shopId: ShopId;
beforeEach(async () => {
  shopId = await createTestShop();
});

/** A member with one order. */
async function buyer(fields: Parameters<typeof storeOrder>[1] = { productGids: [TEA] }) {
  const member = await createTestMember(shopId, { email: AUTHOR_MAIL });
  const order = await storeOrder(shopId, { customerId: member.customerGid, email: AUTHOR_MAIL, ...fields });
  return { ...member, ...order };
}

describe("a review without findings", () => {
  it("is shown at once, with its record, version and search words", async () => {
    const { customerGid, memberId, orderId, lineIds } = await buyer();
    const taken = await takeReview(
      shopId,
      submission({ source: "account", productGid: TEA, customerGid, orderId, lineId: lineIds[0]! }),
    );
    expect(taken.outcome).toBe("published");
    const review = await storedReview(shopId, taken.reviewId);
    expect(review).toMatchObject({
      status: "published",
      verified: true,
      refunded: false,
      incentivised: false,
      version: 1,
      memberId,
      queuedAt: null,
      holdUntil: null,
      awardDue: true,
      findings: [],
    });
    expect(review.publishedAt).toEqual(REVIEW_DAY);
    expect(review.grams).toBeGreaterThan(20);
    expect(await reviewEvents(shopId, taken.reviewId)).toEqual(["submitted", "published"]);
    const versions = await queryShop(shopId, "SELECT version, status FROM review_version WHERE shop_id = $1", [shopId]);
    expect(versions).toEqual([{ version: 1, status: "shown" }]);
  });

  it("keeps what was promised, and nothing takes it away", async () => {
    const taken = await takeReview(shopId, submission({ promised: true }));
    expect((await storedReview(shopId, taken.reviewId)).incentivised).toBe(true);
    await expect(
      inShop(shopId, (tx) => tx.query("UPDATE review SET incentivised = false WHERE shop_id = $1", [shopId])),
    ).rejects.toThrow(/stays marked/);
  });

  it("waits for a look where the shop says so", async () => {
    await setReviewSettings(shopId, { publish: "after_a_look" });
    const taken = await takeReview(shopId, submission());
    expect(taken.outcome).toBe("held");
    expect(await storedReview(shopId, taken.reviewId)).toMatchObject({
      holdReasons: ["first_look"],
      holdUntil: new Date(REVIEW_DAY.getTime() + 14 * 86_400_000),
      queuedAt: REVIEW_DAY,
      grams: 0,
    });
  });
});

describe("E10 the badge", () => {
  it("E10 comes from an order line of the product and the customer, and from nothing else", async () => {
    const { customerGid, orderId, lineIds } = await buyer({ productGids: [TEA, CUP] });
    const line = { source: "account" as const, orderId, lineId: lineIds[0]! };
    const refused = { outcome: "not_allowed", why: "no_purchase" };
    // Another product's line, a line of nobody, somebody else's order, an order that is not there.
    expect(await submitReview(shopId, submission({ ...line, customerGid, productGid: CUP }), REVIEW_DAY)).toEqual(
      refused,
    );
    expect(
      await submitReview(
        shopId,
        submission({ ...line, customerGid, productGid: TEA, lineId: newGid("LineItem") }),
        REVIEW_DAY,
      ),
    ).toEqual(refused);
    expect(await submitReview(shopId, submission({ ...line, productGid: TEA, authorEmail: null }), REVIEW_DAY)).toEqual(
      refused,
    );
    expect(
      await submitReview(
        shopId,
        submission({ ...line, customerGid, productGid: TEA, orderId: orderId + 999 }),
        REVIEW_DAY,
      ),
    ).toEqual(refused);
    expect(
      await submitReview(shopId, submission({ ...line, customerGid, productGid: TEA, orderId: null }), REVIEW_DAY),
    ).toEqual(refused);
    const taken = await takeReview(shopId, submission({ ...line, customerGid, productGid: TEA }));
    expect((await storedReview(shopId, taken.reviewId)).verified).toBe(true);
  });

  it("E10 is not given to who did not buy, and no row can have it without a line", async () => {
    const taken = await takeReview(shopId, submission({ productGid: TEA }));
    expect(await storedReview(shopId, taken.reviewId)).toMatchObject({ verified: false, lineId: null });
    await expect(
      inShop(shopId, (tx) => tx.query("UPDATE review SET verified = true WHERE shop_id = $1", [shopId])),
    ).rejects.toThrow(/review_verified/);
  });

  it("E10 finds the purchase of a signed-in customer by itself, each line once", async () => {
    const { customerGid } = await buyer();
    const first = await takeReview(shopId, submission({ productGid: TEA, customerGid }));
    expect((await storedReview(shopId, first.reviewId)).verified).toBe(true);
    const again = await submitReview(
      shopId,
      submission({ productGid: TEA, customerGid, content: { body: "Other words, same cup." } }),
      REVIEW_DAY,
    );
    expect(again).toEqual({ outcome: "already_reviewed", reviewId: first.reviewId });
    await storeOrder(shopId, { customerId: customerGid, productGids: [TEA] });
    const second = await takeReview(
      shopId,
      submission({ productGid: TEA, customerGid, content: { body: "Bought it again." } }),
    );
    expect((await storedReview(shopId, second.reviewId)).verified).toBe(true);
  });

  it("E10 gift cards, cancelled orders and test orders are no purchases; a returned line is labelled", async () => {
    const card = orderLine({ productId: TEA, isGiftCard: true });
    const gift = await buyer({ productGids: [TEA], lines: [card] });
    expect(
      await submitReview(
        shopId,
        submission({
          source: "account",
          productGid: TEA,
          customerGid: gift.customerGid,
          orderId: gift.orderId,
          lineId: card.lineId,
        }),
        REVIEW_DAY,
      ),
    ).toEqual({ outcome: "not_allowed", why: "no_purchase" });
    const cases = [
      { fields: { cancelledAt: "2026-06-07T00:00:00.000Z" }, refunded: false },
      { fields: { test: true }, refunded: false },
      { fields: { financialStatus: "refunded" as const }, refunded: true },
    ];
    for (const { fields, refunded } of cases) {
      const member = await createTestMember(shopId);
      const order = await storeOrder(shopId, { customerId: member.customerGid, productGids: [TEA], ...fields });
      const taken = await takeReview(
        shopId,
        submission({
          source: "account",
          productGid: TEA,
          customerGid: member.customerGid,
          orderId: order.orderId,
          lineId: order.lineIds[0]!,
        }),
      );
      expect(await storedReview(shopId, taken.reviewId)).toMatchObject({ verified: false, refunded });
    }
    const member = await createTestMember(shopId);
    const line = orderLine({ productId: TEA, quantity: 2 });
    const order = await storeOrder(shopId, {
      customerId: member.customerGid,
      productGids: [],
      lines: [line],
      refunds: [refundOfLine(line, 1, 500)],
    });
    const taken = await takeReview(
      shopId,
      submission({
        source: "account",
        productGid: TEA,
        customerGid: member.customerGid,
        orderId: order.orderId,
        lineId: line.lineId,
      }),
    );
    expect(await storedReview(shopId, taken.reviewId)).toMatchObject({ verified: true, refunded: false });
  });

  it("E10 staff and the shop's own address are labelled, and held for a look that ends by itself", async () => {
    await setReviewSettings(shopId, { moderation: { staffEmails: ["Boss@kissa.example"] } });
    await inShop(shopId, (tx) =>
      tx.query(
        "UPDATE shop_profile SET email = 'shop@tea-house.example', primary_domain = 'www.tea-house.example' WHERE shop_id = $1",
        [shopId],
      ),
    );
    for (const [email, detail] of [
      ["boss+private@kissa.example", "address"],
      ["SHOP@tea-house.example", "address"],
      ["aoi@mail.tea-house.example", "domain"],
    ] as const) {
      const taken = await takeReview(shopId, submission({ authorEmail: email, content: { title: "", body: "Fine." } }));
      expect(await storedReview(shopId, taken.reviewId)).toMatchObject({
        status: "held",
        holdReasons: ["staff"],
        findings: [{ kind: "staff", field: null, from: 0, to: 0, detail }],
        holdUntil: new Date(REVIEW_DAY.getTime() + 14 * 86_400_000),
      });
    }
  });
});

describe("reviews of a request", () => {
  it("E10 follow from the request's own order, whoever holds the link, and from no other", async () => {
    const guest = await storeOrder(shopId, { customerId: null, email: "guest@mail.example", productGids: [TEA] });
    const another = await storeOrder(shopId, { customerId: null, email: "other@mail.example", productGids: [TEA] });
    const { rows } = await inShop(shopId, (tx) =>
      tx.query<{ id: number }>(
        `INSERT INTO review_request (shop_id, order_id, created_at, updated_at) VALUES ($1, $2, $3, $3) RETURNING id`,
        [shopId, guest.orderId, REVIEW_DAY],
      ),
    );
    const link = { source: "request" as const, productGid: TEA, customerGid: null, requestId: rows[0]?.id ?? null };
    const mail = { authorEmail: "guest@mail.example", promised: true };
    const foreign = submission({ ...link, ...mail, orderId: another.orderId, lineId: another.lineIds[0] ?? "" });
    expect(await submitReview(shopId, foreign, REVIEW_DAY)).toEqual({ outcome: "not_allowed", why: "no_purchase" });
    const sent = submission({ ...link, ...mail, orderId: guest.orderId, lineId: guest.lineIds[0] ?? "" });
    const taken = await takeReview(shopId, sent);
    expect(await storedReview(shopId, taken.reviewId)).toMatchObject({
      status: "published",
      verified: true,
      incentivised: true,
    });
    expect(await submitReview(shopId, sent, REVIEW_DAY)).toEqual({
      outcome: "already_reviewed",
      reviewId: taken.reviewId,
    });
  });

  it("E10 an address that nobody has confirmed opens no order", async () => {
    await setReviewSettings(shopId, { open: "everyone" });
    const order = await storeOrder(shopId, { customerId: null, email: "guest@mail.example", productGids: [TEA] });
    const claimed = submission({
      source: "open",
      productGid: TEA,
      customerGid: null,
      isConfirmed: false,
      authorEmail: "guest@mail.example",
      orderId: order.orderId,
      lineId: order.lineIds[0] ?? "",
    });
    expect(await submitReview(shopId, claimed, REVIEW_DAY)).toEqual({ outcome: "not_allowed", why: "no_purchase" });
  });
});

describe("open reviews", () => {
  const anonymous = { source: "open" as const, customerGid: null, isConfirmed: false, visitorKey: "somewhere" };

  it("are taken only where the shop opens them, and wait for a confirmation", async () => {
    expect(await submitReview(shopId, submission(anonymous), REVIEW_DAY)).toEqual({
      outcome: "not_allowed",
      why: "not_open",
    });
    await setReviewSettings(shopId, { open: "everyone" });
    const taken = await takeReview(shopId, submission(anonymous));
    expect(taken).toMatchObject({ outcome: "held", needsConfirmation: true });
    expect(await storedReview(shopId, taken.reviewId)).toMatchObject({
      verified: false,
      holdReasons: ["unverified"],
      confirmedAt: null,
    });
    expect(await reviewNotices(shopId, taken.reviewId)).toEqual([{ kind: "review_confirm", params: {} }]);
    await setReviewSettings(shopId, { open: "nobody" });
    expect(await submitReview(shopId, submission(), REVIEW_DAY)).toEqual({ outcome: "not_allowed", why: "not_open" });
  });

  it("need an address to confirm, and are one review however often the form is sent", async () => {
    await setReviewSettings(shopId, { open: "everyone" });
    for (const authorEmail of [
      null,
      "no address",
      "a@b",
      "x@y z.example",
      "a\u0000b@x.example",
      "a@x.example\r\nBcc: b",
    ])
      expect(await submitReview(shopId, submission({ ...anonymous, authorEmail }), REVIEW_DAY)).toEqual({
        outcome: "bad_content",
        fields: ["authorEmail"],
      });
    const sent = submission(anonymous);
    const outcomes = await Promise.all([1, 2, 3, 4].map(() => submitReview(shopId, sent, REVIEW_DAY)));
    expect(outcomes.filter(({ outcome }) => outcome === "held")).toHaveLength(1);
    expect(outcomes.filter(({ outcome }) => outcome === "already_reviewed")).toHaveLength(3);
  });
});

it("C02 takes a form that is sent twice once, also from who bought the product twice", async () => {
  const { customerGid, orderId, lineIds } = await buyer();
  await storeOrder(shopId, { customerId: customerGid, productGids: [TEA] });
  const sent = submission({ source: "signed_in", productGid: TEA, customerGid });
  const first = await takeReview(shopId, sent);
  const repeated = { outcome: "already_reviewed", reviewId: first.reviewId };
  expect(await submitReview(shopId, sent, REVIEW_DAY)).toEqual(repeated);
  // The page names whichever purchase has no review yet.
  expect(await submitReview(shopId, { ...sent, orderId, lineId: lineIds[0]! }, REVIEW_DAY)).toEqual(repeated);
  const atOnce = await Promise.all([1, 2, 3].map(() => submitReview(shopId, sent, REVIEW_DAY)));
  expect(atOnce).toEqual([repeated, repeated, repeated]);
});

it("takes one review per line, however many are sent at once", async () => {
  const { customerGid, orderId, lineIds } = await buyer();
  const sent = submission({ source: "account", productGid: TEA, customerGid, orderId, lineId: lineIds[0]! });
  const outcomes = await Promise.all(Array.from({ length: 8 }, () => submitReview(shopId, sent, REVIEW_DAY)));
  expect(outcomes.filter(({ outcome }) => outcome === "published")).toHaveLength(1);
  expect(new Set(outcomes.map((each) => "reviewId" in each && each.reviewId)).size).toBe(1);
});

it("says which fields cannot be taken", async () => {
  for (const [content, fields] of [
    [{ rating: 6 }, ["rating"]],
    [{ rating: 4.5 }, ["rating"]],
    [{ body: "x".repeat(5_001) }, ["body"]],
    [{ title: "t".repeat(151), authorName: "n".repeat(61) }, ["title", "authorName"]],
  ] as const)
    expect(await submitReview(shopId, submission({ content }), REVIEW_DAY)).toEqual({ outcome: "bad_content", fields });
});

it("E12 takes halves of characters, markup and control characters as the text they are", async () => {
  const body = "half \uD800 a\u0000 <b>bold</b>\u202E {{ shop.name }}";
  const taken = await takeReview(
    shopId,
    submission({ content: { title: "\uDFFF\u0007", body, authorName: "\uD83D" } }),
  );
  const stored = await storedReview(shopId, taken.reviewId);
  expect(stored.body).toBe("half \uFFFD a <b>bold</b>\u202E {{ shop.name }}");
  expect(stored.title).toBe("\uFFFD");
});

it("keeps answers to questions the shop asks, one each", async () => {
  const label = { en: "Fit", ja: "サイズ感" };
  const options = [
    { id: "small", label },
    { id: "true", label },
  ];
  await setReviewSettings(shopId, { questions: [{ id: "fit", kind: "scale", label, options, productTypes: [] }] });
  const taken = await takeReview(
    shopId,
    submission({
      content: {
        answers: [
          { questionId: "fit", optionId: "true" },
          { questionId: "fit", optionId: "small" },
          { questionId: "fit", optionId: "huge" },
          { questionId: "gone", optionId: "true" },
        ],
      },
    }),
  );
  const [row] = await queryShop(shopId, "SELECT answers FROM review WHERE shop_id = $1 AND id = $2", [
    shopId,
    taken.reviewId,
  ]);
  expect(row).toEqual({ answers: [{ questionId: "fit", optionId: "true" }] });
});

describe("low stars", () => {
  it("open one task that is due in a day, and change nothing of the review", async () => {
    const { customerGid, memberId, orderId, lineIds } = await buyer();
    const taken = await takeReview(
      shopId,
      submission({
        source: "account",
        productGid: TEA,
        customerGid,
        orderId,
        lineId: lineIds[0]!,
        content: { rating: 2 },
      }),
    );
    expect(taken.outcome).toBe("published");
    const tasks = await queryShop(
      shopId,
      `SELECT review_id, order_id, member_id, kind, status, due_at FROM support_task WHERE shop_id = $1`,
      [shopId],
    );
    expect(tasks).toEqual([
      {
        review_id: taken.reviewId,
        order_id: orderId,
        member_id: memberId,
        kind: "low_rating",
        status: "open",
        due_at: new Date(REVIEW_DAY.getTime() + 86_400_000),
      },
    ]);
  });

  it("open none above the limit, when switched off, or before an address is confirmed", async () => {
    await takeReview(shopId, submission({ content: { rating: 3 } }));
    await setReviewSettings(shopId, { open: "everyone", tasks: { enabled: false } });
    await takeReview(shopId, submission({ content: { rating: 1, body: "No, thank you very much." } }));
    await setReviewSettings(shopId, { open: "everyone" });
    await takeReview(
      shopId,
      submission({
        source: "open",
        customerGid: null,
        isConfirmed: false,
        content: { rating: 1, body: "Not for me." },
      }),
    );
    expect(await queryShop(shopId, "SELECT id FROM support_task WHERE shop_id = $1", [shopId])).toEqual([]);
  });
});

describe("E11 too many at once", () => {
  // Too short to be compared with each other.
  const spread = (index: number) => ({ content: { title: "", body: `Opinion ${index}.` } });

  it("E11 a burst of unverified reviews on one product is held, and told once", async () => {
    for (let index = 0; index < 14; index += 1)
      await takeReview(
        shopId,
        submission({ productGid: TEA, authorEmail: `a${index}@mail.example`, ...spread(index) }),
      );
    const rows = await queryShop<{ status: string; held: number }>(
      shopId,
      "SELECT status, count(*)::int AS held FROM review WHERE shop_id = $1 GROUP BY status ORDER BY status",
      [shopId],
    );
    expect(rows).toEqual([
      { status: "held", held: 4 },
      { status: "published", held: 10 },
    ]);
    const alerts = await queryShop(shopId, "SELECT kind, params FROM health_alert WHERE shop_id = $1", [shopId]);
    expect(alerts).toEqual([{ kind: "review_burst", params: { product: TEA } }]);
    // Buyers are welcome meanwhile, and what is held waits for its author, not for the merchant.
    const { customerGid } = await buyer();
    expect(
      (
        await takeReview(
          shopId,
          submission({ productGid: TEA, customerGid, content: { rating: 1, body: "Really bought, really bad." } }),
        )
      ).outcome,
    ).toBe("published");
    const held = await queryShop<{ reasons: string[] }>(
      shopId,
      "SELECT hold_reasons AS reasons FROM review WHERE shop_id = $1 AND status = 'held'",
      [shopId],
    );
    expect(new Set(held.flatMap(({ reasons }) => reasons))).toEqual(new Set(["velocity"]));
  });

  it("E11 one author or one place is held after three and refused after ten within the hour", async () => {
    await setReviewSettings(shopId, { open: "everyone" });
    const place = { source: "open" as const, customerGid: null, isConfirmed: false, visitorKey: "one-place" };
    const outcomes: string[] = [];
    for (let index = 0; index < 12; index += 1) {
      const sent = submission({
        ...place,
        productGid: newGid("Product"),
        authorEmail: `b${index}@mail.example`,
        ...spread(index),
      });
      outcomes.push((await submitReview(shopId, sent, REVIEW_DAY)).outcome);
    }
    expect(outcomes).toEqual([...Array<string>(10).fill("held"), "not_allowed", "not_allowed"]);
    const rows = await queryShop<{ reasons: string[] }>(
      shopId,
      "SELECT hold_reasons AS reasons FROM review WHERE shop_id = $1 ORDER BY id",
      [shopId],
    );
    expect(rows.map(({ reasons }) => reasons.includes("velocity"))).toEqual([
      false,
      false,
      false,
      ...Array<boolean>(7).fill(true),
    ]);
    // An hour later it is forgotten.
    const later = new Date(REVIEW_DAY.getTime() + 3_600_001);
    const taken = await takeReview(
      shopId,
      submission({ ...place, authorEmail: "b99@mail.example", ...spread(99) }),
      later,
    );
    expect((await storedReview(shopId, taken.reviewId)).holdReasons).toEqual(["unverified"]);
  });

  it("E11 twenty products of one parcel in one evening are no burst", async () => {
    const products = Array.from({ length: 20 }, () => newGid("Product"));
    const { customerGid, orderId, lineIds } = await buyer({ productGids: products });
    for (const [index, productGid] of products.entries()) {
      const taken = await takeReview(
        shopId,
        submission({
          source: "account",
          productGid,
          customerGid,
          orderId,
          lineId: lineIds[index]!,
          visitorKey: "home",
          ...spread(index),
        }),
      );
      expect(taken.outcome).toBe("published");
    }
  });
});

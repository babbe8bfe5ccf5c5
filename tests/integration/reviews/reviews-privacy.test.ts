// Erasure, export and refunds reach what people wrote.
import { beforeEach, describe, expect, it } from "vitest";

import { inShop, queryShop, type ShopId } from "../../../app/db.server";
import { applyOrder } from "../../../app/ingest/apply-order.server";
import { exportCustomerData } from "../../../app/privacy/export-customer-data.server";
import { redactCustomer } from "../../../app/privacy/redact-customer.server";
import { appealReview } from "../../../app/reviews/appeal-review.server";
import { editReview } from "../../../app/reviews/edit-review.server";
import { messageAuthor } from "../../../app/reviews/message-author.server";
import { decideReviews } from "../../../app/reviews/moderation/decide-reviews.server";
import { replyToReview } from "../../../app/reviews/reply-to-review.server";
import { createTestMember } from "../../builders/member";
import { later, orderLine, refundOfLine } from "../../builders/order-facts";
import { REVIEW_DAY, setReviewSettings, storedReview, storeOrder, submission, takeReview } from "../../builders/review";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";

const database = useTestDatabase();
const TEA = "gid://shopify/Product/501";
const CANARY = "zzcanary";
const MAIL = `${CANARY}@mail.example`;
const STAFF = "staff:1";
const day = (count: number) => new Date(REVIEW_DAY.getTime() + count * 86_400_000);
let shopId: ShopId;
beforeEach(async () => {
  shopId = await createTestShop();
});

/** Everywhere a word of the database's shop is written. */
async function placesOf(word: string): Promise<string[]> {
  const { rows: tables } = await database.owner().query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'shop_id'
      WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace ORDER BY 1`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const { rows } = await database
      .owner()
      .query<{ hit: boolean }>(
        `SELECT EXISTS (SELECT FROM "${name}" t WHERE shop_id = $1 AND to_jsonb(t)::text ILIKE '%' || $2 || '%') AS hit`,
        [shopId, word],
      );
    if (rows[0]?.hit) found.push(name);
  }
  return found;
}

const words = (body: string) => ({
  rating: 2,
  title: CANARY,
  body,
  pros: CANARY,
  cons: CANARY,
  answers: [],
  authorName: CANARY,
});

describe("I18 erasure", () => {
  it("I18 reaches what was sent from an account that had just been merged into the person's", async () => {
    const gone = await createTestMember(shopId, { email: MAIL, name: CANARY });
    const kept = await createTestMember(shopId, { email: "kept@mail.example" });
    await inShop(shopId, (tx) =>
      tx.query(
        "UPDATE member SET status = 'merged', merged_into = $3, email = NULL, name = '' WHERE shop_id = $1 AND id = $2",
        [shopId, gone.memberId, kept.memberId],
      ),
    );
    const sent = submission({
      productGid: TEA,
      customerGid: gone.customerGid,
      authorEmail: MAIL,
      content: words(`My name is ${CANARY}`),
    });
    const { reviewId } = await takeReview(shopId, sent);
    await inShop(shopId, (tx) =>
      redactCustomer(tx, { customerGid: kept.customerGid, email: "kept@mail.example", orderGids: [] }, day(2)),
    );
    expect((await storedReview(shopId, reviewId)).status).toBe("deleted");
    expect(await placesOf(CANARY)).toEqual([]);
  });

  it("I18 leaves no word, name or address of a member, and keeps star and date", async () => {
    const member = await createTestMember(shopId, { email: MAIL, name: CANARY });
    const order = await storeOrder(shopId, { customerId: member.customerGid, email: MAIL, productGids: [TEA] });
    const sent = submission({
      source: "account",
      productGid: TEA,
      customerGid: member.customerGid,
      orderId: order.orderId,
      lineId: order.lineIds[0]!,
      authorEmail: MAIL,
      content: words(`My name is ${CANARY}`),
    });
    const { reviewId } = await takeReview(shopId, sent);
    await replyToReview(shopId, reviewId, `Dear ${CANARY}`, STAFF, day(1));
    await messageAuthor(shopId, reviewId, `Dear ${CANARY}`, STAFF, day(1));
    await editReview(shopId, reviewId, words(`${CANARY} www.spam.example.com`), null, day(1));
    await decideReviews(shopId, [reviewId], { decision: "reject", reason: "spam", about: "review" }, STAFF, day(2));
    await appealReview(shopId, reviewId, `I am ${CANARY}`, day(3));
    await inShop(shopId, (tx) =>
      exportCustomerData(tx, { customerGid: member.customerGid, email: MAIL, requestKey: "r1" }, day(4)),
    );
    expect((await placesOf(CANARY)).length).toBeGreaterThan(4);
    const redact = () =>
      inShop(shopId, (tx) =>
        redactCustomer(tx, { customerGid: member.customerGid, email: MAIL, orderGids: [] }, day(5)),
      );
    expect(await redact()).toEqual({ outcome: "redacted" });
    expect(await placesOf(CANARY)).toEqual([]);
    expect(await storedReview(shopId, reviewId)).toMatchObject({
      status: "deleted",
      rating: 2,
      body: "",
      queuedAt: null,
      findings: [],
    });
    const [kept] = await queryShop(
      shopId,
      "SELECT submitted_at, published_at, customer_gid, author_key FROM review WHERE shop_id = $1",
      [shopId],
    );
    expect(kept).toMatchObject({
      submitted_at: REVIEW_DAY,
      published_at: REVIEW_DAY,
      customer_gid: null,
      author_key: null,
    });
    await redact();
    expect(await placesOf(CANARY)).toEqual([]);
  });

  it("I18 reaches who wrote without an account, by the address, and nobody else", async () => {
    await setReviewSettings(shopId, { open: "everyone" });
    const open = { source: "open" as const, customerGid: null, isConfirmed: false };
    const theirs = await takeReview(
      shopId,
      submission({ ...open, productGid: TEA, authorEmail: MAIL, content: words("Mine") }),
    );
    const another = await takeReview(
      shopId,
      submission({
        ...open,
        productGid: TEA,
        authorEmail: "other@mail.example",
        content: { title: "", body: "Not mine" },
      }),
    );
    expect(
      await inShop(shopId, (tx) =>
        redactCustomer(
          tx,
          { customerGid: "gid://shopify/Customer/31337", email: MAIL.toUpperCase(), orderGids: [] },
          day(1),
        ),
      ),
    ).toEqual({ outcome: "redacted" });
    expect((await storedReview(shopId, theirs.reviewId)).status).toBe("deleted");
    expect((await storedReview(shopId, another.reviewId)).body).toBe("Not mine");
    expect(await placesOf(CANARY)).toEqual([]);
  });
});

describe("I18 merged accounts", () => {
  it("I18 what the merged one wrote goes with the one that stayed", async () => {
    const [kept, gone] = [await createTestMember(shopId, { email: MAIL }), await createTestMember(shopId)];
    const { reviewId } = await takeReview(
      shopId,
      submission({ customerGid: gone.customerGid, memberId: gone.memberId, authorEmail: MAIL, content: words("Mine") }),
    );
    await inShop(shopId, (tx) =>
      tx.query("UPDATE member SET merged_into = $3, status = 'merged', email = NULL WHERE shop_id = $1 AND id = $2", [
        shopId,
        gone.memberId,
        kept.memberId,
      ]),
    );
    await inShop(shopId, (tx) =>
      redactCustomer(tx, { customerGid: kept.customerGid, email: MAIL, orderGids: [] }, day(1)),
    );
    expect((await storedReview(shopId, reviewId)).status).toBe("deleted");
    expect(await placesOf(CANARY)).toEqual([]);
  });
});

describe("D06 export", () => {
  it("D06 hands over every version, note and event of a person's reviews", async () => {
    await setReviewSettings(shopId, { open: "everyone" });
    const open = { source: "open" as const, customerGid: null, isConfirmed: false };
    const { reviewId } = await takeReview(shopId, submission({ ...open, authorEmail: MAIL, content: words("First") }));
    await editReview(shopId, reviewId, words("Second"), null, day(1));
    expect(
      await inShop(shopId, (tx) =>
        exportCustomerData(tx, { customerGid: null, email: MAIL, requestKey: "r2" }, day(2)),
      ),
    ).toEqual({ outcome: "exported" });
    const [row] = await queryShop<{
      content: { reviews: { review: Record<string, unknown>; versions: unknown[]; events: unknown[] }[] };
    }>(shopId, "SELECT content FROM data_export WHERE shop_id = $1", [shopId]);
    expect(row?.content.reviews).toHaveLength(1);
    expect(row?.content.reviews[0]?.versions).toHaveLength(2);
    expect(row?.content.reviews[0]?.review).toMatchObject({ body: "Second", author_email: MAIL });
    expect(row?.content.reviews[0]?.review).not.toHaveProperty("author_key");
    expect(
      await inShop(shopId, (tx) =>
        exportCustomerData(tx, { customerGid: null, email: "nobody@mail.example", requestKey: "r3" }, day(2)),
      ),
    ).toEqual({ outcome: "unknown_customer" });
  });
});

describe("E10 refunds", () => {
  it("E10 a later refund of the line labels the review, a failed one takes the label back, the badge stays", async () => {
    const member = await createTestMember(shopId);
    const line = orderLine({ productId: TEA, quantity: 1 });
    const order = await storeOrder(shopId, {
      customerId: member.customerGid,
      productGids: [],
      lines: [line, orderLine({ productId: "gid://shopify/Product/2" })],
    });
    const { reviewId } = await takeReview(
      shopId,
      submission({
        source: "account",
        productGid: TEA,
        customerGid: member.customerGid,
        orderId: order.orderId,
        lineId: line.lineId,
      }),
    );
    const refund = refundOfLine(line, 1, 1_000);
    const apply = (facts: typeof order.facts) => inShop(shopId, (tx) => applyOrder(tx, facts, "payload", day(1)));
    const refunded = later(order.facts, { refunds: [refund], financialStatus: "partially_refunded" });
    await apply(refunded);
    expect(await storedReview(shopId, reviewId)).toMatchObject({ status: "published", verified: true, refunded: true });
    await apply(later(refunded, { refunds: [{ ...refund, status: "failure" }], financialStatus: "paid" }));
    expect(await storedReview(shopId, reviewId)).toMatchObject({ verified: true, refunded: false });
  });

  it("E10 a refund at the very moment of submission is not missed", async () => {
    for (let round = 0; round < 5; round += 1) {
      const member = await createTestMember(shopId);
      const line = orderLine({ productId: TEA });
      const order = await storeOrder(shopId, { customerId: member.customerGid, productGids: [], lines: [line] });
      const refunded = later(order.facts, { refunds: [refundOfLine(line, 1, 1_000)], financialStatus: "refunded" });
      const [taken] = await Promise.all([
        takeReview(
          shopId,
          submission({
            source: "account",
            productGid: TEA,
            customerGid: member.customerGid,
            orderId: order.orderId,
            lineId: line.lineId,
            content: { body: `Round ${round}` },
          }),
        ),
        inShop(shopId, (tx) => applyOrder(tx, refunded, "payload", day(1))),
      ]);
      expect((await storedReview(shopId, taken.reviewId)).refunded).toBe(true);
    }
  });
});

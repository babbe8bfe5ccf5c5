import { beforeAll, describe, expect, it } from "vitest";

import { inShop, type ShopId } from "../../../app/db.server";
import { action as onReview, loader as openReview } from "../../../app/routes/app.reviews.$reviewId";
import { action as decide, loader as openInbox } from "../../../app/routes/app.reviews._index/route";
import { reportReview } from "../../../app/reviews/report-review.server";
import { storedReview, storeOrder, submission, takeReview } from "../../builders/review";
import { createTestMember } from "../../builders/member";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";
import { adminPost, adminRequest, sessionToken, statusOf, storeOfflineSession } from "./admin-requests";

const database = useTestDatabase();

const MINE = "reviews-test.myshopify.com";
let token: string;
let mine: ShopId;
let theirs: { shopId: ShopId; reviewId: number; mediaId: number };

const get = (path: string, params = {}) => ({ request: adminRequest(path, token), params, context: {} });
const post = (path: string, body: unknown, params = {}) => ({
  request: adminPost(path, token, body),
  params,
  context: {},
});
const inbox = (query = "") => openInbox(get(`/app/reviews${query}`));
const idsOf = async (query = "") => (await inbox(query)).page.items.map(({ reviewId }) => reviewId);
const review = (id: number | string) => openReview(get(`/app/reviews/${id}`, { reviewId: String(id) }));
const act = (id: number, body: unknown) => onReview(post(`/app/reviews/${id}`, body, { reviewId: String(id) }));
const send = (body: unknown) => decide(post("/app/reviews?index", body));

/** A photo of a review that nobody has looked at. */
async function addPhoto(shopId: ShopId, reviewId: number): Promise<number> {
  return inShop(shopId, async (tx) => {
    const { rows } = await tx.query<{ id: number }>(
      `INSERT INTO review_media (shop_id, review_id, kind, status, storage_key, files, created_at)
       VALUES ($1, $2, 'photo', 'ready', $3, '[{"name":"320.webp","width":320,"height":240,"type":"image/webp","bytes":1000}]', $4) RETURNING id`,
      [shopId, reviewId, crypto.randomUUID(), new Date("2026-06-20T03:00:00Z")],
    );
    await tx.query("UPDATE review SET queued_at = coalesce(queued_at, $3) WHERE shop_id = $1 AND id = $2", [
      shopId,
      reviewId,
      new Date("2026-06-20T03:00:00Z"),
    ]);
    return rows[0]?.id ?? 0;
  });
}
// Each by another author and in other words: nobody writes twenty reviews alike in an hour.
const THINGS = [
  "cup",
  "lamp",
  "coat",
  "chair",
  "knife",
  "towel",
  "bag",
  "ring",
  "vase",
  "clock",
  "scarf",
  "tray",
  "bowl",
];
const HABITS = [
  "every morning",
  "on Sundays",
  "at work",
  "by the sea",
  "after supper",
  "in the garden",
  "when it rains",
];
let written = 0;
const wordsOf = () => {
  written += 1;
  const thing = THINGS[written % THINGS.length] ?? "";
  const habit = HABITS[written % HABITS.length] ?? "";
  return {
    authorEmail: `author-${written}@example.org`,
    body: `I use this ${thing} ${habit}, ${written} times so far.`,
  };
};
const shown = (shopId: ShopId, content = {}) => {
  const { authorEmail, body } = wordsOf();
  return takeReview(shopId, submission({ authorEmail, content: { body, ...content } }));
};
const held = (shopId: ShopId, content = {}) => {
  const { authorEmail, body } = wordsOf();
  return takeReview(
    shopId,
    submission({ authorEmail, content: { body: `${body} See www.example.com/tea`, ...content } }),
  );
};
/** Reviews that wait for a look, many at once. */
async function addHeld(shopId: ShopId, count: number): Promise<number[]> {
  return inShop(shopId, async (tx) => {
    const { rows } = await tx.query<{ id: number }>(
      `INSERT INTO review (shop_id, product_gid, group_key, source, status, rating, title, hold_reasons, hold_until, queued_at, submitted_at, updated_at)
       SELECT $1, 'gid://shopify/Product/5', 'gid://shopify/Product/5', 'request', 'held', 1 + n % 5, 'Number ' || n, '{link}', $3::timestamptz + interval '14 days', $3, $3, $3
         FROM generate_series(1, $2::int) n RETURNING id`,
      [shopId, count, new Date("2026-06-20T03:00:00Z")],
    );
    return rows.map(({ id }) => id);
  });
}

beforeAll(async () => {
  mine = await createTestShop(MINE);
  const shopId = await createTestShop();
  await storeOfflineSession(MINE);
  token = await sessionToken(MINE);
  const { reviewId } = await held(shopId);
  theirs = { shopId, reviewId, mediaId: await addPhoto(shopId, reviewId) };
});

describe("the review inbox", () => {
  it("is calm where there is nothing, whatever the address says", async () => {
    const empty = await inbox("?tab=nonsense&kind=stars&cursor=x&product=y&review=-3");
    expect(empty.page.items).toEqual([]);
    expect(empty).toMatchObject({ pane: null, isNew: true });
    expect(empty.address).toMatchObject({ tab: "needs_you", kind: null, product: null, review: null });
  });

  it("shows what waits, why, and what happens by itself; clean reviews are not in it", async () => {
    const clean = await shown(mine, { title: "Clean" });
    const link = await held(mine, { title: "Linked" });
    const { page, pane, counts } = await inbox();
    expect(page.items.map(({ reviewId }) => reviewId)).toEqual([link.reviewId]);
    expect(pane?.review).toMatchObject({ reviewId: link.reviewId, status: "held", holdReasons: ["link"] });
    expect(pane?.review.findings).toMatchObject([{ kind: "link", field: "body" }]);
    expect(counts).toMatchObject({ queue: 1, held: 1 });
    expect(await idsOf("?tab=all")).toEqual(expect.arrayContaining([clean.reviewId, link.reviewId]));
    expect(await inbox("?kind=claim")).toMatchObject({ page: { items: [] }, isNew: false });
    expect(await idsOf("?kind=link")).toEqual([link.reviewId]);
    expect(await idsOf("?tab=all&q=Clean")).toEqual([clean.reviewId]);
    expect(await idsOf("?tab=all&product=2")).toEqual([]);
  });

  it("knows no filter and no order by stars", async () => {
    const all = await idsOf("?tab=all");
    for (const query of ["?tab=all&rating=1", "?tab=all&stars=5", "?tab=all&sort=rating"])
      expect(await idsOf(query)).toEqual(all);
  });

  it("publishes and rejects several at once, a rejection with a reason of the list only", async () => {
    const [a = 0, b = 0, c = 0] = await addHeld(mine, 3);
    const ids = [a, b];
    expect(await send({ intent: "decide", ids, decision: "reject" })).toMatchObject({ outcome: "failed" });
    expect(await send({ intent: "decide", ids, decision: "reject", reason: "low_rating" })).toMatchObject({
      outcome: "failed",
    });
    expect(await send({ intent: "decide", ids, decision: "publish" })).toEqual({
      outcome: "decided",
      done: 2,
      left: 0,
    });
    expect(await storedReview(mine, a)).toMatchObject({ status: "published" });
    const rejected = { intent: "decide", ids: [c], decision: "reject", reason: "spam" };
    expect(await send(rejected)).toMatchObject({ done: 1 });
    expect(await storedReview(mine, c)).toMatchObject({ status: "rejected", rejectReason: "spam" });
    const { rows } = await database
      .owner()
      .query("SELECT actor FROM review_event WHERE review_id = $1 AND kind = 'rejected'", [c]);
    expect(rows).toEqual([{ actor: "staff:42" }]);
  });

  it("says how many could not be decided, instead of pretending", async () => {
    const open = await takeReview(mine, { ...submission(), isConfirmed: false });
    const [clean = 0] = await addHeld(mine, 1);
    const answer = await send({ intent: "decide", ids: [open.reviewId, clean, 999_999], decision: "publish" });
    expect(answer).toEqual({ outcome: "decided", done: 1, left: 2 });
  });

  it("reads on in pages, each review once", async () => {
    const seen: number[] = [];
    await addHeld(mine, 35);
    let cursor: string | null = null;
    do {
      const { page }: Awaited<ReturnType<typeof inbox>> = await inbox(
        cursor === null ? "?tab=held" : `?tab=held&cursor=${encodeURIComponent(cursor)}`,
      );
      seen.push(...page.items.map(({ reviewId }) => reviewId));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen.length).toBeGreaterThan(35);
    expect(new Set(seen).size).toBe(seen.length);
  });
});

describe("one review", () => {
  it("comes with its order, its author's points and its history", async () => {
    const { customerGid, memberId } = await createTestMember(mine);
    const product = "gid://shopify/Product/77";
    const { orderId, lineIds, facts } = await storeOrder(mine, { productGids: [product], customerId: customerGid });
    const { reviewId } = await takeReview(
      mine,
      submission({
        source: "request",
        productGid: product,
        orderId,
        lineId: lineIds[0] ?? null,
        memberId,
        customerGid,
      }),
    );
    const { pane } = await review(reviewId);
    expect(pane.review.order).toMatchObject({ id: orderId, name: facts.name });
    expect(pane.review.member).toMatchObject({ id: memberId });
    expect(pane.member).toEqual({ balance: 0, tier: null });
    expect(pane.review.events.map(({ kind }) => kind)).toContain("submitted");
  });

  it("is answered in public, in private and among staff", async () => {
    const { reviewId } = await shown(mine);
    expect(await act(reviewId, { intent: "reply", text: "Thank you" })).toEqual({ act: "replied" });
    expect(await act(reviewId, { intent: "reply", text: "Thank you" })).toEqual({ act: "unchanged" });
    expect(await act(reviewId, { intent: "message", text: "May we help?" })).toEqual({ act: "sent" });
    expect(await act(reviewId, { intent: "note", text: "Called her" })).toEqual({ act: "noted" });
    expect(await act(reviewId, { intent: "note", text: "  " })).toEqual({ act: "empty" });
    const { pane } = await review(reviewId);
    expect(pane.review.reply).toMatchObject({ text: "Thank you", by: "staff:42" });
    expect(pane.review.notes.map(({ kind }) => kind)).toEqual(["staff_note", "private_message"]);
    expect(await act(reviewId, { intent: "reply", text: "" })).toEqual({ act: "removed" });
    const waiting = await held(mine);
    expect(await act(waiting.reviewId, { intent: "reply", text: "Hello" })).toEqual({ act: "not_published" });
  });

  it("keeps what was reported once a person has read the reports", async () => {
    const { reviewId } = await shown(mine);
    await reportReview(mine, reviewId, { reason: "spam", text: "", reporter: "r1" }, new Date("2026-06-21T00:00:00Z"));
    expect(await idsOf("?tab=reports")).toEqual([reviewId]);
    expect(await act(reviewId, { intent: "keep" })).toEqual({ act: "resolved" });
    expect(await act(reviewId, { intent: "keep" })).toEqual({ act: "unchanged" });
    expect(await idsOf("?tab=reports")).toEqual([]);
    expect(await storedReview(mine, reviewId)).toMatchObject({ status: "published" });
  });

  it("shows masked data again, and hides it, on a person's word", async () => {
    const { reviewId } = await shown(mine, { body: "Write to me at jane@example.net please." });
    const finding = (await review(reviewId)).pane.review.findings.find(({ kind }) => kind === "contact_data");
    expect(finding).toMatchObject({ field: "body" });
    const change = { intent: "mask", kind: "contact_data", field: "body", from: finding?.from, to: finding?.to };
    expect((await review(reviewId)).pane.review.texts.body).not.toContain("jane@");
    expect(await act(reviewId, { ...change, masked: false })).toEqual({ act: "unmasked" });
    expect((await review(reviewId)).pane.review.texts.body).toContain("jane@");
    expect(await act(reviewId, { ...change, masked: true })).toEqual({ act: "masked" });
  });

  it("shows a photo only after somebody looked at it, and removes one for good", async () => {
    const { reviewId } = await shown(mine);
    const mediaId = await addPhoto(mine, reviewId);
    const other = await addPhoto(mine, reviewId);
    expect(await idsOf("?tab=media")).toEqual([reviewId]);
    expect((await review(reviewId)).pane.media).toMatchObject([{ mediaId, isViewed: false }, { mediaId: other }]);
    expect(await act(reviewId, { intent: "approve_media", mediaIds: [mediaId] })).toEqual({ act: "media_approved" });
    expect(await act(reviewId, { intent: "describe", mediaId, alt: "A cup" })).toEqual({ act: "described" });
    expect(await act(reviewId, { intent: "remove_media", mediaIds: [other] })).toEqual({ act: "media_removed" });
    expect((await review(reviewId)).pane.media).toMatchObject([{ mediaId, isViewed: true, alt: "A cup" }]);
    expect(await idsOf("?tab=media")).toEqual([]);
    expect(await act(reviewId, { intent: "curate", mediaId })).toEqual({ act: "curated" });
    const { rows } = await database.owner().query("SELECT photos, award_due FROM review WHERE id = $1", [reviewId]);
    expect(rows).toEqual([{ photos: 1, award_due: true }]);
  });

  it("refuses what is no request", async () => {
    const { reviewId } = await shown(mine);
    for (const body of [null, {}, { intent: "rate", stars: 5 }, { intent: "verify" }, { intent: "reply" }])
      expect(await act(reviewId, body)).toEqual({ act: "failed" });
  });
});

describe("D08 reviews of another shop answer as those that do not exist", () => {
  it("D08 reading and acting", async () => {
    for (const id of [theirs.reviewId, 999_999, "0", "-1", "x", "9007199254740993"])
      expect(await statusOf(review(id))).toBe(404);
    for (const body of [
      { intent: "reply", text: "Hello" },
      { intent: "message", text: "Hello" },
      { intent: "note", text: "Hello" },
      { intent: "keep" },
      { intent: "mask", kind: "link", field: "body", from: 4, to: 19, masked: true },
      { intent: "approve_media", mediaIds: [theirs.mediaId] },
      { intent: "remove_media", mediaIds: [theirs.mediaId] },
      { intent: "describe", mediaId: theirs.mediaId, alt: "mine" },
      { intent: "curate", mediaId: theirs.mediaId },
    ])
      expect(await statusOf(act(theirs.reviewId, body))).toBe(404);
    const own = await shown(mine);
    for (const intent of ["approve_media", "remove_media"])
      expect(await statusOf(act(own.reviewId, { intent, mediaIds: [theirs.mediaId] }))).toBe(404);
    const { rows } = await database
      .owner()
      .query("SELECT status, alt, viewed_at FROM review_media WHERE id = $1", [theirs.mediaId]);
    expect(rows).toEqual([{ status: "ready", alt: "", viewed_at: null }]);
  });

  it("D08 they are in no list, beside no list, and are not decided", async () => {
    expect(await idsOf(`?tab=all&q=${theirs.reviewId}`)).toEqual([]);
    expect((await inbox(`?review=${theirs.reviewId}`)).pane).toBeNull();
    const answer = await send({ intent: "decide", ids: [theirs.reviewId], decision: "publish" });
    expect(answer).toEqual({ outcome: "decided", done: 0, left: 1 });
    const { rows } = await database.owner().query("SELECT status FROM review WHERE id = $1", [theirs.reviewId]);
    expect(rows).toEqual([{ status: "held" }]);
  });
});

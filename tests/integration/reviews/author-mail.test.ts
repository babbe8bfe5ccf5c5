// What authors are told about their reviews: through the same gate, with the links only they have.
import { beforeEach, describe, expect, it } from "vitest";

import { inShop, queryShop, type ShopId } from "../../../app/db.server";
import { announceShopReviews } from "../../../app/jobs/handlers/announce-reviews.server";
import { sendDueMessages } from "../../../app/jobs/handlers/send-messages.server";
import { saveMailSettings } from "../../../app/journeys/message-log.server";
import { confirmReview } from "../../../app/reviews/confirm-review.server";
import { deleteReview } from "../../../app/reviews/delete-review.server";
import { editReview } from "../../../app/reviews/edit-review.server";
import { messageAuthor } from "../../../app/reviews/message-author.server";
import { decideReviews } from "../../../app/reviews/moderation/decide-reviews.server";
import { replyToReview } from "../../../app/reviews/reply-to-review.server";
import { REJECT_REASONS } from "../../../app/reviews/review-content";
import { REJECTION_TEXTS } from "../../../app/mail/templates/review-words";
import { createTestMember, type TestMember } from "../../builders/member";
import { setReviewSettings, storeOrder, submission, takeReview } from "../../builders/review";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";
import { parseMail, type ParsedMail } from "../../simulator/mime";
import { useTestMailbox } from "../journeys/test-mailbox";

const database = useTestDatabase();
const mailbox = useTestMailbox();
const signal = new AbortController().signal;
/** 12:00 in Tokyo. */
const NOW = new Date("2026-06-20T03:00:00Z");
const minutes = (count: number) => new Date(NOW.getTime() + count * 60_000);
const TEA = "gid://shopify/Product/501";
const MEMBER_MAIL = "hanako@example.jp";
const STRANGER = "stranger@example.org";

let shopId: ShopId;
let member: TestMember;
beforeEach(async () => {
  shopId = await createTestShop();
  await inShop(shopId, async (tx) => {
    await tx.query(
      "UPDATE shop_profile SET email = 'shop@kinari.example', primary_domain = 'kinari.example.jp' WHERE shop_id = $1",
      [shopId],
    );
    await tx.query(
      "INSERT INTO product_fact (shop_id, product_gid, title, tags, collection_ids, updated_at) VALUES ($1, $2, '煎茶', '{}', '{}', $3)",
      [shopId, TEA, NOW],
    );
  });
  member = await createTestMember(shopId, { email: MEMBER_MAIL, emailConsent: "not_subscribed" });
});

const announceAndSend = async (now = NOW) => {
  await announceShopReviews({ shopId }, { now, signal });
  return sendDueMessages({ shopId }, { now, signal });
};
const mails = (): ParsedMail[] => mailbox.received.map(({ raw }) => parseMail(Buffer.from(raw, "utf8")));
const messages = () =>
  queryShop<{ kind: string; status: string; why: string | null; params: Record<string, unknown> }>(
    shopId,
    "SELECT kind, status, why, params FROM message WHERE shop_id = $1 ORDER BY id",
    [shopId],
  );
const byStranger = (content: Record<string, unknown> = {}) =>
  submission({
    source: "open",
    productGid: TEA,
    customerGid: null,
    authorEmail: STRANGER,
    isConfirmed: false,
    locale: "en",
    visitorKey: "v1",
    content,
  });

describe("an author nobody knows", () => {
  beforeEach(() => setReviewSettings(shopId, { open: "everyone" }));

  it("is asked once whether it was them, in their language, without a word of what was typed", async () => {
    const taken = await takeReview(
      shopId,
      byStranger({
        authorName: "Hi, you won http://evil.example",
        body: "Buy at evil dot example, it smells of spring.",
      }),
      NOW,
    );
    await announceAndSend();
    await announceAndSend(minutes(5));
    const [mail] = mails();
    expect(mails()).toHaveLength(1);
    expect(mail).toMatchObject({ to: STRANGER, subject: "Please confirm your review" });
    expect(`${mail?.subject}${mail?.text}${mail?.html}`).not.toMatch(/evil|spring|Hello/);
    const link = /https:\/\/kinari\.example\.jp\/apps\/kizuna\/review\/confirm\?t=([\w-]+)/.exec(mail?.text ?? "");
    expect(await confirmReview(shopId, link?.[1] ?? "", minutes(10))).toMatchObject({ reviewId: taken.reviewId });
    const { rows } = await database
      .owner()
      .query("SELECT to_jsonb(m)::text AS row FROM message m WHERE shop_id = $1", [shopId]);
    expect(JSON.stringify(rows)).not.toContain(link?.[1] ?? "?");
    expect(JSON.stringify(rows)).not.toContain(STRANGER);
  });

  it("gets nothing else until then: anybody may have typed the address", async () => {
    const taken = await takeReview(shopId, byStranger(), NOW);
    await messageAuthor(shopId, taken.reviewId, "Thank you for writing.", "staff:1", NOW);
    await decideReviews(shopId, [taken.reviewId], { decision: "reject", reason: "spam" }, "staff:1", NOW);
    await announceAndSend();
    expect((await messages()).filter(({ kind }) => kind !== "review_confirm").map(({ why }) => why)).toEqual(
      (await messages()).filter(({ kind }) => kind !== "review_confirm").map(() => "unconfirmed"),
    );
    expect(mails()).toEqual([]); // Rejected meanwhile, so there is nothing to confirm either.
  });

  it("F11 is not flooded: three questions a day to an address, whoever types it", async () => {
    for (let each = 0; each < 5; each++) {
      const { rows } = await database.owner().query<{ id: number }>(
        `INSERT INTO review (shop_id, product_gid, group_key, source, status, rating, author_email, hold_reasons, submitted_at, updated_at)
         VALUES ($1, $2, $2, 'open', 'held', 5, $3, '{unverified}', $4, $4) RETURNING id`,
        [shopId, `gid://shopify/Product/${each}`, STRANGER, NOW],
      );
      await database
        .owner()
        .query(
          "INSERT INTO review_notice (shop_id, review_id, kind, key, at) VALUES ($1, $2, 'review_confirm', $3, $4)",
          [shopId, rows[0]?.id, `confirm/${each}`, NOW],
        );
    }
    await Promise.all(Array.from({ length: 8 }, () => announceShopReviews({ shopId }, { now: NOW, signal })));
    const found = await messages();
    expect(found.filter(({ status }) => status === "queued")).toHaveLength(3);
    expect(found.filter(({ why }) => why === "capped")).toHaveLength(2);
  });
});

describe("an author we know", () => {
  const written = async (change: Parameters<typeof submission>[0] = {}) =>
    takeReview(
      shopId,
      submission({
        productGid: TEA,
        customerGid: member.customerGid,
        memberId: member.memberId,
        authorEmail: MEMBER_MAIL,
        locale: "ja",
        ...change,
      }),
      NOW,
    );

  it("hears that it is shown, with the points it brought, once they are there", async () => {
    const order = await storeOrder(shopId, { customerId: member.customerGid, productGids: [TEA] });
    const lineId = order.lineIds[0] ?? "";
    await setReviewSettings(shopId, { publish: "after_a_look" });
    const taken = await written({ source: "account", orderId: order.orderId, lineId });
    await decideReviews(shopId, [taken.reviewId], { decision: "publish" }, "staff:1", NOW);
    await announceAndSend();
    expect(mails()).toEqual([]); // The award has not been looked at yet.
    await database
      .owner()
      .query(
        "INSERT INTO way_grant (shop_id, member_id, way_id, occasion, kind, points, at) VALUES ($1, $2, 'review', $3, 'review', 50, $4), ($1, $2, 'photo', $3, 'photo_review', 30, $4)",
        [shopId, member.memberId, `line/${lineId.split("/").at(-1)}`, NOW],
      );
    await database.owner().query("UPDATE review SET award_due = false WHERE id = $1", [taken.reviewId]);
    await announceAndSend(minutes(1));
    const [mail] = mails();
    expect(mail).toMatchObject({ to: MEMBER_MAIL, subject: "レビューが公開されました" });
    expect(mail?.text).toContain("「煎茶」のレビューが公開されました");
    expect(mail?.text).toContain("80ポイントを差し上げました。レビューには「ポイント進呈あり」と表示されます。");
    expect(mail?.text).toMatch(/review\/mine\?t=[\w-]{22}/);
  });

  it("does not wait for points for ever", async () => {
    await setReviewSettings(shopId, { publish: "after_a_look" });
    const taken = await written();
    await decideReviews(shopId, [taken.reviewId], { decision: "publish" }, "staff:1", NOW);
    await announceAndSend(minutes(9));
    expect(mails()).toEqual([]);
    await announceAndSend(minutes(11));
    expect(mails()).toHaveLength(1);
    expect(mails()[0]?.text).not.toContain("ポイント");
  });

  it("reads why it was turned down, that stars are no reason, and how to object once", async () => {
    const taken = await written();
    await decideReviews(
      shopId,
      [taken.reviewId],
      { decision: "reject", reason: "personal_data" },
      "staff:1",
      minutes(1),
    );
    await announceAndSend(minutes(1));
    const rejected = mails().find(({ subject }) => subject === "ご投稿いただいたレビューについて");
    expect(rejected?.text).toContain("理由：個人情報が含まれているため");
    expect(rejected?.text).toContain("星の数");
    expect(rejected?.text).toContain("一度だけ再確認");
  });

  it("reads that an edit was turned down while the earlier words stay", async () => {
    const taken = await written();
    await setReviewSettings(shopId, { publish: "after_a_look" });
    const content = { rating: 2, title: "", body: "Another text, which nobody has seen so far.", authorName: "H" };
    await editReview(shopId, taken.reviewId, content, null, minutes(1));
    await decideReviews(shopId, [taken.reviewId], { decision: "reject", reason: "off_topic" }, "staff:1", minutes(2));
    await announceAndSend(minutes(2));
    const [mail] = mails();
    expect(mail?.subject).toBe("レビューの変更について");
    expect(mail?.text).toContain("これまでのレビューは、そのまま掲載されています。");
    expect(mail?.text).toContain("理由：商品についての内容ではないため");
  });

  it("gets the shop's reply and its private words as they were written, and nothing is kept with the message", async () => {
    const taken = await written();
    await replyToReview(shopId, taken.reviewId, "ありがとうございます。\n<b>太字</b>ではありません。", "staff:1", NOW);
    await messageAuthor(shopId, taken.reviewId, "お詫びの品をお送りします。", "staff:1", NOW);
    await announceAndSend();
    const reply = mails().find(({ subject }) => subject.includes("返信"));
    expect(reply?.text).toMatch(/> ありがとうございます。\r?\n> <b>太字<\/b>ではありません。/);
    expect(reply?.html).toContain("&lt;b&gt;太字");
    const note = mails().find(({ subject }) => subject.endsWith("からのご連絡"));
    expect(note?.text).toContain("> お詫びの品をお送りします。");
    expect(note?.headers["reply-to"]).toBe("shop@kinari.example");
    expect(JSON.stringify(await messages())).not.toMatch(/お詫び|太字/);
  });

  it("hears no more of a review that is gone, or that the shop does not tell about", async () => {
    const taken = await written();
    await replyToReview(shopId, taken.reviewId, "ありがとうございます。", "staff:1", NOW);
    await announceShopReviews({ shopId }, { now: NOW, signal });
    await deleteReview(shopId, taken.reviewId, "author", NOW);
    await announceAndSend();
    expect(mails()).toEqual([]);
    expect(await saveMailSettings(shopId, { kinds: { review_replied: false } })).toEqual({ outcome: "saved" });
    const other = await written({
      productGid: "gid://shopify/Product/9",
      content: { body: "Something else, and quite long enough." },
    });
    await replyToReview(shopId, other.reviewId, "ありがとうございます。", "staff:1", NOW);
    await announceAndSend();
    expect((await messages()).at(-1)).toMatchObject({ kind: "review_replied", status: "skipped", why: "kind_off" });
  });
});

it("every reason for a rejection has its words", () => {
  expect(Object.keys(REJECTION_TEXTS).sort()).toEqual([...REJECT_REASONS].sort());
});

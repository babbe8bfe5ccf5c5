// What becomes of a review: people decide, authors edit, confirm, appeal and delete, and holds end by themselves.
import { beforeEach, describe, expect, it } from "vitest";

import { queryShop, routerPool, type ShopId } from "../../../app/db.server";
import { HANDLERS } from "../../../app/jobs/handlers.server";
import { appealReview } from "../../../app/reviews/appeal-review.server";
import { confirmReview } from "../../../app/reviews/confirm-review.server";
import { deleteReview } from "../../../app/reviews/delete-review.server";
import { editReview } from "../../../app/reviews/edit-review.server";
import { messageAuthor } from "../../../app/reviews/message-author.server";
import { decideAppeal } from "../../../app/reviews/moderation/decide-appeal.server";
import { decideReviews } from "../../../app/reviews/moderation/decide-reviews.server";
import { endHolds } from "../../../app/reviews/moderation/end-holds.server";
import { maskFinding } from "../../../app/reviews/moderation/mask-findings.server";
import { resolveReports } from "../../../app/reviews/moderation/resolve-reports.server";
import { replyToReview } from "../../../app/reviews/reply-to-review.server";
import { reportReview } from "../../../app/reviews/report-review.server";
import { submitReview } from "../../../app/reviews/submit-review.server";
import {
  REVIEW_DAY,
  reviewEvents,
  reviewNotices,
  setReviewSettings,
  storedReview,
  submission,
  takeReview,
} from "../../builders/review";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";

useTestDatabase();
const STAFF = "staff:gid://shopify/StaffMember/1";
const DAY = 86_400_000;
const day = (count: number) => new Date(REVIEW_DAY.getTime() + count * DAY);
const never = new AbortController().signal;
let shopId: ShopId;
beforeEach(async () => {
  shopId = await createTestShop();
});

/** A review that is held because of a link. */
const linked = (fields: Parameters<typeof submission>[0] = {}) =>
  takeReview(
    shopId,
    submission({ ...fields, content: { body: "See www.other-shop.example.com for more of it.", ...fields.content } }),
  );
const confirming = async () => {
  await setReviewSettings(shopId, { open: "everyone" });
  return takeReview(shopId, submission({ source: "open", customerGid: null, isConfirmed: false }));
};
const words = (body: string, rating = 3) => ({
  rating,
  title: "",
  body,
  pros: "",
  cons: "",
  answers: [],
  authorName: "Hanako",
});
const publish = { decision: "publish" as const };
const reject = { decision: "reject" as const, reason: "spam" as const };

describe("decisions", () => {
  it("show what was held and tell the author, once", async () => {
    const { reviewId } = await linked();
    expect(await decideReviews(shopId, [reviewId, 999_999], publish, STAFF, day(1))).toEqual({
      outcome: "decided",
      results: [
        { reviewId, result: "published" },
        { reviewId: 999_999, result: "gone" },
      ],
    });
    expect(await storedReview(shopId, reviewId)).toMatchObject({
      status: "published",
      publishedAt: day(1),
      queuedAt: null,
      holdReasons: [],
      holdUntil: null,
    });
    expect(await decideReviews(shopId, [reviewId], publish, STAFF, day(2))).toMatchObject({
      results: [{ result: "kept" }],
    });
    expect(await reviewEvents(shopId, reviewId)).toEqual(["submitted", "held", "published", "looked_at"]);
    expect(await reviewNotices(shopId, reviewId)).toEqual([{ kind: "review_published", params: {} }]);
    const outside = await createTestShop();
    expect(await decideReviews(outside, [reviewId], reject, STAFF, day(2))).toMatchObject({
      results: [{ result: "gone" }],
    });
  });

  it("reject with a reason of the list, keep the words, and refuse anything else", async () => {
    const { reviewId } = await takeReview(shopId, submission());
    expect(await decideReviews(shopId, [reviewId], { decision: "reject" }, STAFF, day(1))).toEqual({
      outcome: "reason_missing",
    });
    expect(
      await decideReviews(shopId, [reviewId], { decision: "reject", reason: "too few stars" as "spam" }, STAFF, day(1)),
    ).toEqual({ outcome: "reason_missing" });
    expect(
      await decideReviews(
        shopId,
        Array.from({ length: 251 }, (_, id) => id),
        publish,
        STAFF,
        day(1),
      ),
    ).toEqual({ outcome: "too_many" });
    await decideReviews(shopId, [reviewId], { decision: "reject", reason: "off_topic" }, STAFF, day(1));
    expect(await storedReview(shopId, reviewId)).toMatchObject({
      status: "rejected",
      rejectReason: "off_topic",
      title: "Good tea",
      grams: 0,
      awardDue: true,
    });
    expect(await decideReviews(shopId, [reviewId], reject, STAFF, day(2))).toMatchObject({
      results: [{ result: "unchanged" }],
    });
    expect(await reviewNotices(shopId, reviewId)).toEqual([
      { kind: "review_rejected", params: { reason: "off_topic" } },
    ]);
    await decideReviews(shopId, [reviewId], publish, STAFF, day(3));
    expect(await storedReview(shopId, reviewId)).toMatchObject({
      status: "published",
      rejectReason: null,
      publishedAt: REVIEW_DAY,
    });
  });

  it("cannot release what waits for its author", async () => {
    const { reviewId } = await confirming();
    expect(await decideReviews(shopId, [reviewId], publish, STAFF, day(1))).toMatchObject({
      results: [{ result: "needs_confirmation" }],
    });
    await decideReviews(shopId, [reviewId], reject, STAFF, day(1));
    expect(await decideReviews(shopId, [reviewId], publish, STAFF, day(2))).toMatchObject({
      results: [{ result: "needs_confirmation" }],
    });
    expect((await storedReview(shopId, reviewId)).status).toBe("rejected");
  });

  it("take many at once, whoever else decides at the same moment", async () => {
    const ids: number[] = [];
    for (let index = 0; index < 12; index += 1)
      ids.push(
        (await linked({ productGid: `gid://shopify/Product/${900 + index}`, authorEmail: `m${index}@mail.example` }))
          .reviewId,
      );
    const outcomes = await Promise.all([
      decideReviews(shopId, ids, publish, STAFF, day(1)),
      decideReviews(shopId, [...ids].reverse(), reject, "staff:2", day(1)),
      decideReviews(shopId, ids, publish, "staff:3", day(1)),
    ]);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(["decided", "decided", "decided"]);
    for (const reviewId of ids) {
      const { status } = await storedReview(shopId, reviewId);
      const last = (await reviewEvents(shopId, reviewId))
        .filter((kind) => kind === "published" || kind === "rejected")
        .at(-1);
      expect(status).toBe(last);
    }
  });

  it("let the author's deletion stand, whichever comes first", async () => {
    for (let round = 0; round < 6; round += 1) {
      const { reviewId } = await linked({
        productGid: `gid://shopify/Product/${800 + round}`,
        customerGid: `gid://shopify/Customer/${round}`,
      });
      await Promise.all([
        deleteReview(shopId, reviewId, "author", day(1)),
        decideReviews(shopId, [reviewId], publish, STAFF, day(1)),
      ]);
      expect(await storedReview(shopId, reviewId)).toMatchObject({
        status: "deleted",
        title: "",
        body: "",
        grams: 0,
        findings: [],
      });
    }
  });
});

describe("holds end", () => {
  it("by themselves after 14 days, caught up once after days off", async () => {
    const early = await linked();
    const late = await linked({
      customerGid: "gid://shopify/Customer/77",
      authorEmail: "late@mail.example",
      content: { rating: 1, title: "Bitter", body: "Read t.me/bitter before you buy it here." },
    });
    expect(await endHolds(shopId, new Date(day(14).getTime() - 1), never)).toEqual({
      published: 0,
      unconfirmed: 0,
      editsPublished: 0,
    });
    const due = await routerPool().query("SELECT work FROM due_shops($1) WHERE shop_id = $2 AND work = 'hold'", [
      day(20),
      shopId,
    ]);
    expect(due.rows).toHaveLength(1);
    const both = await Promise.all([endHolds(shopId, day(20), never), endHolds(shopId, day(20), never)]);
    expect(both.reduce((sum, { published }) => sum + published, 0)).toBe(2);
    for (const { reviewId } of [early, late]) {
      expect(await storedReview(shopId, reviewId)).toMatchObject({
        status: "published",
        publishedAt: day(20),
        queuedAt: null,
      });
      expect((await reviewEvents(shopId, reviewId)).filter((kind) => kind === "published")).toHaveLength(1);
      expect(await reviewNotices(shopId, reviewId)).toEqual([{ kind: "review_published", params: {} }]);
    }
    const handler = await HANDLERS["end-review-holds"]();
    expect(await handler({ shopId }, { now: day(30), signal: never })).toEqual({
      published: 0,
      unconfirmed: 0,
      editsPublished: 0,
    });
  });

  it("with the author's word, else as unconfirmed, and then it is too late", async () => {
    const first = await confirming();
    expect(await confirmReview(shopId, first.authorToken, day(3))).toEqual({
      outcome: "published",
      reviewId: first.reviewId,
    });
    expect(await confirmReview(shopId, first.authorToken, day(4))).toEqual({
      outcome: "already_confirmed",
      reviewId: first.reviewId,
    });
    expect(await storedReview(shopId, first.reviewId)).toMatchObject({
      status: "published",
      verified: false,
      confirmedAt: day(3),
    });
    const second = await takeReview(
      shopId,
      submission({
        source: "open",
        customerGid: null,
        isConfirmed: false,
        authorEmail: "nobody@mail.example",
        content: { body: "Entirely different." },
      }),
    );
    expect(await endHolds(shopId, day(14), never)).toEqual({ published: 0, unconfirmed: 1, editsPublished: 0 });
    expect(await storedReview(shopId, second.reviewId)).toMatchObject({ status: "unconfirmed", queuedAt: null });
    expect(await confirmReview(shopId, second.authorToken, day(15))).toEqual({ outcome: "too_late" });
    for (const token of ["", "x", "A".repeat(22), second.authorToken.slice(1)])
      expect(await confirmReview(shopId, token, day(3))).toEqual({ outcome: "not_found" });
    const other = await createTestShop();
    expect(await confirmReview(other, first.authorToken, day(3))).toEqual({ outcome: "not_found" });
  });

  it("with a person where the law wants one, however long that takes", async () => {
    const { reviewId } = await takeReview(
      shopId,
      submission({ content: { body: "I will kill you if you sell this again." } }),
    );
    expect(await storedReview(shopId, reviewId)).toMatchObject({
      status: "held",
      holdReasons: ["threat"],
      holdUntil: null,
    });
    await endHolds(shopId, day(400), never);
    expect((await storedReview(shopId, reviewId)).status).toBe("held");
  });

  it("in the order of strictness: a confirmed review with a link waits for its days", async () => {
    await setReviewSettings(shopId, { open: "everyone" });
    const { reviewId, authorToken } = await linked({ source: "open", customerGid: null, isConfirmed: false });
    expect((await storedReview(shopId, reviewId)).holdReasons).toEqual(["link", "unverified"]);
    expect(await confirmReview(shopId, authorToken, day(2))).toEqual({ outcome: "held", reviewId });
    expect(await storedReview(shopId, reviewId)).toMatchObject({
      status: "held",
      holdReasons: ["link"],
      holdUntil: day(14),
    });
    await endHolds(shopId, day(14), never);
    expect((await storedReview(shopId, reviewId)).status).toBe("published");
  });
});

describe("edits", () => {
  it("are shown at once when nothing holds them", async () => {
    const { reviewId } = await takeReview(shopId, submission());
    expect(await editReview(shopId, reviewId, words("Changed my mind."), null, day(1))).toEqual({
      outcome: "published",
      version: 2,
    });
    expect(await editReview(shopId, reviewId, words("Changed my mind."), null, day(1))).toEqual({
      outcome: "unchanged",
      version: 2,
    });
    expect(await storedReview(shopId, reviewId)).toMatchObject({
      status: "published",
      rating: 3,
      body: "Changed my mind.",
      version: 2,
      publishedAt: REVIEW_DAY,
    });
    const versions = await queryShop(
      shopId,
      "SELECT version, status FROM review_version WHERE shop_id = $1 ORDER BY version",
      [shopId],
    );
    expect(versions).toEqual([
      { version: 1, status: "superseded" },
      { version: 2, status: "shown" },
    ]);
  });

  it("wait behind the shown words, which stay until the edit is decided or its days are over", async () => {
    const { reviewId } = await takeReview(shopId, submission());
    expect(await editReview(shopId, reviewId, words("Now see www.spam.example.com", 1), null, day(1))).toEqual({
      outcome: "held",
      version: 2,
    });
    expect(await storedReview(shopId, reviewId)).toMatchObject({
      status: "published",
      rating: 4,
      version: 1,
      queuedAt: day(1),
    });
    // A newer edit takes the waiting one's place.
    expect(await editReview(shopId, reviewId, words("Rather see www.spam.example.org", 2), null, day(2))).toEqual({
      outcome: "held",
      version: 3,
    });
    await decideReviews(shopId, [reviewId], reject, STAFF, day(3));
    expect(await storedReview(shopId, reviewId)).toMatchObject({
      status: "published",
      rating: 4,
      version: 1,
      queuedAt: null,
    });
    await editReview(shopId, reviewId, words("Then look at www.third.example.com", 5), null, day(4));
    expect(await endHolds(shopId, day(17), never)).toMatchObject({ editsPublished: 0 });
    expect(await endHolds(shopId, day(18), never)).toEqual({ published: 0, unconfirmed: 0, editsPublished: 1 });
    expect(await storedReview(shopId, reviewId)).toMatchObject({
      status: "published",
      rating: 5,
      version: 4,
      queuedAt: null,
    });
    expect(await reviewNotices(shopId, reviewId)).toEqual([
      { kind: "review_rejected", params: { reason: "spam", edit: true } },
      { kind: "review_published", params: {} },
    ]);
  });

  it("of words nobody has seen take their place and wait anew", async () => {
    const { reviewId } = await linked();
    expect(await editReview(shopId, reviewId, words("Another www.place.example.com"), null, day(5))).toEqual({
      outcome: "held",
      version: 2,
    });
    expect(await storedReview(shopId, reviewId)).toMatchObject({
      status: "held",
      version: 2,
      body: "Another www.place.example.com",
      holdUntil: day(19),
    });
    expect(await editReview(shopId, reviewId, words("No links any more."), null, day(6))).toEqual({
      outcome: "published",
      version: 3,
    });
    expect(await storedReview(shopId, reviewId)).toMatchObject({ status: "published", publishedAt: day(6) });
  });

  it("are not taken of what was rejected or deleted, and refuse bad content", async () => {
    const { reviewId } = await takeReview(shopId, submission());
    expect(await editReview(shopId, reviewId, { rating: 9 }, null, day(1))).toMatchObject({ outcome: "bad_content" });
    await decideReviews(shopId, [reviewId], reject, STAFF, day(1));
    expect(await editReview(shopId, reviewId, words("Again."), null, day(1))).toEqual({ outcome: "not_editable" });
    expect(await editReview(shopId, 424_242, words("Whose?"), null, day(1))).toEqual({ outcome: "not_found" });
  });
});

describe("masks", () => {
  it("hide contact data at once, are lifted by staff, and never touch the words", async () => {
    const body = "Write to hanako@example.org, it is good tea.";
    const { reviewId, outcome } = await takeReview(shopId, submission({ content: { body } }));
    expect(outcome).toBe("published");
    const [finding] = (await storedReview(shopId, reviewId)).findings;
    expect(finding).toMatchObject({ kind: "contact_data", field: "body", from: 9, to: 27 });
    const change = { kind: "contact_data", field: "body", from: 9, to: 27 };
    expect(await maskFinding(shopId, reviewId, { ...change, masked: false }, STAFF, day(1))).toEqual({
      outcome: "unmasked",
    });
    expect(await maskFinding(shopId, reviewId, { ...change, masked: false }, STAFF, day(1))).toEqual({
      outcome: "unchanged",
    });
    expect(await maskFinding(shopId, reviewId, { ...change, masked: true }, STAFF, day(1))).toEqual({
      outcome: "masked",
    });
    expect(await maskFinding(shopId, reviewId, { ...change, from: 0, masked: true }, STAFF, day(1))).toEqual({
      outcome: "not_found",
    });
    expect(await storedReview(shopId, reviewId)).toMatchObject({ body });
    expect((await reviewEvents(shopId, reviewId)).slice(2)).toEqual(["unmasked", "masked"]);
  });
});

describe("appeals", () => {
  it("are one per review; upheld ones show it, dismissed ones leave it", async () => {
    const { reviewId } = await takeReview(shopId, submission());
    expect(await appealReview(shopId, reviewId, "Why?", day(1))).toEqual({ outcome: "not_rejected" });
    await decideReviews(shopId, [reviewId], reject, STAFF, day(1));
    expect(await appealReview(shopId, reviewId, " \n ", day(2))).toEqual({ outcome: "empty" });
    const at = await Promise.all([
      appealReview(shopId, reviewId, "It is no spam.", day(2)),
      appealReview(shopId, reviewId, "It is no spam.", day(2)),
    ]);
    expect(at.map(({ outcome }) => outcome).sort()).toEqual(["already_appealed", "appealed"]);
    expect((await storedReview(shopId, reviewId)).queuedAt).toEqual(day(2));
    expect(await decideAppeal(shopId, reviewId, "uphold", STAFF, day(3))).toEqual({ outcome: "published" });
    expect(await storedReview(shopId, reviewId)).toMatchObject({
      status: "published",
      appeal: "upheld",
      queuedAt: null,
    });
    await decideReviews(shopId, [reviewId], reject, STAFF, day(4));
    expect(await appealReview(shopId, reviewId, "Again?", day(5))).toEqual({ outcome: "already_appealed" });
  });

  it("that are dismissed tell the reason again", async () => {
    const { reviewId } = await takeReview(shopId, submission());
    await decideReviews(shopId, [reviewId], reject, STAFF, day(1));
    await appealReview(shopId, reviewId, "It is no spam.", day(2));
    expect(await decideAppeal(shopId, reviewId, "dismiss", STAFF, day(3))).toEqual({ outcome: "rejected" });
    expect(await decideAppeal(shopId, reviewId, "dismiss", STAFF, day(3))).toEqual({ outcome: "no_appeal" });
    expect(await storedReview(shopId, reviewId)).toMatchObject({
      status: "rejected",
      appeal: "dismissed",
      rejectReason: "spam",
      queuedAt: null,
    });
    expect(await reviewNotices(shopId, reviewId)).toEqual([
      { kind: "review_rejected", params: { reason: "spam" } },
      { kind: "review_rejected", params: { reason: "spam", appeal: "dismissed" } },
    ]);
  });
});

describe("reports", () => {
  const report = { reason: "personal_data", text: "My address is in it.", reporter: "someone" };

  it("queue the review, which stays shown, and are settled by a look", async () => {
    const { reviewId } = await takeReview(shopId, submission());
    expect(await reportReview(shopId, reviewId, report, day(1))).toEqual({ outcome: "reported" });
    expect(await reportReview(shopId, reviewId, report, day(1))).toEqual({ outcome: "already_reported" });
    expect(await reportReview(shopId, reviewId, { ...report, reason: "one star" }, day(1))).toEqual({
      outcome: "bad_reason",
    });
    expect(await storedReview(shopId, reviewId)).toMatchObject({ status: "published", queuedAt: day(1) });
    expect(await resolveReports(shopId, reviewId, STAFF, day(2))).toEqual({ outcome: "resolved" });
    expect(await resolveReports(shopId, reviewId, STAFF, day(2))).toEqual({ outcome: "nothing_open" });
    expect((await storedReview(shopId, reviewId)).queuedAt).toBeNull();
    await reportReview(shopId, reviewId, { ...report, reporter: "another" }, day(3));
    await decideReviews(shopId, [reviewId], publish, STAFF, day(4));
    expect((await storedReview(shopId, reviewId)).queuedAt).toBeNull();
    expect(await reportReview(shopId, (await linked()).reviewId, report, day(1))).toEqual({ outcome: "not_found" });
  });
});

describe("replies and messages", () => {
  it("E20 are kept as text; a public reply can be changed and taken back, and is told once", async () => {
    const { reviewId } = await takeReview(shopId, submission());
    expect(await replyToReview(shopId, reviewId, "Thank you\u0000 <b>so</b> much\r\n\r\n\r\n!", STAFF, day(1))).toEqual(
      { outcome: "replied" },
    );
    expect((await storedReview(shopId, reviewId)).reply).toBe("Thank you <b>so</b> much\n\n!");
    expect(await replyToReview(shopId, reviewId, "Thank you", STAFF, day(2))).toEqual({ outcome: "replied" });
    expect(await replyToReview(shopId, reviewId, "Thank you ", STAFF, day(2))).toEqual({ outcome: "unchanged" });
    expect(await replyToReview(shopId, reviewId, "x".repeat(2_001), STAFF, day(2))).toEqual({ outcome: "too_long" });
    expect(await replyToReview(shopId, reviewId, " ", STAFF, day(3))).toEqual({ outcome: "removed" });
    expect((await reviewNotices(shopId, reviewId)).map(({ kind }) => kind)).toEqual(["review_replied"]);
    expect(await replyToReview(shopId, (await linked()).reviewId, "Hello", STAFF, day(1))).toEqual({
      outcome: "not_published",
    });
  });

  it("in private go by mail to whoever has an address", async () => {
    const { reviewId } = await takeReview(shopId, submission());
    const sent = await messageAuthor(shopId, reviewId, "May we send another?", STAFF, day(1));
    expect(sent.outcome).toBe("sent");
    expect(await reviewNotices(shopId, reviewId)).toEqual([
      { kind: "review_message", params: { noteId: "noteId" in sent ? sent.noteId : 0 } },
    ]);
    const silent = await takeReview(shopId, submission({ authorEmail: null, content: { body: "No address here." } }));
    expect(await messageAuthor(shopId, silent.reviewId, "Hello", STAFF, day(1))).toEqual({ outcome: "no_address" });
    expect(await messageAuthor(shopId, reviewId, "", STAFF, day(1))).toEqual({ outcome: "empty" });
  });
});

describe("deletion", () => {
  it("empties everything, ends every wait, and frees the place", async () => {
    const sent = submission({ promised: true });
    const { reviewId, authorToken } = await takeReview(shopId, sent);
    await editReview(shopId, reviewId, words("See www.spam.example.com"), null, day(1));
    await messageAuthor(shopId, reviewId, "Secret words", STAFF, day(1));
    expect(await deleteReview(shopId, reviewId, "author", day(2))).toEqual({ outcome: "deleted" });
    expect(await deleteReview(shopId, reviewId, "author", day(2))).toEqual({ outcome: "already_deleted" });
    expect(await storedReview(shopId, reviewId)).toMatchObject({
      status: "deleted",
      rating: 4,
      incentivised: true,
      awardDue: true,
      queuedAt: null,
      body: "",
    });
    for (const table of ["review_version", "review_note", "review_report"])
      expect(await queryShop(shopId, `SELECT review_id FROM ${table} WHERE shop_id = $1`, [shopId])).toEqual([]);
    expect(await reviewNotices(shopId, reviewId)).toEqual([]);
    expect(await confirmReview(shopId, authorToken, day(2))).toEqual({ outcome: "not_found" });
    expect(await decideReviews(shopId, [reviewId], publish, STAFF, day(3))).toMatchObject({
      results: [{ result: "gone" }],
    });
    expect((await submitReview(shopId, sent, day(4))).outcome).toBe("published");
  });
});

it("notes a rating change for whatever shoppers see differently, and for nothing else", async () => {
  const changes = async () => {
    const rows = await queryShop<{ n: number }>(
      shopId,
      // "" stands for the shop's policy in figures, which counts what is held.
      "SELECT count(*)::int AS n FROM rating_change WHERE shop_id = $1 AND group_key <> ''",
      [shopId],
    );
    return rows[0]?.n ?? 0;
  };
  const { reviewId } = await linked();
  await reportReview(shopId, reviewId, { reason: "spam", text: "", reporter: "x" }, day(1));
  await editReview(shopId, reviewId, words("Still www.held.example.com"), null, day(1));
  expect(await changes()).toBe(0);
  await decideReviews(shopId, [reviewId], publish, STAFF, day(1));
  expect(await changes()).toBeGreaterThan(0);
});

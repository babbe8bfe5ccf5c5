// Photos nobody has looked at: the words are shown without them, and a person is asked to look.
import { beforeEach, describe, expect, it } from "vitest";

import { inShop, queryShop, type ShopId } from "../../../app/db.server";
import { deleteReview } from "../../../app/reviews/delete-review.server";
import { editReview } from "../../../app/reviews/edit-review.server";
import { openUpload, readTicket } from "../../../app/reviews/media/upload-ticket.server";
import { approveMedia } from "../../../app/reviews/media/show-media.server";
import { decideReviews } from "../../../app/reviews/moderation/decide-reviews.server";
import { countQueue } from "../../../app/reviews/moderation/read-queue.server";
import { settleQueue } from "../../../app/reviews/moderation/settle-queue.server";
import { REVIEW_DAY, storedReview, submission, takeReview } from "../../builders/review";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";

useTestDatabase();
const licence = { wording: "May we show them?", locale: "en" as const, agreedAt: REVIEW_DAY.toISOString() };
let shopId: ShopId;
let files = 0;
beforeEach(async () => {
  shopId = await createTestShop();
});

/** A ticket under which one photo was uploaded. */
async function uploaded(): Promise<string> {
  const ticket = openUpload(shopId);
  await inShop(shopId, (tx) =>
    tx.query(
      `INSERT INTO review_media (shop_id, ticket_hash, kind, status, storage_key, created_at) VALUES ($1, $2, 'photo', 'ready', $3, $4)`,
      [shopId, readTicket(shopId, ticket), `${shopId}/file-${++files}`, REVIEW_DAY],
    ),
  );
  return ticket;
}
async function mediaIds(): Promise<number[]> {
  const rows = await queryShop<{ id: number }>(shopId, "SELECT id FROM review_media WHERE shop_id = $1 ORDER BY id", [
    shopId,
  ]);
  return rows.map(({ id }) => id);
}

describe("media of a review", () => {
  it("wait for a look while the words are shown", async () => {
    const taken = await takeReview(shopId, submission({ mediaTicket: await uploaded(), licence }));
    expect(taken).toMatchObject({ outcome: "published", media: { photos: 1, videos: 0 } });
    expect(await storedReview(shopId, taken.reviewId)).toMatchObject({
      status: "published",
      queuedAt: REVIEW_DAY,
      findings: [{ kind: "media" }],
    });
    expect(await countQueue(shopId, REVIEW_DAY)).toMatchObject({ queue: 1, held: 0, media: 1 });
    // A decision about the words is none about the photo.
    await decideReviews(shopId, [taken.reviewId], { decision: "publish" }, "staff:1", REVIEW_DAY);
    expect((await storedReview(shopId, taken.reviewId)).queuedAt).toEqual(REVIEW_DAY);
    const ids = await mediaIds();
    await inShop(shopId, async (tx) => {
      await approveMedia(tx, ids, "staff:1", REVIEW_DAY);
      await settleQueue(tx, [taken.reviewId], REVIEW_DAY);
    });
    expect((await storedReview(shopId, taken.reviewId)).queuedAt).toBeNull();
  });

  it("added by an edit put the review into the queue again, and go with it", async () => {
    const { reviewId } = await takeReview(shopId, submission());
    const words = { rating: 4, title: "", body: "Now with a photo.", pros: "", cons: "", answers: [], authorName: "" };
    const edited = await editReview(shopId, reviewId, words, { ticket: await uploaded(), licence }, REVIEW_DAY);
    expect(edited).toEqual({ outcome: "published", version: 2 });
    expect((await storedReview(shopId, reviewId)).queuedAt).toEqual(REVIEW_DAY);
    await deleteReview(shopId, reviewId, "author", REVIEW_DAY);
    expect(await queryShop(shopId, "SELECT status FROM review_media WHERE shop_id = $1", [shopId])).toEqual([
      { status: "removed" },
    ]);
  });
});

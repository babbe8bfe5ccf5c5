// The gallery: what may be chosen, its order, and that it leaves with its review.
import { beforeEach, describe, expect, it } from "vitest";

import { inShop, queryShop, type ShopId } from "../../../app/db.server";
import {
  curateMedia,
  listGallery,
  listGalleryCandidates,
  reorderGallery,
} from "../../../app/reviews/display/curate-media.server";
import { insertReviews } from "../../builders/published-reviews";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";

useTestDatabase();
const now = new Date("2026-06-20T03:00:00Z");
let shopId: ShopId;
let reviewId = 0;
let media: number[] = [];

async function addMedia(review: number, facts: { status?: string; isViewed?: boolean } = {}): Promise<number> {
  const { rows } = await inShop(shopId, (tx) =>
    tx.query<{ id: number }>(
      `INSERT INTO review_media (shop_id, review_id, kind, status, storage_key, files, viewed_at, created_at)
       VALUES ($1, $2, 'photo', $3, md5(random()::text), $4, $5, $6) RETURNING id`,
      [
        shopId,
        review,
        facts.status ?? "ready",
        JSON.stringify([
          { name: "w640.webp", width: 640, height: 480, type: "image/webp", bytes: 1, url: null, ref: null },
        ]),
        facts.isViewed === false ? null : now,
        now,
      ],
    ),
  );
  return rows[0]?.id ?? 0;
}
const ids = (items: { id: string }[]) => items.map(({ id }) => Number(id));
const curate = (wanted: number[], isOn = true) => curateMedia(shopId, wanted, isOn, "staff:1", now);

beforeEach(async () => {
  shopId = await createTestShop();
  [reviewId = 0] = await insertReviews(shopId, [{ incentivised: true, authorName: "hanako@example.org" }]);
  media = [await addMedia(reviewId), await addMedia(reviewId), await addMedia(reviewId)];
});

describe("the gallery", () => {
  it("takes what a person has seen of a shown review, at its end, and tells the pages", async () => {
    const [first = 0, second = 0, third = 0] = media;
    const unseen = await addMedia(reviewId, { isViewed: false });
    const [held = 0] = await insertReviews(shopId, [{ status: "held" }]);
    const hidden = await addMedia(held);
    const told = () => queryShop(shopId, "SELECT FROM rating_change WHERE shop_id = $1 AND group_key = ''", [shopId]);
    const before = (await told()).length;
    expect(await curate([second, unseen, hidden])).toEqual({ outcome: "curated", changed: 1, isFull: false });
    expect(await curate([third, first])).toMatchObject({ changed: 2 });
    expect(ids(await listGallery(shopId))).toEqual([second, third, first]);
    expect((await told()).length - before).toBe(2);
  });

  it("keeps the disclosure and no address", async () => {
    await curate(media);
    const [item] = await listGallery(shopId);
    expect(item).toMatchObject({ incentivised: true, name: "", reviewId: String(reviewId) });
    expect(item?.large).toMatch(/^https:\/\/kizuna\.test\/media\/\d+\/\w+\/w640\.webp$/);
  });

  it("is put in another order, and gives back what was taken out", async () => {
    const [first = 0, second = 0, third = 0] = media;
    await curate(media);
    await reorderGallery(shopId, [third, first]);
    expect(ids(await listGallery(shopId))).toEqual([third, first, second]);
    await curate([first], false);
    expect(ids(await listGallery(shopId))).toEqual([third, second]);
    expect(ids(await listGalleryCandidates(shopId))).toEqual([first]);
  });

  it("loses what is no longer shown, and belongs to one shop", async () => {
    await curate(media);
    expect(await curateMedia(await createTestShop(), media, false, "staff:1", now)).toMatchObject({ changed: 0 });
    expect((await listGallery(shopId)).length).toBe(3);
    await inShop(shopId, (tx) =>
      tx.query("UPDATE review SET status = 'held' WHERE shop_id = $1 AND id = $2", [shopId, reviewId]),
    );
    expect(await listGallery(shopId)).toEqual([]);
  });
});

// The audit of reviews and mails: in order as they are written, and it notices each kind of damage.
import { beforeAll, describe, expect, it } from "vitest";

import { recountRatings } from "../../../app/reviews/recount-ratings.server";
import { emptyReviews } from "../../../app/reviews/delete-review.server";
import { inShop } from "../../../app/db.server";
import { runAudit } from "../../../app/operator/audit.server";
import { insertFeedReviews } from "../../builders/feed-reviews";
import { createTestMember } from "../../builders/member";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";

const database = useTestDatabase();
const now = new Date("2026-06-02T03:00:00Z");
const OF_REVIEWS = ["I18", "I19", "I20"];
const broken = async () =>
  (await runAudit(database.ownerUrl())).invariants
    .filter(({ id, violations }) => OF_REVIEWS.includes(id) && violations > 0)
    .map(({ id }) => id);

beforeAll(async () => {
  const shopId = await createTestShop();
  const { memberId } = await createTestMember(shopId);
  await insertFeedReviews(shopId, [
    { rating: 4, title: "fine", body: "good", verified: true, incentivised: true },
    { rating: 2, title: "hm", body: "bad", authorName: "canary" },
  ]);
  await inShop(shopId, async (tx) => {
    await emptyReviews(tx, [2], now);
    // The order whose line the verified review is about.
    await tx.query("UPDATE customer_order SET facts = $2 WHERE shop_id = $1", [
      shopId,
      { lines: [{ lineId: "gid://shopify/LineItem/1", productId: "gid://shopify/Product/1" }] },
    ]);
    await tx.query(
      `INSERT INTO message (shop_id, member_id, kind, key, cap_key, locale, status, due_at, sent_at, address_key)
       VALUES ($1, $2, 'tier_changed', 'one', 'a/2026-06-01', 'ja', 'sent', $3, $3, 'hash')`,
      [shopId, memberId, now],
    );
  });
  await recountRatings(shopId, now, AbortSignal.timeout(60_000));
});

describe("audit of reviews", () => {
  it("finds them in order", async () => {
    const { invariants } = await runAudit(database.ownerUrl());
    expect(
      invariants
        .filter(({ id }) => OF_REVIEWS.includes(id))
        .map(({ id, rows, violations }) => [id, rows > 0, violations]),
    ).toEqual([
      ["I18", true, 0],
      ["I19", true, 0],
      ["I20", true, 0],
    ]);
  });

  it.each([
    [
      "a word left behind",
      "UPDATE review SET body = 'canary' WHERE id = 2",
      "UPDATE review SET body = '' WHERE id = 2",
      ["I18"],
    ],
    [
      "an address left behind",
      "UPDATE review SET author_email = 'canary@example.com' WHERE id = 2",
      "UPDATE review SET author_email = NULL WHERE id = 2",
      ["I18"],
    ],
    [
      "a picture left behind",
      "INSERT INTO review_media (shop_id, review_id, kind, status, storage_key, created_at) SELECT shop_id, id, 'photo', 'ready', 'left', now() FROM review WHERE id = 2",
      "DELETE FROM review_media WHERE storage_key = 'left'",
      ["I18"],
    ],
    ["a sum off by one", "UPDATE rating_summary SET counts[4] = 2", "UPDATE rating_summary SET counts[4] = 1", ["I19"]],
    [
      "a review verified by a line of another product",
      `UPDATE customer_order SET facts = jsonb_set(facts, '{lines,0,productId}', '"gid://shopify/Product/2"')`,
      `UPDATE customer_order SET facts = jsonb_set(facts, '{lines,0,productId}', '"gid://shopify/Product/1"')`,
      ["I19"],
    ],
    [
      "a mail after the wish for no more",
      "INSERT INTO suppression (shop_id, address_key, reason, at) SELECT shop_id, 'hash', 'unsubscribed', sent_at - interval '1 hour' FROM message",
      "DELETE FROM suppression",
      ["I20"],
    ],
  ])("notices %s", async (_, damage, repair, ids) => {
    await database.owner().query(damage);
    try {
      expect(await broken()).toEqual(ids);
    } finally {
      await database.owner().query(repair);
    }
    expect(await broken()).toEqual([]);
  });
});

// Sums of published reviews, and points for them: whoever publishes, hides, deletes and recounts at once.
import { beforeAll, describe, expect, it } from "vitest";

import { inShop, queryShop } from "../../../app/db.server";
import { awardDueReviews } from "../../../app/jobs/handlers/award-reviews.server";
import { saveProgram } from "../../../app/loyalty/program.server";
import { marksReviewOf, reviewPromise, reviewPromiseTo } from "../../../app/loyalty/ways/review-promise.server";
import { COUNT_OF_GROUP, recountRatings } from "../../../app/reviews/recount-ratings.server";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";

useTestDatabase();
const now = new Date("2026-06-01T03:00:00Z");
const signal = () => AbortSignal.timeout(120_000);
const GROUP = "gid://shopify/Product/1";

interface Given {
  rating?: number;
  status?: string;
  group?: string;
  memberId?: number | null;
  orderId?: number | null;
  lineId?: string | null;
  photos?: number;
  videos?: number;
  publishedAt?: Date;
  incentivised?: boolean;
}
async function insert(shopId: number, given: Given = {}): Promise<number> {
  const { rating = 5, status = "published", group = GROUP, memberId = null, orderId = null, lineId = null } = given;
  const { rows } = await inShop(shopId, (tx) =>
    tx.query<{ id: number }>(
      `INSERT INTO review (shop_id, product_gid, group_key, source, status, rating, member_id, order_id, line_id, verified, photos, videos, award_due, incentivised, submitted_at, published_at, updated_at)
       VALUES ($1, $2, $2, 'request', $3, $4, $5::bigint, $6::bigint, $7::text, $7::text IS NOT NULL, $8, $9, $5::bigint IS NOT NULL, $12, $10, $11, $10) RETURNING id`,
      [
        shopId,
        group,
        status,
        rating,
        memberId,
        orderId,
        lineId,
        given.photos ?? 0,
        given.videos ?? 0,
        now,
        given.publishedAt ?? now,
        given.incentivised ?? memberId !== null,
      ],
    ),
  );
  return rows[0]?.id ?? 0;
}
async function summaries(shopId: number) {
  return queryShop<{ counts: number[]; verified: number; incentivised: number; with_media: number; group: string }>(
    shopId,
    `SELECT counts, verified, incentivised, with_media, group_key AS "group" FROM rating_summary WHERE shop_id = $1 AND group_key <> '' ORDER BY group_key`,
    [shopId],
  );
}
const recounted = (shopId: number, group: string) =>
  queryShop<{ counts: number[]; verified: number; incentivised: number; with_media: number }>(shopId, COUNT_OF_GROUP, [
    shopId,
    group,
  ]);

describe("sums of reviews", () => {
  it("E19 equals a recount after parallel publishing, hiding, editing, moving and recounting", async () => {
    const shopId = await createTestShop();
    const groups = ["a", "b", "c"];
    const ids: number[] = [];
    for (let index = 0; index < 60; index++) {
      ids.push(
        await insert(shopId, {
          rating: (index % 5) + 1,
          group: groups[index % 3] ?? "a",
          status: index % 2 ? "published" : "held",
        }),
      );
    }
    const act = async (worker: number) => {
      for (let step = 0; step < 40; step++) {
        const id = ids[(worker * 17 + step * 7) % ids.length] ?? 0;
        const change = [
          "status = CASE status WHEN 'published' THEN 'held' ELSE 'published' END",
          "rating = rating % 5 + 1",
          "photos = 1 - photos",
          `group_key = '${groups[(worker + step) % 3] ?? "a"}'`,
          "incentivised = true",
        ][(worker + step) % 5];
        await inShop(shopId, (tx) =>
          tx.query(`UPDATE review SET ${change ?? ""} WHERE shop_id = $1 AND id = $2`, [shopId, id]),
        );
        if (step % 10 === worker) await recountRatings(shopId, now, signal());
      }
    };
    await Promise.all(Array.from({ length: 6 }, (_, worker) => act(worker)));
    await recountRatings(shopId, now, signal());
    for (const { group, ...summary } of await summaries(shopId))
      expect([summary], group).toEqual(await recounted(shopId, group));
    expect((await summaries(shopId)).map(({ group }) => group)).toEqual(groups);
    expect(await recountRatings(shopId, now, signal())).toEqual({ recounted: 0 });
  });

  it("a vote, a reply or new words publish anew and count nothing; what moves a sum counts everything", async () => {
    const shopId = await createTestShop();
    const id = await insert(shopId);
    const later = (minutes: number) => new Date(now.getTime() + minutes * 60_000);
    const after = async (change: string, minutes: number) => {
      await inShop(shopId, (tx) =>
        tx.query(`UPDATE review SET ${change} WHERE shop_id = $1 AND id = $2`, [shopId, id]),
      );
      await recountRatings(shopId, later(minutes), signal());
      const [row] = await queryShop<{ seq: number; at: Date; answers: unknown }>(
        shopId,
        "SELECT counted_seq AS seq, counted_at AS at, answers FROM rating_summary WHERE shop_id = $1 AND group_key = $2",
        [shopId, GROUP],
      );
      return { seq: row?.seq, counted: row?.at.getTime() === later(minutes).getTime(), answers: row?.answers };
    };
    expect(await after("photos = 0", 1)).toEqual({ seq: 1, counted: true, answers: [] });
    expect(await after("helpful = 1, helpful_rank = 200", 2)).toEqual({ seq: 2, counted: false, answers: [] });
    expect(await after("reply = 'Thank you'", 3)).toMatchObject({ seq: 3, counted: false });
    expect(await after("body = 'Other words'", 4)).toMatchObject({ seq: 4, counted: false });
    const answers = [{ questionId: "fit", optionId: "snug" }];
    expect(await after(`answers = '${JSON.stringify(answers)}', helpful_rank = 300`, 5)).toEqual({
      seq: 5,
      counted: true,
      answers: [{ question: "fit", option: "snug", count: 1 }],
    });
    for (const [index, change] of ["rating = 1", "photos = 1", "incentivised = true", "status = 'held'"].entries())
      expect(await after(change, 6 + index), change).toMatchObject({ seq: 6 + index, counted: true });
    expect(await summaries(shopId)).toEqual([
      { counts: [0, 0, 0, 0, 0], verified: 0, incentivised: 0, with_media: 0, group: GROUP },
    ]);
  });

  it("a promise that was made is never unmade, and nobody is verified without a purchase", async () => {
    const shopId = await createTestShop();
    const id = await insert(shopId);
    const set = (change: string) =>
      inShop(shopId, (tx) => tx.query(`UPDATE review SET ${change} WHERE shop_id = $1 AND id = $2`, [shopId, id]));
    await set("incentivised = true");
    await expect(set("incentivised = false")).rejects.toThrow(/stays marked/);
    await expect(set("verified = true")).rejects.toThrow(/review_verified/);
    await expect(set("rating = 6")).rejects.toThrow(/review_rating/);
    await expect(set("status = 'rejected'")).rejects.toThrow(/review_rejected/);
    await expect(inShop(shopId, (tx) => tx.query("DELETE FROM review WHERE shop_id = $1", [shopId]))).rejects.toThrow(
      /permission denied/,
    );
  });
});

describe("points for reviews", () => {
  let shopId: number;
  let memberId: number;
  let orderId: number;
  beforeAll(async () => {
    shopId = await createTestShop();
    const way = { enabled: true, holdDays: 0, perMonth: 3 } as const;
    await saveProgram(
      shopId,
      {
        status: "live",
        ways: [
          { id: "review", kind: "review", points: 50, ...way },
          { id: "photo-review", kind: "photo_review", points: 30, ...way },
          { id: "video-review", kind: "video_review", points: 40, ...way },
          { id: "first-review", kind: "first_review", points: 20, ...way },
        ],
      },
      "staff:1",
      new Date("2026-01-01T00:00:00Z"),
    );
    const { rows } = await inShop(shopId, (tx) =>
      tx.query<{ id: number }>(
        `INSERT INTO member (shop_id, customer_gid, email, first_seen_at, tags, search_grams) VALUES ($1, 'gid://shopify/Customer/1', 'a@example.com', $2, '{}', '{}') RETURNING id`,
        [shopId, now],
      ),
    );
    memberId = rows[0]?.id ?? 0;
    const order = await inShop(shopId, (tx) =>
      tx.query<{ id: number }>(
        "INSERT INTO customer_order (shop_id, order_gid) VALUES ($1, 'gid://shopify/Order/1') RETURNING id",
        [shopId],
      ),
    );
    orderId = order.rows[0]?.id ?? 0;
  });
  const award = () => awardDueReviews({ shopId }, { now, signal: signal() });
  const balance = async () =>
    (
      await queryShop<{ available: number }>(shopId, "SELECT available FROM member WHERE shop_id = $1 AND id = $2", [
        shopId,
        memberId,
      ])
    )[0]?.available;

  it("promises what the program offers while it is live", async () => {
    expect(await reviewPromise(shopId, now)).toEqual({
      review: 50,
      photo_review: 30,
      video_review: 40,
      first_review: 20,
    });
    expect(await reviewPromise(await createTestShop(), now)).toBeNull();
  });

  it("E10 gives nothing for a review that does not say so, whatever the program gives", async () => {
    await insert(shopId, {
      memberId,
      orderId,
      lineId: "gid://shopify/LineItem/99",
      group: "p99",
      incentivised: false,
    });
    expect(await award()).toEqual({ points: 0, reviews: 1 });
  });

  it("E10 gives fixed amounts once per purchase, whatever the stars, and more when photos appear later", async () => {
    const one = await insert(shopId, { memberId, orderId, lineId: "gid://shopify/LineItem/1", rating: 1, group: "p1" });
    expect(await award()).toEqual({ points: 70, reviews: 1 });
    const five = await insert(shopId, {
      memberId,
      orderId,
      lineId: "gid://shopify/LineItem/2",
      rating: 5,
      group: "p2",
    });
    expect(await award()).toEqual({ points: 70, reviews: 1 });
    expect(await award()).toEqual({ points: 0, reviews: 0 });
    await inShop(shopId, (tx) =>
      tx.query("UPDATE review SET photos = 1, award_due = true WHERE shop_id = $1 AND id = ANY ($2)", [
        shopId,
        [one, five],
      ]),
    );
    expect(await award()).toEqual({ points: 60, reviews: 2 });
    expect(await balance()).toBe(200);
  });

  it("gives nothing without a purchase, nothing while held, and no second time to the first of a product", async () => {
    await insert(shopId, { memberId, group: "p3" });
    await insert(shopId, { memberId, orderId, lineId: "gid://shopify/LineItem/3", status: "held", group: "p4" });
    expect(await award()).toEqual({ points: 0, reviews: 2 });
    await insert(shopId, {
      memberId,
      orderId,
      lineId: "gid://shopify/LineItem/4",
      group: "p1",
      publishedAt: new Date(now.getTime() + 1000),
    });
    expect(await award()).toEqual({ points: 50, reviews: 1 });
    // Three a month of a kind.
    await insert(shopId, {
      memberId,
      orderId,
      lineId: "gid://shopify/LineItem/5",
      group: "p1",
      publishedAt: new Date(now.getTime() + 2000),
    });
    expect(await award()).toEqual({ points: 0, reviews: 1 });
  });

  it("takes back what is left when the author deletes it, and gives nothing for writing it again", async () => {
    const before = (await balance()) ?? 0;
    await inShop(shopId, (tx) =>
      tx.query(
        "UPDATE review SET status = 'deleted', award_due = true WHERE shop_id = $1 AND line_id = 'gid://shopify/LineItem/1'",
        [shopId],
      ),
    );
    expect(await award()).toEqual({ points: -100, reviews: 1 });
    expect(await balance()).toBe(before - 100);
    await inShop(shopId, (tx) =>
      tx.query("UPDATE review SET award_due = true WHERE shop_id = $1 AND line_id = 'gid://shopify/LineItem/1'", [
        shopId,
      ]),
    );
    expect(await award()).toEqual({ points: 0, reviews: 1 });
    await insert(shopId, {
      memberId,
      orderId,
      lineId: "gid://shopify/LineItem/1",
      group: "p1",
      publishedAt: new Date(now.getTime() + 3000),
    });
    expect(await award()).toEqual({ points: 0, reviews: 1 });
    expect(await balance()).toBe(before - 100);
  });
});

describe("what is promised, and what is marked for it", () => {
  const day = (number: number) => new Date(Date.UTC(2026, 4, number));
  const way = { id: "review", kind: "review", enabled: true, points: 50, holdDays: 0 };
  async function shopWith(rules: object): Promise<{ shopId: number; listed: number; other: number }> {
    const shopId = await createTestShop();
    const saved = await saveProgram(shopId, { status: "live", ways: [way], ...rules }, "staff:1", day(1));
    expect(saved.outcome).toBe("saved");
    const { rows } = await inShop(shopId, (tx) =>
      tx.query<{ id: number }>(
        `INSERT INTO member (shop_id, customer_gid, first_seen_at, tags, search_grams)
         SELECT $1, 'gid://shopify/Customer/' || number, $2, '{}', '{}' FROM unnest(ARRAY[7, 8]) AS number RETURNING id`,
        [shopId, day(1)],
      ),
    );
    return { shopId, listed: rows[0]?.id ?? 0, other: rows[1]?.id ?? 0 };
  }
  /** What everybody, the first member, the second and somebody without an account are told; and whose review is marked. */
  async function seen({ shopId, listed, other }: Awaited<ReturnType<typeof shopWith>>, at = day(2)) {
    const people = [listed, other, null];
    return {
      everybody: await reviewPromise(shopId, at),
      told: await Promise.all(people.map((memberId) => reviewPromiseTo(shopId, { memberId }, at))),
      marked: await Promise.all(people.map((memberId) => marksReviewOf(shopId, { memberId }, at))),
    };
  }
  const offer = { review: 50 };

  it("of a live program: members, and nobody without an account", async () => {
    expect(await seen(await shopWith({}))).toEqual({
      everybody: offer,
      told: [offer, offer, null],
      marked: [true, true, false],
    });
  });

  it("of a program that rests, has not begun, or gives nothing for reviews: nobody", async () => {
    const nobody = { everybody: null, told: [null, null, null], marked: [false, false, false] };
    expect(await seen(await shopWith({ status: "paused" }))).toEqual(nobody);
    expect(await seen(await shopWith({ startsAt: day(3).toISOString() }))).toEqual(nobody);
    expect(await seen(await shopWith({ ways: [{ ...way, enabled: false }] }))).toEqual(nobody);
  });

  it("of a program that some may try: those alone, and no mail promises it", async () => {
    expect(await seen(await shopWith({ previewCustomerIds: ["7"] }))).toEqual({
      everybody: null,
      told: [offer, null, null],
      marked: [true, false, false],
    });
  });

  it("of a program to join: told to who has joined, marked for who may still join before it is shown", async () => {
    const shop = await shopWith({ participation: { who: "joined", tags: [], excludeTags: [], excludeB2b: false } });
    await inShop(shop.shopId, (tx) =>
      tx.query("UPDATE member SET joined_at = $2 WHERE shop_id = $1 AND id = $3", [shop.shopId, day(1), shop.listed]),
    );
    expect(await seen(shop)).toEqual({ everybody: offer, told: [offer, null, null], marked: [true, true, false] });
  });

  it("is decided when the review is sent in: a program saved later promises nothing for it", async () => {
    const shop = await shopWith({ status: "paused" });
    await saveProgram(shop.shopId, { status: "live" }, "staff:1", day(4));
    expect((await seen(shop, day(3))).marked).toEqual([false, false, false]);
    expect((await seen(shop, day(5))).marked).toEqual([true, true, false]);
  });
});

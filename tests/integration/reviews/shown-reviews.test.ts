// The list of reviews against a plain reading of the same rows: orders, filters, search, counts, pages.
import fc from "fast-check";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";

import { inShop, type ShopId } from "../../../app/db.server";
import { readShownReviews } from "../../../app/reviews/display/read-shown-reviews.server";
import { readKeyword, searchForm } from "../../../app/reviews/display/review-grams";
import { firstPage, readShownQuery, type ShownQuery, type ShownSort } from "../../../app/reviews/display/shown-query";
import { recountRatings } from "../../../app/reviews/recount-ratings.server";
import { helpfulRank } from "../../../app/reviews/votes/helpful-rank";
import { insertReviews, PRODUCT, type PublishedReview } from "../../builders/published-reviews";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";

useTestDatabase();

let shopId: ShopId;
const now = new Date("2026-06-20T03:00:00Z");
const ask = (more: Partial<ShownQuery> = {}, sort: ShownSort = "newest") =>
  readShownReviews(shopId, { ...firstPage(PRODUCT, sort), ...more });
const ids = (page: { reviews: { id: string }[] }) => page.reviews.map(({ id }) => Number(id));

/** Every page to the end. */
async function walk(
  more: Partial<ShownQuery>,
  sort: ShownSort,
  between: () => Promise<unknown> = async () => undefined,
  looked?: number,
) {
  const seen: number[] = [];
  for (let query: ShownQuery = { ...firstPage(PRODUCT, sort), ...more }; ;) {
    const page = await readShownReviews(shopId, query, looked);
    seen.push(...ids(page));
    if (page.next === null) return seen;
    await between();
    const next = readShownQuery(new URLSearchParams({ sort, cursor: page.next }), { groupKey: PRODUCT });
    if (!next) throw new Error("the list does not take its own cursor");
    query = { ...query, cursor: next.cursor };
  }
}

describe("a product's reviews", () => {
  beforeEach(async () => {
    shopId = await createTestShop();
  });

  it("come newest first, or the most helpful", async () => {
    const [first, second, third] = await insertReviews(shopId, [
      { helpful: 9 },
      { helpful: 1 },
      { helpful: 30, unhelpful: 3 },
    ]);
    expect(ids(await ask({}, "newest"))).toEqual([third, second, first]);
    expect(ids(await ask({}, "helpful"))).toEqual([third, first, second]);
  });

  it("are of that product, published, and of that shop", async () => {
    const [own] = await insertReviews(shopId, [
      {},
      { productGid: "gid://shopify/Product/72", groupKey: "gid://shopify/Product/72" },
      { status: "held" },
    ]);
    await insertReviews(await createTestShop(), [{}]);
    expect(ids(await ask())).toEqual([own]);
    expect((await ask({ words: readKeyword("しっとり") })).total).toEqual({ count: 1, isExact: true });
  });

  it("are found by words of two characters on, in any width and case, all of them there", async () => {
    const [plain, wide] = await insertReviews(shopId, [
      { body: "ハンドクリームです。肌 荒れに。" },
      { title: "ＭＯＴＨＥＲにも" },
      { body: "the other mo thing" },
    ]);
    expect(ids(await ask({ words: readKeyword("ﾊﾝﾄﾞ") }))).toEqual([plain]);
    expect(ids(await ask({ words: readKeyword("肌荒れ") }))).toEqual([plain]);
    expect(ids(await ask({ words: readKeyword("mother") }))).toEqual([wide]);
    expect(ids(await ask({ words: readKeyword("肌荒 クリーム") }))).toEqual([plain]);
    expect(ids(await ask({ words: readKeyword("クリーム 存在しない") }))).toEqual([]);
  });

  it("hide what is masked, from readers and from searches", async () => {
    const body = "電話は090-1234-5678まで";
    const findings = [{ kind: "contact_data" as const, field: "body" as const, from: 3, to: 16, detail: "phone" }];
    await insertReviews(shopId, [{ body, findings }]);
    const [shown] = (await ask()).reviews;
    expect(shown?.body).toBe("電話は•••••••••••••まで");
    expect(ids(await ask({ words: readKeyword("1234") }))).toEqual([]);
  });

  it("never name an e-mail address", async () => {
    await insertReviews(shopId, [{ authorName: "hanako@example.org", authorEmail: "hanako@example.org" }]);
    expect(JSON.stringify(await ask())).not.toContain("@");
  });

  it("page without gaps or repeats while others are written", async () => {
    const before = await insertReviews(
      shopId,
      Array.from({ length: 45 }, (_, at) => ({ helpful: at % 3 })),
    );
    for (const sort of ["newest", "helpful"] as const) {
      const later = { at: new Date(now) };
      const seen = await walk({}, sort, () => insertReviews(shopId, [later, { ...later, rating: 1 }]));
      expect(new Set(seen).size).toBe(seen.length);
      expect(before.every((id) => seen.includes(id))).toBe(true);
    }
  });
});

const WORDS = ["しっとり", "香り", "mother", "べたつく", "容器", "the", "other"];
interface Sample extends Partial<PublishedReview> {
  id: number;
  topic: boolean;
}
describe("any question", () => {
  let all: Sample[] = [];
  beforeAll(async () => {
    shopId = await createTestShop();
    const samples = fc.sample(
      fc.record({
        rating: fc.integer({ min: 1, max: 5 }),
        body: fc.array(fc.constantFrom(...WORDS), { maxLength: 4 }).map((words) => words.join(" ")),
        title: fc.constantFrom("", "香りよし"),
        answers: fc.constantFrom(
          [],
          [{ questionId: "fit", optionId: "snug" }],
          [{ questionId: "fit", optionId: "loose" }],
        ),
        helpful: fc.integer({ min: 0, max: 4 }),
        unhelpful: fc.integer({ min: 0, max: 2 }),
        photos: fc.constantFrom(0, 0, 2),
        topic: fc.boolean(),
        at: fc.integer({ min: 0, max: 60 }).map((minute) => new Date(Date.UTC(2026, 5, 1, 0, minute))),
      }),
      { numRuns: 160, seed: 7 },
    );
    const made = await insertReviews(shopId, samples);
    all = samples.map((sample, at) => ({ ...sample, id: made[at] ?? 0 }));
    await inShop(shopId, (tx) =>
      tx.query(
        "INSERT INTO review_mention (shop_id, review_id, topic, group_key, sentiment) SELECT $1, id, 'scent', $3, 1 FROM unnest($2::bigint[]) id",
        [shopId, all.filter(({ topic }) => topic).map(({ id }) => id), PRODUCT],
      ),
    );
    await recountRatings(shopId, now, new AbortController().signal);
  });

  const rank = (one: Sample) => helpfulRank(one.helpful ?? 0, one.unhelpful ?? 0);
  const time = (one: Sample) => one.at?.getTime() ?? 0;
  const fits = (one: Sample, query: Partial<ShownQuery>): boolean =>
    (!query.stars?.length || query.stars.includes(one.rating ?? 0)) &&
    (!query.withMedia || (one.photos ?? 0) > 0) &&
    (!query.topic || one.topic) &&
    (query.answers ?? []).every(({ optionId }) => one.answers?.some((answer) => answer.optionId === optionId)) &&
    (query.words ?? []).every((word) => [one.title, one.body].some((text) => searchForm(text ?? "").includes(word)));

  it("is answered as a plain reading would, page by page, and counted", async () => {
    const question = fc.record({
      sort: fc.constantFrom<ShownSort>("newest", "helpful"),
      stars: fc.constantFrom<number[]>([], [5], [1, 2], [1, 3, 5]),
      withMedia: fc.boolean(),
      topic: fc.constantFrom(null, "scent"),
      answers: fc.constantFrom([], [{ questionId: "fit", optionId: "snug" }]),
      words: fc.constantFrom(null, ...["香り", "mother", "容器 べたつく", "いちご"].map(readKeyword)),
    });
    // Few looked at ahead is what many reviews are: the index of words answers.
    const looked = fc.constantFrom(2, 15, 60, 1_000);
    await fc.assert(
      fc.asyncProperty(question, looked, async ({ sort, ...query }, most) => {
        const wanted = all
          .filter((one) => fits(one, query))
          .sort((a, b) => (sort === "helpful" ? rank(b) - rank(a) : 0) || time(b) - time(a) || b.id - a.id)
          .map(({ id }) => id);
        expect(await walk(query, sort, undefined, most)).toEqual(wanted);
        expect((await readShownReviews(shopId, { ...firstPage(PRODUCT, sort), ...query }, most)).total).toEqual({
          count: wanted.length,
          isExact: true,
        });
      }),
      { numRuns: 120 },
    );
  });
});

describe("more reviews than can be named", () => {
  const MANY = 3_300;
  const OLD = 2_200;
  beforeAll(async () => {
    shopId = await createTestShop();
    await insertReviews(
      shopId,
      Array.from({ length: MANY }, (_, at) => ({
        rating: at % 50 === 0 ? 1 : 5,
        body: `${at % 500 === 0 ? "潤い 蜂蜜" : "潤いました"}${at < OLD ? " 旧容器" : ""}`,
        helpful: at % 7,
      })),
    );
    await recountRatings(shopId, now, new AbortController().signal);
  });

  it("are sorted where none of them is near the beginning", async () => {
    const words = readKeyword("旧容器");
    const page = await ask({ words }, "newest");
    expect(page.total).toEqual({ count: 1_000, isExact: false });
    const [newest = 0] = ids(page);
    expect(ids(page)).toEqual(Array.from({ length: 10 }, (_, at) => newest - at));
    const all = await walk({ words, limit: 50 }, "newest");
    expect([all.length, new Set(all).size]).toEqual([OLD, OLD]);
  });

  it("are walked in order, and counted as more than a thousand", async () => {
    const words = readKeyword("潤い");
    const page = await ask({ words }, "helpful");
    expect(page.total).toEqual({ count: 1_000, isExact: false });
    expect(page.reviews.every(({ helpful }) => helpful === 6)).toBe(true);
    expect((await ask({}, "newest")).total).toEqual({ count: 1_000, isExact: false });
    expect((await ask({ words, stars: [1] })).total).toEqual({ count: 66, isExact: true });
    expect((await ask({ words: readKeyword("蜂蜜") })).total).toEqual({ count: 7, isExact: true });
    const all = await walk({ words, limit: 50 }, "newest");
    expect([all.length, new Set(all).size]).toEqual([MANY, MANY]);
  });
});

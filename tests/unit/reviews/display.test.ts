// The pure parts of showing reviews: names, ranks, averages, the value of a page, what may be asked.
import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { displayName } from "../../../app/reviews/display/display-name";
import { gramsOfReview, gramsOfSearch, readKeyword } from "../../../app/reviews/display/review-grams";
import { averageOf, productValue, VALUE_BYTES_MAX } from "../../../app/reviews/display/reviews-value";
import { readShownQuery, writeCursor } from "../../../app/reviews/display/shown-query";
import { helpfulRank } from "../../../app/reviews/votes/helpful-rank";
import { shownPhoto, shownReview } from "../../storefront/sample-reviews";

describe("a name in public", () => {
  it.each([
    ["Jane Smith", "Jane Smith", "Jane S.", "J. S."],
    ["jane", "jane", "jane", "J."],
    ["Mary Ann Evans", "Mary Ann Evans", "Mary Ann E.", "M. A. E."],
    ["山田 花子", "山田 花子", "山田さん", "山○さん"],
    ["山田　花子", "山田 花子", "山田さん", "山○さん"],
    ["山田花子", "山田花子", "山○さん", "山○さん"],
    ["はなこ", "はなこ", "はなこ", "は○さん"],
    ["ジェーン・スミス", "ジェーン・スミス", "ジェーンさん", "ジ○さん"],
    ["", "", "", ""],
    ["hanako@example.org", "", "", ""],
    ["Jane jane.smith@example.org", "Jane", "Jane", "J."],
    ["👩‍🚀 Star", "👩‍🚀 Star", "👩‍🚀 S.", "👩‍🚀. S."],
  ])("%s", (name, full, short, initials) => {
    expect([displayName(name, "full"), displayName(name, "short"), displayName(name, "initials")]).toEqual([
      full,
      short,
      initials,
    ]);
  });

  it("is never an e-mail address", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.emailAddress(), fc.string()), { maxLength: 4 }),
        fc.constantFrom("full" as const, "short" as const, "initials" as const),
        (parts, how) => {
          expect(displayName(parts.join(" "), how)).not.toContain("@");
        },
      ),
    );
  });
});

describe("the rank of a review", () => {
  // Wilson's lower bound, z = 1.96, worked out with decimals elsewhere.
  it.each([
    [0, 0, 0],
    [0, 9, 0],
    [1, 0, 206_543],
    [1, 1, 94_528],
    [10, 0, 722_459],
    [9, 1, 595_843],
    [50, 50, 403_829],
    [100, 1, 946_031],
    [1_000, 0, 996_173],
  ])("of %i helpful and %i not", (helpful, unhelpful, rank) => {
    expect(helpfulRank(helpful, unhelpful)).toBe(rank);
  });

  it("follows the formula, and stays in its range for any counts", () => {
    const count = fc.integer({ min: 0, max: 1_000_000 });
    fc.assert(
      fc.property(count, count, (helpful, unhelpful) => {
        const n = helpful + unhelpful;
        const z = 1.96;
        const bound =
          n === 0
            ? 0
            : (2 * helpful + z * z - z * Math.sqrt(z * z + (4 * helpful * unhelpful) / n)) / (2 * (n + z * z));
        const rank = helpfulRank(helpful, unhelpful);
        expect(Math.abs(rank - bound * 1_000_000)).toBeLessThan(1.01);
        expect(rank).toBeGreaterThanOrEqual(0);
        expect(rank).toBeLessThanOrEqual(1_000_000);
      }),
    );
    expect(() => helpfulRank(-1, 0)).toThrow(RangeError);
    expect(() => helpfulRank(0.5, 0)).toThrow(RangeError);
  });
});

describe("an average", () => {
  it.each([
    [[0, 0, 0, 0, 0], null],
    [[0, 0, 0, 0, 1], "5.0"],
    [[1, 0, 0, 0, 1], "3.0"],
    [[0, 0, 0, 11, 9], "4.5"],
    [[0, 0, 1, 0, 19], "4.9"],
    [[1, 0, 0, 0, 2], "3.7"],
  ])("of %j", (counts, average) => {
    expect(averageOf(counts)).toBe(average);
  });
});

describe("the value of a page", () => {
  const sums = { counts: [0, 0, 0, 0, 30], verified: 0, incentivised: 0, withMedia: 10 };
  const parts = (reviews: ReturnType<typeof shownReview>[]) => ({
    sums, helpful: reviews, newest: [...reviews].reverse(), pictured: reviews, topics: [], answers: [],
  }); // prettier-ignore

  it("fits into a metafield, whatever people wrote, and says what was cut", () => {
    const text = fc.integer({ min: 0, max: 5_000 }).map((length) => "潤いと𠮷野家".repeat(834).slice(0, length));
    fc.assert(
      fc.property(
        fc.array(fc.record({ body: text, reply: text, photos: fc.integer({ min: 0, max: 12 }) }), { maxLength: 20 }),
        (written) => {
          const reviews = written.map(({ body, reply, photos }, at) =>
            shownReview({
              id: String(at + 1),
              body,
              pros: body.slice(0, 300),
              reply: { text: reply, on: "2026-11-04" },
              media: Array.from({ length: photos }, (_, photo) => shownPhoto(`${at}-${photo}`)),
            }),
          );
          const value = productValue(parts(reviews));
          expect(Buffer.byteLength(JSON.stringify(value))).toBeLessThanOrEqual(VALUE_BYTES_MAX);
          for (const shown of Object.values(value?.reviews ?? {})) {
            const whole = reviews.find(({ id }) => id === shown.id);
            expect(shown.cut ?? false).toBe(shown.body !== whole?.body || shown.reply?.text !== whole.reply?.text);
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it("is nothing where nobody has written", () => {
    expect(productValue({ ...parts([]), sums: { ...sums, counts: [0, 0, 0, 0, 0] } })).toBeNull();
  });
});

describe("what may be asked of the list", () => {
  const read = (text: string) => readShownQuery(new URLSearchParams(text), { groupKey: "g" });
  it.each([
    "sort=best", "stars=6", "stars=", "stars=1;2", "media=yes", "limit=0", "limit=51", "limit=1e1", "q=a", "cursor=abc", "answers=fit", "x=1",
    "sort=newest&sort=helpful", "topic=", `q=${"a".repeat(61)}`, `cursor=${"a".repeat(300)}`,
  ])("not %s", (text) => {
    expect(read(text)).toBeNull();
  }); // prettier-ignore

  it("everything our pages ask", () => {
    const cursor = { rank: 12, publishedAt: "2026-06-01T00:00:00.000Z", id: 9 };
    expect(read(`sort=newest&stars=5,1&media=1&answers=fit:snug&topic=scent&q=${encodeURIComponent("しっとり 香り")}&cursor=${writeCursor(cursor)}&limit=20`)).toEqual({
      of: { groupKey: "g" }, sort: "newest", stars: [1, 5], withMedia: true, answers: [{ questionId: "fit", optionId: "snug" }], topic: "scent",
      words: ["しっとり", "香り"], cursor, limit: 20,
    }); // prettier-ignore
    expect(readShownQuery(new URLSearchParams("sort=newest&stars=5"), "shop")).not.toBeNull();
    expect(readShownQuery(new URLSearchParams("sort=helpful"), "shop")).toBeNull();
  });
});

describe("grams", () => {
  const place = { shopId: 1, groupKey: "gid://shopify/Product/1" };
  it("of every stretch of a text are among the text's", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", minLength: 2, maxLength: 40 }),
        fc.nat(),
        fc.integer({ min: 2, max: 8 }),
        (text, from, length) => {
          const letters = [...text.normalize("NFKC")];
          const words = readKeyword(
            letters
              .slice(from % letters.length)
              .slice(0, length)
              .join(""),
          );
          const grams = new Set(gramsOfReview(place, [text], []));
          for (const gram of words ? gramsOfSearch(place, { words, answers: [] }) : []) {
            // Folding a part alone may differ from folding the whole: then the search finds less, never more.
            if (text.normalize("NFKC").toLowerCase() === text) expect(grams.has(gram)).toBe(true);
          }
        },
      ),
    );
  });

  it("belong to one group of one shop", () => {
    const grams = (shopId: number, groupKey: string) => gramsOfReview({ shopId, groupKey }, ["潤い"], []);
    expect(new Set([...grams(1, "a"), ...grams(2, "a"), ...grams(1, "b")]).size).toBe(3);
  });
});

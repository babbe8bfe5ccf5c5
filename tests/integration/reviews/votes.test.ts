// Helpful votes: one per customer, one per browser and per address and day, counted from the votes themselves.
import { beforeEach, describe, expect, it } from "vitest";

import { queryShop, type ShopId } from "../../../app/db.server";
import { helpfulRank } from "../../../app/reviews/votes/helpful-rank";
import { voteReview, type Voter } from "../../../app/reviews/votes/vote-review.server";
import { insertReviews } from "../../builders/published-reviews";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";

useTestDatabase();

const now = new Date("2026-06-20T03:00:00Z");
const customer = (number: number): Voter => ({ customerGid: `gid://shopify/Customer/${number}` });
const visitor = (browser: string, address = "visitor 203.0.113.7"): Voter => ({
  browser: browser.padEnd(16, "-"),
  address,
});
let shopId: ShopId;
let reviewId = 0;
beforeEach(async () => {
  shopId = await createTestShop();
  const [id] = await insertReviews(shopId, [{ customerGid: "gid://shopify/Customer/1" }]);
  reviewId = id ?? 0;
});
const vote = (voter: Voter, helpful: boolean | null, at = now) => voteReview(shopId, reviewId, voter, helpful, at);
async function stored() {
  const [row] = await queryShop<Record<"helpful" | "unhelpful" | "helpfulAnon" | "unhelpfulAnon" | "rank", number>>(
    shopId,
    `SELECT helpful, unhelpful, helpful_anon AS "helpfulAnon", unhelpful_anon AS "unhelpfulAnon", helpful_rank AS rank
       FROM review WHERE shop_id = $1 AND id = $2`,
    [shopId, reviewId],
  );
  return row;
}
const counts = (helpful: number, unhelpful: number, helpfulAnon = 0, unhelpfulAnon = 0) => ({
  helpful,
  unhelpful,
  helpfulAnon,
  unhelpfulAnon,
  rank: helpfulRank(helpful, unhelpful),
});

describe("a signed-in customer", () => {
  it("votes once, may change it, and may take it back", async () => {
    expect(await vote(customer(2), true)).toEqual({ outcome: "voted", vote: true, helpful: 1, helpfulAnon: 0 });
    await vote(customer(2), true);
    expect(await stored()).toEqual(counts(1, 0));
    await vote(customer(2), false);
    expect(await stored()).toEqual(counts(0, 1));
    await vote(customer(2), null);
    expect(await stored()).toEqual(counts(0, 0));
  });

  it("does not vote for what they wrote, nor for what is not shown", async () => {
    expect(await vote(customer(1), true)).toEqual({ outcome: "own_review" });
    const [held = 0] = await insertReviews(shopId, [{ status: "held" }]);
    expect(await voteReview(shopId, held, customer(2), true, now)).toEqual({ outcome: "unknown_review" });
    expect(await voteReview(await createTestShop(), reviewId, customer(2), true, now)).toEqual({
      outcome: "unknown_review",
    });
  });

  it("is counted exactly, however many vote and change their minds at once", async () => {
    const voters = Array.from({ length: 24 }, (_, at) => customer(100 + at));
    await Promise.all(voters.flatMap((voter, at) => [vote(voter, true), ...(at % 3 === 0 ? [vote(voter, true)] : [])]));
    expect(await stored()).toEqual(counts(24, 0));
    await Promise.all(voters.slice(0, 10).map((voter) => vote(voter, false)));
    await Promise.all(voters.slice(20).map((voter) => vote(voter, null)));
    expect(await stored()).toEqual(counts(10, 10));
  });
});

describe("a visitor", () => {
  it("is counted apart, and never lifts a review", async () => {
    await vote(visitor("a"), true);
    expect(await stored()).toEqual(counts(0, 0, 1, 0));
  });

  it("has one vote per browser, from wherever and whenever", async () => {
    await vote(visitor("a"), true);
    const tomorrow = new Date(now.getTime() + 86_400_000);
    expect(await vote(visitor("a", "visitor 198.51.100.1"), false, tomorrow)).toMatchObject({ outcome: "voted" });
    expect(await stored()).toEqual(counts(0, 0, 0, 1));
  });

  it("has one vote per address and day, whatever the browser says it is called", async () => {
    await vote(visitor("a"), true);
    expect(await vote(visitor("b"), true)).toEqual({ outcome: "already_voted" });
    const tomorrow = new Date(now.getTime() + 86_400_000);
    expect(await vote(visitor("b"), true, tomorrow)).toMatchObject({ outcome: "voted", helpfulAnon: 2 });
  });

  it("leaves neither an address nor a token behind", async () => {
    await vote(visitor("abcdefgh"), true);
    await vote(customer(2), true);
    const rows = await queryShop(shopId, "SELECT * FROM review_vote WHERE shop_id = $1", [shopId]);
    expect(JSON.stringify(rows)).not.toMatch(/203\.0|abcdefgh|Customer/);
  });
});

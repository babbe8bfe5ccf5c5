// The feeds over their real door: labels in place, whatever shoppers wrote, and no address but the secret one.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { inShop } from "../../../app/db.server";
import { feedUrls } from "../../../app/reviews/feeds/feed-address.server";
import { readFeed } from "../../../app/reviews/feeds/read-feed.server";
import { handleFeed } from "../../../app/server/feeds.server";
import { insertFeedReviews } from "../../builders/feed-reviews";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";

useTestDatabase();
const HOSTILE = `</content><script>alert(1)</script>]]> & "quotes" \u0000\u0008\uFFFE { % } {{ 'x' }} \u202E日本語 🙂`;
let shopId: number;
let server: Server;

beforeAll(async () => {
  shopId = await createTestShop();
  await insertFeedReviews(shopId, [
    {
      rating: 1,
      title: "悪い",
      body: HOSTILE,
      authorName: "山田 花子",
      verified: true,
      incentivised: true,
      source: "request",
      pros: "<b>",
      cons: "&amp;",
    },
    { rating: 5, title: "Only a title", body: "", authorName: "" },
    { rating: 4, title: "", body: "" },
    { rating: 3, title: "", body: "held", status: "held" },
    { rating: 2, title: "", body: "mail me: canary@example.com", authorName: "x", masked: [9, 27] },
  ]);
  server = createServer((req, res) => void handleFeed(req, res, (req.url ?? "").split("?", 1)[0] ?? ""));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const at = (url: string, init: RequestInit = {}) =>
  fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${new URL(url).pathname}`, init);
async function text(kind: "google" | "meta"): Promise<string> {
  const parts: string[] = [];
  for await (const part of readFeed(shopId, kind)) parts.push(part);
  return parts.join("");
}

// Tags that are opened while no other one is.
function topElements(xml: string): string[] {
  const names: string[] = [];
  let depth = 0;
  for (const [, closing, name] of xml.matchAll(/<(\/?)([a-z_]+)[^>]*>/g)) {
    if (closing) depth -= 1;
    else if (depth++ === 0 && name) names.push(name);
  }
  return names;
}
const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
const unescaped = (text: string) => text.replace(/&(\w+);/g, (_, name: string) => ENTITIES[name] ?? "");

describe("review feeds", () => {
  it("Google's: every star with words, in the documented order, labels told, hostile words inert", async () => {
    const xml = await text("google");
    const reviews = [...xml.matchAll(/<review>(.*?)<\/review>/gs)].map(([, inner]) => inner ?? "");
    expect(reviews.map((review) => /<overall min="1" max="5">(\d)</.exec(review)?.[1])).toEqual(["1", "5", "2"]);
    const [first = "", second = ""] = reviews;
    expect(topElements(first)).toEqual([
      "review_id",
      "reviewer",
      "is_verified_purchase",
      "is_incentivized_review",
      "review_timestamp",
      "title",
      "content",
      "pros",
      "cons",
      "review_url",
      "ratings",
      "products",
      "is_spam",
      "collection_method",
      "transaction_id",
    ]);
    const told = (name: string) => unescaped(new RegExp(`<${name}>(.*?)</${name}>`, "s").exec(first)?.[1] ?? "");
    const allowed = [...HOSTILE].filter((character) => !"\u0000\u0008\uFFFE".includes(character)).join("");
    expect(told("content")).toBe(allowed);
    expect([told("is_verified_purchase"), told("is_incentivized_review"), told("collection_method")]).toEqual([
      "true",
      "true",
      "post_fulfillment",
    ]);
    expect(told("review_timestamp")).toBe("2026-06-01T12:00:00+09:00");
    expect(told("gtin")).toBe("2000000000008");
    expect(xml).not.toContain("<script");
    expect(second).toContain('<name is_anonymous="true">Anonymous</name>');
    expect(xml).not.toContain("canary");
    expect(xml).not.toContain("@example");
  });

  it("Meta's: the same reviews as one JSON document", async () => {
    const feed = JSON.parse(await text("meta")) as { store: unknown; reviews: Record<string, unknown>[] };
    expect(feed.store).toEqual({ name: "東京サンプル", id: "shop.example.jp", storeUrls: ["shop.example.jp"] });
    expect(
      feed.reviews.map(({ rating, incentivized, hasVerifiedPurchase }) => [rating, incentivized, hasVerifiedPurchase]),
    ).toEqual([
      [1, true, true],
      [5, false, false],
      [2, false, false],
    ]);
    expect(JSON.stringify(feed)).not.toContain("canary");
  });

  it("an empty shop's feeds are whole documents", async () => {
    shopId = await createTestShop();
    expect((await text("google")).trim()).toMatch(/<publisher><name>東京サンプル<\/name><\/publisher>\s*<\/feed>$/);
    expect((JSON.parse(await text("meta")) as { reviews: unknown[] }).reviews).toEqual([]);
  });

  it("D08 answers at the secret address only, while it is on, and no longer after the merchant changed it", async () => {
    const on = async (feeds: unknown) =>
      inShop(shopId, (tx) =>
        tx.query("UPDATE shop_profile SET reviews = $2 WHERE shop_id = $1", [shopId, JSON.stringify({ feeds })]),
      );
    const { google, meta } = feedUrls(shopId, 1);
    expect((await at(google)).status).toBe(404);
    await on({ enabled: true, generation: 1 });
    const answer = await at(google);
    expect([answer.status, answer.headers.get("content-type"), answer.headers.get("x-robots-tag")]).toEqual([
      200,
      "application/xml; charset=utf-8",
      "noindex",
    ]);
    await answer.text();
    expect((await at(meta, { method: "HEAD" })).status).toBe(200);
    expect((await at(meta, { method: "POST" })).status).toBe(405);
    const other = await createTestShop();
    for (const wrong of [
      google.replace(`/feeds/${shopId}/`, `/feeds/${other}/`),
      google.replace(/\/[^/]+\/google/, "/AAAA/google"),
      google.replace("google-reviews", "x"),
    ]) {
      expect((await at(wrong)).status, wrong).toBe(404);
    }
    await on({ enabled: true, generation: 2 });
    expect((await at(google)).status).toBe(404);
    const [status, ...rest] = await Promise.all(
      Array.from({ length: 8 }, async () => (await at(feedUrls(shopId, 2).meta, { method: "HEAD" })).status),
    );
    expect([status, ...rest]).toContain(429);
  });
});

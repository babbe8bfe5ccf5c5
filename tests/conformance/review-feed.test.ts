// The feed against Google's own schema. The published one that we hold is 2.2: without the two flags that
// came later, and under its version number, what we write must be valid there.
import fs from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { validateXML } from "xmllint-wasm";

import { readFeed } from "../../app/reviews/feeds/read-feed.server";
import { insertFeedReviews } from "../builders/feed-reviews";
import { createTestShop } from "../builders/shop";
import { useTestDatabase } from "../setup/postgres";

const data = path.join(process.env.KIZUNA_SHARED ?? path.join(import.meta.dirname, "../../../shared"), "data");
const schema = path.join(data, "import-export/google-product-reviews/product_reviews_2.2.xsd");
const strings = path.join(data, "robustness/text/blns/blns.json");
const isHere = fs.existsSync(schema) && fs.existsSync(strings);
const SKIPPED = isHere ? "" : " (skipped: its files are not in KIZUNA_SHARED)";

describe.skipIf(!isHere)(`Google's schema of product reviews${SKIPPED}`, () => {
  useTestDatabase();
  let shopId: number;
  beforeAll(async () => {
    shopId = await createTestShop();
    const all = JSON.parse(fs.readFileSync(strings, "utf8")) as string[];
    const naughty = all.filter((text) => text.trim() !== "");
    expect(naughty.length).toBeGreaterThan(400);
    await insertFeedReviews(
      shopId,
      naughty.map((text, index) => ({
        rating: (index % 5) + 1,
        title: index % 2 ? text.slice(0, 100) : "",
        body: text,
        pros: text.slice(0, 50),
        authorName: text.slice(0, 30),
        verified: index % 3 === 0,
        incentivised: index % 4 === 0,
      })),
    );
  });
  const older = (xml: string) =>
    xml.replace(/<is_(verified_purchase|incentivized_review)>(true|false)<\/is_\1>/g, "").replaceAll("2.4", "2.2");
  async function feed(of: number): Promise<string> {
    const parts: string[] = [];
    for await (const part of readFeed(of, "google")) parts.push(part);
    return parts.join("");
  }
  const check = (xml: string) =>
    validateXML({
      xml: { fileName: "feed.xml", contents: xml },
      schema: { fileName: "schema.xsd", contents: fs.readFileSync(schema, "utf8") },
      // Pages of 64 kB.
      initialMemoryPages: 1_024,
      maxMemoryPages: 4_096,
    });

  it("accepts the feed with every naughty string in it, and the empty one", async () => {
    const { valid, errors } = await check(older(await feed(shopId)));
    expect(errors.slice(0, 3)).toEqual([]);
    expect(valid).toBe(true);
    expect((await check(older(await feed(await createTestShop())))).valid).toBe(true);
  });

  it("would notice: with the flags it refuses the feed", async () => {
    expect((await check((await feed(shopId)).replaceAll("2.4", "2.2"))).valid).toBe(false);
  });
});

import { HttpResponse } from "msw";
import { describe, expect, it } from "vitest";

import { adminClient } from "../../../app/shopify/admin-client.server";
import { setMetafieldsMutation } from "../../../app/shopify/documents/metafield";
import { readShopQuery } from "../../../app/shopify/documents/shop";
import {
  RefusedByShopifyError,
  ThrottledError,
  TransientShopifyError,
  UnauthorizedShopError,
} from "../../../app/shopify/shopify-errors";
import { cost, useFakeShopify } from "../../builders/fake-shopify";
import { createTestShop } from "../../builders/shop";
import { storeTestSession } from "../../builders/shopify-session";
import { useTestDatabase } from "../../setup/postgres";

useTestDatabase();
const shopify = useFakeShopify();
const SHOP = { shop: { id: "gid://shopify/Shop/1" } };
const throttled = (currentlyAvailable: number, restoreRate: number) =>
  HttpResponse.json({
    errors: [{ message: "Throttled", extensions: { code: "THROTTLED" } }],
    extensions: { cost: cost({ currentlyAvailable, restoreRate }, 50) },
  });

let domain: string;
let number = 0;
async function freshShop(): Promise<string> {
  domain = `calls-${++number}.myshopify.com`;
  await createTestShop(domain);
  await storeTestSession(domain);
  return domain;
}

describe("C05 what Shopify may answer", () => {
  it("THROTTLED: waits for the bucket as throttleStatus says, then asks again", async () => {
    const client = await adminClient(await freshShop(), "interactive");
    let first = 0;
    shopify.on("ReadShop", () => {
      if (shopify.calls.length > 1) return SHOP;
      first = performance.now();
      return throttled(0, 100);
    });
    await client.request(readShopQuery, {});
    // 50 points at 100 a second.
    expect(performance.now() - first).toBeGreaterThanOrEqual(450);
    expect(shopify.calls).toHaveLength(2);
  });

  it("THROTTLED for longer than a job should wait: thrown with the time to come back", async () => {
    const client = await adminClient(await freshShop(), "interactive");
    shopify.on("ReadShop", () => throttled(0, 1));
    await expect(client.request(readShopQuery, {})).rejects.toMatchObject({
      name: "ThrottledError",
      retryAfterMs: 50_000,
    });
    expect(shopify.calls).toHaveLength(1);
  });

  it("429: waits for Retry-After", async () => {
    const client = await adminClient(await freshShop(), "interactive");
    shopify.on("ReadShop", () => new HttpResponse("Too many", { status: 429, headers: { "retry-after": "120" } }));
    await expect(client.request(readShopQuery, {})).rejects.toThrow(ThrottledError);
  });

  it.each([
    ["5xx", () => new HttpResponse("<html>Bad gateway</html>", { status: 502 })],
    [
      "an HTML page under 200",
      () => new HttpResponse("<html>maintenance</html>", { headers: { "content-type": "text/html" } }),
    ],
    ["a broken connection", () => HttpResponse.error()],
    [
      "an internal error under 200",
      () => HttpResponse.json({ errors: [{ message: "x", extensions: { code: "INTERNAL_SERVER_ERROR" } }] }),
    ],
  ])("%s: a query is asked again, a mutation is not", async (_name, stumble) => {
    const client = await adminClient(await freshShop(), "interactive");
    shopify.on("ReadShop", () => (shopify.calls.length > 1 ? SHOP : stumble()));
    expect((await client.request(readShopQuery, {})).shop.id).toBe("gid://shopify/Shop/1");
    shopify.on("SetMetafields", stumble);
    const before = shopify.calls.length;
    await expect(client.request(setMetafieldsMutation, { metafields: [] })).rejects.toThrow(TransientShopifyError);
    expect(shopify.calls.length - before).toBe(1);
  });

  it("a refusal is final: not retried, and a missing scope can be told", async () => {
    const client = await adminClient(await freshShop(), "interactive");
    shopify.on("ReadShop", () =>
      HttpResponse.json({ data: null, errors: [{ message: "no", extensions: { code: "ACCESS_DENIED" } }] }),
    );
    const error = await client.request(readShopQuery, {}).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RefusedByShopifyError);
    expect((error as RefusedByShopifyError).isAccessDenied).toBe(true);
    expect(shopify.calls).toHaveLength(1);
  });
});

describe("F09 budget", () => {
  it("background work leaves half the bucket; people do not wait", async () => {
    await freshShop();
    const background = await adminClient(domain);
    const interactive = await adminClient(domain, "interactive");
    // 960 of 2,000 left, 100 a second: half plus this query's 10 points is reached after half a second.
    const answered: number[] = [];
    shopify.on("ReadShop", () => {
      answered.push(performance.now());
      return HttpResponse.json({ data: SHOP, extensions: { cost: cost({ currentlyAvailable: 960 }) } });
    });
    await background.request(readShopQuery, {});
    const done: string[] = [];
    await Promise.all([
      background.request(readShopQuery, {}).then(() => done.push("background")),
      interactive.request(readShopQuery, {}).then(() => done.push("people")),
    ]);
    expect(done).toEqual(["people", "background"]);
    const [before = 0, , after = 0] = answered;
    expect(after - before).toBeGreaterThanOrEqual(450);
  });
});

describe("shops without the app", () => {
  it("never installed, or uninstalled: no call leaves", async () => {
    await expect(adminClient("nobody.myshopify.com")).rejects.toThrow(UnauthorizedShopError);
    await expect(adminClient(987_654)).rejects.toThrow(UnauthorizedShopError);
    const id = await createTestShop("tokenless.myshopify.com");
    await expect((await adminClient(id)).request(readShopQuery, {})).rejects.toMatchObject({ reason: "token_refused" });
    expect(shopify.calls).toEqual([]);
  });
});

import { Session } from "@shopify/shopify-api";
import { HttpResponse } from "msw";
import { describe, expect, it } from "vitest";

import { routerPool } from "../../../app/db.server";
import { accessTokenOf } from "../../../app/shopify/access-token.server";
import { adminClient } from "../../../app/shopify/admin-client.server";
import { readShopQuery } from "../../../app/shopify/documents/shop";
import { LOCK_SESSION, offlineSessionId, readSession, writeSession } from "../../../app/shopify/session-storage.server";
import { findShopByDomain } from "../../../app/shops/find-shop.server";
import { uninstallShop } from "../../../app/shops/uninstall-shop.server";
import { TransientShopifyError, UnauthorizedShopError } from "../../../app/shopify/shopify-errors";
import { newTokens, useFakeShopify } from "../../builders/fake-shopify";
import { createTestShop } from "../../builders/shop";
import { storeTestSession } from "../../builders/shopify-session";
import { useTestDatabase } from "../../setup/postgres";

useTestDatabase();
const shopify = useFakeShopify();

let number = 0;
async function shopWithTokens(tokens: Parameters<typeof storeTestSession>[1]): Promise<string> {
  const domain = `tokens-${++number}.myshopify.com`;
  await createTestShop(domain);
  await storeTestSession(domain, tokens);
  return domain;
}
const stored = (domain: string) => readSession(routerPool(), offlineSessionId(domain));
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("the offline token", () => {
  it("is used as it is while it lives", async () => {
    const domain = await shopWithTokens({ accessToken: "shpat_alive" });
    expect(await accessTokenOf(domain)).toBe("shpat_alive");
    expect(shopify.refreshes).toEqual([]);
  });

  it("D01 expired, and 20 jobs ask at once: one refresh, one pair stored", async () => {
    const domain = await shopWithTokens({ expiresIn: -60 });
    shopify.onRefresh(async () => {
      await pause(50);
      return newTokens(2);
    });
    const tokens = await Promise.all(Array.from({ length: 20 }, () => accessTokenOf(domain)));
    expect(new Set(tokens)).toEqual(new Set(["shpat_2"]));
    expect(shopify.refreshes).toEqual(["shprt_first"]);
    expect(await stored(domain)).toMatchObject({
      accessToken: "shpat_2",
      refreshToken: "shprt_2",
      scope: "read_orders",
    });
  });

  it("D01 another process refreshed while we waited for the lock: its token is taken, none is asked for", async () => {
    const domain = await shopWithTokens({ expiresIn: -60 });
    const other = await routerPool().connect();
    await other.query("BEGIN");
    await other.query(LOCK_SESSION, [domain]);
    const waiting = accessTokenOf(domain);
    await pause(100);
    // The other process commits its pair through the same row before it lets go of the lock.
    const twin = `twin-of-${domain}`;
    await storeTestSession(twin, { accessToken: "shpat_other" });
    const session = await readSession(routerPool(), offlineSessionId(twin));
    if (!session) throw new Error("no twin");
    await writeSession(
      { query: (text, values) => other.query(text, values) },
      new Session({ ...session.toObject(), id: offlineSessionId(domain), shop: domain }),
    );
    await other.query("COMMIT");
    other.release();
    expect(await waiting).toBe("shpat_other");
    expect(shopify.refreshes).toEqual([]);
  });

  it("D01 a lost answer leaves the old pair, and the same refresh token is offered again", async () => {
    const domain = await shopWithTokens({ expiresIn: -60 });
    shopify.onRefresh(() => HttpResponse.error());
    await expect(accessTokenOf(domain)).rejects.toThrow(TransientShopifyError);
    expect(await stored(domain)).toMatchObject({ accessToken: "shpat_first", refreshToken: "shprt_first" });
    shopify.onRefresh(() => newTokens(2));
    expect(await accessTokenOf(domain)).toBe("shpat_2");
    expect(shopify.refreshes).toEqual(["shprt_first", "shprt_first"]);
  });

  it("D01 near its end it still serves while Shopify cannot renew it", async () => {
    const domain = await shopWithTokens({ expiresIn: 120 });
    shopify.onRefresh(() => new HttpResponse("<html>oops</html>", { status: 502 }));
    expect(await accessTokenOf(domain)).toBe("shpat_first");
    expect(shopify.refreshes).toHaveLength(1);
  });

  it("D01 a refresh token Shopify takes for spent is dropped: no second attempt, no storm, no uninstall", async () => {
    const domain = await shopWithTokens({ expiresIn: -60 });
    shopify.onRefresh(() => HttpResponse.json({ error: "invalid_grant" }, { status: 400 }));
    const attempts = await Promise.allSettled(Array.from({ length: 10 }, () => accessTokenOf(domain)));
    expect(attempts.every((each) => each.status === "rejected" && each.reason instanceof UnauthorizedShopError)).toBe(
      true,
    );
    await expect(accessTokenOf(domain)).rejects.toThrow(UnauthorizedShopError);
    expect(shopify.refreshes).toHaveLength(1);
    const { rows } = await routerPool().query("SELECT uninstalled_at FROM shop WHERE domain = $1", [domain]);
    expect(rows).toEqual([{ uninstalled_at: null }]);
    // The next page of the admin exchanges a token, and work goes on.
    await storeTestSession(domain, { accessToken: "shpat_exchanged" });
    expect(await accessTokenOf(domain)).toBe("shpat_exchanged");
  });
});

describe("D02 uninstalled mid-job", () => {
  const unauthorized = () => HttpResponse.json({ errors: "[API] Invalid API key or access token" }, { status: 401 });

  it("the revoked token stops the shop: one refresh attempt, then no call at all", async () => {
    const domain = await shopWithTokens({});
    shopify.on("ReadShop", unauthorized);
    shopify.onRefresh(() => HttpResponse.json({ error: "invalid_grant" }, { status: 400 }));
    const client = await adminClient(domain);
    await expect(client.request(readShopQuery, {})).rejects.toMatchObject({
      name: "UnauthorizedShopError",
      reason: "token_refused",
    });
    expect([shopify.calls.length, shopify.refreshes.length]).toEqual([1, 1]);

    const storm = await Promise.allSettled(
      Array.from({ length: 20 }, async () => (await adminClient(domain)).request(readShopQuery, {})),
    );
    expect(storm.every((each) => each.status === "rejected" && each.reason instanceof UnauthorizedShopError)).toBe(
      true,
    );
    // A client made before the uninstall has no token any more either.
    await expect(client.request(readShopQuery, {})).rejects.toThrow(UnauthorizedShopError);
    expect([shopify.calls.length, shopify.refreshes.length]).toEqual([1, 1]);
    expect(await stored(domain)).toBeUndefined();
    // app/uninstalled follows and marks the shop: then not even a client is made.
    const shop = await findShopByDomain(domain);
    expect(shop?.uninstalledAt).toBeNull();
    expect(await uninstallShop(shop?.id ?? 0, new Date())).toEqual({ outcome: "uninstalled" });
    await expect(adminClient(domain)).rejects.toMatchObject({ reason: "uninstalled" });
  });

  it("a token that was only revoked is replaced, and the call succeeds", async () => {
    const domain = await shopWithTokens({ accessToken: "shpat_revoked" });
    shopify.on("ReadShop", ({ token }) =>
      token === "shpat_2" ? { shop: { id: "gid://shopify/Shop/1" } } : unauthorized(),
    );
    shopify.onRefresh(() => newTokens(2));
    const answer = await (await adminClient(domain)).request(readShopQuery, {});
    expect(answer.shop.id).toBe("gid://shopify/Shop/1");
    expect(shopify.calls.map((call) => call.token)).toEqual(["shpat_revoked", "shpat_2"]);
  });

  it.each([402, 403, 423])(
    "HTTP %i (frozen, forbidden, locked) stops the work and keeps the install",
    async (status) => {
      const domain = await shopWithTokens({});
      shopify.on("ReadShop", () => new HttpResponse("Unavailable Shop", { status }));
      await expect((await adminClient(domain)).request(readShopQuery, {})).rejects.toMatchObject({
        reason: "shop_unavailable",
      });
      expect(shopify.calls).toHaveLength(1);
      expect((await stored(domain))?.accessToken).toBe("shpat_first");
    },
  );
});

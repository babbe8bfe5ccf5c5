import { createHmac, randomUUID } from "node:crypto";
import { HttpResponse, http } from "msw";
import { afterEach, describe, expect, it } from "vitest";

import { routerPool } from "../../../app/db.server";
import { env } from "../../../app/env.server";
import { runJob } from "../../../app/jobs/run-job.server";
import { offlineSessionId, sessionStorage } from "../../../app/shopify/session-storage.server";
import { findShopByDomain } from "../../../app/shops/find-shop.server";
import { installShop } from "../../../app/shops/install-shop.server";
import { isCurrentInstall } from "../../../app/shops/is-current-install.server";
import { readShopProfile } from "../../../app/shops/read-shop-profile.server";
import { uninstallShop } from "../../../app/shops/uninstall-shop.server";
import { useFakeShopify } from "../../builders/fake-shopify";
import { storeTestSession } from "../../builders/shopify-session";
import { useTestDatabase } from "../../setup/postgres";

const database = useTestDatabase();
const exchanges: string[] = [];
const shopify = useFakeShopify([
  http.post("https://:shop/admin/oauth/access_token", async ({ request, params }) => {
    const body = (await request.clone().json()) as { grant_type: string };
    if (!body.grant_type.endsWith("token-exchange")) return undefined;
    exchanges.push(String(params["shop"]));
    return HttpResponse.json({
      access_token: `shpat_${exchanges.length}`,
      scope: "read_orders,write_customers",
      expires_in: 3_600,
      refresh_token: `shprt_${exchanges.length}`,
      refresh_token_expires_in: 7_776_000,
    });
  }),
]);
afterEach(() => void exchanges.splice(0));

function serveShop(): void {
  shopify.on("ReadShop", ({ shop }) => ({
    shop: {
      id: `gid://shopify/Shop/${shop.length}${shop.charCodeAt(0)}`,
      name: "東京サンプル",
      email: "shop@example.jp",
      myshopifyDomain: shop,
      currencyCode: "JPY",
      ianaTimezone: "Asia/Tokyo",
      taxesIncluded: true,
      plan: { partnerDevelopment: true, publicDisplayName: "Development" },
      primaryDomain: { host: "tokyo.example.jp" },
      shopAddress: { countryCodeV2: "JP" },
    },
    currentAppInstallation: {
      id: "gid://shopify/AppInstallation/1",
      app: { id: "gid://shopify/App/1" },
      accessScopes: [],
    },
  }));
  shopify.on("CreateMetafieldDefinition", () => ({
    metafieldDefinitionCreate: { createdDefinition: { id: "gid://shopify/MetafieldDefinition/1" }, userErrors: [] },
  }));
}
const queued = async (shopId: number) => {
  const { rows } = await database
    .owner()
    .query<{ name: string }>("SELECT name FROM pgboss.job WHERE (data->>'shopId')::int = $1 ORDER BY name", [shopId]);
  return rows.map((row) => row.name);
};
const T0 = new Date("2026-03-01T00:00:00Z");
const later = (hours: number) => new Date(T0.getTime() + hours * 3_600_000);

describe("install", () => {
  it("writes the shop once, reads it and starts its jobs, however many loaders ask at once", async () => {
    const domain = "a-tokyo.myshopify.com";
    await storeTestSession(domain);
    serveShop();
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, () => installShop({ domain, scopes: "read_orders,read_all_orders", now: T0 })),
    );
    expect(outcomes.map((each) => each.outcome).sort()).toEqual([
      ...Array<string>(9).fill("already_installed"),
      "installed",
    ]);
    const shop = await findShopByDomain(domain);
    expect(shop).toMatchObject({ installSeq: 1, scopes: ["read_orders", "read_all_orders"], uninstalledAt: null });
    expect(await queued(shop?.id ?? 0)).toEqual([
      "check-subscriptions",
      "publish-program",
      "read-all-customers",
      "refresh-shop",
    ]);
    expect(await readShopProfile(shop?.id ?? 0)).toMatchObject({
      currency: "JPY",
      timeZone: "Asia/Tokyo",
      taxesIncluded: true,
      isDevelopment: true,
      primaryLocale: "ja",
      primaryDomain: "tokyo.example.jp",
    });
  });

  it("stands when Shopify stumbles over the first read: the job follows", async () => {
    const domain = "b-stumble.myshopify.com";
    await storeTestSession(domain);
    shopify.on("ReadShop", () =>
      HttpResponse.json({ errors: [{ message: "no", extensions: { code: "ACCESS_DENIED" } }] }),
    );
    const { outcome, shopId } = await installShop({ domain, scopes: "", now: T0 });
    expect(outcome).toBe("installed");
    expect(await readShopProfile(shopId)).toBeNull();
    expect(await queued(shopId)).toContain("refresh-shop");
  });
});

describe("uninstall and reinstall", () => {
  it("D03 forgets the tokens, keeps the row, and counts the next install", async () => {
    const domain = "c-return.myshopify.com";
    await storeTestSession(domain);
    serveShop();
    const { shopId } = await installShop({ domain, scopes: "", now: T0 });
    expect(await isCurrentInstall(shopId)).toBe(true);
    expect(await uninstallShop(shopId, later(1))).toEqual({ outcome: "uninstalled" });
    expect(await uninstallShop(shopId, later(1))).toEqual({ outcome: "already_uninstalled" });
    expect(await sessionStorage.loadSession(offlineSessionId(domain))).toBeUndefined();
    expect(await isCurrentInstall(shopId)).toBe(false);

    await storeTestSession(domain, { accessToken: "shpat_again" });
    expect(await installShop({ domain, scopes: "read_orders", now: later(2) })).toEqual({
      outcome: "reinstalled",
      shopId,
    });
    expect(await findShopByDomain(domain)).toMatchObject({ id: shopId, installSeq: 2, uninstalledAt: null });

    // The event of the first uninstall arrives a day late.
    expect(await uninstallShop(shopId, later(1))).toEqual({ outcome: "stale" });
    expect(await isCurrentInstall(shopId)).toBe(true);
    expect((await sessionStorage.loadSession(offlineSessionId(domain)))?.accessToken).toBe("shpat_again");
  });

  it("D02 a new token or a new install ends the rest of a shop that refused calls", async () => {
    const domain = "d-rest.myshopify.com";
    serveShop();
    // No session: there is no token to call with.
    const { shopId } = await installShop({ domain, scopes: "", now: T0 });
    const never = new AbortController().signal;
    const refresh = () => runJob("refresh-shop", { shopId }, never);
    expect(await refresh()).toEqual({ outcome: "skipped", why: "unauthorized" });
    expect(await refresh()).toEqual({ outcome: "skipped", why: "paused" });
    await storeTestSession(domain);
    expect(await refresh()).toEqual({ outcome: "ran" });

    await sessionStorage.deleteSession(offlineSessionId(domain));
    expect(await refresh()).toEqual({ outcome: "skipped", why: "unauthorized" });
    await uninstallShop(shopId, later(1));
    await installShop({ domain, scopes: "", now: later(2) });
    expect(await refresh()).toEqual({ outcome: "skipped", why: "unauthorized" });
  });

  it("of a shop nobody knows is no news", async () => {
    expect(await uninstallShop(999_999, T0)).toEqual({ outcome: "unknown_shop" });
    expect(await isCurrentInstall(999_999)).toBe(false);
    expect(await findShopByDomain("nobody.myshopify.com")).toBeNull();
  });
});

describe("through Shopify's own library", () => {
  /** A session token as App Bridge would send it. */
  function sessionToken(domain: string, change: Record<string, unknown> = {}): string {
    const { SHOPIFY_API_KEY, SHOPIFY_API_SECRET } = env();
    const seconds = Math.floor(Date.now() / 1000);
    const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString("base64url");
    const claims = {
      iss: `https://${domain}/admin`,
      dest: `https://${domain}`,
      aud: SHOPIFY_API_KEY,
      sub: "42",
      sid: "s",
      jti: randomUUID(),
      nbf: seconds - 5,
      exp: seconds + 60,
      iat: seconds,
      ...change,
    };
    const signed = `${encode({ alg: "HS256", typ: "JWT" })}.${encode(claims)}`;
    return `${signed}.${createHmac("sha256", SHOPIFY_API_SECRET).update(signed).digest("base64url")}`;
  }
  const pageRequest = (domain: string, token: string) =>
    new Request(
      `https://kizuna.test/app?shop=${domain}&host=${Buffer.from(`admin.shopify.com/store/x`).toString("base64url")}&embedded=1&id_token=${token}`,
      {
        headers: { "user-agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/130 Safari/537.36" },
      },
    );

  it("the first page exchanges the token, stores it sealed and installs the shop; parallel loaders do no harm", async () => {
    const { authenticate } = await import("../../../app/shopify.server");
    const domain = "d-library.myshopify.com";
    serveShop();
    // Layout and page of one request carry the same token; whoever is let in finds the shop.
    const token = sessionToken(domain);
    const loaders = Array.from({ length: 3 }, async () => {
      const { session } = await authenticate.admin(pageRequest(domain, token));
      return [session.shop, (await findShopByDomain(domain))?.installSeq];
    });
    expect(await Promise.all(loaders)).toEqual([1, 2, 3].map(() => [domain, 1]));
    expect(exchanges.length).toBeGreaterThanOrEqual(1);
    expect(await findShopByDomain(domain)).toMatchObject({ installSeq: 1, uninstalledAt: null });
    const stored = await sessionStorage.loadSession(offlineSessionId(domain));
    expect(stored).toMatchObject({
      isOnline: false,
      accessToken: expect.stringMatching(/^shpat_\d$/),
      refreshToken: expect.stringMatching(/^shprt_\d$/),
    });
    // The stored pair is one pair.
    expect(stored?.accessToken?.at(-1)).toBe(stored?.refreshToken?.at(-1));
    const { rows } = await routerPool().query<{ payload: string }>(
      "SELECT payload FROM shopify_session WHERE domain = $1",
      [domain],
    );
    expect(rows[0]?.payload).not.toContain("shpat_");

    exchanges.splice(0);
    await authenticate.admin(pageRequest(domain, sessionToken(domain)));
    expect(exchanges).toEqual([]);
  });

  it("an install that fails leaves no session behind, so that the next page installs again", async () => {
    const { authenticate } = await import("../../../app/shopify.server");
    const domain = "e-broken.myshopify.com";
    await database.owner().query("ALTER TABLE shop RENAME TO shop_away");
    try {
      await expect(authenticate.admin(pageRequest(domain, sessionToken(domain)))).rejects.toBeDefined();
      expect(await sessionStorage.loadSession(offlineSessionId(domain))).toBeUndefined();
    } finally {
      await database.owner().query("ALTER TABLE shop_away RENAME TO shop");
    }
    serveShop();
    await authenticate.admin(pageRequest(domain, sessionToken(domain)));
    expect(await findShopByDomain(domain)).toMatchObject({ uninstalledAt: null });
  });

  it.each([
    ["expired", { exp: Math.floor(Date.now() / 1000) - 30, nbf: Math.floor(Date.now() / 1000) - 120 }],
    ["for another app", { aud: "another-app" }],
  ])("E06 a token that is %s gets nothing", async (_name, change) => {
    const { authenticate } = await import("../../../app/shopify.server");
    const domain = "f-forged.myshopify.com";
    await expect(authenticate.admin(pageRequest(domain, sessionToken(domain, change)))).rejects.toBeInstanceOf(
      Response,
    );
    expect(await findShopByDomain(domain)).toBeNull();
    expect(exchanges).toEqual([]);
  });
});

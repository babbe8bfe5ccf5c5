import { http, HttpResponse } from "msw";
import { setupServer } from "msw/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { env } from "../../../app/env.server";
import { useTestDatabase } from "../../setup/postgres";

const database = useTestDatabase();

const SHOP = "new-test.myshopify.com";
const exchanges: Record<string, unknown>[] = [];
const shopify = setupServer(
  http.post("https://:shop/admin/oauth/access_token", async ({ request }) => {
    exchanges.push({ host: new URL(request.url).host, ...((await request.json()) as Record<string, unknown>) });
    return HttpResponse.json({
      access_token: "offline-token-of-a-test",
      scope: env().SCOPES,
      expires_in: 3_600,
      refresh_token: "refresh-token-of-a-test",
      refresh_token_expires_in: 7_776_000,
    });
  }),
  // Shopify stumbles on the first read of the shop.
  http.post(`https://${SHOP}/admin/api/:version/graphql.json`, () => new HttpResponse(null, { status: 503 })),
);

beforeAll(() => shopify.listen({ onUnhandledRequest: "error" }));
afterAll(() => shopify.close());

describe("the first visit of a shop", () => {
  it("E06 exchanges the session token at its own shop, installs it, and waits for what Shopify knows of it", async () => {
    // Shopify's library takes hold of fetch when it is loaded: the stand-in must be there before it.
    const { loader: settings } = await import("../../../app/routes/app.settings._index");
    const { adminRequest, sessionToken } = await import("./admin-requests");
    const token = await sessionToken(SHOP);
    const answer: unknown = await settings({
      request: adminRequest("/app/settings", token),
      params: {},
      context: {},
    }).catch((thrown: unknown) => thrown);

    expect(exchanges).toHaveLength(1);
    expect(exchanges[0]).toMatchObject({
      host: SHOP,
      client_id: env().SHOPIFY_API_KEY,
      client_secret: env().SHOPIFY_API_SECRET,
      subject_token: token,
      grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    });
    const { rows } = await database.owner().query("SELECT domain, uninstalled_at FROM shop");
    expect(rows).toEqual([{ domain: SHOP, uninstalled_at: null }]);
    expect(answer).toBeInstanceOf(Response);
    expect((answer as Response).headers.get("Location")).toMatch(/\/app\/preparing$/);
  });

  it("E06 keeps no token in clear text", async () => {
    const { rows } = await database
      .owner()
      .query<{ row: string }>("SELECT shopify_session::text AS row FROM shopify_session");
    expect(rows).toHaveLength(1);
    expect(rows[0]?.row).not.toContain("token-of-a-test");
    const { offlineSessionId, sessionStorage } = await import("../../../app/shopify/session-storage.server");
    expect((await sessionStorage.loadSession(offlineSessionId(SHOP)))?.accessToken).toBe("offline-token-of-a-test");
  });
});

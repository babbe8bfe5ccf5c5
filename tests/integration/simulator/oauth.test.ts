import "@shopify/shopify-app-remix/adapters/node";
import { ApiVersion, HttpResponseError, RequestedTokenType, shopifyApi, type Session } from "@shopify/shopify-api";
import { setAbstractFetchFunc } from "@shopify/shopify-api/runtime";
import { shopifyApp } from "@shopify/shopify-app-remix/server";
import { SignJWT } from "jose";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import {
  changeScopes,
  expireTokens,
  grantInstall,
  hostParameter,
  issueIdToken,
  revokeTokens,
  uninstallApp,
} from "../../simulator/oauth";
import type { SimEvent } from "../../simulator/state";
import { API_KEY, API_SECRET, DOMAIN, SCOPES, startPlatform, type Platform } from "./platform";

let platform: Platform;
let events: SimEvent[];

/** What the app's transport does: Shopify's hosts go to the simulator, everything else is refused. */
function redirectShopify(address: string): void {
  const redirected = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (!url.hostname.endsWith(".myshopify.com")) throw new Error(`refused outgoing call to ${url.host}`);
    const headers = new Headers(init?.headers);
    headers.set("x-sim-host", url.hostname);
    return fetch(new URL(url.pathname + url.search, address), { ...init, headers });
  };
  setAbstractFetchFunc(redirected);
}

beforeEach(async () => {
  platform = await startPlatform();
  events = [];
  platform.sim.onEvent((event) => events.push(event));
  redirectShopify(platform.address);
});
afterEach(() => platform.stop());

const library = () =>
  shopifyApi({
    apiKey: API_KEY,
    apiSecretKey: API_SECRET,
    hostName: "app.example.com",
    apiVersion: ApiVersion.July26,
    isEmbeddedApp: true,
    scopes: SCOPES,
    logger: { level: 0 },
    future: {},
  });

async function exchange(kind: RequestedTokenType, expiring: boolean, idToken?: string): Promise<Session> {
  const sessionToken = idToken ?? (await issueIdToken(platform.sim, DOMAIN));
  const { session } = await library().auth.tokenExchange({
    shop: DOMAIN,
    sessionToken,
    requestedTokenType: kind,
    expiring,
  });
  return session;
}

const countOrders = "{ ordersCount { count } }";
const graphql = (session: Session) => new (library().clients.Graphql)({ session }).request(countOrders);

async function statusWith(accessToken: string): Promise<number> {
  const response = await platform.post(
    "/admin/api/2026-07/graphql.json",
    { query: countOrders },
    { "x-shopify-access-token": accessToken },
  );
  return response.status;
}

describe("token exchange", () => {
  it("gives the unpatched library an expiring offline token that the Admin API takes", async () => {
    const session = await exchange(RequestedTokenType.OfflineAccessToken, true);
    expect(session.isOnline).toBe(false);
    expect(session.scope).toBe(SCOPES.join(","));
    expect(session.refreshToken).toMatch(/^shprt_/);
    const seconds = ((session.expires?.getTime() ?? 0) - Date.now()) / 1_000;
    expect(seconds).toBeGreaterThan(3_500);
    expect(seconds).toBeLessThanOrEqual(3_600);
    expect(await graphql(session)).toMatchObject({ data: { ordersCount: { count: 0 } } });
  });

  it("gives a token without an end when none is asked for", async () => {
    const session = await exchange(RequestedTokenType.OfflineAccessToken, false);
    expect(session.expires).toBeUndefined();
    expect(session.refreshToken).toBeUndefined();
  });

  it("gives online tokens with the staff member", async () => {
    const session = await exchange(RequestedTokenType.OnlineAccessToken, true);
    expect(session.isOnline).toBe(true);
    expect(session.id).toBe(`${DOMAIN}_401`);
    expect(session.onlineAccessInfo?.associated_user).toMatchObject({
      id: 401,
      first_name: "Aya",
      account_owner: true,
      locale: "ja",
    });
  });

  it.each([
    ["expired", { exp: 1 }],
    ["of another app", { aud: "another-app" }],
    ["of another shop", { dest: "https://other.myshopify.com" }],
    ["of another issuer", { iss: "https://other.myshopify.com/admin" }],
    ["not yet valid", { nbf: Math.floor(Date.now() / 1_000) + 600 }],
  ])("refuses an id token that is %s", async (_, claims) => {
    const idToken = await issueIdToken(platform.sim, DOMAIN, "401", claims);
    const response = await rawExchange(idToken);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: "invalid_subject_token" });
  });

  it("refuses an id token signed with another secret, or with none", async () => {
    const forged = await new SignJWT({ dest: `https://${DOMAIN}` })
      .setProtectedHeader({ alg: "HS256" })
      .sign(new TextEncoder().encode("another-secret-0123456789"));
    const [header, payload] = (await issueIdToken(platform.sim, DOMAIN)).split(".");
    const none = `${Buffer.from(JSON.stringify({ alg: "none", typ: "JWT" })).toString("base64url")}.${payload}.`;
    expect(header).toBeDefined();
    for (const token of [forged, none, "", "x.y.z"]) expect((await rawExchange(token)).status).toBe(400);
  });

  it("refuses a wrong client secret and unknown grant types", async () => {
    expect((await rawExchange(await issueIdToken(platform.sim, DOMAIN), { client_secret: "wrong" })).status).toBe(400);
    const credentials = await platform.post("/admin/oauth/access_token", {
      client_id: API_KEY, client_secret: API_SECRET, grant_type: "client_credentials",
    }); // prettier-ignore
    expect(await credentials.json()).toMatchObject({ error: "unsupported_grant_type" });
  });
});

function rawExchange(idToken: string, more: Record<string, string> = {}): Promise<Response> {
  return platform.post("/admin/oauth/access_token", {
    client_id: API_KEY,
    client_secret: API_SECRET,
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    subject_token: idToken,
    subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
    requested_token_type: RequestedTokenType.OfflineAccessToken,
    expiring: "1",
    ...more,
  });
}

describe("refresh", () => {
  it("rotates: the library gets a new pair, the old refresh token dies with the new token's first use", async () => {
    const first = await exchange(RequestedTokenType.OfflineAccessToken, true);
    const { session: second } = await library().auth.refreshToken({
      shop: DOMAIN,
      refreshToken: first.refreshToken ?? "",
    });
    expect(second.accessToken).not.toBe(first.accessToken);
    expect(second.refreshToken).not.toBe(first.refreshToken);
    await graphql(second);
    await expect(
      library().auth.refreshToken({ shop: DOMAIN, refreshToken: first.refreshToken ?? "" }),
    ).rejects.toBeInstanceOf(HttpResponseError);
    expect(await statusWith(first.accessToken ?? "")).toBe(401);
  });

  it("D01 a lost answer is recoverable: the same refresh token works again until the new token was used", async () => {
    const first = await exchange(RequestedTokenType.OfflineAccessToken, true);
    platform.sim.faults.api.tokenAnswerLost = 1;
    await expect(
      library().auth.refreshToken({ shop: DOMAIN, refreshToken: first.refreshToken ?? "" }),
    ).rejects.toThrow();
    const { session } = await library().auth.refreshToken({ shop: DOMAIN, refreshToken: first.refreshToken ?? "" });
    await graphql(session);
    expect(platform.shop.install?.tokens.filter(({ refresh }) => refresh !== null)).toHaveLength(1);
  });

  it("a failing token endpoint leaves everything as it was", async () => {
    const first = await exchange(RequestedTokenType.OfflineAccessToken, true);
    platform.sim.faults.api.tokenStatus5xx = 1;
    await expect(
      library().auth.refreshToken({ shop: DOMAIN, refreshToken: first.refreshToken ?? "" }),
    ).rejects.toThrow();
    expect(await statusWith(first.accessToken ?? "")).toBe(200);
  });

  it("is done by shopify-app-remix when a stored token is about to expire", async () => {
    const sessions = new Map<string, Session>();
    const app = remixApp(sessions);
    await app.sessionStorage.storeSession(await exchange(RequestedTokenType.OfflineAccessToken, true));
    const [stored] = [...sessions.values()];
    if (!stored) throw new Error("no session was stored");
    stored.expires = new Date(Date.now() + 1_000);
    const before = stored.accessToken;
    const { admin } = await app.unauthenticated.admin(DOMAIN);
    const response = await admin.graphql(countOrders);
    expect(await response.json()).toMatchObject({ data: { ordersCount: { count: 0 } } });
    const [after] = [...sessions.values()];
    expect(after?.accessToken).not.toBe(before);
    expect(platform.sim.requestLog.list({ direction: "oauth" }).map(({ summary }) => summary)).toEqual([
      "token token-exchange",
      "token refresh_token",
    ]);
  });

  it("runs the embedded page's whole path: id token in, session stored, Admin API answered", async () => {
    const sessions = new Map<string, Session>();
    const app = remixApp(sessions);
    const url = new URL("https://app.example.com/app");
    url.search = new URLSearchParams({
      embedded: "1",
      shop: DOMAIN,
      host: hostParameter(DOMAIN),
      id_token: await issueIdToken(platform.sim, DOMAIN),
    }).toString();
    const { admin, session } = await app.authenticate.admin(
      new Request(url, { headers: { "user-agent": "Mozilla/5.0 Chrome/130.0" } }),
    );
    expect(session.shop).toBe(DOMAIN);
    expect(sessions.size).toBe(1);
    const response = await admin.graphql("{ shop { name currencyCode } }");
    expect(await response.json()).toMatchObject({ data: { shop: { name: "Tokyo Test", currencyCode: "JPY" } } });
  });
});

function remixApp(sessions: Map<string, Session>) {
  const remove = (id: string) => Promise.resolve(sessions.delete(id));
  return shopifyApp({
    apiKey: API_KEY,
    apiSecretKey: API_SECRET,
    appUrl: "https://app.example.com",
    apiVersion: ApiVersion.July26,
    scopes: SCOPES,
    logger: { level: 0 },
    future: { unstable_newEmbeddedAuthStrategy: true, expiringOfflineAccessTokens: true },
    sessionStorage: {
      storeSession: (session: Session) => Promise.resolve(Boolean(sessions.set(session.id, session))),
      loadSession: (id: string) => Promise.resolve(sessions.get(id)),
      deleteSession: remove,
      deleteSessions: async (ids: string[]) => (await Promise.all(ids.map(remove))).every(Boolean),
      findSessionsByShop: (shop: string) => Promise.resolve([...sessions.values()].filter((one) => one.shop === shop)),
    },
  });
}

describe("the life of an installation", () => {
  it("401 for unknown, expired and revoked tokens; 404 for another version and unknown shops", async () => {
    expect(await statusWith("shpat_unknown")).toBe(401);
    expect(await statusWith("shpat_test")).toBe(200);
    expireTokens(platform.sim, DOMAIN);
    expect(await statusWith("shpat_test")).toBe(401);
    const session = await exchange(RequestedTokenType.OfflineAccessToken, true);
    revokeTokens(platform.sim, DOMAIN);
    expect(await statusWith(session.accessToken ?? "")).toBe(401);
    const headers = { "x-shopify-access-token": "shpat_test" };
    expect((await platform.post("/admin/api/2025-01/graphql.json", { query: countOrders }, headers)).status).toBe(404);
    expect(
      (
        await platform.post(
          "/admin/api/2026-07/graphql.json",
          { query: countOrders },
          { ...headers, "x-sim-host": "no.myshopify.com" },
        )
      ).status,
    ).toBe(404);
  });

  it("uninstall: app/uninstalled, tokens dead, no exchange; shop/redact comes 48 virtual hours later even after a reinstall", async () => {
    const session = await exchange(RequestedTokenType.OfflineAccessToken, true);
    const idToken = await issueIdToken(platform.sim, DOMAIN);
    uninstallApp(platform.sim, DOMAIN);
    expect(events.map(({ topic }) => topic)).toEqual(["app/uninstalled"]);
    expect(await statusWith(session.accessToken ?? "")).toBe(401);
    expect((await rawExchange(idToken)).status).toBe(400);
    await expect(
      library().auth.refreshToken({ shop: DOMAIN, refreshToken: session.refreshToken ?? "" }),
    ).rejects.toThrow();
    platform.sim.clock.advance(47 * 3_600_000);
    grantInstall(platform.sim, DOMAIN, SCOPES);
    expect((await exchange(RequestedTokenType.OfflineAccessToken, true)).accessToken).toBeDefined();
    expect(events).toHaveLength(1);
    platform.sim.clock.advance(2 * 3_600_000);
    expect(events.map(({ topic }) => topic)).toEqual(["app/uninstalled", "shop/redact"]);
  });

  it("scope changes are announced and count at once", async () => {
    changeScopes(platform.sim, DOMAIN, ["read_products"]);
    expect(events[0]).toMatchObject({
      topic: "app/scopes_update",
      extra: { previous: SCOPES, current: ["read_products"] },
    });
    const answer = await platform.ask("{ orders(first: 1) { nodes { id } } }");
    expect(answer.errors?.[0]?.extensions?.code).toBe("ACCESS_DENIED");
  });

  it("never writes a token into the request log", async () => {
    const session = await exchange(RequestedTokenType.OfflineAccessToken, true);
    await graphql(session);
    const log = JSON.stringify(platform.sim.requestLog.list());
    for (const secret of [session.accessToken, session.refreshToken, API_SECRET]) expect(log).not.toContain(secret);
  });
});

import { beforeAll, describe, expect, it } from "vitest";

import { env } from "../../../app/env.server";
import { loader as members } from "../../../app/routes/app.members._index/route";
import { loader as settings } from "../../../app/routes/app.settings._index";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";
import { adminRequest, sessionToken, statusOf, storeOfflineSession, unsignedToken } from "./admin-requests";

useTestDatabase();

const SHOP = "tokyo-test.myshopify.com";
const OTHER = "other-test.myshopify.com";

beforeAll(async () => {
  for (const domain of [SHOP, OTHER]) {
    await createTestShop(domain);
    await storeOfflineSession(domain);
  }
});

const ask = (token: string, path = "/app/settings") =>
  statusOf(settings({ request: adminRequest(path, token), params: {}, context: {} }));

describe("E06 session tokens", () => {
  it("E06 lets a good token in, as its own shop", async () => {
    const answer = await settings({
      request: adminRequest("/app/settings", await sessionToken(SHOP)),
      params: {},
      context: {},
    });
    expect(answer).toMatchObject({ domain: SHOP, currency: "JPY", timeZone: "Asia/Tokyo" });
  });

  it("E06 refuses a token that expired more than ten seconds ago", async () => {
    expect(await ask(await sessionToken(SHOP, { expiresIn: -5 }))).toBe(200);
    expect(await ask(await sessionToken(SHOP, { expiresIn: -15 }))).toBe(401);
    expect(await ask(await sessionToken(SHOP, { expiresIn: -3_600 }))).toBe(401);
  });

  it("E06 refuses a token that is not valid yet", async () => {
    const later = Math.floor(Date.now() / 1000) + 60;
    expect(await ask(await sessionToken(SHOP, { claims: { nbf: later } }))).toBe(401);
  });

  it("E06 refuses another app's audience and another app's secret", async () => {
    expect(await ask(await sessionToken(SHOP, { claims: { aud: "f".repeat(32) } }))).toBe(401);
    expect(await ask(await sessionToken(SHOP, { secret: "another app's secret of good length" }))).toBe(401);
  });

  it.each([
    ["an issuer of another shop", { iss: `https://${OTHER}/admin` }],
    ["a destination of another shop", { dest: `https://${OTHER}` }],
    ["a destination that is no shop", { iss: "https://evil.example/admin", dest: "https://evil.example" }],
    [
      "a destination that only looks like a shop",
      { iss: `https://${SHOP}.evil.example/admin`, dest: `https://${SHOP}.evil.example` },
    ],
    ["an issuer without the admin", { iss: `https://${SHOP}` }],
    ["no destination", { dest: undefined }],
  ])("E06 refuses %s", async (_name, claims) => {
    expect(await ask(await sessionToken(SHOP, { claims }))).toBe(401);
  });

  it("E06 refuses a token without a signature, cut, or altered", async () => {
    const good = await sessionToken(SHOP);
    const [head = "", payload = "", signature = ""] = good.split(".");
    const altered = Buffer.from(
      JSON.stringify({ ...JSON.parse(Buffer.from(payload, "base64url").toString()), sub: "1" }),
    ).toString("base64url");
    expect(await ask(unsignedToken(SHOP))).toBe(401);
    expect(await ask(`${head}.${payload}.`)).toBe(401);
    expect(await ask(`${head}.${payload}`)).toBe(401);
    expect(await ask(`${head}.${altered}.${signature}`)).toBe(401);
    expect(await ask("not-a-token")).toBe(401);
  });

  it("E06 refuses a good token beside the name of another shop", async () => {
    expect(await ask(await sessionToken(SHOP), `/app/settings?shop=${OTHER}`)).toBe(401);
    expect(await ask(await sessionToken(SHOP), `/app/settings?shop=${SHOP}`)).toBe(200);
  });

  it("E06 sends a page without a token to sign in and shows nothing", async () => {
    const host = Buffer.from("admin.shopify.com/store/tokyo-test").toString("base64url");
    const url = new URL(`/app/members?embedded=1&shop=${SHOP}&host=${host}`, env().SHOPIFY_APP_URL);
    const answer = members({
      request: new Request(url, { headers: { "User-Agent": "Mozilla/5.0 Chrome/142" } }),
      params: {},
      context: {},
    });
    const thrown: unknown = await Promise.resolve(answer).catch((response: unknown) => response);
    expect(thrown).toBeInstanceOf(Response);
    expect((thrown as Response).status).toBe(302);
    expect((thrown as Response).headers.get("Location")).toMatch(/^\/auth\/session-token\?/);
  });

  it("E06 answers 404 for a shop that is not installed, with a token that is good", async () => {
    await storeOfflineSession("stranger-test.myshopify.com");
    expect(await ask(await sessionToken("stranger-test.myshopify.com"))).toBe(404);
  });
});

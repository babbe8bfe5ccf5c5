// Who is signed in, to a shop's admin or as its customer: the switch, session tokens, online access tokens.
import { jwtVerify } from "jose";
import { afterAll, beforeAll, expect, it } from "vitest";

import { issueIdToken } from "../../simulator/oauth";
import { startPages, type Pages } from "./pages";
import { API_KEY, API_SECRET, DOMAIN, startPlatform, type Platform } from "./platform";

let pages: Pages;
let platform: Platform;
beforeAll(async () => {
  [pages, platform] = await Promise.all([startPages((_, res) => res.end("app"), ""), startPlatform()]);
  platform.shop.staff.push({ id: "402", name: "小川 直子", email: "naoko@example.com", locale: "ja" });
});
afterAll(async () => {
  await Promise.all([pages.stop(), platform.stop()]);
});

const claims = (token: string) =>
  JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8")) as { sub: string };

it("the admin offers its staff, and session tokens follow the choice", async () => {
  const { shell } = pages.sim.addresses;
  const page = await (await fetch(`${shell}/store/kinari-tokyo/apps/kizuna`)).text();
  expect(page).toContain("佐藤 美咲");
  expect(page).toContain("Alex Carter");
  const subject = async (cookie: string) => {
    const answer = await fetch(`${shell}/shell/kinari-tokyo/id-token`, { method: "POST", headers: { cookie } });
    return claims(((await answer.json()) as { token: string }).token).sub;
  };
  expect(await subject("")).toBe("501");
  expect(await subject(`shell_staff_${pages.tokyo.id}=502`)).toBe("502");
  expect(await subject(`shell_staff_${pages.tokyo.id}=999`)).toBe("501");
  expect(await subject(`shell_staff_${pages.newYork.id}=502`)).toBe("501");
});

it("the control API hands out anybody's token", async () => {
  const path = "/control/shops/kinari-tokyo.myshopify.com/id-token";
  const ask = async (body: unknown) =>
    fetch(pages.sim.addresses.shell + path, { method: "POST", body: JSON.stringify(body) });
  expect(claims(((await (await ask({ staffId: "502" })).json()) as { token: string }).token).sub).toBe("502");
  expect((await ask({ staffId: "7" })).status).toBe(404);
});

it("a customer's session token is signed for the app", async () => {
  const url = `${pages.sim.addresses.shell}/control/shops/kinari-tokyo.myshopify.com/customers/hina@example.com/session-token`;
  const { token } = (await (await fetch(url, { method: "POST" })).json()) as { token: string };
  const customer = Object.values(pages.tokyo.customers).find(({ email }) => email === "hina@example.com");
  const { payload } = await jwtVerify(token, new TextEncoder().encode(API_SECRET), { audience: API_KEY });
  expect(payload).toMatchObject({ dest: "kinari-tokyo.myshopify.com", sub: `gid://shopify/Customer/${customer?.id}` });
});

it("an online access token says whose it is", async () => {
  const answer = await platform.post("/admin/oauth/access_token", {
    client_id: API_KEY,
    client_secret: API_SECRET,
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    subject_token: await issueIdToken(platform.sim, DOMAIN, "402"),
    subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
    requested_token_type: "urn:shopify:params:oauth:token-type:online-access-token",
  });
  expect(await answer.json()).toMatchObject({
    associated_user: {
      id: 402,
      first_name: "直子",
      last_name: "小川",
      email: "naoko@example.com",
      locale: "ja",
      account_owner: false,
    },
  });
});

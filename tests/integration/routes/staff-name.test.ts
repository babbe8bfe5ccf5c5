import { http, HttpResponse } from "msw";
import { setupServer } from "msw/node";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { adjustPoints } from "../../../app/loyalty/adjust-points.server";
import { readHistory } from "../../../app/loyalty/member-history.server";
import { listStaff } from "../../../app/shops/list-staff.server";
import { rememberStaff } from "../../../app/shops/remember-staff.server";
import { createTestMember } from "../../builders/member";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";

useTestDatabase();

const DOMAIN = "staffed.myshopify.com";
const NOW = new Date("2026-04-01T00:00:00Z");
const asked: Record<string, unknown>[] = [];
let answer: () => Response;
const shopify = setupServer(
  http.post(`https://${DOMAIN}/admin/oauth/access_token`, async ({ request }) => {
    asked.push((await request.json()) as Record<string, unknown>);
    return answer();
  }),
);
beforeAll(() => shopify.listen({ onUnhandledRequest: "error" }));
afterAll(() => shopify.close());
beforeEach(() => {
  asked.length = 0;
  answer = () =>
    HttpResponse.json({
      access_token: "online",
      associated_user: { id: 901, first_name: "Hanako", last_name: "Yamada", email: "hanako@example.com" },
    });
});

describe("the name of who acts", () => {
  it("is read when staff first open the app, asked for once a month, and stands beside what they did", async () => {
    const shopId = await createTestShop(DOMAIN);
    const shop = { shopId, domain: DOMAIN };
    const { memberId } = await createTestMember(shopId, {});
    await adjustPoints(
      shopId,
      { memberId, points: 10, reason: "adjust_gift", note: null, actor: "staff:901", key: "a" },
      NOW,
    );
    const actorOf = async () => (await readHistory(shopId, memberId)).items[0]?.staffName;
    expect(await actorOf()).toBeNull();

    await rememberStaff(shop, { userId: "901", idToken: "token" }, NOW);
    expect(asked[0]).toMatchObject({
      subject_token: "token",
      requested_token_type: "urn:shopify:params:oauth:token-type:online-access-token",
    });
    expect(await actorOf()).toBe("Hanako Yamada");
    await rememberStaff(shop, { userId: "901", idToken: "token" }, new Date(NOW.getTime() + 29 * 86_400_000));
    expect(asked).toHaveLength(1);
    await rememberStaff(shop, { userId: "901", idToken: "token" }, new Date(NOW.getTime() + 31 * 86_400_000));
    expect(asked).toHaveLength(2);
  });

  it("is written as it is read: the family's name first where the script asks for it", async () => {
    const shopId = await createTestShop();
    answer = () =>
      HttpResponse.json({
        access_token: "online",
        associated_user: { id: 903, first_name: "花子", last_name: "山田", email: "hanako@example.com" },
      });
    await rememberStaff({ shopId, domain: DOMAIN }, { userId: "903", idToken: "token" }, NOW);
    expect(await listStaff(shopId)).toEqual([{ actor: "staff:903", name: "山田 花子" }]);
  });

  it.each([
    ["no answer in JSON", () => new HttpResponse("<html>", { status: 502 })],
    ["a refusal", () => HttpResponse.json({ error: "invalid_subject_token" }, { status: 400 })],
    ["somebody else", () => HttpResponse.json({ access_token: "x", associated_user: { id: 7, first_name: "A" } })],
  ])("is left out after %s, and nothing fails", async (_what, given) => {
    const shopId = await createTestShop();
    answer = given;
    await rememberStaff({ shopId, domain: DOMAIN }, { userId: "902", idToken: "token" }, NOW);
    expect(asked).toHaveLength(1);
  });
});

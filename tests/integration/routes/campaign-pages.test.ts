import { beforeAll, describe, expect, it } from "vitest";

import type { ShopId } from "../../../app/db.server";
import type { Campaign } from "../../../app/loyalty/program-parts";
import { saveProgram } from "../../../app/loyalty/program.server";
import { action, loader } from "../../../app/routes/app.program.campaigns.$campaignId";
import { loader as list } from "../../../app/routes/app.program.campaigns._index";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";
import { adminPost, adminRequest, sessionToken, statusOf, storeOfflineSession } from "./admin-requests";

useTestDatabase();

const MINE = "campaigns-test.myshopify.com";
const NO_PRODUCTS = { productIds: [], variantIds: [], collectionIds: [], tags: [] };
const campaign = (change: Partial<Campaign> = {}): Campaign => ({
  id: "c-1",
  enabled: true,
  name: { en: "Double days", ja: "" },
  from: "2126-11-30T15:00:00.000Z",
  until: "2126-12-25T15:00:00.000Z",
  effect: { kind: "multiplier", percent: 200 },
  audience: { tierIds: [], tags: [], channels: [], orders: "any" },
  products: { include: null, exclude: NO_PRODUCTS },
  stacking: "best",
  priority: 0,
  caps: { perOrder: null, perMember: null, budget: null },
  ...change,
});
let token: string;
let theirs: ShopId;

beforeAll(async () => {
  await createTestShop(MINE);
  theirs = await createTestShop();
  await storeOfflineSession(MINE);
  token = await sessionToken(MINE);
  await saveProgram(theirs, { campaigns: [campaign({ id: "c-theirs" })] }, "staff:1", new Date());
});

const at = (id: string) => `/app/program/campaigns/${id}`;
const open = (id: string) => loader({ request: adminRequest(at(id), token), params: { campaignId: id }, context: {} });
const send = (id: string, body: unknown) =>
  action({ request: adminPost(at(id), token, body), params: { campaignId: id }, context: {} });
const all = async () =>
  (await list({ request: adminRequest("/app/program/campaigns", token), params: {}, context: {} })).campaigns;

describe("the campaign pages", () => {
  it("plan one, change it, and show it in the list", async () => {
    expect(await open("new")).toMatchObject({ campaign: null, others: [], tiers: [] });
    expect(await send("new", { intent: "save", campaign: campaign() })).toEqual({ outcome: "saved" });
    expect(await send("c-1", { intent: "save", campaign: campaign({ priority: 5 }) })).toEqual({ outcome: "saved" });
    expect(await all()).toMatchObject([{ campaign: { id: "c-1", priority: 5 }, state: "planned", points: 0 }]);
    expect(await open("c-1")).toMatchObject({ campaign: { priority: 5 }, state: "planned", others: [] });
  });

  it("point to the field that is wrong and keep what was saved", async () => {
    const wrong = campaign({ until: "2126-11-30T15:00:00.000Z", priority: 101 });
    expect(await send("c-1", { intent: "save", campaign: wrong })).toEqual({
      outcome: "refused",
      errors: { priority: { code: "range" }, until: { code: "order" } },
    });
    expect(await all()).toMatchObject([{ campaign: { priority: 5 } }]);
  });

  it("say what a campaign would cost without saving it", async () => {
    const answer = await send("c-1", { intent: "preview", campaign: campaign({ priority: 9 }) });
    expect(answer).toMatchObject({ outcome: "previewed", cost: { points: 0, orders: 0 } });
    expect(await all()).toMatchObject([{ campaign: { priority: 5 } }]);
  });

  it("D08 a campaign of another shop is no campaign", async () => {
    expect(await statusOf(open("c-theirs"))).toBe(404);
    expect(await statusOf(send("c-theirs", { intent: "save", campaign: campaign({ id: "c-theirs" }) }))).toBe(404);
    expect(await statusOf(send("c-theirs", { intent: "remove" }))).toBe(404);
    // Nor may a saved one change its id.
    expect(await send("c-1", { intent: "save", campaign: campaign({ id: "c-2" }) })).toMatchObject({
      outcome: "refused",
    });
    expect((await all()).map(({ campaign: { id } }) => id)).toEqual(["c-1"]);
  });

  it("remove one; earlier versions of the program keep it", async () => {
    expect(await send("c-1", { intent: "remove" })).toEqual({ outcome: "removed" });
    expect(await all()).toEqual([]);
    expect(await statusOf(open("c-1"))).toBe(404);
  });
});

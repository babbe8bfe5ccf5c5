import { beforeAll, describe, expect, it } from "vitest";

import type { ShopId } from "../../../app/db.server";
import { saveProgram } from "../../../app/loyalty/program.server";
import { reviewTiers } from "../../../app/loyalty/tiers/review-tiers.server";
import { action, loader } from "../../../app/routes/app.program.tiers";
import { readPlan, suggestedDraft } from "../../../app/ui/tiers/tier-draft";
import { createTestMember } from "../../builders/member";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";
import { adminPost, adminRequest, sessionToken, statusOf, storeOfflineSession } from "./admin-requests";

const database = useTestDatabase();

const SHOP = "tiers-test.myshopify.com";
const TOKYO = { currency: "JPY", timeZone: "Asia/Tokyo" };
let token: string;
let shopId: ShopId;

beforeAll(async () => {
  shopId = await createTestShop(SHOP);
  await storeOfflineSession(SHOP);
  token = await sessionToken(SHOP);
  await createTestMember(shopId);
});

const PATH = "/app/program/tiers";
const open = () => loader({ request: adminRequest(PATH, token), params: {}, context: {} });
const send = (body: unknown) => action({ request: adminPost(PATH, token, body), params: {}, context: {} });
function suggestion() {
  const read = readPlan(suggestedDraft(TOKYO), TOKYO);
  if (!("value" in read)) throw new Error("the suggestion can be read");
  return { ...read.value, replaces: null };
}
const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();

describe("the page of tiers", () => {
  it("asks for a session", async () => {
    const request = adminRequest(PATH, await sessionToken(SHOP, { secret: "another-secret-of-32-characters!" }));
    expect(await statusOf(loader({ request, params: {}, context: {} }))).not.toBe(200);
  });

  it("shows who would move before anything is saved, and saves nothing by it", async () => {
    expect(await send({ intent: "preview", ...suggestion() })).toMatchObject({
      outcome: "previewed",
      members: 1,
      up: 1,
      byTier: [{ from: null, to: "regular", count: 1 }],
    });
    expect((await open()).overview).toMatchObject({ plans: [], current: null, members: 1 });
  });

  it("saves a plan from now on, which the reviews spread; a coming one may be changed and taken back", async () => {
    expect(await send({ intent: "save", ...suggestion() })).toEqual({ outcome: "saved" });
    await reviewTiers(shopId, new Date());
    expect((await open()).overview).toMatchObject({ heads: { regular: 1 }, current: { enabled: true } });
    const first = inAnHour();
    expect(await send({ intent: "save", ...suggestion(), startsAt: first })).toEqual({ outcome: "saved" });
    const second = new Date(Date.parse(first) + 60_000).toISOString();
    expect(await send({ intent: "save", ...suggestion(), startsAt: second, replaces: first })).toEqual({
      outcome: "saved",
    });
    expect((await open()).overview.plans.map(({ effectiveAt }) => effectiveAt).slice(1)).toEqual([second]);
    expect(await send({ intent: "take_back", effectiveAt: second })).toEqual({ outcome: "taken_back" });
    const { plans } = (await open()).overview;
    expect(plans).toHaveLength(1);
    // One that has begun stays, whoever asks.
    expect(await send({ intent: "take_back", effectiveAt: plans[0]?.effectiveAt })).toEqual({ outcome: "unchanged" });
    expect(await saveProgram(shopId, { tierPlans: [] }, "staff:1", new Date())).toMatchObject({ outcome: "invalid" });
    const jobs = await database.owner().query("SELECT FROM pgboss.job WHERE name = 'publish-program'");
    expect(jobs.rowCount).toBeGreaterThan(0);
  });

  it("refuses what is no plan, and a beginning that has passed", async () => {
    expect(await send({ intent: "save", ...suggestion(), startsAt: "2020-01-01T00:00:00.000Z" })).toEqual({
      outcome: "in_past",
    });
    expect(await send({ intent: "save", ...suggestion(), plan: { tiers: "none" } })).toEqual({ outcome: "invalid" });
    expect(await send({ intent: "save", holdDays: 0 })).toEqual({ outcome: "invalid" });
    expect(await send(null)).toEqual({ outcome: "invalid" });
  });
});

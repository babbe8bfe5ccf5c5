import { beforeAll, describe, expect, it } from "vitest";

import { defaultEarningRules } from "../../../app/loyalty/earning-rules";
import { action, loader } from "../../../app/routes/app.program.earning";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";
import { adminPost, adminRequest, sessionToken, storeOfflineSession } from "./admin-requests";

useTestDatabase();

const SHOP = "tokyo-test.myshopify.com";
const rules = defaultEarningRules({ currency: "JPY", taxesIncluded: true });
let token: string;

beforeAll(async () => {
  await createTestShop(SHOP);
  await storeOfflineSession(SHOP);
  token = await sessionToken(SHOP);
});

const open = () => loader({ request: adminRequest("/app/program/earning", token), params: {}, context: {} });
const save = (body: unknown) =>
  action({ request: adminPost("/app/program/earning", token, body), params: {}, context: {} });

describe("the earning page", () => {
  it("shows the defaults of the shop's currency and tax habit before anything was saved", async () => {
    expect(await open()).toMatchObject({ version: 0, rules, taxesIncluded: true });
  });

  it("names each wrong field and saves nothing", async () => {
    const answer = await save({ ...rules, rate: { points: 0, perMinor: 100 }, holdDays: 91 });
    expect(answer).toEqual({ outcome: "refused", fields: ["rate.points", "holdDays"] });
    expect(await save({ ...rules, surprise: true })).toMatchObject({ outcome: "refused" });
    expect(await save(null)).toMatchObject({ outcome: "refused" });
    expect((await open()).version).toBe(0);
  });

  it("makes a new version of each change, and none of a repeated save", async () => {
    const changed = { ...rules, holdDays: 14 };
    expect(await save(changed)).toEqual({ outcome: "saved" });
    expect(await open()).toMatchObject({ version: 1, rules: { holdDays: 14 } });
    expect(await save(changed)).toEqual({ outcome: "saved" });
    expect((await open()).version).toBe(1);
    expect(await save(rules)).toEqual({ outcome: "saved" });
    expect(await open()).toMatchObject({ version: 2, rules: { holdDays: 0 } });
  });
});

import { beforeAll, describe, expect, it } from "vitest";

import { inShop, type ShopId } from "../../../app/db.server";
import { runJob } from "../../../app/jobs/run-job.server";
import { defaultEarningRules } from "../../../app/loyalty/earning-rules";
import { recordOrder } from "../../../app/loyalty/record-order.server";
import { action, loader } from "../../../app/routes/app.program.earning";
import { action as tryRules } from "../../../app/routes/app.program.trial";
import { balanceOf } from "../../builders/member";
import { newGid, orderFacts } from "../../builders/order-facts";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";
import { adminPost, adminRequest, sessionToken, storeOfflineSession } from "./admin-requests";

const database = useTestDatabase();

const SHOP = "tokyo-test.myshopify.com";
const rules = defaultEarningRules({ currency: "JPY", taxesIncluded: true });
let token: string;
let shopId: ShopId;

beforeAll(async () => {
  shopId = await createTestShop(SHOP);
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

  it("gives orders that came before the first program its answer, once", async () => {
    const customerId = newGid("Customer");
    await inShop(shopId, (tx) => recordOrder(tx, orderFacts({ customerId }), "payload", new Date()));
    const waiting = async () =>
      (await database.owner().query("SELECT FROM pgboss.job WHERE name = 'settle-waiting-orders'")).rowCount;
    expect(await save({ ...rules, rate: { points: 0, perMinor: 100 } })).toMatchObject({ outcome: "refused" });
    expect(await waiting()).toBe(0);
    expect(await save({ ...rules, holdDays: 1 })).toEqual({ outcome: "saved" });
    // Now, and once more for orders whose transaction was still open.
    expect(await waiting()).toBe(2);
    const settle = () => runJob("settle-waiting-orders", { shopId }, new AbortController().signal);
    expect(await settle()).toEqual({ outcome: "ran" });
    expect(await settle()).toEqual({ outcome: "ran" });
    expect(await balanceOf(shopId, customerId)).toMatchObject({ available: 137, pending: 0, ordersCount: 1 });
    await database.owner().query("DELETE FROM pgboss.job WHERE name = 'settle-waiting-orders'");
    expect(await save({ ...rules, holdDays: 2 })).toEqual({ outcome: "saved" });
    expect(await waiting()).toBe(0);
  });

  it("tries changed rules on past orders and saves nothing", async () => {
    const before = (await open()).version;
    const request = adminPost("/app/program/trial", token, { rate: { points: 2, perMinor: 100 } });
    expect(await tryRules({ request, params: {}, context: {} })).toMatchObject({ outcome: "simulated", days: 90 });
    const wrong = adminPost("/app/program/trial", token, { rate: { points: 0, perMinor: 100 } });
    expect(await tryRules({ request: wrong, params: {}, context: {} })).toMatchObject({ outcome: "invalid" });
    expect((await open()).version).toBe(before);
  });

  it("makes a new version of each change, and none of a repeated save", async () => {
    const changed = { ...rules, holdDays: 14 };
    expect(await save(changed)).toEqual({ outcome: "saved" });
    expect(await open()).toMatchObject({ version: 3, rules: { holdDays: 14 } });
    expect(await save(changed)).toEqual({ outcome: "saved" });
    expect((await open()).version).toBe(3);
    expect(await save(rules)).toEqual({ outcome: "saved" });
    expect(await open()).toMatchObject({ version: 4, rules: { holdDays: 0 } });
  });
});

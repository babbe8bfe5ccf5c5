import { beforeAll, describe, expect, it } from "vitest";

import { action, loader } from "../../../app/routes/app.program.ways";
import { loader as earning, action as saveEarning } from "../../../app/routes/app.program.earning";
import { defaultEarningRules } from "../../../app/loyalty/earning-rules";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";
import { adminPost, adminRequest, sessionToken, statusOf, storeOfflineSession } from "./admin-requests";

const database = useTestDatabase();

const SHOP = "ways-test.myshopify.com";
let token: string;

beforeAll(async () => {
  await createTestShop(SHOP);
  await storeOfflineSession(SHOP);
  token = await sessionToken(SHOP);
});

const PATH = "/app/program/ways";
const open = () => loader({ request: adminRequest(PATH, token), params: {}, context: {} });
const save = (body: unknown) => action({ request: adminPost(PATH, token, body), params: {}, context: {} });
const join = { id: "join", kind: "join", enabled: true, points: 100, holdDays: 0 };

describe("the page of ways to earn", () => {
  it("asks for a session", async () => {
    const request = adminRequest(PATH, await sessionToken(SHOP, { secret: "another-secret-of-32-characters!" }));
    expect(await statusOf(loader({ request, params: {}, context: {} }))).not.toBe(200);
  });

  it("saves its own part of the program and leaves the others alone", async () => {
    const rules = defaultEarningRules({ currency: "JPY", taxesIncluded: true });
    await saveEarning({
      request: adminPost("/app/program/earning", token, { ...rules, holdDays: 14 }),
      params: {},
      context: {},
    });
    expect(await save({ ways: [join] })).toEqual({ outcome: "saved" });
    expect(await open()).toEqual({ ways: [join] });
    const page = await earning({ request: adminRequest("/app/program/earning", token), params: {}, context: {} });
    expect(page).toMatchObject({ version: 2, rules: { holdDays: 14, ways: [join] } });
    const jobs = await database.owner().query("SELECT FROM pgboss.job WHERE name = 'publish-program'");
    expect(jobs.rowCount).toBeGreaterThan(0);
  });

  it("points to the field of the way that is wrong, and saves nothing", async () => {
    const birthday = { id: "birthday", kind: "birthday", enabled: true, points: 500, noticeDays: 5, lockDays: 365 };
    expect(await save({ ways: [join, birthday] })).toEqual({
      outcome: "refused",
      errors: { "birthday.noticeDays": { code: "range" } },
    });
    expect(await open()).toEqual({ ways: [join] });
  });

  it("refuses what is not its own to change", async () => {
    expect(await save({ ways: [], holdDays: 0 })).toEqual({ outcome: "refused", errors: {} });
    expect(await save({ ways: "all" })).toEqual({ outcome: "refused", errors: {} });
    expect(await save(null)).toEqual({ outcome: "refused", errors: {} });
    expect(await open()).toEqual({ ways: [join] });
  });
});

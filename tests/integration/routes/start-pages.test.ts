// The pages of the first hour: the wizard, the import, referrals, the exports.
import { beforeAll, describe, expect, it } from "vitest";

import type { ShopId } from "../../../app/db.server";
import { runJob } from "../../../app/jobs/run-job.server";
import { readProgram } from "../../../app/loyalty/program.server";
import { templateDefaults } from "../../../app/loyalty/program-templates";
import { listRewards } from "../../../app/loyalty/rewards/list-rewards.server";
import { loader as exportLoader } from "../../../app/routes/app.members.export";
import { action as importAction, loader as importLoader } from "../../../app/routes/app.members.import";
import { action as referralAction, loader as referralLoader } from "../../../app/routes/app.program.referrals";
import { action as wizardAction, loader as wizardLoader } from "../../../app/routes/app.program.wizard";
import { createTestMember } from "../../builders/member";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";
import { adminPost, adminRequest, sessionToken, storeOfflineSession } from "./admin-requests";

useTestDatabase();
const SHOP = "first-hour.myshopify.com";
let token: string;
let shopId: ShopId;
beforeAll(async () => {
  shopId = await createTestShop(SHOP);
  await storeOfflineSession(SHOP);
  token = await sessionToken(SHOP);
});
const context = { params: {}, context: {} };
const get = (path: string) => ({ request: adminRequest(path, token), ...context });
const post = (path: string, body: unknown) => ({ request: adminPost(path, token, body), ...context });
const send = (path: string, fields: Record<string, string | File>) => {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  return { request: adminRequest(path, token, { method: "POST", body: form }), ...context };
};

describe("the wizard", () => {
  const PATH = "/app/program/wizard";
  const start = (body: unknown) => wizardAction(post(PATH, body));

  it("refuses numbers that no program can have, and starts nothing", async () => {
    const choices = templateDefaults("cosmetics");
    for (const wrong of [
      { ...choices, giveBackPercent: 0 },
      { ...choices, welcomePoints: -1 },
      { ...choices, more: 1 },
    ])
      expect(await start({ template: "cosmetics", choices: wrong })).toEqual({ outcome: "invalid" });
    expect(await start({ template: "casino", choices })).toEqual({ outcome: "invalid" });
    expect(await wizardLoader(get(PATH))).toMatchObject({ hasProgram: false, currency: "JPY" });
  });

  it("makes a live program with rewards, once", async () => {
    const request = { template: "cosmetics", choices: templateDefaults("cosmetics") };
    expect(await start(request)).toEqual({ outcome: "started" });
    const { rules } = await readProgram(shopId);
    expect(rules).toMatchObject({ status: "live", rate: { points: 3, perMinor: 100 } });
    expect(rules.ways.map(({ kind }) => kind)).toEqual(["join", "birthday"]);
    expect(rules.tierPlans).toHaveLength(1);
    expect((await listRewards(shopId, { forShoppers: true })).map(({ terms }) => terms.kind)).toEqual([
      "points_off",
      "free_shipping",
      "early_access",
    ]);
    expect(await start(request)).toEqual({ outcome: "started" });
    expect(await listRewards(shopId, { forShoppers: false })).toHaveLength(3);
    expect((await readProgram(shopId)).rules.tierPlans).toHaveLength(1);
    expect(await wizardLoader(get(PATH))).toMatchObject({ hasProgram: true });
  });
});

describe("the import page", () => {
  const PATH = "/app/members/import";
  const csv = (text: string) => new File([text], "points.csv", { type: "text/csv" });

  it("shows what would happen, runs as a job, and is undone as one", async () => {
    const { memberId } = await createTestMember(shopId, { email: "a@example.com" });
    const staged = await importAction(
      send(PATH, { act: "check", mode: "add", file: csv("email,points\na@example.com,70\nb@example.com,5\n") }),
    );
    if (staged.outcome !== "staged") throw new Error(staged.outcome);
    const { batchId } = staged;
    const look = async () => (await importLoader(get(`${PATH}?batch=${batchId}`))).batch;
    expect(await look()).toMatchObject({ status: "preview", points: 70, outcomes: { ready: 1, unknown_member: 1 } });

    expect(await importAction(send(PATH, { act: "run", batchId: String(batchId) }))).toEqual({ outcome: "started" });
    await runJob("apply-batch", { shopId, batchId }, new AbortController().signal);
    expect(await look()).toMatchObject({ status: "done", outcomes: { applied: 1 } });
    const exported = await (await exportLoader(get("/app/members/export?what=members"))).text();
    expect(exported).toContain("a@example.com,70,");

    expect(await importAction(send(PATH, { act: "undo", batchId: String(batchId) }))).toEqual({ outcome: "started" });
    await runJob("undo-batch", { shopId, batchId }, new AbortController().signal);
    expect(await look()).toMatchObject({ status: "undone" });
    const history = await (await exportLoader(get("/app/members/export?what=history&locale=ja"))).text();
    expect(history).toContain("staff:42");
    expect(memberId).toBeGreaterThan(0);
  });

  it("says what is wrong with a file", async () => {
    const refused = await importAction(send(PATH, { act: "check", mode: "add", file: csv("name,size\nx,y\n") }));
    expect(refused).toEqual({ outcome: "no_columns", headings: ["name", "size"] });
    expect(await importAction(send(PATH, { act: "check", mode: "add" }))).toEqual({ outcome: "no_file" });
  });

  it("D08 shows and undoes nothing of another shop", async () => {
    const other = "other-hour.myshopify.com";
    await createTestShop(other);
    await storeOfflineSession(other);
    const foreign = await sessionToken(other);
    const [own] = (await importLoader(get(PATH))).batches;
    const request = adminRequest(`${PATH}?batch=${own?.batchId ?? 0}`, foreign);
    expect(await importLoader({ request, ...context })).toEqual({ batch: null, batches: [] });
    const csvText = await (
      await exportLoader({ request: adminRequest("/app/members/export", foreign), ...context })
    ).text();
    expect(csvText.trim().split("\r\n")).toHaveLength(1);
  });
});

describe("the referrals page", () => {
  const PATH = "/app/program/referrals";
  const program = {
    enabled: true,
    friend: { kind: "percentage", value: 10, minimumMinor: null, validDays: 30 },
    advocatePoints: 500,
    holdDays: 14,
    minimumOrderMinor: 0,
    perMonthMax: 10,
  };

  it("saves its own part of the program and leaves the rest alone", async () => {
    const before = (await readProgram(shopId)).rules;
    expect(await referralAction(post(PATH, { referral: program }))).toEqual({ outcome: "saved" });
    expect((await readProgram(shopId)).rules).toEqual({ ...before, referral: program });
    expect(await referralAction(post(PATH, { referral: { ...program, holdDays: 91 } }))).toMatchObject({
      outcome: "refused",
    });
    expect(await referralAction(post(PATH, { rate: { points: 9, perMinor: 1 } }))).toMatchObject({
      outcome: "refused",
    });
    expect(await referralLoader(get(`${PATH}?status=held`))).toMatchObject({
      program,
      status: "held",
      page: { items: [] },
    });
  });

  it("D08 answers 404 for a referral that is not this shop's", async () => {
    const answer = await referralAction(post(PATH, { decide: 999_999, decision: "approve" })).catch(
      (thrown: unknown) => thrown,
    );
    expect((answer as Response).status).toBe(404);
  });
});

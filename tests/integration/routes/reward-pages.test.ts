import { beforeAll, describe, expect, it } from "vitest";

import { inShop, type ShopId } from "../../../app/db.server";
import type { RewardDraft } from "../../../app/loyalty/rewards/reward-terms";
import { saveReward } from "../../../app/loyalty/rewards/save-reward.server";
import { action, loader } from "../../../app/routes/app.rewards.$rewardId";
import { action as reorder, loader as shelf } from "../../../app/routes/app.rewards._index";
import { action as create, loader as chooser } from "../../../app/routes/app.rewards.new";
import { action as work, loader as redemptions } from "../../../app/routes/app.rewards.redemptions";
import { createTestMember } from "../../builders/member";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";
import { adminPost, adminRequest, sessionToken, statusOf, storeOfflineSession } from "./admin-requests";

const database = useTestDatabase();

const MINE = "rewards-test.myshopify.com";
const NOW = new Date("2026-11-22T03:00:00Z");
let token: string;
let mine: ShopId;
let theirs: { shopId: ShopId; rewardId: number; redemptionId: number };

const common = { perMemberLimit: null, tierIds: [], from: null, until: null };
const draft = (change: Partial<RewardDraft> = {}): RewardDraft => ({
  points: 500,
  terms: {
    kind: "amount_off",
    ...common,
    validDays: 30,
    minimumOrderMinor: null,
    combinesWith: { order: false, product: false, shipping: true },
    valueMinor: 500,
    appliesTo: null,
    worthMore: "limit",
  },
  texts: { title: { en: "¥500 off", ja: "500円引き" }, description: { en: "", ja: "" } },
  picture: null,
  stock: null,
  ...change,
});
const voucher = draft({
  terms: { kind: "voucher", ...common, partner: { en: "Cafe", ja: "" }, valueMinor: null },
  texts: { title: { en: "A coffee", ja: "" }, description: { en: "", ja: "" } },
});

async function addReward(shopId: ShopId): Promise<number> {
  const saved = await saveReward(shopId, { id: null, draft: draft(), status: "active" }, "staff:1", NOW);
  if (saved.outcome !== "saved") throw new Error(saved.outcome);
  return saved.reward.id;
}
async function addRedemption(shopId: ShopId, rewardId: number, status: string): Promise<number> {
  const { memberId } = await createTestMember(shopId);
  return inShop(shopId, async (tx) => {
    const { rows } = await tx.query<{ id: number }>(
      `INSERT INTO redemption (shop_id, member_id, reward_id, kind, request_key, request_hash, points, value_minor, currency, code, terms, texts, status, reserved_at, actor, last_error)
       SELECT $1, $2, $3, 'amount_off', $5, 'x', 500, 500, 'JPY', $5, terms, texts, $4, $6, 'shopper', 'use_not_found' FROM reward WHERE shop_id = $1 AND id = $3
       RETURNING id`,
      [shopId, memberId, rewardId, status, `KZ-${crypto.randomUUID()}`, NOW],
    );
    return rows[0]?.id ?? 0;
  });
}
const statusOfRedemption = async (id: number) =>
  (await database.owner().query<{ status: string }>("SELECT status FROM redemption WHERE id = $1", [id])).rows[0]
    ?.status;

beforeAll(async () => {
  mine = await createTestShop(MINE);
  const shopId = await createTestShop();
  await storeOfflineSession(MINE);
  token = await sessionToken(MINE);
  const rewardId = await addReward(shopId);
  theirs = { shopId, rewardId, redemptionId: await addRedemption(shopId, rewardId, "needs_person") };
});

const get = (path: string, params = {}) => ({ request: adminRequest(path, token), params, context: {} });
const post = (path: string, body: unknown, params = {}) => ({
  request: adminPost(path, token, body),
  params,
  context: {},
});
const open = (id: number | string) => loader(get(`/app/rewards/${id}`, { rewardId: String(id) }));
const send = (id: number | string, body: unknown) => action(post(`/app/rewards/${id}`, body, { rewardId: String(id) }));
const rewards = async () => (await shelf(get("/app/rewards"))).rewards;

describe("the reward pages", () => {
  it("offer every kind, and nothing for a kind that is none", async () => {
    expect(await chooser(get("/app/rewards/new?kind=donation"))).toMatchObject({ kind: "donation", country: "JP" });
    expect(await chooser(get("/app/rewards/new?kind=money"))).toMatchObject({ kind: null });
  });

  it("create a reward, show it on the shelf, and tell the storefront", async () => {
    const saved = await create(post("/app/rewards/new", { draft: draft(), status: "active" }));
    expect(saved).toMatchObject({ outcome: "saved" });
    expect(await rewards()).toMatchObject([{ points: 500, status: "active", takenNow: 0, unused: 0, givenMinor: 0 }]);
    const jobs = await database.owner().query("SELECT FROM pgboss.job WHERE name = 'publish-program'");
    expect(jobs.rowCount).toBeGreaterThan(0);
  });

  it("point to the field that is wrong and save nothing", async () => {
    const wrong = { ...draft(), points: 0, terms: { ...draft().terms, valueMinor: 0 } };
    expect(await create(post("/app/rewards/new", { draft: wrong, status: "active" }))).toEqual({
      outcome: "refused",
      errors: { points: { code: "range" }, value: { code: "range" } },
    });
    expect(await rewards()).toHaveLength(1);
  });

  it("change one only as it was read", async () => {
    const [reward] = await rewards();
    const body = { intent: "save", draft: draft({ points: 450 }), status: "draft", revision: reward?.revision };
    expect(await send(reward?.id ?? 0, body)).toEqual({ outcome: "saved" });
    expect(await send(reward?.id ?? 0, body)).toEqual({ outcome: "stale" });
    expect(await open(reward?.id ?? 0)).toMatchObject({ reward: { points: 450, status: "draft" } });
  });

  it("add the codes of a voucher once each", async () => {
    const saved = await create(post("/app/rewards/new", { draft: voucher, status: "active" }));
    const id = saved.rewardId ?? 0;
    expect(await send(id, { intent: "add_codes", codes: ["A-1", "A-2", "A-1"] })).toEqual({
      outcome: "codes_added",
      added: 2,
      known: 1,
    });
    expect(await send(id, { intent: "add_codes", codes: ["A-2", "A-3"] })).toMatchObject({ added: 1, known: 1 });
    expect(await open(id)).toMatchObject({ reward: { stock: 3, codesTotal: 3 } });
  });

  it("put the shelf in order", async () => {
    const before = (await rewards()).map(({ id }) => id);
    const ids = before.toReversed();
    expect(await reorder(post("/app/rewards", { ids }))).toEqual({ outcome: "reordered" });
    expect((await rewards()).map(({ id }) => id)).toEqual(ids);
    expect(await reorder(post("/app/rewards", { ids: ["x"] }))).toEqual({ outcome: "invalid" });
  });

  it("list redemptions by status and by code, and count those that need a person", async () => {
    const rewardId = await addReward(mine);
    const stuck = await addRedemption(mine, rewardId, "needs_person");
    const issued = await addRedemption(mine, rewardId, "issued");
    const list = async (query: string) =>
      (await redemptions(get(`/app/rewards/redemptions${query}`))).redemptions.map(({ id }) => id);
    expect(await list("")).toEqual([issued, stuck]);
    expect(await list("?status=needs_person")).toEqual([stuck]);
    expect(await list("?status=nonsense")).toEqual([issued, stuck]);
    const { rows } = await database
      .owner()
      .query<{ code: string }>("SELECT code FROM redemption WHERE id = $1", [stuck]);
    expect(await list(`?code=${rows[0]?.code.toLowerCase()}`)).toEqual([stuck]);
    expect(await list("?code=KZ")).toEqual([]);
    const card = (await rewards()).find(({ id }) => id === rewardId);
    expect(card).toMatchObject({ takenNow: 2, unused: 1, needsPerson: 1 });
  });

  it("cancel a code the safe way: it ends at Shopify first", async () => {
    const rewardId = await addReward(mine);
    const id = await addRedemption(mine, rewardId, "issued");
    expect(await work(post("/app/rewards/redemptions", { intent: "cancel", id }))).toEqual({ outcome: "returning" });
    expect(await statusOfRedemption(id)).toBe("returning");
    expect(await work(post("/app/rewards/redemptions", { intent: "cancel" }))).toEqual({ outcome: "invalid" });
  });

  it("take back nothing without a reason, and nothing that an order or Shopify holds", async () => {
    const id = await addRedemption(mine, await addReward(mine), "posted");
    const withdraw = (why: string) => work(post("/app/rewards/redemptions", { intent: "withdraw", id, why }));
    expect(await withdraw(" ")).toEqual({ outcome: "why_missing" });
    expect(await withdraw("Called off")).toEqual({ outcome: "too_late" });
    expect(await statusOfRedemption(id)).toBe("posted");
    expect(await work(post("/app/rewards/redemptions", { intent: "withdraw", id }))).toEqual({ outcome: "invalid" });
  });

  it("let a person decide about a stuck one, once", async () => {
    const id = await addRedemption(mine, await addReward(mine), "needs_person");
    const decide = (verdict: string) => work(post("/app/rewards/redemptions", { intent: "resolve", id, verdict }));
    expect(await decide("perhaps")).toEqual({ outcome: "invalid" });
    expect(await decide("given")).toEqual({ outcome: "resolved" });
    expect(await statusOfRedemption(id)).toBe("issued");
    expect(await decide("given")).toEqual({ outcome: "not_stuck" });
  });
});

describe("D08 rewards and redemptions of another shop answer as those that do not exist", () => {
  it("D08 reading and changing a reward", async () => {
    for (const id of [theirs.rewardId, 999_999, "0", "-1", "x", "9007199254740993"])
      expect(await statusOf(open(id))).toBe(404);
    const body = { intent: "save", draft: draft({ points: 1 }), status: "archived", revision: 1 };
    expect(await statusOf(send(theirs.rewardId, body))).toBe(404);
    expect(await statusOf(send(theirs.rewardId, { intent: "add_codes", codes: ["A"] }))).toBe(404);
    const { rows } = await database
      .owner()
      .query("SELECT points::int, status FROM reward WHERE id = $1", [theirs.rewardId]);
    expect(rows).toEqual([{ points: 500, status: "active" }]);
  });

  it("D08 ordering the shelf moves only one's own", async () => {
    await reorder(post("/app/rewards", { ids: [theirs.rewardId, ...(await rewards()).map(({ id }) => id)] }));
    const { rows } = await database.owner().query("SELECT position FROM reward WHERE id = $1", [theirs.rewardId]);
    expect(rows).toEqual([{ position: 0 }]);
  });

  it("D08 redemptions are not listed, cancelled or decided", async () => {
    const { redemptions: listed } = await redemptions(get("/app/rewards/redemptions?status=needs_person"));
    expect(listed.map(({ id }) => id)).not.toContain(theirs.redemptionId);
    const id = theirs.redemptionId;
    expect(await statusOf(work(post("/app/rewards/redemptions", { intent: "cancel", id })))).toBe(404);
    expect(
      await statusOf(work(post("/app/rewards/redemptions", { intent: "resolve", id, verdict: "not_given" }))),
    ).toBe(404);
    expect(await statusOfRedemption(id)).toBe("needs_person");
  });
});

import { beforeAll, describe, expect, it } from "vitest";

import { inShop, queryShop, type ShopId } from "../../../app/db.server";
import { moveReviews } from "../../../app/reviews/groups/move-reviews.server";
import { recountRatings } from "../../../app/reviews/recount-ratings.server";
import { loader as home } from "../../../app/routes/app._index";
import { action as saveWays } from "../../../app/routes/app.program.ways";
import { loader as analytics } from "../../../app/routes/app.reviews.analytics";
import { action as curate, loader as gallery } from "../../../app/routes/app.reviews.gallery";
import { loader as mailPreview } from "../../../app/routes/app.reviews.mail-preview";
import { action as onRequests, loader as requests } from "../../../app/routes/app.reviews.requests";
import { action as onTasks, loader as tasks } from "../../../app/routes/app.reviews.tasks";
import { action as save, loader as settings } from "../../../app/routes/app.settings.reviews";
import { DEFAULT_REVIEW_SETTINGS, type ReviewSettings } from "../../../app/reviews/review-settings";
import { defaultEarningRules } from "../../../app/loyalty/earning-rules";
import { saveProgram } from "../../../app/loyalty/program.server";
import { storeOrder, submission, takeReview } from "../../builders/review";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";
import { adminPost, adminRequest, sessionToken, statusOf, storeOfflineSession } from "./admin-requests";

const database = useTestDatabase();

const MINE = "review-pages.myshopify.com";
const NOW = new Date("2026-06-20T03:00:00Z");
const signal = new AbortController().signal;
let token: string;
let mine: ShopId;
let other: ShopId;

const get = (path: string) => ({ request: adminRequest(path, token), params: {}, context: {} });
const post = (path: string, body: unknown) => ({ request: adminPost(path, token, body), params: {}, context: {} });
const saveSettings = (changed: unknown) => save(post("/app/settings/reviews", { intent: "save", settings: changed }));
const read = () => settings(get("/app/settings/reviews"));

// By an author of its own: nobody writes twenty reviews alike in an hour.
let authors = 0;
const alone = (content: Record<string, unknown>) =>
  submission({ authorEmail: `author-${(authors += 1)}@example.org`, content });

beforeAll(async () => {
  mine = await createTestShop(MINE);
  other = await createTestShop();
  await storeOfflineSession(MINE);
  token = await sessionToken(MINE);
  for (const [shopId, domain] of [
    [mine, "shop.example.jp"],
    [other, "other.example.jp"],
  ] as const)
    await inShop(shopId, (tx) =>
      tx.query("UPDATE shop_profile SET primary_domain = $2 WHERE shop_id = $1", [shopId, domain]),
    );
});

describe("the review settings", () => {
  it("begin with the defaults and keep what is saved", async () => {
    expect((await read()).settings).toEqual(DEFAULT_REVIEW_SETTINGS);
    const changed: ReviewSettings = {
      ...DEFAULT_REVIEW_SETTINGS,
      names: "initials",
      savedReplies: [{ id: "thanks", name: "Thanks", text: "Thank you" }],
    };
    expect(await saveSettings(changed)).toEqual({ intent: "save", outcome: "saved" });
    expect((await read()).settings).toEqual(changed);
    // Names are shown to shoppers: what shows them is due.
    const { rowCount } = await database.owner().query("SELECT FROM rating_change WHERE shop_id = $1", [mine]);
    expect(rowCount).toBe(1);
  });

  it("name what is refused and keep what was saved", async () => {
    const before = (await read()).settings;
    const wrong = { ...before, requests: { ...before.requests, waitDays: 500 }, names: "secret" };
    expect(await saveSettings(wrong)).toEqual({
      intent: "save",
      outcome: "refused",
      paths: ["requests.waitDays", "names"],
    });
    expect((await read()).settings).toEqual(before);
    for (const body of [null, {}, { intent: "group", groupKey: null, products: ["x"] }])
      expect(await save(post("/app/settings/reviews", body))).toEqual({ intent: "none", outcome: "malformed" });
  });

  it("send what mentions points to subscribers only, whatever the form said", async () => {
    const before = (await read()).settings;
    await saveSettings({ ...before, requests: { ...before.requests, mentionPoints: true, audience: "everyone" } });
    expect((await read()).settings.requests).toMatchObject({ mentionPoints: true, audience: "subscribed" });
  });

  it("give the feeds secret addresses, and new ones on demand", async () => {
    const before = (await read()).settings;
    expect((await read()).urls).toBeNull();
    await saveSettings({ ...before, feeds: { ...before.feeds, enabled: true } });
    const first = (await read()).urls;
    expect(first?.google).toMatch(/^https:\/\//);
    expect(await save(post("/app/settings/reviews", { intent: "rotate" }))).toEqual({
      intent: "rotate",
      outcome: "rotated",
    });
    const second = (await read()).urls;
    expect(second?.google).not.toBe(first?.google);
    expect(second?.meta).not.toBe(first?.meta);
  });

  it("refuse the Shop app while reviews are rewarded", async () => {
    const before = (await read()).settings;
    expect(await saveSettings({ ...before, shopAppSync: true })).toMatchObject({ outcome: "saved" });
    const way = { id: "review-aaaaaa", kind: "review", enabled: true, points: 50, perMonth: 10 };
    expect(await saveWays(post("/app/program/ways", { ways: [way] }))).toEqual({
      outcome: "refused",
      errors: { "review-aaaaaa.points": { code: "shop_app" } },
    });
    const rules = defaultEarningRules({ currency: "JPY", taxesIncluded: true });
    expect(await saveProgram(mine, { ...rules, ways: [way] }, "staff:42", NOW)).toMatchObject({ outcome: "saved" });
    expect((await read()).rewards).toEqual(["review"]);
    expect(await saveSettings({ ...before, shopAppSync: true })).toEqual({
      intent: "save",
      outcome: "refused",
      paths: ["shopAppSync"],
    });
    expect(await saveSettings({ ...before, shopAppSync: false })).toMatchObject({ outcome: "saved" });
  });

  it("show the request as it will be sent", async () => {
    const { mail } = await mailPreview(get("/app/reviews/mail-preview?locale=ja"));
    expect(mail?.html).toContain("<html");
    expect(mail?.subject).not.toBe("");
    expect(await mailPreview(get("/app/reviews/mail-preview?locale=xx"))).toEqual({ mail: null });
  });
});

describe("products that share reviews", () => {
  const gid = (id: number) => `gid://shopify/Product/${id}`;
  const group = (groupKey: string | null, products: string[]) =>
    save(post("/app/settings/reviews", { intent: "group", groupKey, products }));
  const groupsOf = async () =>
    queryShop<{ productGid: string; groupKey: string }>(
      mine,
      `SELECT product_gid AS "productGid", group_key AS "groupKey" FROM review WHERE shop_id = $1 AND product_gid = ANY ($2) ORDER BY id`,
      [mine, [gid(501), gid(502), gid(503)]],
    );

  it("move with their reviews, and back", async () => {
    for (const id of [501, 502, 503]) await takeReview(mine, submission({ productGid: gid(id) }));
    expect(await group(null, [gid(501), gid(502)])).toEqual({ intent: "group", outcome: "saved" });
    const [listed] = (await read()).groups;
    expect(listed?.products.map(({ productGid }) => productGid)).toEqual([gid(501), gid(502)]);
    expect(await moveReviews(mine, signal)).toEqual({ moved: 2 });
    expect(await moveReviews(mine, signal)).toEqual({ moved: 0 });
    const key = listed?.groupKey ?? "";
    expect((await groupsOf()).map(({ groupKey }) => groupKey)).toEqual([key, key, gid(503)]);
    await recountRatings(mine, NOW, signal);
    const { rows } = await database
      .owner()
      .query<{ counts: number[] }>("SELECT counts FROM rating_summary WHERE shop_id = $1 AND group_key = $2", [
        mine,
        key,
      ]);
    expect(rows[0]?.counts).toEqual([0, 0, 0, 2, 0]);
    expect(await group(key, [])).toEqual({ intent: "group", outcome: "dissolved" });
    await moveReviews(mine, signal);
    expect((await groupsOf()).map(({ groupKey }) => groupKey)).toEqual([gid(501), gid(502), gid(503)]);
  });

  it("leave no group of one behind", async () => {
    await group(null, [gid(501), gid(502)]);
    await group(null, [gid(502), gid(503)]);
    const { groups } = await read();
    expect(groups.map(({ products }) => products.map(({ productGid }) => productGid))).toEqual([[gid(502), gid(503)]]);
  });
});

describe("the other review pages", () => {
  it("list requests with their reasons, send one again, and print its code", async () => {
    const { orderId } = await storeOrder(mine, { productGids: ["gid://shopify/Product/9"] });
    const { requestId } = await inShop(mine, async (tx) => {
      const { rows } = await tx.query<{ requestId: number }>(
        `INSERT INTO review_request (shop_id, order_id, status, why, created_at, updated_at)
         VALUES ($1, $2, 'skipped', 'capped', $3, $3) RETURNING id AS "requestId"`,
        [mine, orderId, NOW],
      );
      return rows[0] ?? { requestId: 0 };
    });
    const list = await requests(get("/app/reviews/requests?status=skipped&why=capped"));
    expect(list.page.requests).toMatchObject([{ requestId, status: "skipped", why: "capped" }]);
    expect(list.reasons).toMatchObject({ capped: 1 });
    expect(await onRequests(post("/app/reviews/requests", { intent: "resend", requestId }))).toEqual({
      intent: "resend",
      outcome: "resending",
    });
    expect((await requests(get("/app/reviews/requests?status=due"))).page.requests).toMatchObject([{ requestId }]);
    const made = await onRequests(post("/app/reviews/requests", { intent: "order_qr", orderId }));
    expect(made).toMatchObject({ outcome: "made", code: { svg: expect.stringContaining("<svg") as string } });
    const product = { intent: "product_qr", productGid: "gid://shopify/Product/9" };
    expect(await onRequests(post("/app/reviews/requests", product))).toMatchObject({ outcome: "made" });
  });

  it("show tasks with the most urgent first, and let staff take and close them", async () => {
    const { reviewId } = await takeReview(mine, alone({ rating: 1, body: "It came in two pieces." }));
    const [task] = (await tasks(get("/app/reviews/tasks"))).page.tasks;
    expect(task).toMatchObject({ status: "open", review: { id: reviewId } });
    const taskId = task?.id ?? 0;
    const change = (body: object) => onTasks(post("/app/reviews/tasks", { taskId, ...body }));
    expect(await change({ intent: "assign", assignee: "staff:7" })).toEqual({ outcome: "failed" });
    await inShop(mine, (tx) =>
      tx.query("INSERT INTO staff (shop_id, user_id, name, seen_at) VALUES ($1, '42', '佐藤 愛', $2)", [mine, NOW]),
    );
    expect(await change({ intent: "assign", assignee: "staff:42" })).toEqual({ outcome: "changed" });
    expect((await tasks(get("/app/reviews/tasks?view=mine"))).page.tasks).toMatchObject([{ id: taskId }]);
    expect(await change({ intent: "status", status: "done" })).toEqual({ outcome: "changed" });
    expect((await tasks(get("/app/reviews/tasks"))).page.tasks).toEqual([]);
    expect((await tasks(get("/app/reviews/tasks?view=done"))).page.tasks).toMatchObject([{ id: taskId }]);
    const { rows } = await database.owner().query("SELECT status FROM review WHERE id = $1", [reviewId]);
    expect(rows).toEqual([{ status: "published" }]);
  });

  it("curate, order and empty the gallery", async () => {
    const { reviewId } = await takeReview(mine, alone({ body: "The handle is lovely." }));
    const ids: string[] = [];
    for (const position of [1, 2]) ids.push(await addSeenPhoto(mine, reviewId, position));
    const [first = "", second = ""] = ids;
    const work = (body: object) => curate(post("/app/reviews/gallery", body));
    const shown = async () => (await gallery(get("/app/reviews/gallery"))).shown.map(({ id }) => id);
    expect((await gallery(get("/app/reviews/gallery"))).candidates.map(({ id }) => id)).toEqual([second, first]);
    expect(await work({ intent: "add", id: first })).toEqual({ outcome: "added" });
    expect(await work({ intent: "add", id: first })).toEqual({ outcome: "failed" });
    expect(await work({ intent: "add", id: second })).toEqual({ outcome: "added" });
    expect(await shown()).toEqual([first, second]);
    expect(await work({ intent: "order", ids: [second, first] })).toEqual({ outcome: "ordered" });
    expect(await shown()).toEqual([second, first]);
    expect(await work({ intent: "remove", id: second })).toEqual({ outcome: "removed" });
    expect(await shown()).toEqual([first]);
    expect(await work({ intent: "add", id: "x" })).toEqual({ outcome: "malformed" });
  });

  it("count by weeks of the shop, neither more nor less than there is", async () => {
    const { analytics: empty } = await analyticsOf(await createShopAt("Asia/Tokyo", "weeks-a.myshopify.com"));
    expect(empty.weeks).toHaveLength(12);
    expect(empty.publishing).toMatchObject({ published: 0, medianSeconds: null });
    const { analytics: year } = await analytics(get("/app/reviews/analytics?weeks=52"));
    expect(year.weeks).toHaveLength(52);
    const { analytics: odd } = await analytics(get("/app/reviews/analytics?weeks=9999"));
    expect(odd.weeks).toHaveLength(12);
    const sum = year.weeks.reduce((total, week) => total + week.received, 0);
    const { rows } = await database
      .owner()
      .query<{ count: string }>("SELECT count(*) FROM review WHERE shop_id = $1 AND status <> 'unconfirmed'", [mine]);
    expect(sum).toBe(Number(rows[0]?.count));
  });

  it("tell Home how reviews are doing", async () => {
    const { pulse } = await home(get("/app"));
    await recountRatings(mine, NOW, signal);
    const { rows } = await database
      .owner()
      .query<{ count: string }>("SELECT count(*) FROM review WHERE shop_id = $1 AND queued_at IS NOT NULL", [mine]);
    expect(pulse.waiting).toBe(Number(rows[0]?.count));
    expect((await home(get("/app"))).pulse.published).toBeGreaterThan(0);
  });
});

async function addSeenPhoto(shopId: ShopId, reviewId: number, position: number): Promise<string> {
  return inShop(shopId, async (tx) => {
    const { rows } = await tx.query<{ id: number }>(
      `INSERT INTO review_media (shop_id, review_id, kind, status, position, storage_key, files, created_at, viewed_at, viewed_by)
       VALUES ($1, $2, 'photo', 'ready', $4, $3, '[{"name":"320.webp","width":320,"height":240,"type":"image/webp","bytes":1000}]', $5, $5, 'staff:42')
       RETURNING id`,
      [shopId, reviewId, crypto.randomUUID(), position, NOW],
    );
    return String(rows[0]?.id);
  });
}

async function createShopAt(timeZone: string, domain: string): Promise<string> {
  await createTestShop(domain, { timeZone });
  await storeOfflineSession(domain);
  return sessionToken(domain);
}
async function analyticsOf(shopToken: string) {
  return analytics({ request: adminRequest("/app/reviews/analytics", shopToken), params: {}, context: {} });
}

describe("D08 what belongs to another shop is not found", () => {
  it("D08 requests, tasks, codes and media", async () => {
    const { orderId } = await storeOrder(other, { productGids: ["gid://shopify/Product/9"] });
    const { reviewId } = await takeReview(other, submission({ content: { rating: 1 } }));
    const [task] = await queryShop<{ id: number }>(other, "SELECT id FROM support_task WHERE shop_id = $1", [other]);
    const mediaId = await addSeenPhoto(other, reviewId, 1);
    const requestId = await inShop(other, async (tx) => {
      const { rows } = await tx.query<{ id: number }>(
        `INSERT INTO review_request (shop_id, order_id, created_at, updated_at) VALUES ($1, $2, $3, $3) RETURNING id`,
        [other, orderId, NOW],
      );
      return rows[0]?.id ?? 0;
    });
    expect(await statusOf(onRequests(post("/app/reviews/requests", { intent: "resend", requestId })))).toBe(404);
    expect(await statusOf(onRequests(post("/app/reviews/requests", { intent: "order_qr", orderId })))).toBe(404);
    const done = { intent: "status", taskId: task?.id, status: "done" };
    expect(await statusOf(onTasks(post("/app/reviews/tasks", done)))).toBe(404);
    expect(await curate(post("/app/reviews/gallery", { intent: "add", id: String(mediaId) }))).toEqual({
      outcome: "failed",
    });
    await curate(post("/app/reviews/gallery", { intent: "order", ids: [String(mediaId)] }));
    const { rows } = await database
      .owner()
      .query("SELECT curated_at, gallery_position FROM review_media WHERE id = $1", [mediaId]);
    expect(rows).toEqual([{ curated_at: null, gallery_position: null }]);
  });
});

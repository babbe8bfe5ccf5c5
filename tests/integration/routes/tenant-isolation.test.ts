import { beforeAll, describe, expect, it } from "vitest";

import { routerPool, inShop, type ShopId } from "../../../app/db.server";
import { action as adjustMembers } from "../../../app/routes/app.members._index/route";
import { action as adjustMember, loader as member } from "../../../app/routes/app.members.$memberId/route";
import { action as home } from "../../../app/routes/app._index";
import { action as replay, loader as delivery } from "../../../app/routes/app.settings.deliveries.$deliveryId";
import { action as replayAll, loader as deliveries } from "../../../app/routes/app.settings.deliveries._index";
import { startBackfill } from "../../../app/jobs/backfill.server";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";
import { adminPost, adminRequest, sessionToken, statusOf, storeOfflineSession } from "./admin-requests";

const database = useTestDatabase();

const MINE = "mine-test.myshopify.com";
const THEIRS = "theirs-test.myshopify.com";
const NOW = new Date("2026-11-22T03:00:00Z");

let token: string;
let mine: { memberId: number; deliveryId: number };
let theirs: { memberId: number; deliveryId: number; runId: number };

async function addMember(shopId: ShopId): Promise<number> {
  return inShop(shopId, async (tx) => {
    const { rows } = await tx.query<{ id: number }>(
      "INSERT INTO member (shop_id, name, email, tags, first_seen_at, search_grams) VALUES ($1, '山田 花子', 'hanako@example.com', '{}', $2, '{}') RETURNING id",
      [shopId, NOW],
    );
    return rows[0]?.id ?? 0;
  });
}
async function addDelivery(shopId: ShopId, domain: string): Promise<number> {
  const { rows } = await routerPool().query<{ id: number }>(
    "INSERT INTO webhook_inbox (shop_id, domain, topic, webhook_id, body, status) VALUES ($1, $2, 'orders/create', $3, '{}', 'dead') RETURNING id",
    [shopId, domain, crypto.randomUUID()],
  );
  return rows[0]?.id ?? 0;
}
async function statusOfDelivery(id: number): Promise<string | undefined> {
  const { rows } = await database
    .owner()
    .query<{ status: string }>("SELECT status FROM webhook_inbox WHERE id = $1", [id]);
  return rows[0]?.status;
}
async function entriesOf(memberId: number): Promise<number> {
  const { rows } = await database.owner().query("SELECT FROM points_entry WHERE member_id = $1", [memberId]);
  return rows.length;
}

beforeAll(async () => {
  const myShop = await createTestShop(MINE);
  const theirShop = await createTestShop(THEIRS);
  await storeOfflineSession(MINE);
  token = await sessionToken(MINE);
  mine = { memberId: await addMember(myShop), deliveryId: await addDelivery(myShop, MINE) };
  const run = await startBackfill(theirShop, null, NOW);
  theirs = { memberId: await addMember(theirShop), deliveryId: await addDelivery(theirShop, THEIRS), runId: run.runId };
});

const adjustment = { points: 100, reason: "adjust_gift", note: "" };

describe("D08 an id of another shop answers as an id that does not exist", () => {
  it("D08 member page", async () => {
    const open = (id: number | string) =>
      statusOf(
        member({ request: adminRequest(`/app/members/${id}`, token), params: { memberId: String(id) }, context: {} }),
      );
    expect(await open(mine.memberId)).toBe(200);
    expect(await open(theirs.memberId)).toBe(404);
    expect(await open(999_999)).toBe(404);
    for (const id of ["0", "-1", "1e3", "x", "1 OR 1=1", "9007199254740993"]) expect(await open(id)).toBe(404);
  });

  it("D08 older history of a member", async () => {
    const request = adminRequest(`/app/members/${theirs.memberId}?before=999999`, token);
    expect(await statusOf(member({ request, params: { memberId: String(theirs.memberId) }, context: {} }))).toBe(404);
  });

  it("D08 adjusting a member", async () => {
    const adjust = (id: number) =>
      statusOf(
        adjustMember({
          request: adminPost(`/app/members/${id}`, token, { ...adjustment, key: crypto.randomUUID() }),
          params: { memberId: String(id) },
          context: {},
        }),
      );
    expect(await adjust(theirs.memberId)).toBe(404);
    expect(await entriesOf(theirs.memberId)).toBe(0);
    expect(await adjust(mine.memberId)).toBe(200);
    expect(await entriesOf(mine.memberId)).toBe(1);
  });

  it("D08 adjusting many leaves strangers alone", async () => {
    const body = { ...adjustment, key: crypto.randomUUID(), memberIds: [mine.memberId, theirs.memberId] };
    const answer = await adjustMembers({ request: adminPost("/app/members", token, body), params: {}, context: {} });
    expect(answer).toEqual({ outcome: "adjusted", adjusted: 1, refused: 1 });
    expect(await entriesOf(theirs.memberId)).toBe(0);
  });

  it("D08 a delivery and its replay", async () => {
    const args = (id: number, method: "GET" | "POST") => ({
      request: adminRequest(`/app/settings/deliveries/${id}`, token, { method }),
      params: { deliveryId: String(id) },
      context: {},
    });
    expect(await statusOf(delivery(args(mine.deliveryId, "GET")))).toBe(200);
    expect(await statusOf(delivery(args(theirs.deliveryId, "GET")))).toBe(404);
    expect(await statusOf(replay(args(theirs.deliveryId, "POST")))).toBe(404);
    expect(await statusOfDelivery(theirs.deliveryId)).toBe("dead");
    expect(await statusOf(replay(args(mine.deliveryId, "POST")))).toBe(200);
    expect(await statusOfDelivery(mine.deliveryId)).toBe("pending");
  });

  it("D08 the list of deliveries, and replaying all", async () => {
    const list = await deliveries({
      request: adminRequest("/app/settings/deliveries", token),
      params: {},
      context: {},
    });
    expect(list.deliveries.map((line) => line.id)).toEqual([mine.deliveryId]);
    await replayAll({
      request: adminRequest("/app/settings/deliveries", token, { method: "POST" }),
      params: {},
      context: {},
    });
    expect(await statusOfDelivery(theirs.deliveryId)).toBe("dead");
  });

  it("D08 stopping another shop's backfill", async () => {
    const request = adminPost("/app", token, { intent: "cancel_backfill", runId: theirs.runId });
    expect(await home({ request, params: {}, context: {} })).toEqual({ outcome: "not_running" });
    const { rows } = await database
      .owner()
      .query("SELECT status FROM reconciliation_run WHERE id = $1", [theirs.runId]);
    expect(rows).toEqual([{ status: "running" }]);
  });

  it("D08 a shop named in address, body or header changes nothing", async () => {
    const request = adminPost(`/app/members/${theirs.memberId}?shop_id=2&shopId=2`, token, {
      ...adjustment,
      key: crypto.randomUUID(),
      shopId: 2,
    });
    request.headers.set("X-Shopify-Shop-Domain", THEIRS);
    const answer = await adjustMember({ request, params: { memberId: String(theirs.memberId) }, context: {} });
    expect(answer).toEqual({ outcome: "invalid" });
    expect(await entriesOf(theirs.memberId)).toBe(0);
  });
});

// Finding people and reading their story, in small and among 200,000.
import { beforeAll, describe, expect, it } from "vitest";

import { inShop, type ShopId } from "../../../app/db.server";
import { adjustPoints } from "../../../app/loyalty/adjust-points.server";
import { defaultEarningRules } from "../../../app/loyalty/earning-rules";
import { readHistory } from "../../../app/loyalty/member-history.server";
import { listMembers, type MemberListRequest, type MemberSort } from "../../../app/loyalty/member-list.server";
import { readMemberPage } from "../../../app/loyalty/member-page.server";
import { readGlance } from "../../../app/loyalty/program-glance.server";
import { saveProgram } from "../../../app/loyalty/program.server";
import { recordOrder } from "../../../app/loyalty/record-order.server";
import { settleOrder } from "../../../app/loyalty/settle-order.server";
import { readShopperBalance } from "../../../app/loyalty/shopper-balance.server";
import { insertCrowd } from "../../builders/crowd";
import { createTestMember, type TestMember } from "../../builders/member";
import { later, orderFacts, refundFacts } from "../../builders/order-facts";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";

const database = useTestDatabase();
const NOW = new Date("2026-06-10T00:00:00Z");
const yen = defaultEarningRules({ currency: "JPY", taxesIncluded: true });

describe("the list", () => {
  let shopId: ShopId;
  let neighbour: ShopId;
  const names = ["田中 花子", "田中 太郎", "中田 英子", "山田 太郎", "Anna Smith", "Bob Jones", "ﾀﾅｶ ｲﾁﾛｳ"];
  beforeAll(async () => {
    shopId = await createTestShop();
    neighbour = await createTestShop();
    for (const [index, name] of names.entries()) {
      const member = await createTestMember(
        shopId,
        { name, email: `user${index}@example.jp` },
        new Date(NOW.getTime() + index * 1_000),
      );
      if (index % 2 === 0)
        await adjustPoints(
          shopId,
          {
            memberId: member.memberId,
            points: 10 + index,
            reason: "adjust_gift",
            note: null,
            actor: "staff:1",
            key: `k${index}`,
          },
          NOW,
        );
    }
    await createTestMember(neighbour, { name: "田中 隣人", email: "user0@example.jp" });
  });
  const found = async (request: MemberListRequest) =>
    (await listMembers(shopId, request)).members.map(({ name }) => name);

  it("finds two-character Japanese names, any width or case, and addresses by their beginning", async () => {
    expect((await found({ search: "田中" })).sort()).toEqual(["田中 太郎", "田中 花子"]);
    expect(await found({ search: "田中 太郎" })).toEqual(["田中 太郎"]);
    expect(await found({ search: "田中 花" })).toEqual(["田中 花子"]);
    expect(await found({ search: "田中花子" })).toEqual(["田中 花子"]);
    expect((await found({ search: "太郎" })).sort()).toEqual(["山田 太郎", "田中 太郎"]);
    expect(await found({ search: "タナカ" })).toEqual(["ﾀﾅｶ ｲﾁﾛｳ"]);
    expect(await found({ search: "smith" })).toEqual(["Anna Smith"]);
    expect(await found({ search: "USER3@" })).toEqual(["山田 太郎"]);
    expect(await found({ search: "山" })).toEqual(["山田 太郎"]);
    expect(await found({ search: "S" })).toEqual(["Anna Smith"]);
    expect(await found({ search: "%" })).toEqual([]);
    expect(await found({ search: "nobody" })).toEqual([]);
  });

  it.each<MemberSort>(["balance", "last_order", "name", "newest"])(
    "pages by %s in both directions without gap or repeat",
    async (sort) => {
      const all = await found({ sort, limit: 100 });
      expect(all).toHaveLength(names.length);
      const forward: string[] = [];
      let cursor: string | null = null;
      let last = await listMembers(shopId, { sort, limit: 3 });
      for (;;) {
        forward.push(...last.members.map(({ name }) => name));
        cursor = last.nextCursor;
        if (cursor === null) break;
        last = await listMembers(shopId, { sort, limit: 3, cursor });
      }
      expect(forward).toEqual(all);
      const backward: string[] = last.members.map(({ name }) => name);
      while (last.previousCursor !== null) {
        last = await listMembers(shopId, { sort, limit: 3, cursor: last.previousCursor, direction: "previous" });
        backward.unshift(...last.members.map(({ name }) => name));
      }
      expect(backward).toEqual(all);
    },
  );

  it("ignores cursors that are broken, forged or of another sort", async () => {
    const { nextCursor } = await listMembers(shopId, { sort: "name", limit: 2 });
    const forged = Buffer.from(JSON.stringify(["balance", "1; DROP TABLE member", 1])).toString("base64url");
    for (const cursor of [nextCursor, forged, "%%%", "bnVsbA"])
      expect(await found({ sort: "balance", cursor, limit: 100 })).toHaveLength(names.length);
  });
});

describe("one member's story", () => {
  it("reads balances, lots, orders, notes and every step with its reason; another shop reads nothing", async () => {
    const shopId = await createTestShop();
    const stranger = await createTestShop();
    await saveProgram(
      shopId,
      { ...yen, expiry: { kind: "after_days", days: 10 } },
      "staff:1",
      new Date("2026-01-01T00:00:00Z"),
    );
    const member: TestMember = await createTestMember(shopId);
    const facts = orderFacts({ customerId: member.customerGid });
    for (const state of [facts, later(facts, { refunds: [refundFacts({ unallocatedMinor: 3_780 })] })]) {
      await inShop(shopId, async (tx) => settleOrder(tx, (await recordOrder(tx, state, "payload", NOW)).orderId, NOW));
    }
    await adjustPoints(
      shopId,
      { memberId: member.memberId, points: 5, reason: "adjust_gift", note: "誕生日", actor: "staff:1", key: "n" },
      NOW,
    );

    const page = await readMemberPage(shopId, member.memberId);
    expect(page).toMatchObject({
      customerGid: member.customerGid,
      ordersCount: 1,
      lastOrderAt: new Date(facts.processedAt),
      balances: { available: 105, revoked: 37, pending: 0, debt: 0 },
      lots: [
        { sourceType: "order", remaining: 100, size: 137, order: { orderGid: facts.orderId } },
        { sourceType: "adjustment", remaining: 5 },
      ],
      orders: [{ orderGid: facts.orderId, points: 100, state: "available" }],
      notes: [{ text: "誕生日", actor: "staff:1" }],
    });
    const first = await readHistory(shopId, member.memberId, { limit: 2 });
    const second = await readHistory(shopId, member.memberId, { limit: 2, before: first.before });
    expect([...first.items, ...second.items].map(({ change, note }) => [change, note])).toEqual([
      [5, "誕生日"],
      [-37, null],
      [137, null],
    ]);
    expect(second.before).toBeNull();

    const shopper = await readShopperBalance(shopId, member.customerGid, NOW);
    // Available on 6 June in Tokyo: usable until the end of the 16th there.
    expect(shopper).toMatchObject({
      available: 105,
      pending: 0,
      debt: 0,
      nextExpiry: { points: 100, expiresAt: new Date("2026-06-16T15:00:00Z") },
    });
    expect(await readGlance(shopId, NOW)).toMatchObject({
      issued: 142,
      removed: 37,
      redeemed: 0,
      liabilityPoints: 105,
      members: 1,
      membersWithPoints: 1,
    });
    expect((await readGlance(shopId, NOW)).days.at(-1)).toEqual({
      day: "2026-06-10",
      issued: 142,
      redeemed: 0,
      removed: 37,
    });

    expect(await readMemberPage(stranger, member.memberId)).toBeNull();
    expect(await readShopperBalance(stranger, member.customerGid, NOW)).toBeNull();
    expect((await readHistory(stranger, member.memberId)).items).toEqual([]);
  });
});

describe("among 200,000 members", () => {
  let shopId: ShopId;
  beforeAll(async () => {
    shopId = await createTestShop();
    await insertCrowd(database.owner(), shopId, 200_000);
  });

  it.each<MemberListRequest>([
    { sort: "balance" },
    { sort: "last_order" },
    { sort: "name" },
    { sort: "newest" },
    { sort: "balance", search: "五美" },
    { sort: "last_order", search: "田中" },
    { sort: "name", search: "user1999" },
    { tierId: "gold" },
    { tierId: "" },
    { tierId: "silver", search: "田中" },
  ])("pages through %o without gaps or repeats", async (request) => {
    const first = await listMembers(shopId, { ...request, limit: 50 });
    expect(first.members.length).toBeGreaterThan(0);
    if (!first.nextCursor) return;
    const second = await listMembers(shopId, { ...request, limit: 50, cursor: first.nextCursor });
    const ids = [...first.members, ...second.members].map(({ memberId }) => memberId);
    expect(second.members.length).toBeGreaterThan(0);
    expect(new Set(ids).size).toBe(ids.length);
  });

  const NEVER = "coalesce(last_order_at, '-infinity')";
  it.each<[MemberListRequest & { sort: MemberSort }, string, string]>([
    [{ sort: "balance" }, "available", "available DESC, id"],
    [{ sort: "last_order" }, NEVER, `${NEVER} DESC, id`],
    [{ sort: "name" }, "name", "name, id"],
    [{ sort: "newest" }, "first_seen_at", "first_seen_at DESC, id"],
    [{ sort: "balance", search: "五美" }, "available", "available DESC, id"],
    [{ sort: "name", search: "田中" }, "name", "name, id"],
    [{ sort: "newest", search: "user1999" }, "first_seen_at", "first_seen_at DESC, id"],
  ])("turns pages in both directions as plain sorting would, deep among equals: %o", async (request, key, order) => {
    for (const depth of [0.1, 0.5, 0.9]) {
      const { rows: around } = await database.owner().query<{ id: string; key: string; at: string; place: string }>(
        `SELECT id, key, at, place FROM (
           SELECT id, (${key})::text AS key, row_number() OVER (ORDER BY ${order}) AS place, ceil(count(*) OVER () * $3::float8) AS at FROM member
            WHERE shop_id = $1 AND (replace(name, ' ', '') LIKE '%' || $2 || '%' OR email LIKE $2 || '%')) sorted
          WHERE place BETWEEN at - 60 AND at + 60 ORDER BY place`,
        [shopId, request.search ?? "", depth],
      );
      const middle = around.findIndex(({ place, at }) => Number(place) === Number(at));
      const ids = around.map(({ id }) => Number(id));
      const cursor = Buffer.from(JSON.stringify([request.sort, around[middle]?.key, ids[middle]])).toString(
        "base64url",
      );
      const turned = async (direction: "next" | "previous") =>
        (await listMembers(shopId, { ...request, cursor, direction, limit: 60 })).members.map(
          ({ memberId }) => memberId,
        );
      expect(await turned("next")).toEqual(ids.slice(middle + 1));
      expect(await turned("previous")).toEqual(ids.slice(0, middle));
    }
  });

  it("searches through indexes although row-level security guards the table", async () => {
    for (const sql of [
      "SELECT id FROM member WHERE shop_id = $1 AND email ~>=~ 'user1999' AND email ~<~ 'user199:'",
      "SELECT id FROM member WHERE shop_id = $1 AND name = '五'",
    ]) {
      const { rows } = await inShop(shopId, (tx) =>
        tx.query<{ "QUERY PLAN": string }>(`EXPLAIN ${sql.replace("$1", String(shopId))}`),
      );
      expect(rows.map((row) => row["QUERY PLAN"]).join("\n")).not.toMatch(/Seq Scan/);
    }
    const { rows } = await database
      .owner()
      .query<{ "QUERY PLAN": string }>(
        `EXPLAIN SELECT id FROM member WHERE search_grams @> ARRAY['${shopId}:五美'] AND shop_id = (SELECT ${shopId}) LIMIT 5001`,
      );
    expect(rows.map((row) => row["QUERY PLAN"]).join("\n")).toMatch(/member_search/);
  });

  it("shows one tier's members, the newest first, and walks back to where it came from", async () => {
    const first = await listMembers(shopId, { tierId: "gold", sort: "name", limit: 50 });
    expect(new Set(first.members.map(({ tierId }) => tierId))).toEqual(new Set(["gold"]));
    const ids = first.members.map(({ memberId }) => memberId);
    expect(ids).toEqual([...ids].sort((a, b) => b - a));
    const second = await listMembers(shopId, { tierId: "gold", limit: 50, cursor: first.nextCursor });
    const back = await listMembers(shopId, {
      tierId: "gold",
      limit: 50,
      cursor: second.previousCursor,
      direction: "previous",
    });
    expect(back.members.map(({ memberId }) => memberId)).toEqual(ids);
    expect((await listMembers(shopId, { tierId: "", limit: 1 })).members).toMatchObject([{ tierId: null }]);
    expect((await listMembers(shopId, { tierId: "emerald" })).members).toEqual([]);
  });

  it("reads a page from an index, not from the table", async () => {
    const pages = [
      ["", "available DESC, id"],
      ["AND last_order_at IS NOT NULL", "last_order_at DESC, id"],
      ["AND last_order_at = '2026-02-01' AND id > 100", "last_order_at DESC, id"],
      ["AND last_order_at IS NULL AND id > 100000", "last_order_at DESC, id"],
      ["AND last_order_at IS NOT NULL", "last_order_at, id DESC"],
      ["AND available = 0 AND id > 100000", "available DESC, id"],
      ["", "name, id"],
      ["", "first_seen_at DESC, id"],
      ["AND tier_id = 'gold'", "id DESC, id"],
      ["AND tier_id IS NULL", "id DESC, id"],
      ["AND tier_id = 'gold' AND id <= 150000 AND (id < 150000 OR id > 150000)", "id DESC, id"],
    ];
    for (const [where, order] of pages) {
      const sql = `EXPLAIN SELECT id FROM member WHERE shop_id = ${shopId} AND status = 'active' ${where} ORDER BY ${order} LIMIT 50`;
      const { rows } = await inShop(shopId, (tx) => tx.query<{ "QUERY PLAN": string }>(sql));
      const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
      expect(plan).toMatch(/Index (Only )?Scan/);
      expect(plan).not.toMatch(/Seq Scan|\bSort\b/);
    }
  });
});

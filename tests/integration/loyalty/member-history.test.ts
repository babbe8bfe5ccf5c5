import { beforeEach, describe, expect, it } from "vitest";

import { inShop, type ShopId } from "../../../app/db.server";
import { adjustPoints } from "../../../app/loyalty/adjust-points.server";
import { lockMembers, openAccount, postEntries, readOpenLots } from "../../../app/loyalty/ledger.server";
import { readHistory, type HistoryItem } from "../../../app/loyalty/member-history.server";
import { createTestMember } from "../../builders/member";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";

useTestDatabase();
const NOW = new Date("2026-05-01T03:00:00Z");
let shopId: ShopId = 0;
let memberId = 0;
beforeEach(async () => {
  shopId = await createTestShop();
  ({ memberId } = await createTestMember(shopId, {}));
});

const give = (points: number, key: string) =>
  adjustPoints(shopId, { memberId, points, reason: "adjust_gift", note: null, actor: "staff:1", key }, NOW);

/** One choice of the shopper: `points` from as many lots as it takes. */
function choose(points: number, id: string, at = NOW): Promise<unknown> {
  return inShop(shopId, async (tx) => {
    const [member] = await lockMembers(tx, { ids: [memberId] });
    if (!member) throw new Error("no member");
    const account = openAccount(member, (await readOpenLots(tx, [memberId])).get(memberId) ?? []);
    const source = { type: "redemption", id, rule: "reward", version: null, actor: "shopper", isTest: false };
    account.reserve(points, {
      source,
      keyPrefix: `redemption/${id}/reserve`,
      reason: "reward_reserved",
      params: { name: { en: "Discount", ja: "割引" } },
    });
    return postEntries(tx, { accounts: [account], now: at });
  });
}

async function pagesOf(limit: number): Promise<HistoryItem[][]> {
  const pages: HistoryItem[][] = [];
  for (let before: number | null = null; ;) {
    const page = await readHistory(shopId, memberId, { before, limit });
    pages.push(page.items);
    if (page.before === null) return pages;
    before = page.before;
  }
}

describe("a member's history", () => {
  it("shows one choice as one line, however many lots paid for it, wherever a page ends", async () => {
    for (const key of ["a", "b", "c", "d"]) await give(100, key);
    await choose(250, "1");
    await give(40, "e");
    await choose(180, "2", new Date(NOW.getTime() + 60_000));
    const expected = [-180, 40, -250, 100, 100, 100, 100];
    for (const limit of [1, 2, 3, 4, 5, 6, 7, 20]) {
      const pages = await pagesOf(limit);
      expect(
        pages.flat().map(({ change }) => change),
        `${limit} a page`,
      ).toEqual(expected);
      for (const page of pages.slice(0, -1)) expect(page.length).toBeGreaterThanOrEqual(Math.min(limit, 1));
    }
    const [line] = (await readHistory(shopId, memberId)).items;
    expect(line).toMatchObject({ points: 180, params: { points: 180 }, from: "available", to: "reserved" });
  });

  it("keeps two choices of the same reward apart", async () => {
    await give(100, "a");
    await choose(10, "1");
    await choose(10, "2");
    expect((await readHistory(shopId, memberId)).items.map(({ change }) => change)).toEqual([-10, -10, 100]);
  });
});

import { beforeAll, describe, expect, it } from "vitest";

import type { ShopId } from "../../../app/db.server";
import { adjustPoints } from "../../../app/loyalty/adjust-points.server";
import { runAudit } from "../../../app/operator/audit.server";
import { createTestMember } from "../../builders/member";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";

const database = useTestDatabase();
const broken = async () =>
  (await runAudit(database.ownerUrl())).invariants.filter(({ violations }) => violations > 0).map(({ id }) => id);

let shopId: ShopId;
let memberId: number;
beforeAll(async () => {
  shopId = await createTestShop();
  const other = await createTestShop();
  ({ memberId } = await createTestMember(shopId));
  await give(shopId, memberId, 500);
  await give(shopId, memberId, -120);
  await give(other, (await createTestMember(other)).memberId, 40);
});

async function give(shop: ShopId, member: number, points: number): Promise<void> {
  const adjustment = {
    memberId: member,
    points,
    reason: "adjust_gift",
    note: null,
    actor: "staff:1",
    key: `gift ${points}`,
  } as const;
  expect((await adjustPoints(shop, adjustment, new Date())).outcome).toBe("adjusted");
}

/** Breaks something as the owner, looks, and puts it right again. */
async function whileBroken(damage: string, repair: string): Promise<string[]> {
  await database.owner().query(damage);
  try {
    return await broken();
  } finally {
    await database.owner().query(repair);
  }
}

describe("audit", () => {
  it("finds books that are in order, and looks at every shop's rows", async () => {
    const report = await runAudit(database.ownerUrl());
    expect(report.ok).toBe(true);
    expect(report.invariants.find(({ id }) => id === "I1")?.rows).toBe(2);
    expect(report.invariants.find(({ id }) => id === "I10")?.rows).toBe(3);
  });

  it("refuses to audit blindly as the app's role", async () => {
    await expect(runAudit(process.env.DATABASE_URL ?? "")).rejects.toThrow(/owner/);
  });

  it.each([
    [
      "a cached balance off by one",
      "UPDATE member SET available = available + 1 WHERE id = 1",
      "UPDATE member SET available = available - 1 WHERE id = 1",
      ["I1", "I2"],
    ],
    [
      "a lot off by one",
      "UPDATE lot SET remaining = remaining - 1 WHERE id = 1",
      "UPDATE lot SET remaining = remaining + 1 WHERE id = 1",
      ["I2", "I3"],
    ],
    [
      "a ledger that lets itself be changed",
      "ALTER TABLE points_entry DISABLE TRIGGER append_only",
      "ALTER TABLE points_entry ENABLE TRIGGER append_only",
      ["I10"],
    ],
    [
      "an entry changed behind the trigger's back",
      "ALTER TABLE points_entry DISABLE TRIGGER append_only; UPDATE points_entry SET points = points + 7 WHERE id = 1; ALTER TABLE points_entry ENABLE TRIGGER append_only",
      "ALTER TABLE points_entry DISABLE TRIGGER append_only; UPDATE points_entry SET points = points - 7 WHERE id = 1; ALTER TABLE points_entry ENABLE TRIGGER append_only",
      ["I1", "I2", "I3"],
    ],
    [
      "a merged member with points",
      "UPDATE member SET status = 'merged', merged_into = id WHERE id = 1",
      "UPDATE member SET status = 'active', merged_into = NULL WHERE id = 1",
      ["I14"],
    ],
    [
      "a tenant table without row-level security",
      "ALTER TABLE lot DISABLE ROW LEVEL SECURITY",
      "ALTER TABLE lot ENABLE ROW LEVEL SECURITY",
      ["I17"],
    ],
  ])("sees %s", async (_what, damage, repair, ids) => {
    expect(await whileBroken(damage, repair)).toEqual(ids);
    expect(await broken()).toEqual([]);
  });
});

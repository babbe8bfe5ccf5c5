// What ways to earn gave, when two members become one, and when one asks for their data or to be forgotten.
import { beforeEach, describe, expect, it } from "vitest";

import { inShop, queryShop, type ShopId } from "../../../app/db.server";
import { adjustPoints } from "../../../app/loyalty/adjust-points.server";
import { mergeMembers } from "../../../app/loyalty/merge-members.server";
import type { TierPlan, WayToEarn } from "../../../app/loyalty/program-parts";
import { grantTierEntries } from "../../../app/loyalty/tiers/grant-tier-entries.server";
import { grantOccasions } from "../../../app/loyalty/ways/grant-occasions.server";
import { grantWay, type WayToGrant } from "../../../app/loyalty/ways/grant-way.server";
import { setBirthday } from "../../../app/loyalty/ways/set-birthday.server";
import { exportCustomerData } from "../../../app/privacy/export-customer-data.server";
import { redactCustomer } from "../../../app/privacy/redact-customer.server";
import { balanceOf, createTestMember, type TestMember } from "../../builders/member";
import { useTestDatabase } from "../../setup/postgres";
import { countEntries } from "./ledger-invariants";
import { createWaysShop, day, expectOnceEach as expectGrantedOnce, grantIn, NOW, START, yen } from "./ways-shop";

const database = useTestDatabase();
const WAYS: WayToEarn[] = [
  { id: "join", kind: "join", enabled: true, points: 100, holdDays: 0 },
  { id: "bday", kind: "birthday", enabled: true, points: 500, holdDays: 0, noticeDays: 30, lockDays: 365 },
  { id: "rev", kind: "review", enabled: true, points: 50, holdDays: 0, perMonth: 2 },
];
const PLAN: TierPlan = {
  effectiveAt: START.toISOString(),
  enabled: true,
  metric: "spend",
  window: { kind: "lifetime" },
  graceDays: 0,
  grandfather: false,
  tiers: [
    {
      id: "gold",
      name: { en: "Gold", ja: "ゴールド" },
      threshold: 10_000,
      multiplierPercent: 100,
      entryPoints: 40,
      perks: [],
      color: null,
    },
  ],
};

let shopId: ShopId;
let member: TestMember;
beforeEach(async () => {
  ({ shopId, member } = await createWaysShop({ ways: WAYS, tierPlans: [PLAN] }));
});
const balance = () => balanceOf(shopId, member.customerGid);
const grant = (kind: string, occasion: string, fields: Partial<WayToGrant> = {}, now = NOW) =>
  grantIn(shopId, kind, { memberId: member.memberId, occasion, ...fields }, now);
const expectOnceEach = () => expectGrantedOnce(database.owner());

describe("privacy", () => {
  it("D06 hands over what was given for what; D07 erases the birthday and keeps the arithmetic", async () => {
    await grant("join", "join");
    await setBirthday(shopId, member.customerGid, "08-01", NOW);
    const person = { customerGid: member.customerGid, email: null };
    await inShop(shopId, (tx) => exportCustomerData(tx, { ...person, requestKey: "1" }, NOW));
    const [exported] = await queryShop<{ content: { members: Record<string, unknown>[] } }>(
      shopId,
      "SELECT content FROM data_export WHERE shop_id = $1",
      [shopId],
    );
    expect(exported?.content.members[0]).toMatchObject({
      member: { birthday: "08-01" },
      ways: [{ kind: "join", occasion: "join", points: 100, state: "granted" }],
      tiers: [],
      redemptions: [],
      referrals: [],
      messages: [],
    });
    await inShop(shopId, (tx) => redactCustomer(tx, { ...person, orderGids: [] }, NOW));
    const [row] = await queryShop(
      shopId,
      "SELECT birthday, birthday_set_at, occasion_due_at, referral_code, available FROM member WHERE shop_id = $1",
      [shopId],
    );
    expect(row).toEqual({
      birthday: null,
      birthday_set_at: null,
      occasion_due_at: null,
      referral_code: null,
      available: 100,
    });
    await expectOnceEach();
  });
});

describe("merge", () => {
  it("B09 two members' one-time bonuses do not double, and a replay takes nothing back again", async () => {
    const gone = await createTestMember(shopId);
    await grant("join", "join");
    await grant("review", "review/1");
    await grant("join", "join", { memberId: gone.memberId });
    await grant("review", "review/2", { memberId: gone.memberId });
    const merge = () => inShop(shopId, (tx) => mergeMembers(tx, member.customerGid, gone.customerGid, NOW));
    await merge();
    expect(await balance()).toMatchObject({ available: 200, revoked: 100, debt: 0 });
    const entries = await countEntries(database.owner());
    await merge();
    expect(await countEntries(database.owner())).toBe(entries);
    expect((await grant("join", "join", { memberId: gone.memberId })).outcome).toBe("already_granted");
    await expectOnceEach();
  });

  it("B09 a chain of merges takes each duplicate back once", async () => {
    const [a, b] = [await createTestMember(shopId), await createTestMember(shopId)];
    for (const { memberId } of [member, a, b]) await grant("join", "join", { memberId });
    for (const { memberId } of [member, a, b])
      await inShop(shopId, (tx) =>
        grantWay(
          tx,
          {
            memberId,
            way: { id: "insta", kind: "social", points: 7, holdDays: 0 },
            occasion: "once",
            inForce: { version: 1, rules: yen },
          },
          NOW,
        ),
      );
    await inShop(shopId, (tx) => mergeMembers(tx, a.customerGid, b.customerGid, NOW));
    await inShop(shopId, (tx) => mergeMembers(tx, member.customerGid, a.customerGid, NOW));
    expect(await balance()).toMatchObject({ available: 107, debt: 0 });
    await expectOnceEach();
  });

  it("B09 the entry reward of a tier that both had reached is taken back once", async () => {
    const gone = await createTestMember(shopId);
    for (const { memberId } of [member, gone])
      await inShop(shopId, (tx) =>
        tx.query(
          "INSERT INTO tier_change (shop_id, member_id, to_tier_id, cause, at, entry_due) VALUES ($1, $2, 'gold', 'qualified', $3, true)",
          [shopId, memberId, NOW],
        ),
      );
    expect(await grantTierEntries(shopId, NOW)).toBe(2);
    await inShop(shopId, (tx) => mergeMembers(tx, member.customerGid, gone.customerGid, NOW));
    expect(await balance()).toMatchObject({ available: 40, revoked: 40 });
    await expectOnceEach();
  });

  it("B09 a bonus that was spent is owed, and nothing is ever taken twice", async () => {
    const gone = await createTestMember(shopId);
    for (const { memberId } of [member, gone]) await grant("join", "join", { memberId });
    const spend = { reason: "adjust_other", note: null, actor: "staff:1" } as const;
    await adjustPoints(shopId, { ...spend, memberId: member.memberId, points: -100, key: "a" }, NOW);
    await adjustPoints(shopId, { ...spend, memberId: gone.memberId, points: -100, key: "b" }, NOW);
    await inShop(shopId, (tx) => mergeMembers(tx, member.customerGid, gone.customerGid, NOW));
    expect(await balance()).toMatchObject({ available: 0, debt: 100 });
    await expectOnceEach();
  });

  it("the kept member's birthday wins, else the other's is taken over; both calendars follow", async () => {
    const gone = await createTestMember(shopId);
    await setBirthday(shopId, gone.customerGid, "08-01", NOW);
    await inShop(shopId, (tx) => mergeMembers(tx, member.customerGid, gone.customerGid, NOW));
    expect(await grantOccasions(shopId, day("2026-08-01"))).toEqual({ granted: 1 });
    expect(await balance()).toMatchObject({ available: 500 });
    const [row] = await queryShop<{ due: Date | null }>(
      shopId,
      "SELECT occasion_due_at AS due FROM member WHERE shop_id = $1 AND id = $2",
      [shopId, gone.memberId],
    );
    expect(row?.due).toBeNull();
    await expectOnceEach();
  });

  it("B09 birthdays of two members within a year are one person's", async () => {
    const gone = await createTestMember(shopId);
    await setBirthday(shopId, gone.customerGid, "08-01", NOW);
    await setBirthday(shopId, member.customerGid, "09-01", NOW);
    await grantOccasions(shopId, day("2026-08-01"));
    await grantOccasions(shopId, day("2026-09-01"));
    await inShop(shopId, (tx) => mergeMembers(tx, member.customerGid, gone.customerGid, day("2026-09-02")));
    expect(await balance()).toMatchObject({ available: 500, revoked: 500 });
    await expectOnceEach();
  });
});

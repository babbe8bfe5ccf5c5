// Ways to earn beside orders, on the real ledger: each act and each day gives its points once.
import { beforeEach, describe, expect, it } from "vitest";

import { inShop, queryShop, routerPool, type ShopId } from "../../../app/db.server";
import { HANDLERS } from "../../../app/jobs/handlers.server";
import type { EarningRules } from "../../../app/loyalty/earning-rules";
import type { WayToEarn } from "../../../app/loyalty/program-parts";
import { saveProgram } from "../../../app/loyalty/program.server";
import { recordCustomer } from "../../../app/loyalty/record-customer.server";
import { releaseDuePoints } from "../../../app/loyalty/release-due-points.server";
import { claimSocial } from "../../../app/loyalty/ways/claim-social.server";
import { grantOccasions } from "../../../app/loyalty/ways/grant-occasions.server";
import type { WayToGrant } from "../../../app/loyalty/ways/grant-way.server";
import { setNextOccasion } from "../../../app/loyalty/ways/next-occasion.server";
import { readWaysOf } from "../../../app/loyalty/ways/read-ways.server";
import { recordConsent } from "../../../app/loyalty/ways/record-consent.server";
import { setBirthday } from "../../../app/loyalty/ways/set-birthday.server";
import { balanceOf, createTestMember, type TestMember } from "../../builders/member";
import { useTestDatabase } from "../../setup/postgres";
import { createWaysShop, day, expectOnceEach as expectGrantedOnce, grantIn, NOW, START, yen } from "./ways-shop";

const database = useTestDatabase();
const SOCIAL = { url: "https://example.com/shop", platform: "instagram", action: "follow" } as const;
const WAYS: WayToEarn[] = [
  { id: "join", kind: "join", enabled: true, points: 100, holdDays: 0 },
  { id: "news", kind: "newsletter", enabled: true, points: 30, holdDays: 0 },
  { id: "text", kind: "sms", enabled: true, points: 20, holdDays: 0 },
  { id: "bday", kind: "birthday", enabled: true, points: 500, holdDays: 0, noticeDays: 30, lockDays: 365 },
  { id: "year", kind: "anniversary", enabled: true, points: 200, holdDays: 0, yearsMax: 2 },
  { id: "insta", kind: "social", enabled: true, points: 10, holdDays: 3, every: "month", ...SOCIAL },
  { id: "rev", kind: "review", enabled: true, points: 50, holdDays: 0, perMonth: 2 },
];

let shopId: ShopId;
let member: TestMember;
beforeEach(async () => {
  ({ shopId, member } = await createWaysShop({ ways: WAYS }));
});
const program = (change: Partial<EarningRules> = {}, at = START) =>
  saveProgram(shopId, { ...yen, ways: WAYS, ...change }, "staff:1", at);
const update = (set: string, values: unknown[], id = member.memberId) =>
  inShop(shopId, (tx) => tx.query(`UPDATE member SET ${set} WHERE shop_id = $1 AND id = $2`, [shopId, id, ...values]));
const balance = () => balanceOf(shopId, member.customerGid);
const grant = (kind: string, occasion: string, fields: Partial<WayToGrant> = {}, now = NOW) =>
  grantIn(shopId, kind, { memberId: member.memberId, occasion, ...fields }, now);
const expectOnceEach = () => expectGrantedOnce(database.owner());

describe("one grant per occasion", () => {
  it("twenty at once give the points once", async () => {
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => grant("join", "join")));
    expect(outcomes.filter(({ outcome }) => outcome === "granted")).toHaveLength(1);
    expect(outcomes.filter(({ outcome }) => outcome === "already_granted")).toHaveLength(19);
    expect(await balance()).toMatchObject({ available: 100 });
    await expectOnceEach();
  });

  it("names its reason, its version and its key in the ledger, and expires like every other grant", async () => {
    await grant("join", "join", { actor: "shopper" });
    const [entry] = await queryShop(
      shopId,
      `SELECT e.key, e.kind, e.reason, e.source_type, e.version, e.actor, e.points, l.expires_at FROM points_entry e JOIN lot l ON l.shop_id = e.shop_id AND l.id = e.lot_id
        WHERE e.shop_id = $1`,
      [shopId],
    );
    expect(entry).toEqual({
      key: `way/${member.memberId}/join/join/grant`,
      kind: "grant",
      reason: "way_join",
      source_type: "way",
      version: 1,
      actor: "shopper",
      points: 100,
      expires_at: day("2027-06-11"),
    });
  });

  it("waits out its hold, then repays what is owed", async () => {
    await grant("social", "social/2026-06");
    expect(await balance()).toMatchObject({ pending: 10, available: 0 });
    expect(await releaseDuePoints(shopId, new Date(NOW.getTime() + 3 * 86_400_000 - 1))).toEqual({ released: 0 });
    await releaseDuePoints(shopId, new Date(NOW.getTime() + 3 * 86_400_000));
    expect(await balance()).toMatchObject({ pending: 0, available: 10 });
    await expectOnceEach();
  });

  it("gives at most so many reviews a month, and never asks what they say", async () => {
    const outcomes = [];
    for (const review of [1, 2, 3]) outcomes.push((await grant("review", `review/${review}`)).outcome);
    expect(outcomes).toEqual(["granted", "granted", "limit_reached"]);
    expect((await grant("review", "review/3", {}, day("2026-07-01"))).outcome).toBe("granted");
    expect(await balance()).toMatchObject({ available: 150 });
  });

  it("gives nothing to people who do not take part, and nothing while the program rests", async () => {
    await program(
      { participation: { ...yen.participation, excludeTags: ["staff"] } },
      new Date("2026-02-01T00:00:00Z"),
    );
    await update("tags = $3", [["Staff"]]);
    expect(await grant("join", "join")).toEqual({ outcome: "not_taking_part", why: "excluded_customer" });
    await program({ status: "paused" }, new Date("2026-03-01T00:00:00Z"));
    expect(await grant("join", "join")).toEqual({ outcome: "not_taking_part", why: "program_paused" });
    expect(await balance()).toMatchObject({ available: 0 });
  });
});

describe("consent", () => {
  const state = (channel: "email" | "sms", value: string, now = NOW) =>
    inShop(shopId, (tx) =>
      recordConsent(tx, { customerId: member.customerGid, channel, state: value, at: now.toISOString() }, now),
    );

  it("gives points to who subscribes, once in a life, also after leaving and coming back", async () => {
    await state("email", "not_subscribed");
    await state("email", "pending");
    expect(await balance()).toMatchObject({ available: 0 });
    for (const value of ["subscribed", "unsubscribed", "subscribed"]) await state("email", value);
    expect(await balance()).toMatchObject({ available: 30 });
    const other = WAYS.map((way) => (way.kind === "newsletter" ? { ...way, id: "news-2" } : way));
    await program({ ways: other }, new Date("2026-06-11T00:00:00Z"));
    for (const value of ["unsubscribed", "subscribed"]) await state("email", value, new Date("2026-06-12T00:00:00Z"));
    expect(await balance()).toMatchObject({ available: 30 });
    await state("sms", "unsubscribed");
    await state("sms", "subscribed");
    expect(await balance()).toMatchObject({ available: 50 });
    await expectOnceEach();
  });

  it("gives nothing to who was subscribed when first seen, or said yes before the way existed", async () => {
    await state("email", "subscribed", new Date("2026-06-01T00:00:30Z"));
    expect(await balance()).toMatchObject({ available: 0 });
    await state("sms", "not_subscribed", new Date("2025-12-01T00:00:00Z"));
    await state("sms", "subscribed", new Date("2025-12-02T00:00:00Z"));
    expect(await balance()).toMatchObject({ available: 0 });
  });

  it("takes Shopify's word that a yes is new, from somebody of whom nothing else was known", async () => {
    await state("sms", "subscribed");
    await state("email", "subscribed");
    expect(await balance()).toMatchObject({ available: 50 });
    await expectOnceEach();
  });

  it("notices it in a reading of the customer too, and counts both reports as one", async () => {
    const facts = {
      customerId: member.customerGid,
      name: "花子",
      email: null,
      verifiedEmail: true,
      state: "enabled" as const,
      createdAt: null,
      updatedAt: NOW.toISOString(),
    };
    const read = (emailConsent: string) => inShop(shopId, (tx) => recordCustomer(tx, { ...facts, emailConsent }, NOW));
    await read("not_subscribed");
    await Promise.all([read("subscribed"), read("subscribed"), state("email", "subscribed")]);
    expect(await balance()).toMatchObject({ available: 30 });
    await expectOnceEach();
  });
});

describe("birthdays", () => {
  const give = (birthday: string, now = NOW) => setBirthday(shopId, member.customerGid, birthday, now);

  it("C13 keeps the change lock and the notice", async () => {
    expect(await give("02-30")).toEqual({ outcome: "invalid" });
    expect(await give("06-20")).toEqual({ outcome: "set", nextAt: day("2027-06-20") });
    expect(await give("06-20")).toEqual({ outcome: "unchanged", nextAt: day("2027-06-20") });
    expect(await give("09-01")).toEqual({ outcome: "locked", until: day("2027-06-10") });
    await grantOccasions(shopId, day("2026-06-20"));
    expect(await balance()).toMatchObject({ available: 0 });
    await grantOccasions(shopId, day("2027-06-20"));
    expect(await balance()).toMatchObject({ available: 500 });
    const change = await give("09-01", day("2027-06-21"));
    expect(change).toEqual({ outcome: "set", nextAt: day("2028-09-01") });
    await grantOccasions(shopId, day("2027-09-01"));
    expect(await balance()).toMatchObject({ available: 500 });
    await expectOnceEach();
  });

  it("C13 set to today gives nothing today", async () => {
    expect(await give("06-10")).toEqual({ outcome: "set", nextAt: day("2027-06-10") });
    expect(await grantOccasions(shopId, NOW)).toEqual({ granted: 0 });
    expect((await give("06-11", new Date("2026-06-11T03:00:00Z"))).outcome).toBe("locked");
  });

  it("C12 a year of birthdays: every member once, at midnight of their day, however often the job runs", async () => {
    const days = ["01-31", "02-28", "02-29", "03-01", "06-30", "12-31"];
    const people = await Promise.all(days.map(() => createTestMember(shopId)));
    for (const [index, birthday] of days.entries())
      await update(
        "birthday = $3, birthday_set_at = $4, occasion_due_at = $4",
        [birthday, new Date("2025-01-01T00:00:00Z")],
        people[index]?.memberId,
      );
    await program({}, new Date("2026-01-02T00:00:00Z"));
    const from = day("2026-01-02").getTime();
    const grantedOn: Record<string, number> = {};
    for (let hour = 0; hour < 366 * 24; hour += 12) {
      const now = new Date(from + hour * 3_600_000);
      const runs = await Promise.all([grantOccasions(shopId, now), grantOccasions(shopId, now)]);
      const granted = runs.reduce((sum, run) => sum + run.granted, 0);
      const local = new Date(now.getTime() + 9 * 3_600_000).toISOString();
      if (granted > 0) grantedOn[local] = granted;
    }
    expect(grantedOn).toEqual({
      "2026-01-31T00:00:00.000Z": 1,
      "2026-02-28T00:00:00.000Z": 2,
      "2026-03-01T00:00:00.000Z": 1,
      "2026-06-30T00:00:00.000Z": 1,
      "2026-12-31T00:00:00.000Z": 1,
    });
    await expectOnceEach();
  });

  it("catches up a day that was missed for a week, and no longer", async () => {
    await give("08-01");
    const late = await createTestMember(shopId);
    await setBirthday(shopId, late.customerGid, "08-03", NOW);
    expect(await grantOccasions(shopId, day("2026-08-09"))).toEqual({ granted: 1 });
    expect(await balance()).toMatchObject({ available: 0 });
    expect(await balanceOf(shopId, late.customerGid)).toMatchObject({ available: 500 });
    expect(await grantOccasions(shopId, day("2026-08-09"))).toEqual({ granted: 0 });
    await expectOnceEach();
  });

  it("C12 follows a shop that moved to another zone, and still gives one a year", async () => {
    await give("08-01");
    await inShop(shopId, (tx) =>
      tx.query("UPDATE shop_profile SET time_zone = 'America/New_York' WHERE shop_id = $1", [shopId]),
    );
    expect(await grantOccasions(shopId, day("2026-08-01"))).toEqual({ granted: 0 });
    expect(await grantOccasions(shopId, new Date("2026-08-01T04:00:00Z"))).toEqual({ granted: 1 });
    await inShop(shopId, (tx) =>
      tx.query("UPDATE shop_profile SET time_zone = 'Asia/Tokyo' WHERE shop_id = $1", [shopId]),
    );
    expect(await grantOccasions(shopId, new Date("2027-08-01T04:00:00Z"))).toEqual({ granted: 1 });
    expect(await balance()).toMatchObject({ available: 1_000 });
  });

  it("C10 a clock that goes back an hour, or a job that runs again, gives nothing twice", async () => {
    await give("08-01");
    const midnight = day("2026-08-01");
    for (const minutes of [1, -60, -30, 5])
      await grantOccasions(shopId, new Date(midnight.getTime() + minutes * 60_000));
    expect(await balance()).toMatchObject({ available: 500 });
    await expectOnceEach();
  });

  it("is a row with a due time, which the sweep finds and a job carries out", async () => {
    await give("08-01");
    await grantOccasions(shopId, day("2026-07-31"));
    const due = async (at: Date) =>
      (await routerPool().query<{ work: string }>("SELECT work FROM due_shops($1) WHERE shop_id = $2", [at, shopId]))
        .rows;
    expect((await due(new Date(day("2026-08-01").getTime() - 1))).map(({ work }) => work)).not.toContain("occasion");
    expect((await due(day("2026-08-01"))).map(({ work }) => work)).toContain("occasion");
    const job = await HANDLERS["grant-occasions"]();
    const context = { now: day("2026-08-01"), signal: new AbortController().signal };
    expect(await job({ shopId }, context)).toEqual({ granted: 1 });
    expect((await due(day("2026-08-01"))).map(({ work }) => work)).not.toContain("occasion");
  });

  it("is not asked for where no birthday is offered", async () => {
    await program({ ways: [] }, new Date("2026-05-01T00:00:00Z"));
    expect(await give("08-01")).toEqual({ outcome: "not_offered" });
  });
});

describe("anniversaries and social acts", () => {
  it("gives each anniversary of joining up to its last year", async () => {
    await update("joined_at = $3", [new Date("2026-02-01T00:00:00Z")]);
    await inShop(shopId, (tx) => setNextOccasion(tx, member.memberId, "Asia/Tokyo", NOW));
    for (const year of [2027, 2028, 2029]) await grantOccasions(shopId, day(`${year}-02-01`));
    expect(await balance()).toMatchObject({ available: 400 });
    const [row] = await queryShop<{ granted: number }>(
      shopId,
      "SELECT count(*)::int AS granted FROM way_grant WHERE shop_id = $1 AND kind = 'anniversary'",
      [shopId],
    );
    expect(row?.granted).toBe(2);
  });

  it("takes a follow at the shopper's word once a month, on hold", async () => {
    const claim = (now: Date) => claimSocial(shopId, member.customerGid, "insta", now);
    expect(await claim(NOW)).toEqual({ outcome: "granted", points: 10 });
    expect(await claim(NOW)).toEqual({ outcome: "already_granted", nextAt: day("2026-07-01").toISOString() });
    expect(await claim(day("2026-07-01"))).toEqual({ outcome: "granted", points: 10 });
    expect(await claimSocial(shopId, member.customerGid, "other", NOW)).toEqual({ outcome: "not_offered" });
    expect(await balance()).toMatchObject({ pending: 20 });
  });

  it("shows a shopper what is open, done, on hold and to come", async () => {
    await claimSocial(shopId, member.customerGid, "insta", NOW);
    await setBirthday(shopId, member.customerGid, "08-01", NOW);
    await update("joined_at = $3, email_consent = 'subscribed'", [NOW]);
    const shown = await readWaysOf(shopId, member.memberId, NOW);
    expect(shown.map(({ wayId, state, nextAt }) => [wayId, state, nextAt])).toEqual([
      ["join", "done", null],
      ["news", "done", null],
      ["text", "open", null],
      ["bday", "waiting", day("2026-08-01").toISOString()],
      ["year", "waiting", day("2027-06-10").toISOString()],
      ["insta", "pending", day("2026-07-01").toISOString()],
      ["rev", "open", null],
    ]);
    expect((await readWaysOf(shopId, null, NOW)).every(({ state }) => state === "open")).toBe(true);
  });
});

// Whatever has an end reaches it, kind by kind: a day before it is there, a day after it is gone.
import { beforeAll, describe, expect, it } from "vitest";

import { inShop, queryShop, routerPool, type ShopId } from "../../../app/db.server";
import { env } from "../../../app/env.server";
import { tickRetention } from "../../../app/jobs/handlers/ticks.server";
import { runJob } from "../../../app/jobs/run-job.server";
import { grantOccasions } from "../../../app/loyalty/ways/grant-occasions.server";
import { setBirthday } from "../../../app/loyalty/ways/set-birthday.server";
import { sealBirthdays } from "../../../app/loyalty/ways/write-birthday.server";
import { readMemberPage } from "../../../app/loyalty/member-page.server";
import { enforceRetention } from "../../../app/privacy/enforce-retention.server";
import { COMPLIANCE_BODIES_HOURS, keptUntil, RETENTION, type RetainedKind } from "../../../app/privacy/retention";
import { rotateBirthdayKeys } from "../../../app/privacy/rotate-birthday-keys.server";
import { createTestMember } from "../../builders/member";
import { takeReview, submission } from "../../builders/review";
import { useTestDatabase } from "../../setup/postgres";
import { createWaysShop, day, NOW } from "../loyalty/ways-shop";

const database = useTestDatabase();
const signal = new AbortController().signal;
const DAY = 86_400_000;
let shopId: ShopId;
let memberId: number;
let customerGid: string;

beforeAll(async () => {
  const ways = [
    { id: "b", kind: "birthday", enabled: true, points: 5, holdDays: 0, noticeDays: 30, lockDays: 365 } as const,
  ];
  const made = await createWaysShop({ ways });
  ({ shopId } = made);
  ({ memberId, customerGid } = made.member);
});

/** How each kind comes to be there at NOW, and the sentence that says whether it still is. */
const KINDS: Record<string, { insert: string; isLeft: string }> = {
  data_exports: {
    insert:
      "INSERT INTO data_export (shop_id, request_key, customer_gid, requested_at, content) VALUES ($1, 'a', 'gid://shopify/Customer/1', $2, '{\"a\":1}')",
    isLeft: "SELECT FROM data_export WHERE shop_id = $1 AND (content <> '{}' OR customer_gid IS NOT NULL)",
  },
  data_request_lines: {
    insert:
      "INSERT INTO data_export (shop_id, request_key, requested_at, content, emptied_at) VALUES ($1, 'b', $2, '{}', $2)",
    isLeft: "SELECT FROM data_export WHERE shop_id = $1 AND request_key = 'b'",
  },
  access_log: {
    insert:
      "INSERT INTO customer_access (shop_id, at, actor, kind, people) VALUES ($1, $2, 'staff:1', 'member_list', 3)",
    isLeft: "SELECT FROM customer_access WHERE shop_id = $1",
  },
  mail_texts: {
    insert:
      "INSERT INTO message (shop_id, member_id, kind, key, locale, params, status, due_at) SELECT $1, id, 'reward_issued', 'k', 'en', '{\"a\":1}', 'sent', $2 FROM member WHERE shop_id = $1",
    isLeft: "SELECT FROM message WHERE shop_id = $1 AND params <> '{}'",
  },
  referral_networks: {
    insert:
      "INSERT INTO referral (shop_id, advocate_id, friend_key, claimed_at, signals) SELECT $1, id, 'f', $2, '{\"network\":\"x\"}' FROM member WHERE shop_id = $1",
    isLeft: "SELECT FROM referral WHERE shop_id = $1 AND signals <> '{}'",
  },
  review_networks: {
    insert: "UPDATE review SET visitor_key = 'x', submitted_at = $2 WHERE shop_id = $1",
    isLeft: "SELECT FROM review WHERE shop_id = $1 AND visitor_key IS NOT NULL",
  },
  visitor_votes: {
    insert:
      "INSERT INTO review_vote (shop_id, review_id, voter_key, helpful, signed_in, at) SELECT $1, id, 'v/2026-06-10/where/who', true, false, $2 FROM review WHERE shop_id = $1",
    isLeft: "SELECT FROM review_vote WHERE shop_id = $1 AND voter_key NOT LIKE 'old/%'",
  },
  import_addresses: {
    insert:
      "WITH b AS (INSERT INTO adjustment_batch (shop_id, kind, key, status, reason, actor, at) VALUES ($1, 'import', 'k', 'done', 'adjust_import', 'staff:1', $2) RETURNING id) INSERT INTO adjustment_row (shop_id, batch_id, row, email, outcome) SELECT $1, id, 1, 'a@b.example', 'applied' FROM b",
    isLeft: "SELECT FROM adjustment_row WHERE shop_id = $1 AND email IS NOT NULL",
  },
};

describe("retention", () => {
  beforeAll(async () => {
    await takeReview(shopId, submission(), NOW);
  });

  it.each(Object.entries(KINDS) as [RetainedKind, { insert: string; isLeft: string }][])(
    "%s is kept to its last day and no longer",
    async (kind, { insert, isLeft }) => {
      await database.owner().query(insert, [shopId, NOW]);
      const left = async () => (await database.owner().query(isLeft, [shopId])).rowCount;
      const end = keptUntil(kind, NOW).getTime();
      await enforceRetention(shopId, new Date(end - DAY), signal);
      expect(await left()).toBe(1);
      expect(await enforceRetention(shopId, new Date(end + DAY), signal)).toHaveProperty(kind);
      expect(await left()).toBe(0);
      expect(await enforceRetention(shopId, new Date(end + DAY), signal)).not.toHaveProperty(kind);
    },
  );

  it("delivery_bodies, delivery_lines and ended_sessions end with the hourly tick, compliance bodies first", async () => {
    const deliver = async (id: string, topic: string, days: number) => {
      await routerPool().query(
        `INSERT INTO webhook_inbox (shop_id, domain, topic, webhook_id, body, status, received_at, settled_at)
         VALUES ($1, 'd', $2, $3, '{}', 'done', now() - $4 * interval '1 day', now() - $4 * interval '1 day')`,
        [shopId, topic, id, days],
      );
    };
    await deliver("young", "orders/paid", RETENTION.delivery_bodies.days - 1);
    await deliver("bodiless", "orders/paid", RETENTION.delivery_bodies.days + 1);
    await deliver("gone", "orders/paid", RETENTION.delivery_lines.days + 1);
    await deliver("request", "customers/data_request", COMPLIANCE_BODIES_HOURS / 24 + 0.1);
    const session = (id: string, days: number) =>
      routerPool().query(
        "INSERT INTO shopify_session (id, domain, payload, expires_at) VALUES ($1, 'd', 'x', now() - $2 * interval '1 day')",
        [id, days],
      );
    await session("online_1", RETENTION.ended_sessions.days - 1);
    await session("online_2", RETENTION.ended_sessions.days + 1);
    await session("offline_d.myshopify.com", RETENTION.ended_sessions.days + 1);
    await tickRetention({}, { now: NOW, signal });
    const { rows } = await routerPool().query(
      `SELECT webhook_id AS id, body IS NOT NULL AS "hasBody" FROM webhook_inbox WHERE domain = 'd' ORDER BY 1`,
    );
    expect(rows).toEqual([
      { id: "bodiless", hasBody: false },
      { id: "request", hasBody: false },
      { id: "young", hasBody: true },
    ]);
    const sessions = await routerPool().query("SELECT id FROM shopify_session ORDER BY 1");
    expect(sessions.rows).toEqual([{ id: "offline_d.myshopify.com" }, { id: "online_1" }]);
    // Every shop's own part is queued.
    const { rows: jobs } = await database
      .owner()
      .query<{ name: string }>(
        "SELECT DISTINCT name FROM pgboss.job WHERE name IN ('seal-ledger', 'keep-privacy') ORDER BY 1",
      );
    expect(jobs.map(({ name }) => name)).toEqual(["keep-privacy", "seal-ledger"]);
  });

  it("every kind of the list is held by a test", () => {
    const elsewhere = ["delivery_bodies", "delivery_lines", "ended_sessions"];
    expect([...Object.keys(KINDS), ...elsewhere].sort()).toEqual(Object.keys(RETENTION).sort());
  });
});

describe("birthdays at rest", () => {
  const stored = async (id = memberId) =>
    (
      await queryShop<{ birthday: string | null; sealed: string | null; key: string | null }>(
        shopId,
        "SELECT birthday, birthday_sealed AS sealed, birthday_key AS key FROM member WHERE id = $1",
        [id],
      )
    )[0];
  const shown = async (id = memberId) => (await readMemberPage(shopId, id))?.birthday;
  const secret = (letter: string) => Buffer.alloc(32, letter).toString("base64");

  it("D12 a birthday is sealed for its member; whoever moves it to another row opens nothing", async () => {
    expect((await setBirthday(shopId, customerGid, "11-23", NOW)).outcome).toBe("set");
    const row = await stored();
    expect(row).toMatchObject({ birthday: null, sealed: expect.stringMatching(/^test\./) as string });
    expect(JSON.stringify(row)).not.toContain("11-23");
    expect(await shown()).toBe("11-23");
    const twin = await createTestMember(shopId);
    expect((await setBirthday(shopId, twin.customerGid, "11-23", NOW)).outcome).toBe("set");
    const other = await stored(twin.memberId);
    // One day, one key in the index; two members, two ciphertexts.
    expect(other?.key).toBe(row?.key);
    expect(other?.sealed).not.toBe(row?.sealed);
    await inShop(shopId, (tx) =>
      tx.query("UPDATE member SET birthday_sealed = $3 WHERE shop_id = $1 AND id = $2", [
        shopId,
        twin.memberId,
        row?.sealed,
      ]),
    );
    await expect(shown(twin.memberId)).rejects.toThrow();
    await inShop(shopId, (tx) =>
      tx.query("UPDATE member SET birthday_sealed = $3 WHERE shop_id = $1 AND id = $2", [
        shopId,
        twin.memberId,
        other?.sealed,
      ]),
    );
  });

  it("D12 what was stored in clear is sealed by the upkeep, and a new key takes over from an old one", async () => {
    const old = await createTestMember(shopId);
    await inShop(shopId, (tx) =>
      tx.query("UPDATE member SET birthday = '02-29' WHERE shop_id = $1 AND id = $2", [shopId, old.memberId]),
    );
    expect(await shown(old.memberId)).toBe("02-29");
    expect(await runJob("keep-privacy", { shopId }, signal)).toEqual({ outcome: "ran" });
    expect(await stored(old.memberId)).toMatchObject({ birthday: null });
    expect(await shown(old.memberId)).toBe("02-29");
    const before = await stored();
    const keys = env().KIZUNA_TOKEN_KEYS;
    env().KIZUNA_TOKEN_KEYS = `next:${secret("n")},${keys}`;
    try {
      // Beside the old one every listed key still opens.
      expect(await shown()).toBe("11-23");
      expect(await rotateBirthdayKeys()).toEqual({ sealed: 3 });
      expect(await sealBirthdays(shopId, "all")).toEqual({ sealed: 0 });
      env().KIZUNA_TOKEN_KEYS = `next:${secret("n")}`;
      expect(await shown()).toBe("11-23");
      const after = await stored();
      expect(after?.sealed).toMatch(/^next\./);
      expect(after?.key).not.toBe(before?.key);
    } finally {
      env().KIZUNA_TOKEN_KEYS = `${keys},next:${secret("n")}`;
    }
  });

  const dueAt = async (id: number) =>
    (
      await queryShop<{ due: Date | null }>(
        shopId,
        "SELECT occasion_due_at AS due FROM member WHERE shop_id = $1 AND id = $2",
        [shopId, id],
      )
    )[0]?.due;
  const asked = async () =>
    (
      await queryShop<{ at: Date | null }>(shopId, "SELECT birthdays_at AS at FROM shop_profile WHERE shop_id = $1", [
        shopId,
      ])
    )[0]?.at;
  const works = async (at: Date) =>
    (await routerPool().query<{ work: string }>("SELECT work FROM due_shops($1) WHERE shop_id = $2", [at, shopId])).rows
      .map(({ work }) => work)
      .filter((work) => work === "occasion");

  it("D12 no due time gives away a sealed birthday: its day is found by the day's keyed hash, under old keys, too", async () => {
    const born = await createTestMember(shopId);
    expect((await setBirthday(shopId, born.customerGid, "08-01", NOW)).outcome).toBe("set");
    expect(await dueAt(born.memberId)).toBeNull();
    // A row from before, whose due time is the day itself.
    const old = await createTestMember(shopId);
    await setBirthday(shopId, old.customerGid, "09-01", NOW);
    await inShop(shopId, (tx) =>
      tx.query("UPDATE member SET occasion_due_at = $3, joined_at = $4 WHERE shop_id = $1 AND id = $2", [
        ...[shopId, old.memberId, day("2026-09-01"), new Date("2026-05-05T03:00:00Z")],
      ]),
    );
    expect([await asked(), await works(NOW)]).toEqual([null, ["occasion"]]);
    expect(await grantOccasions(shopId, NOW)).toEqual({ granted: 0 });
    // What stays is the anniversary, which the day of joining beside it says anyway.
    expect([await dueAt(born.memberId), await dueAt(old.memberId)]).toEqual([null, day("2027-05-05")]);
    expect([await asked(), await works(NOW)]).toEqual([day("2026-06-11"), []]);
    expect(await works(day("2026-06-11"))).toEqual(["occasion"]);

    const keys = env().KIZUNA_TOKEN_KEYS;
    env().KIZUNA_TOKEN_KEYS = `newest:${secret("x")},${keys}`;
    try {
      expect(await grantOccasions(shopId, new Date(day("2026-08-01").getTime() - 1))).toEqual({ granted: 0 });
      expect(await grantOccasions(shopId, day("2026-08-01"))).toEqual({ granted: 1 });
      expect(await grantOccasions(shopId, day("2026-08-01"))).toEqual({ granted: 0 });
      expect(await grantOccasions(shopId, day("2026-09-01"))).toEqual({ granted: 1 });
      expect([await dueAt(born.memberId), await asked()]).toEqual([null, day("2026-09-02")]);
    } finally {
      env().KIZUNA_TOKEN_KEYS = keys;
    }
  });
});

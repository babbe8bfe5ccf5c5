// What Home says to do today, from this shop's own facts.
import { beforeAll, describe, expect, it } from "vitest";

import { inShop, type ShopId } from "../../../app/db.server";
import { adjustPoints } from "../../../app/loyalty/adjust-points.server";
import { defaultEarningRules } from "../../../app/loyalty/earning-rules";
import { saveProgram } from "../../../app/loyalty/program.server";
import { loader } from "../../../app/routes/app._index";
import { forgetShop } from "../../../app/shops/find-shop.server";
import { createTestMember } from "../../builders/member";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";
import { adminRequest, sessionToken, storeOfflineSession } from "./admin-requests";

const database = useTestDatabase();
const SHOP = "home-test.myshopify.com";
const yen = defaultEarningRules({ currency: "JPY", taxesIncluded: true });
let token: string;
let shopId: ShopId;
let memberId: number;

beforeAll(async () => {
  shopId = await createTestShop(SHOP);
  await storeOfflineSession(SHOP);
  token = await sessionToken(SHOP);
  memberId = (await createTestMember(shopId)).memberId;
});
const suggested = async () =>
  (await loader({ request: adminRequest("/app", token), params: {}, context: {} })).suggestions;

async function addReferral(shop: ShopId, advocateId: number): Promise<void> {
  await database
    .owner()
    .query(
      "INSERT INTO referral (shop_id, advocate_id, friend_key, status, claimed_at) VALUES ($1, $2, gen_random_uuid()::text, 'held', now())",
      [shop, advocateId],
    );
}

describe("orders from before the install", () => {
  it("reach back as far as Shopify granted, not as far as the app asks for", async () => {
    const reach = async () =>
      (await loader({ request: adminRequest("/app", token), params: {}, context: {} })).reachesBackDays;
    expect(await reach()).toBe(60);
    await database.owner().query("UPDATE shop SET scopes = 'read_all_orders read_orders' WHERE id = $1", [shopId]);
    forgetShop(SHOP);
    expect(await reach()).toBeNull();
  });
});

describe("the suggestions", () => {
  it("leave a shop alone whose program was never saved; its guide comes first", async () => {
    expect(await suggested()).toEqual([]);
  });

  it("name what waits, in this shop and in no other", async () => {
    const now = new Date();
    const rules = {
      ...yen,
      status: "live" as const,
      expiry: { kind: "after_days" as const, days: 20 },
      expiryReminders: [],
    };
    expect(await saveProgram(shopId, rules, "staff:1", now)).toMatchObject({ outcome: "saved" });
    const gift = { memberId, points: 900, reason: "adjust_gift" as const, note: null, actor: "staff:1", key: "gift" };
    await adjustPoints(shopId, gift, now);
    const neighbour = await createTestShop();
    await addReferral(neighbour, (await createTestMember(neighbour)).memberId);
    expect(await suggested()).toEqual([
      { kind: "no_reward", points: 900 },
      { kind: "expiring", points: 900, members: 1, missing: "days" },
      { kind: "no_mail" },
    ]);
    await addReferral(shopId, memberId);
    expect((await suggested()).map(({ kind }) => kind)).toEqual(["held_referrals", "no_reward", "expiring"]);
    expect(await saveProgram(shopId, { expiryReminders: [7] }, "staff:1", now)).toMatchObject({ outcome: "saved" });
    expect((await suggested()).map(({ kind }) => kind)).toEqual(["held_referrals", "no_reward", "no_mail"]);
  });

  it("are read from indexes, however much has been redeemed before", async () => {
    const fill = (sql: string) => database.owner().query(sql, [shopId, memberId]);
    await fill(
      `WITH made AS (INSERT INTO reward (shop_id, kind, points, terms, texts, status, created_at, updated_at, actor)
                     SELECT $1, 'donation', 1, '{}', '{}', 'archived', now(), now(), 'staff:1' FROM generate_series(1, 2000) RETURNING id)
       INSERT INTO redemption (shop_id, member_id, reward_id, kind, request_key, request_hash, points, currency, terms, texts, status, reserved_at, actor)
       SELECT $1, $2, id, 'donation', id::text, '', 1, 'JPY', '{}', '{}', 'posted', now(), 'shopper' FROM made`,
    );
    await fill(
      `INSERT INTO referral (shop_id, advocate_id, friend_key, status, claimed_at)
       SELECT $1, $2, 'friend-' || n, 'rewarded', now() FROM generate_series(1, 2000) n`,
    );
    await fill(
      `INSERT INTO lot (shop_id, member_id, source_type, source_id, rule, size, remaining, state, available_at, expires_at, created_at)
       SELECT $1, $2, 'adjustment', 'filler-' || n, 'adjustment', 1, 1, 'available', now(), now() + interval '1 year', now() FROM generate_series(1, 2000) n`,
    );
    await database.owner().query("ANALYZE reward, redemption, referral, lot");
    for (const sql of [
      "SELECT count(*) FROM redemption WHERE shop_id = $1 AND status = 'needs_person'",
      "SELECT count(*) FROM referral WHERE shop_id = $1 AND status = 'held'",
      "SELECT id FROM reward WHERE shop_id = $1 AND status = 'active'",
      "SELECT sum(remaining) FROM lot WHERE shop_id = $1 AND state = 'available' AND remaining > 0 AND NOT is_test AND expires_at > now() AND expires_at <= now() + interval '30 days'",
    ]) {
      const { rows } = await inShop(shopId, (tx) =>
        tx.query<{ "QUERY PLAN": string }>(`EXPLAIN ${sql.replace("$1", String(shopId))}`),
      );
      const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
      expect(plan).toMatch(/Index Cond: .*(status|expires_at)/);
      expect(plan).not.toMatch(/Seq Scan/);
    }
  });
});

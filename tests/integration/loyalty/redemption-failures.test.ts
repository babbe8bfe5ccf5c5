// A shop that refuses, a platform that stays away, a merchant who deletes a code: nothing is lost meanwhile.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { inShop, routerPool } from "../../../app/db.server";
import { discountEvents } from "../../../app/ingest/apply/catalogue.server";
import type { ApplyContext, ShopifyEvent } from "../../../app/ingest/event";
import { INVARIANTS } from "../../../app/operator/invariants";
import { resolveRedemption } from "../../../app/loyalty/rewards/cancel-redemption.server";
import { useTestDatabase } from "../../setup/postgres";
import { failNext } from "../../simulator/faults";
import { expectLedgerAddsUp } from "./ledger-invariants";
import { AMOUNT_OFF, codesOfRedemption, startRedemptionShop, type RedemptionShop } from "./redemption-shop";

const database = useTestDatabase();
const HOUR_MS = 3_600_000;
let shop: RedemptionShop;
let reward = 0;

beforeAll(async () => {
  shop = await startRedemptionShop(() => database.owner());
  reward = await shop.reward(AMOUNT_OFF);
});
afterAll(async () => {
  await expectLedgerAddsUp(database.owner());
  await shop.stop();
});
beforeEach(() => {
  shop.now = shop.platform.sim.now();
  shop.platform.sim.faults.operations = [];
  shop.platform.sim.faults.api.shopStatus = null;
});

async function redeemed() {
  const member = await shop.member(100);
  const answer = await shop.redeem(member.customerGid, reward);
  if (!("redemption" in answer)) throw new Error(answer.outcome);
  return { ...member, ...answer };
}
async function dueWork(): Promise<string[]> {
  const { rows } = await routerPool().query<{ work: string }>("SELECT work FROM due_shops($1)", [shop.now]);
  return rows.map(({ work }) => work);
}

describe("C05", () => {
  it("a shop that refuses every call rests; its redemptions wait without using up their attempts", async () => {
    shop.platform.sim.faults.api.shopStatus = 403;
    const { outcome, redemption, memberId } = await redeemed();
    expect(outcome).toBe("reserved");
    for (let day = 0; day < 20; day++) {
      shop.later(HOUR_MS);
      await expect(shop.complete()).rejects.toThrow("refuses calls");
    }
    expect(await shop.read(redemption.id)).toMatchObject({
      status: "reserved",
      attempts: 0,
      lastError: "unauthorized",
    });
    shop.platform.sim.faults.api.shopStatus = null;
    shop.later(HOUR_MS);
    expect(await dueWork()).toContain("complete");
    await shop.complete();
    expect((await shop.read(redemption.id)).status).toBe("issued");
    expect(await shop.balance(memberId)).toMatchObject({ reserved: 100 });
  });

  it("a platform that stays away is asked less and less often, then a person is; nothing is lost", async () => {
    failNext(shop.platform.sim.faults, "discountCodeBasicCreate", "503", { times: "always" });
    const { redemption, memberId } = await redeemed();
    const waits: number[] = [];
    for (let round = 0; round < 14; round++) {
      const { nextAttempt } = await shop.read(redemption.id);
      if (nextAttempt === null) break;
      waits.push(Date.parse(nextAttempt) - shop.now.getTime());
      shop.now = new Date(nextAttempt);
      await shop.complete();
    }
    expect(waits.length).toBe(11);
    expect(waits.at(-1) ?? 0).toBeGreaterThan(waits[0] ?? 0);
    expect(await shop.read(redemption.id)).toMatchObject({ status: "needs_person", lastError: "server_error" });
    expect(await shop.balance(memberId)).toMatchObject({ available: 0, reserved: 100 });
    shop.platform.sim.faults.operations = [];
    await resolveRedemption(shop.shopId, redemption.id, "try_again", "staff:1", shop.now);
    await shop.complete();
    expect((await shop.read(redemption.id)).status).toBe("issued");
    expect(codesOfRedemption(shop, redemption.id)).toHaveLength(1);
  });

  it("a refusal says why, gives the points back and tells the staff", async () => {
    failNext(shop.platform.sim.faults, "discountCodeBasicCreate", "user_error", { code: "MAX_APP_DISCOUNTS" });
    const { outcome, redemption, memberId } = await redeemed();
    expect(outcome).toBe("voided");
    expect(redemption).toMatchObject({ status: "voided", lastError: "MAX_APP_DISCOUNTS" });
    expect(await shop.balance(memberId)).toMatchObject({ available: 100, reserved: 0 });
    const { rows } = await database.owner().query("SELECT params FROM health_alert WHERE kind = 'reward_refused'");
    expect(rows).toContainEqual({ params: { redemption: redemption.id, reason: "MAX_APP_DISCOUNTS" } });
  });

  it("C03 what nobody ever asked Shopify for ends by itself once its time is over", async () => {
    shop.platform.sim.faults.api.shopStatus = 403;
    const { redemption, memberId } = await redeemed();
    shop.platform.sim.faults.api.shopStatus = null;
    shop.later(31 * 24 * HOUR_MS);
    await shop.complete();
    expect((await shop.read(redemption.id)).status).toBe("returning");
    shop.later(HOUR_MS);
    await shop.complete();
    expect((await shop.read(redemption.id)).status).toBe("voided");
    expect(codesOfRedemption(shop, redemption.id)).toEqual([]);
    expect(await shop.balance(memberId)).toMatchObject({ available: 100, reserved: 0 });
  });
});

describe("C06", () => {
  it("the webhook of a deleted code makes it due at once; other discounts are nobody's business", async () => {
    const { redemption } = await redeemed();
    const gid = (await shop.read(redemption.id)).shopifyGid ?? "";
    const hear = (topic: string, id: string) =>
      inShop(shop.shopId, (tx) =>
        discountEvents.apply(
          tx,
          { topic, payload: { admin_graphql_api_id: id } } as ShopifyEvent,
          { now: shop.now } as ApplyContext,
        ),
      );
    expect(await hear("discounts/create", gid)).toMatchObject({ outcome: "ignored" });
    expect(await hear("discounts/update", "gid://shopify/DiscountCodeNode/1")).toMatchObject({ outcome: "ignored" });
    delete shop.platform.shop.discounts[gid.split("/").at(-1) ?? ""];
    expect(await hear("discounts/delete", gid)).toEqual({ outcome: "done" });
    await shop.complete();
    expect(await shop.read(redemption.id)).toMatchObject({ status: "returning", lastError: "deleted_in_shopify" });
  });

  it("without any webhook the daily look finds it", async () => {
    const { redemption } = await redeemed();
    const gid = (await shop.read(redemption.id)).shopifyGid ?? "";
    delete shop.platform.shop.discounts[gid.split("/").at(-1) ?? ""];
    shop.later(25 * HOUR_MS);
    await shop.complete();
    expect(await shop.read(redemption.id)).toMatchObject({ status: "returning", lastError: "deleted_in_shopify" });
  });
});

describe("I6", () => {
  it("sees points that are not where a redemption's state says, and one that waits for nothing", async () => {
    const { redemption } = await redeemed();
    const sql = INVARIANTS.find(({ id }) => id === "I6")?.sql ?? "";
    const violations = async () =>
      Number((await database.owner().query<{ violations: string }>(sql)).rows[0]?.violations);
    expect(await violations()).toBe(0);
    const damages = ["returned = 1", "status = 'voided'", "next_attempt = NULL", "points = 99"];
    for (const damage of damages) {
      const { rows } = await database.owner().query("SELECT * FROM redemption WHERE id = $1", [redemption.id]);
      await database.owner().query(`UPDATE redemption SET ${damage} WHERE id = $1`, [redemption.id]);
      expect(await violations(), damage).toBeGreaterThan(0);
      const { returned, status, next_attempt: due, points } = rows[0] as Record<string, unknown>;
      await database
        .owner()
        .query("UPDATE redemption SET returned = $2, status = $3, next_attempt = $4, points = $5 WHERE id = $1", [
          redemption.id,
          returned,
          status,
          due,
          points,
        ]);
    }
    expect(await violations()).toBe(0);
  });
});

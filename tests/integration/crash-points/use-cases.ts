// Every use case that changes something at Shopify, as a worker runs it: how it comes about, how it is carried
// on, and what must be true when all is settled. redemption-crash-matrix.test.ts has the five kinds of rewards.
import type pg from "pg";
import { expect } from "vitest";

import { inShop, queryShop, type ShopId } from "../../../app/db.server";
import { cancelBackfill, startBackfill } from "../../../app/jobs/backfill.server";
import { backfillOrders } from "../../../app/jobs/handlers/backfill-orders.server";
import { publishBalances } from "../../../app/jobs/handlers/publish-balances.server";
import { publishShopProgram } from "../../../app/jobs/handlers/publish-program.server";
import { healRatings, publishRatings } from "../../../app/jobs/handlers/publish-ratings.server";
import { saveProgram } from "../../../app/loyalty/program.server";
import { advanceReferrals } from "../../../app/loyalty/referrals/advance-referrals.server";
import { claimReferral } from "../../../app/loyalty/referrals/claim-referral.server";
import { ensureReferralCode } from "../../../app/loyalty/referrals/ensure-referral-code.server";
import { cancelRedemption } from "../../../app/loyalty/rewards/cancel-redemption.server";
import { recountRatings } from "../../../app/reviews/recount-ratings.server";
import { webhookAddress } from "../../../app/shopify/subscriptions.server";
import { SHOP_TOPICS } from "../../../app/shopify/topics";
import { checkSubscriptions } from "../../../app/shops/check-subscriptions.server";
import { refreshShop } from "../../../app/shops/refresh-shop.server";
import { insertReviews } from "../../builders/published-reviews";
import { AMOUNT_OFF, codesOfRedemption, type RedemptionShop } from "../loyalty/redemption-shop";

export interface Case {
  /** What a worker does when it comes by; at once, and again after whatever happened. */
  work(): Promise<unknown>;
  /** All is settled, once, at Shopify and here. */
  expectSettled(): Promise<void>;
}
export interface UseCase {
  /** Root fields of the mutations it sends. */
  operations: readonly string[];
  /** It waits for Shopify by the second: tried with a few of the answers. */
  isSlow?: true;
  prepare(): Promise<Case>;
}

let operations = 700;
const RUNNING = {
  query: "",
  status: "RUNNING",
  completedAt: null,
  objectCount: 0,
  fileSize: 0,
  url: null,
  errorCode: null,
} as const;

async function backfillStatus(shopId: ShopId, runId: number): Promise<string | undefined> {
  const [row] = await queryShop<{ status: string }>(
    shopId,
    "SELECT status FROM reconciliation_run WHERE shop_id = $1 AND id = $2",
    [shopId, runId],
  );
  return row?.status;
}

const signal = new AbortController().signal;

/** The table: name → use case. */
export function useCases(shop: RedemptionShop, owner: () => pg.Pool): Record<string, UseCase> {
  const { shopId, platform } = shop;
  const job = () => ({ now: shop.now, signal });
  const metafield = (ownerGid: (gid: string) => boolean, key: string) =>
    platform.shop.metafields.filter((each) => ownerGid(each.ownerGid) && each.key === key);
  const json = (text: string | undefined): Record<string, unknown> =>
    JSON.parse(text ?? "null") as Record<string, unknown>;

  const publishingBalances: UseCase = {
    operations: ["metafieldsSet"],
    async prepare() {
      const { customerGid, memberId } = await shop.member(70);
      return {
        work: () => publishBalances({ shopId }, job()),
        async expectSettled() {
          const found = metafield((gid) => gid === customerGid, "loyalty");
          expect(found).toHaveLength(1);
          expect(json(found[0]?.value)).toMatchObject({ balance: 70 });
          const [row] = await queryShop<{ behind: number }>(
            shopId,
            "SELECT (balance_seq - published_seq) AS behind FROM member WHERE shop_id = $1 AND id = $2",
            [shopId, memberId],
          );
          expect(row?.behind).toBe(0);
        },
      };
    },
  };

  let saved = 0;
  const publishingProgram: UseCase = {
    operations: ["metafieldsSet"],
    async prepare() {
      const holdDays = ++saved;
      const changed = await saveProgram(shopId, { holdDays }, "staff:1", shop.now);
      if (changed.outcome !== "saved") throw new Error(JSON.stringify(changed));
      return {
        work: () => publishShopProgram({ shopId }, job()),
        expectSettled() {
          const found = metafield((gid) => gid.includes("AppInstallation"), "program");
          expect(found.map(({ value }) => json(value)["holdDays"])).toEqual([holdDays]);
          return Promise.resolve();
        },
      };
    },
  };

  const definingPoints: UseCase = {
    operations: ["metafieldDefinitionCreate"],
    prepare() {
      platform.shop.metafieldDefinitions = [];
      return Promise.resolve({
        work: () => refreshShop(shopId),
        expectSettled() {
          const ours = platform.shop.metafieldDefinitions.filter(({ key }) => key === "loyalty");
          expect(ours).toHaveLength(1);
          return Promise.resolve();
        },
      });
    },
  };

  const PRODUCT_GID = "gid://shopify/Product/101";
  const publishingRatings: UseCase = {
    operations: ["metafieldsSet", "metafieldDefinitionCreate", "standardMetafieldDefinitionEnable"],
    async prepare() {
      platform.shop.metafieldDefinitions = [];
      await owner().query("UPDATE rating_summary SET published_seq = 0");
      await insertReviews(shopId, [{ productGid: PRODUCT_GID, rating: 4 }]);
      await recountRatings(shopId, shop.now, signal);
      return {
        async work() {
          await publishRatings({ shopId }, job());
          // The daily look puts right what could not be said before.
          await healRatings(shopId, shop.later(25 * 3_600_000), signal);
        },
        async expectSettled() {
          const [row] = await queryShop<{ count: number; behind: number }>(
            shopId,
            `SELECT (SELECT count(*) FROM review WHERE shop_id = $1 AND group_key = s.group_key AND status = 'published') AS count,
                    counted_seq - published_seq AS behind FROM rating_summary s WHERE shop_id = $1 AND group_key = $2`,
            [shopId, PRODUCT_GID],
          );
          expect(row?.behind).toBe(0);
          expect(metafield((gid) => gid === PRODUCT_GID, "rating_count").map(({ value }) => value)).toEqual([
            String(row?.count),
          ]);
          const keys = platform.shop.metafieldDefinitions.map(({ key }) => key).sort();
          expect(keys).toEqual(["rating", "rating_count", "reviews"]);
        },
      };
    },
  };

  const LAST_REVIEW_GID = "gid://shopify/Product/102";
  const clearingRatings: UseCase = {
    operations: ["metafieldsDelete"],
    async prepare() {
      await insertReviews(shopId, [{ productGid: LAST_REVIEW_GID }]);
      await recountRatings(shopId, shop.now, signal);
      await publishRatings({ shopId }, job());
      expect(metafield((gid) => gid === LAST_REVIEW_GID, "rating")).toHaveLength(1);
      await inShop(shopId, (tx) =>
        tx.query("UPDATE review SET status = 'deleted' WHERE shop_id = $1 AND product_gid = $2", [
          shopId,
          LAST_REVIEW_GID,
        ]),
      );
      await recountRatings(shopId, shop.now, signal);
      return {
        async work() {
          await publishRatings({ shopId }, job());
          await healRatings(shopId, shop.later(25 * 3_600_000), signal);
        },
        expectSettled() {
          expect(platform.shop.metafields.filter(({ ownerGid }) => ownerGid === LAST_REVIEW_GID)).toEqual([]);
          return Promise.resolve();
        },
      };
    },
  };

  const subscribing: UseCase = {
    operations: ["webhookSubscriptionCreate", "webhookSubscriptionDelete"],
    async prepare() {
      await checkSubscriptions(shopId);
      const [gone, altered] = Object.values(platform.shop.subscriptions);
      if (!gone || !altered) throw new Error("nothing is subscribed");
      delete platform.shop.subscriptions[gone.id];
      altered.uri = "https://elsewhere.example/webhooks";
      return {
        work: () => checkSubscriptions(shopId),
        expectSettled() {
          const found = Object.values(platform.shop.subscriptions);
          expect(found.map(({ topic }) => topic).sort()).toEqual([...SHOP_TOPICS].sort());
          expect(new Set(found.map(({ uri }) => uri))).toEqual(new Set([webhookAddress()]));
          return Promise.resolve();
        },
      };
    },
  };

  let reward: number | undefined;
  const endingCode: UseCase = {
    operations: ["discountCodeDeactivate"],
    async prepare() {
      reward ??= await shop.reward(AMOUNT_OFF);
      const { customerGid, memberId } = await shop.member(100);
      const bought = await shop.redeem(customerGid, reward);
      if (!("redemption" in bought)) throw new Error(bought.outcome);
      const { id } = bought.redemption;
      await shop.complete();
      expect((await shop.read(id)).status).toBe("issued");
      expect((await cancelRedemption(shopId, id, "shopper", shop.now, memberId)).outcome).toBe("returning");
      return {
        work: () => shop.complete(),
        async expectSettled() {
          expect(codesOfRedemption(shop, id)).toHaveLength(1);
          const [code] = codesOfRedemption(shop, id);
          const discount = Object.values(platform.shop.discounts).find((each) => each.code === code);
          expect(Date.parse(discount?.endsAt ?? "2999-01-01")).toBeLessThanOrEqual(shop.now.getTime());
          expect(await shop.read(id)).toMatchObject({ status: "voided", returned: 100 });
          expect(await shop.balance(memberId)).toMatchObject({ available: 100, reserved: 0, redeemed: 0, debt: 0 });
        },
      };
    },
  };

  let friends = 0;
  const rewardingFriend: UseCase = {
    operations: ["discountCodeBasicCreate"],
    async prepare() {
      const advocate = await shop.member(0);
      const made = await ensureReferralCode(shopId, advocate.customerGid, shop.now);
      if (made.outcome !== "code") throw new Error(made.outcome);
      const email = `crash-friend-${friends++}@example.net`;
      const claimed = await claimReferral(
        shopId,
        { code: made.code, email, visitor: `198.51.100.${friends}`, requestKey: null },
        shop.now,
      );
      if (claimed.outcome !== "claimed") throw new Error(claimed.outcome);
      const id = claimed.referralId;
      return {
        work: () => advanceReferrals(shopId, shop.now),
        async expectSettled() {
          const [row] = await queryShop<{ status: string }>(
            shopId,
            "SELECT status FROM referral WHERE shop_id = $1 AND id = $2",
            [shopId, id],
          );
          expect(row?.status).toBe("issued");
          const codes = Object.values(platform.shop.discounts).filter((each) =>
            JSON.stringify(each).includes(`Kizuna referral ${id}"`),
          );
          expect(codes).toHaveLength(1);
        },
      };
    },
  };

  const backfilling: UseCase = {
    operations: ["bulkOperationRunQuery"],
    isSlow: true,
    async prepare() {
      platform.shop.bulkOperations = {};
      const { runId } = await startBackfill(shopId, null, shop.now);
      return {
        work: () => backfillOrders({ shopId, runId }, job()),
        async expectSettled() {
          expect(await backfillStatus(shopId, runId)).toBe("done");
        },
      };
    },
  };
  // Somebody stops it while Shopify is at work: the operation ends there by itself, whatever becomes of our word.
  const stoppingBackfill: UseCase = {
    operations: ["bulkOperationCancel"],
    isSlow: true,
    async prepare() {
      const { runId } = await startBackfill(shopId, null, shop.now);
      const id = String(++operations);
      platform.shop.bulkOperations[id] = { ...RUNNING, id, createdAt: shop.now.toISOString() };
      await inShop(shopId, (tx) =>
        tx.query("UPDATE reconciliation_run SET detail = $3 WHERE shop_id = $1 AND id = $2", [
          shopId,
          runId,
          JSON.stringify({ bulkOperation: `gid://shopify/BulkOperation/${id}` }),
        ]),
      );
      return {
        async work() {
          const [worked] = await Promise.allSettled([
            backfillOrders({ shopId, runId }, job()),
            cancelBackfill(shopId, runId),
          ]);
          if (worked.status === "rejected") throw worked.reason;
        },
        async expectSettled() {
          expect(await backfillStatus(shopId, runId)).toBe("cancelled");
        },
      };
    },
  };

  return {
    "publish balances": publishingBalances,
    "publish the program": publishingProgram,
    "define the points": definingPoints,
    "publish ratings": publishingRatings,
    "take ratings away": clearingRatings,
    "subscribe to events": subscribing,
    "end a code": endingCode,
    "make a friend's code": rewardingFriend,
    "read past orders": backfilling,
    "stop reading past orders": stoppingBackfill,
  };
}

// Balances the storefront shows lag behind the ledger by one of these. Several publishers may overlap
// (a worker that was stopped and goes on later): who notices that another published in between makes the
// member due again, so the newest balance is the last one written.
import { DateTime } from "luxon";

import { inShop, type ShopId, type ShopTx } from "../../db.server";
import { readShopperBalance, type ShopperBalance } from "../../loyalty/shopper-balance.server";
import type { CustomerLoyaltyValue } from "../../shopify/metafields";
import { publishCustomerBalances, type CustomerBalance } from "../../shopify/publish-metafields.server";
import type { JobData } from "../catalog";
import type { JobContext } from "../handlers.server";

const MEMBERS_AT_ONCE = 100;

interface DueMember {
  id: number;
  customerGid: string | null;
  balanceSeq: number;
  publishedSeq: number;
}

/** Publishes every balance of the shop that changed since it was published. */
export async function publishBalances(
  { shopId }: JobData<"publish-balances">,
  { now, signal }: JobContext,
): Promise<{ published: number; refused: number }> {
  const total = { published: 0, refused: 0 };
  let after = 0;
  while (!signal.aborted) {
    const due = await readDue(shopId, after, now);
    const last = due.members.at(-1);
    if (!last) break;
    after = last.id;
    const outcome = await publishCustomerBalances(
      shopId,
      due.members.flatMap((member) => toBalance(member, due, now)),
    );
    await inShop(shopId, (tx) => markPublished(tx, due.members));
    total.published += outcome.published.length;
    total.refused += outcome.refused.length;
  }
  return total;
}

interface Due {
  members: DueMember[];
  balances: Map<number, ShopperBalance>;
  currency: string;
  timeZone: string;
}

async function readDue(shopId: ShopId, after: number, now: Date): Promise<Due> {
  const due = await inShop(shopId, async (tx) => {
    const { rows: members } = await tx.query<DueMember>(
      `SELECT id, customer_gid AS "customerGid", balance_seq AS "balanceSeq", published_seq AS "publishedSeq"
         FROM member WHERE shop_id = $1 AND balance_seq > published_seq AND id > $2 ORDER BY id LIMIT $3`,
      [shopId, after, MEMBERS_AT_ONCE],
    );
    const { rows: profile } = await tx.query<{ currency: string; timeZone: string }>(
      'SELECT currency, time_zone AS "timeZone" FROM shop_profile WHERE shop_id = $1',
      [shopId],
    );
    return { members, currency: profile[0]?.currency ?? "", timeZone: profile[0]?.timeZone ?? "UTC" };
  });
  // Read after the sequence numbers: a balance may be newer than its number, never older.
  const balances = new Map<number, ShopperBalance>();
  for (const member of due.members) {
    const balance = member.customerGid === null ? null : await readShopperBalance(shopId, member.customerGid, now);
    if (balance) balances.set(member.id, balance);
  }
  return { ...due, balances };
}

// Guests have no metafield; gone customers are refused by Shopify. Both count as published.
function toBalance(member: DueMember, due: Due, now: Date): CustomerBalance[] {
  const balance = due.balances.get(member.id);
  if (!member.customerGid || !balance) return [];
  return [{ customerId: member.customerGid, value: shopperValue(balance, due, now) }];
}

/** What the storefront knows of a member: facts of points and tier, nothing that names a person. */
function shopperValue(balance: ShopperBalance, due: Due, now: Date): CustomerLoyaltyValue {
  const { nextExpiry, tier, progress } = balance;
  return {
    v: 1,
    balance: balance.available,
    pending: balance.pending,
    debt: balance.debt,
    nextExpiry: nextExpiry && {
      points: nextExpiry.points,
      on: lastUsableDay(nextExpiry.expiresAt, due.timeZone),
    },
    joined: balance.joinedAt !== null,
    tier: tier && { id: tier.id, until: tier.until && lastUsableDay(tier.until, due.timeZone) },
    progress: progress && {
      metric: progress.metric,
      current: progress.current,
      nextTierId: progress.nextTierId,
      nextThreshold: progress.nextThreshold,
      periodEnd: progress.periodEnd && lastUsableDay(new Date(progress.periodEnd), due.timeZone),
    },
    done: balance.doneWays,
    referral: balance.referralCode,
    currency: due.currency,
    updatedAt: now.toISOString(),
  };
}

// Points expire with the end of a shop-local day: that day is what a shopper should read.
function lastUsableDay(expiresAt: Date, timeZone: string): string {
  return DateTime.fromJSDate(expiresAt, { zone: timeZone }).minus({ milliseconds: 1 }).toFormat("yyyy-MM-dd");
}

async function markPublished(tx: ShopTx, members: DueMember[]): Promise<void> {
  await tx.query(
    `UPDATE member SET published_seq = CASE WHEN member.published_seq = seen.published THEN seen.balance ELSE 0 END
       FROM unnest($2::bigint[], $3::bigint[], $4::bigint[]) AS seen (id, balance, published)
      WHERE member.shop_id = $1 AND member.id = seen.id`,
    [
      tx.shopId,
      members.map((each) => each.id),
      members.map((each) => each.balanceSeq),
      members.map((each) => each.publishedSeq),
    ],
  );
}

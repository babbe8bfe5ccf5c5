// A member's own referral code, made when it is first asked for and theirs for ever.
import { inShop, type ShopId, type ShopTx } from "../../db.server";
import { ensureMember } from "../ways/ensure-member.server";
import { programAt, readCalendar } from "../ways/program-now.server";
import { whyNotTakingPart } from "../ways/taking-part";
import { newReferralCode } from "./referral-keys.server";

export type ReferralCodeOutcome =
  { outcome: "code"; code: string } | { outcome: "not_open" } | { outcome: "unknown_member" };

const TRIES = 5;

/**
 * The code of a signed-in customer's member, made if there is none.
 * @throws what the Admin API client throws, for a customer we have not met
 */
export async function ensureReferralCode(shopId: ShopId, customerGid: string, now: Date): Promise<ReferralCodeOutcome> {
  const memberId = await ensureMember(shopId, customerGid, now);
  if (memberId === null) return { outcome: "unknown_member" };
  return inShop(shopId, (tx) => giveReferralCode(tx, memberId, now));
}

/** The same inside a transaction, where the shop has a referral program. */
export async function giveReferralCode(tx: ShopTx, memberId: number, now: Date): Promise<ReferralCodeOutcome> {
  const { rows } = await tx.query<{ code: string | null; gid: string; tags: string[]; joinedAt: Date | null }>(
    `SELECT referral_code AS code, customer_gid AS gid, tags, joined_at AS "joinedAt" FROM member
      WHERE shop_id = $1 AND id = $2 AND status = 'active' FOR NO KEY UPDATE`,
    [tx.shopId, memberId],
  );
  const member = rows[0];
  if (!member) return { outcome: "unknown_member" };
  const inForce = await programAt(tx, await readCalendar(tx), now);
  if (!inForce?.rules.referral?.enabled || whyNotTakingPart(inForce.rules, { ...member, customerGid: member.gid }, now))
    return { outcome: "not_open" };
  if (member.code !== null) return { outcome: "code", code: member.code };
  for (let tried = 0; tried < TRIES; tried++) {
    const code = newReferralCode();
    // The storefront shows the code: what is published is out of date.
    const { rowCount } = await tx.query(
      `UPDATE member SET referral_code = $3, balance_seq = balance_seq + 1 WHERE shop_id = $1 AND id = $2
          AND NOT EXISTS (SELECT FROM member WHERE shop_id = $1 AND referral_code = $3)`,
      [tx.shopId, memberId, code],
    );
    if (rowCount === 1) return { outcome: "code", code };
  }
  throw new Error("no free referral code was found");
}

// POST /proxy/referral: a friend claims their welcome gift. POST /proxy/invite: a member asks for their own code.
import { z } from "zod";

import { queryShop, type ShopId } from "../db.server";
import { claimReferral } from "../loyalty/referrals/claim-referral.server";
import { ensureReferralCode } from "../loyalty/referrals/ensure-referral-code.server";
import { issueFriendCode } from "../loyalty/referrals/issue-friend-code.server";
import { toGid } from "../shopify/gid";
import type { DoorAnswer, DoorCall, MemberCall } from "./door";

/** `email` may be left out by who is signed in. `requestKey`: made once per form. */
const referralBody = z.object({
  code: z.string().min(1).max(40),
  email: z.string().max(254).optional(),
  requestKey: z.string().min(16).max(64).optional(),
});

/**
 * issued (with the code) or claimed: what is known of an address is told to nobody, so an address that was
 * claimed before, or that a person must look at, is answered like a code that is still being made.
 * @throws UnauthorizedShopError when the shop refuses all calls
 */
export async function answerReferral(call: DoorCall): Promise<DoorAnswer> {
  const parsed = referralBody.safeParse(call.body);
  if (!parsed.success) return { outcome: "bad_body" };
  const { shopId, customerId, visitor, now } = call;
  const { code, requestKey = null } = parsed.data;
  const shopper = customerId === null ? null : await readShopper(shopId, toGid("Customer", customerId));
  // Their own account tells a signed-in shopper nothing they do not know.
  if (shopper?.referralCode === code.trim().toUpperCase()) return { outcome: "own_link" };
  if (shopper && shopper.orders > 0) return { outcome: "existing_customer" };
  const email = shopper?.email ?? parsed.data.email ?? "";
  const claimed = await claimReferral(shopId, { code, email, visitor, requestKey }, now);
  switch (claimed.outcome) {
    case "claimed":
    case "repeated": {
      const issued = await issueFriendCode(shopId, claimed.referralId, now, "interactive");
      return issued.outcome === "issued" ? issued : { outcome: "claimed" };
    }
    case "noted":
      return { outcome: "claimed" };
    default:
      return claimed;
  }
}

/** The member's own code, made when it is first asked for. @throws what the Admin API client throws */
export function answerInvite({ shopId, customerId, now }: MemberCall): Promise<DoorAnswer> {
  return ensureReferralCode(shopId, toGid("Customer", customerId), now);
}

async function readShopper(
  shopId: ShopId,
  customerGid: string,
): Promise<{ email: string | null; referralCode: string | null; orders: number } | null> {
  const [row] = await queryShop<{ email: string | null; referralCode: string | null; orders: number }>(
    shopId,
    `SELECT email, referral_code AS "referralCode", orders_count AS orders FROM member
      WHERE shop_id = $1 AND customer_gid = $2 AND status = 'active'`,
    [shopId, customerGid],
  );
  return row ?? null;
}

// What speaks against a friend's order: checked once, when the order is known. Each finding is a flag, never a ban.
import type { ShopTx } from "../../db.server";
import type { OrderOrigin, ReferralEvidence } from "../../shopify/read-referral-evidence.server";
import type { LockedMember } from "../ledger.server";
import type { ReferralProgram } from "../program-parts";
import { shopMonth } from "../ways/occasions";
import { addressForm, friendForm } from "./friend-address";
import type { ReferralFlag } from "./referral";
import { networkKey } from "./referral-keys.server";
import type { Referral } from "./referral-rows.server";

export interface ReferredOrder {
  orderGid: string;
  memberId: number | null;
  email: string | null;
  processedAt: Date;
}

/** Everything the checks find. */
export async function checkReferral(
  tx: ShopTx,
  around: {
    referral: Referral;
    advocate: LockedMember;
    order: ReferredOrder;
    evidence: ReferralEvidence;
    terms: ReferralProgram;
    timeZone: string;
  },
): Promise<ReferralFlag[]> {
  const { referral, advocate, order, evidence } = around;
  const flags: ReferralFlag[] = [];
  if (order.memberId === advocate.id) flags.push("same_customer");
  if (order.email && advocate.email && friendForm(order.email) === friendForm(advocate.email)) flags.push("same_email");
  const history = await readHistory(tx, around);
  const isLonger = evidence.friendOrders !== null && evidence.friendOrders > history.ordersKnown;
  if (history.hasEarlier || (order.memberId !== null && isLonger)) flags.push("existing_customer");
  if (history.inMonth >= around.terms.perMonthMax) flags.push("velocity");
  if (shareAddress(evidence)) flags.push("same_address");
  if (shareNetwork(tx.shopId, evidence, referral.signals.network)) flags.push("same_network");
  return flags;
}

async function readHistory(
  tx: ShopTx,
  { referral, order, timeZone }: { referral: Referral; order: ReferredOrder; timeZone: string },
): Promise<{ hasEarlier: boolean; ordersKnown: number; inMonth: number }> {
  const month = shopMonth(order.processedAt, timeZone);
  const { rows } = await tx.query<{ hasEarlier: boolean; ordersKnown: number; inMonth: number }>(
    `SELECT EXISTS (SELECT FROM customer_order WHERE shop_id = $1 AND (member_id = $2 OR email = $3) AND id <> $4 AND processed_at < $5) AS "hasEarlier",
            (SELECT count(*)::int FROM customer_order WHERE shop_id = $1 AND member_id = $2) AS "ordersKnown",
            (SELECT count(*)::int FROM referral r JOIN customer_order o ON o.shop_id = r.shop_id AND o.id = r.order_id
              WHERE r.shop_id = $1 AND r.advocate_id = $6 AND r.id <> $7 AND r.status IN ('ordered', 'rewarded')
                AND o.processed_at >= $8 AND o.processed_at < $9) AS "inMonth"`,
    [
      tx.shopId,
      order.memberId,
      order.email,
      referral.orderId,
      order.processedAt,
      referral.advocateId,
      referral.id,
      month.from,
      month.until,
    ],
  );
  return rows[0] ?? { hasEarlier: false, ordersKnown: 0, inMonth: 0 };
}

function shareAddress({ friend, advocate }: ReferralEvidence): boolean {
  const forms = (origins: OrderOrigin[]) =>
    origins.flatMap(({ addresses }) => addresses.flatMap((address) => addressForm(address) ?? []));
  const own = new Set(forms(advocate));
  return friend !== null && forms([friend]).some((form) => own.has(form));
}
// The network of the claim or of the order, against those of the advocate's orders.
function shareNetwork(shopId: number, { friend, advocate }: ReferralEvidence, claimed: string | undefined): boolean {
  const own = new Set(advocate.flatMap(({ clientIp }) => (clientIp === null ? [] : [networkKey(shopId, clientIp)])));
  const ordered = friend?.clientIp ? networkKey(shopId, friend.clientIp) : undefined;
  return [claimed, ordered].some((key) => key !== undefined && own.has(key));
}

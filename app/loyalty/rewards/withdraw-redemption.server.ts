// Staff take back what the shop itself gave: the event was called off, the partner refused the code, a donation was
// a slip. The points come back with the grace of any return: the member did not choose it.
//
// place     at any time; the place is free again
// voucher   at any time; its code was shown with the purchase and is given to nobody else
// donation  until the shop's day ends: later the public total has been read, and money follows it
import { inShop, type ShopId, type ShopTx } from "../../db.server";
import { shopDay } from "../expiry";
import { isWithdrawable, type Redemption } from "./redemption";
import { voidPoints } from "./redemption-points.server";
import { lockRedemption } from "./redemption-rows.server";

export interface Withdrawal {
  id: number;
  /** Kept as a note beside the entry. */
  why: string;
  /** staff:<id> */
  actor: string;
  /** Only if it is this member's. */
  memberId?: number;
}
export type WithdrawOutcome =
  /** The points are back. A repeated call says so again. */
  | { outcome: "voided" }
  | { outcome: "why_missing" }
  /** A donation of an earlier day. */
  | { outcome: "day_over" }
  /** Not given by the shop, or not given yet. */
  | { outcome: "too_late" }
  | { outcome: "unknown_redemption" };

/** Takes a redemption back. */
export async function withdrawRedemption(shopId: ShopId, asked: Withdrawal, now: Date): Promise<WithdrawOutcome> {
  const note = asked.why.trim();
  if (note === "") return { outcome: "why_missing" };
  return inShop(shopId, async (tx) => {
    const locked = await lockRedemption(tx, asked.id);
    if (!locked || (asked.memberId !== undefined && locked.redemption.memberId !== asked.memberId))
      return { outcome: "unknown_redemption" };
    const { redemption } = locked;
    if (redemption.status === "voided") return { outcome: "voided" };
    if (!isWithdrawable(redemption)) return { outcome: "too_late" };
    if (redemption.kind === "donation" && !(await isOfToday(tx, redemption, now))) return { outcome: "day_over" };
    const why = { reason: "reward_cancelled", actor: asked.actor, lastError: "withdrawn", note } as const;
    await voidPoints(tx, locked, why, now);
    return { outcome: "voided" };
  });
}

async function isOfToday(tx: ShopTx, { reservedAt }: Redemption, now: Date): Promise<boolean> {
  const { rows } = await tx.query<{ timeZone: string }>(
    'SELECT time_zone AS "timeZone" FROM shop_profile WHERE shop_id = $1',
    [tx.shopId],
  );
  const { until } = shopDay(reservedAt, rows[0]?.timeZone ?? "UTC");
  return now.getTime() < Date.parse(until);
}

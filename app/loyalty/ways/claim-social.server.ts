// Following or sharing, on the shopper's word: no network tells us, so the way is labelled as honour-based,
// capped by its period and held before its points can be spent.
import { inShop, type ShopId } from "../../db.server";
import type { NothingReason } from "../reasons";
import { ensureMember } from "./ensure-member.server";
import { grantWay } from "./grant-way.server";
import { socialOccasion } from "./occasions";
import { offeredWay, programAt, readCalendar } from "./program-now.server";

export type ClaimSocialOutcome =
  | { outcome: "granted"; points: number }
  /** This period's points were given; `nextAt` null: there is no other period. */
  | { outcome: "already_granted"; nextAt: string | null }
  | { outcome: "not_offered" }
  | { outcome: "not_taking_part"; why: NothingReason }
  | { outcome: "unknown_member" };

/**
 * Gives the points of a social way for the current period.
 * @throws what the Admin API client throws, for a customer we have not met
 */
export async function claimSocial(
  shopId: ShopId,
  customerGid: string,
  wayId: string,
  now: Date,
): Promise<ClaimSocialOutcome> {
  const memberId = await ensureMember(shopId, customerGid, now);
  if (memberId === null) return { outcome: "unknown_member" };
  return inShop(shopId, async (tx): Promise<ClaimSocialOutcome> => {
    const calendar = await readCalendar(tx);
    const inForce = await programAt(tx, calendar, now);
    const way = inForce && offeredWay(inForce, "social", wayId);
    if (!way) return { outcome: "not_offered" };
    const { name, nextAt } = socialOccasion(way.every, calendar.timeZone, now);
    const granted = await grantWay(tx, { memberId, way, occasion: name, inForce, actor: "shopper" }, now);
    switch (granted.outcome) {
      case "granted":
        return { outcome: "granted", points: granted.points };
      case "not_taking_part":
        return granted;
      case "member_inactive":
        return { outcome: "unknown_member" };
      case "already_granted":
      case "limit_reached":
        return { outcome: "already_granted", nextAt };
    }
  });
}

// What the program promises for reviews now. Whoever shows a promise, or takes a review while there is one,
// marks that review for good.
import { inShop, type ShopId } from "../../db.server";
import { REVIEW_WAYS, type ReviewWayKind } from "../program-parts";
import { offeredWay, programAt, readCalendar } from "./program-now.server";

/** Points by kind of what a review has; null: nothing is promised. The amounts know nothing of stars or wording. */
export type ReviewPromise = Partial<Record<ReviewWayKind, number>>;

/** The points offered for reviews at `now`; null when the program is not running or offers none. */
export async function reviewPromise(shopId: ShopId, now: Date): Promise<ReviewPromise | null> {
  const inForce = await inShop(shopId, async (tx) => programAt(tx, await readCalendar(tx), now));
  if (!inForce || inForce.rules.status !== "live") return null;
  const offered = REVIEW_WAYS.flatMap((kind) => {
    const way = offeredWay(inForce, kind);
    return way ? [[kind, way.points] as const] : [];
  });
  return offered.length > 0 ? Object.fromEntries(offered) : null;
}

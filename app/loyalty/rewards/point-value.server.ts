// What a point may cost the shop: the dearest of the active rewards that turn points into money.
import { queryShop, type ShopId } from "../../db.server";
import { rewardTermsSchema, type RewardTerms } from "./reward-terms";

/** So many minor units for so many points. */
export interface PointValue {
  minor: number;
  points: number;
  currency: string;
}

/** null: no active reward has a price in money. */
export async function pointValue(shopId: ShopId): Promise<PointValue | null> {
  const rows = await queryShop<{ points: number; terms: unknown; currency: string }>(
    shopId,
    `SELECT r.points, r.terms, p.currency FROM reward r JOIN shop_profile p ON p.shop_id = r.shop_id
      WHERE r.shop_id = $1 AND r.status = 'active'`,
    [shopId],
  );
  const values = rows.flatMap(({ points, terms, currency }) => {
    const parsed = rewardTermsSchema.safeParse(terms);
    const price = parsed.success ? priceOf(parsed.data, points) : null;
    return price ? [{ ...price, currency }] : [];
  });
  return (
    values.sort((a, b) => Number(BigInt(b.minor) * BigInt(a.points) - BigInt(a.minor) * BigInt(b.points)))[0] ?? null
  );
}

function priceOf(terms: RewardTerms, points: number): { minor: number; points: number } | null {
  switch (terms.kind) {
    case "points_off":
      return { minor: terms.minorPerStep, points: terms.pointsPerStep };
    case "amount_off":
    case "free_product":
    case "gift_card":
    case "store_credit":
    case "donation":
      return { minor: terms.valueMinor, points };
    default:
      return null;
  }
}

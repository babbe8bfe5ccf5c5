// Which of a member's points end first, with the dates that inactivity lots really have.
import { queryShop, type Queryable, type ShopId } from "../db.server";
import { effectiveExpiry, readInactivity, readInactivityPolicies, type Inactivity } from "./member-activity.server";

export interface NextExpiry {
  points: number;
  expiresAt: Date;
}
interface OpenLot {
  [column: string]: unknown;
  memberId: number;
  version: number | null;
  remaining: number;
  availableAt: Date | null;
  expiresAt: Date | null;
}

/** A reader of one shop outside of a transaction. */
export function reader(shopId: ShopId): Queryable & { shopId: ShopId } {
  return { shopId, query: async (text, values) => ({ rows: await queryShop(shopId, text, values) }) as never };
}

/**
 * The points of a member that end first after `now`. `stored` is what the lots' own dates say, and the answer
 * wherever no version of the program ends points by inactivity.
 */
export async function nextExpiry(
  shopId: ShopId,
  memberId: number,
  stored: NextExpiry | null,
  now: Date,
): Promise<NextExpiry | null> {
  const tx = reader(shopId);
  if ((await readInactivityPolicies(tx)).months.size === 0) return stored;
  const inactivity = await readInactivity(tx, [memberId], now);
  const { rows } = await tx.query<OpenLot>(
    `SELECT member_id AS "memberId", version, remaining, available_at AS "availableAt", expires_at AS "expiresAt" FROM lot
      WHERE shop_id = $1 AND member_id = $2 AND remaining > 0 AND state = 'available' AND expires_at IS NOT NULL`,
    [shopId, memberId],
  );
  let next: NextExpiry | null = null;
  for (const lot of rows) {
    const expiresAt = dateOf(lot, inactivity);
    if (expiresAt === null || expiresAt.getTime() <= now.getTime()) continue;
    if (next === null || expiresAt < next.expiresAt) next = { points: lot.remaining, expiresAt };
    else if (expiresAt.getTime() === next.expiresAt.getTime()) next.points += lot.remaining;
  }
  return next;
}

function dateOf({ memberId, version, availableAt, expiresAt }: OpenLot, inactivity: Inactivity): Date | null {
  const lot = {
    version,
    availableAt: availableAt?.toISOString() ?? null,
    expiresAt: expiresAt?.toISOString() ?? null,
  };
  const date = effectiveExpiry(lot, memberId, inactivity);
  return date === null ? null : new Date(date);
}

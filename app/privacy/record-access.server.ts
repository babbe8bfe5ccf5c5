import { businessNow } from "../clock.server";
import { inShop, type ShopId } from "../db.server";
import type { AccessKind } from "./access-kinds";

export interface Seen {
  /** How many people's data was shown; nobody's leaves no line. */
  people: number;
  /** Whose, where it was one member's. */
  memberId?: number | null;
  /** Our own id of what was opened: review/12. Never a value of theirs. */
  subject?: string;
}

/** Writes down that somebody of the staff looked at customers' data: who, which kind, whose, when. */
export async function recordAccess(
  { shopId, actor }: { shopId: ShopId; actor: string },
  kind: AccessKind,
  { people, memberId = null, subject }: Seen,
): Promise<void> {
  if (people === 0) return;
  const now = await businessNow();
  await inShop(shopId, (tx) =>
    tx.query(
      "INSERT INTO customer_access (shop_id, at, actor, kind, member_id, subject, people) VALUES ($1, $2, $3, $4, $5, $6, $7)",
      [shopId, now, actor, kind, memberId, subject ?? null, people],
    ),
  );
}

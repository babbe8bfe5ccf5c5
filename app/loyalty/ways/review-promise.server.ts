// What the program promises for reviews now: to everybody, to one author, and whether a review that an author sends
// in is marked for it. Whoever shows a promise, or takes a review while there is one, asks here and nowhere else.
import { inShop, type Queryable, type ShopId } from "../../db.server";
import { REVIEW_WAYS, type ReviewWayKind } from "../program-parts";
import type { VersionInForce } from "../program-versions.server";
import type { NothingReason } from "../reasons";
import { offeredWay, programAt, readCalendar } from "./program-now.server";
import { whyNotTakingPart, type Participant } from "./taking-part";

/** Points by kind of what a review has; null: nothing is promised. The amounts know nothing of stars or wording. */
export type ReviewPromise = Partial<Record<ReviewWayKind, number>>;
/** Who writes; without a member there is no account that could get points. */
export interface ReviewAuthor {
  memberId: number | null;
}

/** What may be told to anybody; null: the program is not open to everybody, or offers nothing for reviews. */
export async function reviewPromise(shopId: ShopId, now: Date): Promise<ReviewPromise | null> {
  return inShop(shopId, async (tx) => {
    const inForce = await programNow(tx, now);
    if (!inForce) return null;
    const anybody = { customerGid: null, tags: inForce.rules.participation.tags, joinedAt: now };
    return CLOSED.has(whyNotTakingPart(inForce.rules, anybody, now)) ? null : offerOf(inForce);
  });
}

/** What this author's review may bring them; null: nothing, or they take no part. */
export async function reviewPromiseTo(shopId: ShopId, author: ReviewAuthor, now: Date): Promise<ReviewPromise | null> {
  return inShop(shopId, async (tx) => {
    const asked = await askFor(tx, author, now);
    return asked && asked.why === null ? offerOf(asked.inForce) : null;
  });
}

/**
 * Whether a review of this author, sent in now, is marked for good. Somebody who has not joined yet, or whom a tag
 * keeps out, may have read of the points and may take part by the time they are given: their reviews are marked, too.
 */
export async function marksReviewOf(shopId: ShopId, author: ReviewAuthor, now: Date): Promise<boolean> {
  return inShop(shopId, async (tx) => {
    const asked = await askFor(tx, author, now);
    return asked !== null && !CLOSED.has(asked.why) && offerOf(asked.inForce) !== null;
  });
}

/** Answers that lie in the program and not in the person: nobody like them was promised anything. */
const CLOSED: ReadonlySet<NothingReason | null> = new Set(["program_paused", "not_started", "preview_only"] as const);

type ShopQuery = Queryable & { shopId: ShopId };
async function askFor(
  tx: ShopQuery,
  { memberId }: ReviewAuthor,
  now: Date,
): Promise<{ inForce: VersionInForce; why: NothingReason | null } | null> {
  if (memberId === null) return null;
  const inForce = await programNow(tx, now);
  if (!inForce) return null;
  const { rows } = await tx.query<Participant & { [column: string]: unknown }>(
    `SELECT kept.customer_gid AS "customerGid", kept.tags, kept.joined_at AS "joinedAt"
       FROM member m JOIN member kept ON kept.shop_id = $1 AND kept.id = coalesce(m.merged_into, m.id)
      WHERE m.shop_id = $1 AND m.id = $2 AND kept.status = 'active'`,
    [tx.shopId, memberId],
  );
  return rows[0] ? { inForce, why: whyNotTakingPart(inForce.rules, rows[0], now) } : null;
}

async function programNow(tx: ShopQuery, now: Date): Promise<VersionInForce | null> {
  return programAt(tx, await readCalendar(tx), now);
}

function offerOf(inForce: VersionInForce): ReviewPromise | null {
  const offered = REVIEW_WAYS.flatMap((kind) => {
    const way = offeredWay(inForce, kind);
    return way && way.points > 0 ? [[kind, way.points] as const] : [];
  });
  return offered.length > 0 ? Object.fromEntries(offered) : null;
}

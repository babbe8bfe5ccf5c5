// What the shop's program gives for a review, whatever it says: shown before it is written, and marked on it.
import { queryShop, type ShopId } from "../db.server";
import { readProgram } from "../loyalty/program.server";
import { whyNotTakingPart } from "../loyalty/ways/taking-part";
import type { ReviewForm } from "./pages/review-form";

type PromiseKind = ReviewForm["promise"][number]["kind"];
export type ReviewPromise = { kind: PromiseKind; points: number }[];
const KINDS: readonly PromiseKind[] = ["review", "photo_review", "video_review", "first_review"];

/** The points that the customer's review may bring; empty: none, or the customer takes no part. */
export async function readReviewPromise(
  shopId: ShopId,
  { customerGid, memberId }: { customerGid: string | null; memberId: number | null },
  now: Date,
): Promise<ReviewPromise> {
  // Points belong to a member: who has no account with the shop is promised nothing.
  if (memberId === null) return [];
  const [{ rules, version }, [member]] = await Promise.all([
    readProgram(shopId),
    queryShop<{ tags: string[]; joinedAt: Date | null }>(
      shopId,
      `SELECT tags, joined_at AS "joinedAt" FROM member WHERE shop_id = $1 AND id = $2`,
      [shopId, memberId],
    ),
  ]);
  const isOut = !member || whyNotTakingPart(rules, { customerGid, ...member }, now) !== null;
  if (version === 0 || isOut) return [];
  return KINDS.flatMap((kind) => {
    const way = rules.ways.find((each) => each.kind === kind && each.enabled && each.points > 0);
    return way ? [{ kind, points: way.points }] : [];
  });
}

/** Whether the program gives anything for reviews at all: what is written then is marked, earned or not. */
export async function promisesForReviews(shopId: ShopId): Promise<boolean> {
  const { rules } = await readProgram(shopId);
  return rules.ways.some(({ kind, enabled }) => enabled && KINDS.some((each) => each === kind));
}

// Points for a published review of something the member bought: fixed amounts, for that it is there, for its
// photos, its video, and for being a product's first. A review that its author takes back gives back what is
// left of them; one that staff or a rule hides later keeps them: nobody loses points for an opinion.
import { inShop, type ShopId, type ShopTx } from "../../db.server";
import { lockMembers, openAccount, postEntries, readOpenLots } from "../ledger.server";
import { REVIEW_WAYS, type ReviewWayKind } from "../program-parts";
import { grantWay } from "./grant-way.server";
import { offeredWay, programAt, readCalendar } from "./program-now.server";

export interface ReviewToAward {
  memberId: number;
  /** Names the purchase for ever, so that a review written again gives nothing again: "line/123". */
  occasion: string;
  hasPhoto: boolean;
  hasVideo: boolean;
  isFirst: boolean;
  /** When it was sent in: the program of that moment decides. */
  submittedAt: Date;
}

/** Gives what the program in force when the review was sent in offers for it; what was given stays given. */
export async function awardReview(shopId: ShopId, review: ReviewToAward, now: Date): Promise<{ points: number }> {
  return inShop(shopId, async (tx) => {
    const inForce = await programAt(tx, await readCalendar(tx), review.submittedAt);
    if (!inForce) return { points: 0 };
    let points = 0;
    for (const kind of REVIEW_WAYS.filter((each) => isDue(each, review))) {
      const way = offeredWay(inForce, kind);
      if (!way) continue;
      const granted = await grantWay(tx, { memberId: review.memberId, way, occasion: review.occasion, inForce }, now);
      if (granted.outcome === "granted") points += granted.points;
    }
    return { points };
  });
}
function isDue(kind: ReviewWayKind, { hasPhoto, hasVideo, isFirst }: ReviewToAward): boolean {
  switch (kind) {
    case "review":
      return true;
    case "photo_review":
      return hasPhoto;
    case "video_review":
      return hasVideo;
    case "first_review":
      return isFirst;
  }
}

/** The author deleted the review: what is left of its points is taken back, never more. */
export async function takeBackReview(
  shopId: ShopId,
  { memberId, occasion }: Pick<ReviewToAward, "memberId" | "occasion">,
  now: Date,
): Promise<{ points: number }> {
  return inShop(shopId, async (tx) => {
    const [member] = await lockMembers(tx, { ids: [memberId] });
    const holderId = member?.mergedInto ?? memberId;
    const grants = await revokeGrants(tx, [memberId, holderId], occasion);
    if (!member || grants.length === 0) return { points: 0 };
    const holder = holderId === memberId ? member : (await lockMembers(tx, { ids: [holderId] }))[0];
    if (!holder) return { points: 0 };
    const lots = (await readOpenLots(tx, [holder.id])).get(holder.id) ?? [];
    const account = openAccount(holder, lots);
    let points = 0;
    for (const { wayId, version } of grants) {
      const ends = `/${wayId}/${occasion}`;
      const own = lots.filter((lot) => lot.sourceType === "way" && lot.sourceId.endsWith(ends));
      const left = own.reduce((sum, lot) => sum + lot.remaining, 0);
      if (left === 0) continue;
      points += left;
      account.clawBack(left, (lot) => own.includes(lot), "forgive", {
        source: {
          type: "way",
          id: `${memberId}${ends}`,
          rule: `way:${wayId}`,
          version,
          actor: "shopper",
          isTest: false,
        },
        keyPrefix: `way/${memberId}${ends}/withdrawn`,
        reason: "review_withdrawn",
        params: { points: left },
      });
    }
    await postEntries(tx, { accounts: [account], now });
    return { points };
  });
}

// Revoked, not deleted: the occasion stays used.
async function revokeGrants(
  tx: ShopTx,
  memberIds: number[],
  occasion: string,
): Promise<{ wayId: string; version: number | null }[]> {
  const { rows } = await tx.query<{ wayId: string; version: number | null }>(
    `UPDATE way_grant SET state = 'revoked'
      WHERE shop_id = $1 AND member_id = ANY ($2) AND occasion = $3 AND kind = ANY ($4) AND state = 'granted'
      RETURNING way_id AS "wayId", version`,
    [tx.shopId, memberIds, occasion, REVIEW_WAYS],
  );
  return rows;
}

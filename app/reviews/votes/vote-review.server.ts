// "Was this helpful?": one vote per signed-in customer, and one per browser and per address and day of visitors
// who are not. Counts are counted anew from the votes under the review's lock, never added to.
import { macsOf } from "../../derived-keys.server";
import { inShop, type ShopId, type ShopTx } from "../../db.server";
import { helpfulRank } from "./helpful-rank";

export type Voter =
  | { customerGid: string }
  /** `browser`: a random token the page made on the first click; `address`: where the click came from. */
  | { browser: string; address: string };
export type VoteOutcome =
  | { outcome: "voted"; vote: boolean | null; helpful: number; helpfulAnon: number }
  /** Somebody at that address has voted today. */
  | { outcome: "already_voted" }
  | { outcome: "own_review" }
  | { outcome: "unknown_review" };

/** Gives, changes or (null) takes back a vote. The same vote again changes nothing. */
export async function voteReview(
  shopId: ShopId,
  reviewId: number,
  voter: Voter,
  vote: boolean | null,
  now: Date,
): Promise<VoteOutcome> {
  return inShop(shopId, async (tx) => {
    const { rows } = await tx.query<{ customerGid: string | null }>(
      `SELECT customer_gid AS "customerGid" FROM review WHERE shop_id = $1 AND id = $2 AND status = 'published' FOR NO KEY UPDATE`,
      [shopId, reviewId],
    );
    const [review] = rows;
    if (!review) return { outcome: "unknown_review" };
    const isSignedIn = "customerGid" in voter;
    if (isSignedIn && voter.customerGid === review.customerGid) return { outcome: "own_review" };
    const key = isSignedIn ? customerKey(shopId, voter.customerGid) : await visitorKey(tx, reviewId, voter, now);
    if (key === null) return { outcome: "already_voted" };
    await write(tx, reviewId, { key, vote, isSignedIn }, now);
    return { outcome: "voted", vote, ...(await recount(tx, reviewId)) };
  });
}

async function write(
  tx: ShopTx,
  reviewId: number,
  { key, vote, isSignedIn }: { key: string; vote: boolean | null; isSignedIn: boolean },
  now: Date,
): Promise<void> {
  if (vote === null) {
    await tx.query("DELETE FROM review_vote WHERE shop_id = $1 AND review_id = $2 AND voter_key = $3", [
      tx.shopId,
      reviewId,
      key,
    ]);
    return;
  }
  await tx.query(
    `INSERT INTO review_vote (shop_id, review_id, voter_key, helpful, signed_in, at) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (shop_id, review_id, voter_key) DO UPDATE SET helpful = excluded.helpful, at = excluded.at`,
    [tx.shopId, reviewId, key, vote, isSignedIn, now],
  );
}

async function recount(tx: ShopTx, reviewId: number): Promise<{ helpful: number; helpfulAnon: number }> {
  const { rows } = await tx.query<{ helpful: number; unhelpful: number; helpfulAnon: number; unhelpfulAnon: number }>(
    `SELECT count(*) FILTER (WHERE signed_in AND helpful) AS helpful, count(*) FILTER (WHERE signed_in AND NOT helpful) AS unhelpful,
            count(*) FILTER (WHERE NOT signed_in AND helpful) AS "helpfulAnon",
            count(*) FILTER (WHERE NOT signed_in AND NOT helpful) AS "unhelpfulAnon"
       FROM review_vote WHERE shop_id = $1 AND review_id = $2`,
    [tx.shopId, reviewId],
  );
  const counts = rows[0] ?? { helpful: 0, unhelpful: 0, helpfulAnon: 0, unhelpfulAnon: 0 };
  await tx.query(
    `UPDATE review SET helpful = $3, unhelpful = $4, helpful_anon = $5, unhelpful_anon = $6, helpful_rank = $7
      WHERE shop_id = $1 AND id = $2 AND (helpful, unhelpful, helpful_anon, unhelpful_anon, helpful_rank) IS DISTINCT FROM ($3, $4, $5, $6, $7)`,
    [
      tx.shopId,
      reviewId,
      counts.helpful,
      counts.unhelpful,
      counts.helpfulAnon,
      counts.unhelpfulAnon,
      helpfulRank(counts.helpful, counts.unhelpful),
    ],
  );
  return { helpful: counts.helpful, helpfulAnon: counts.helpfulAnon };
}

function customerKey(shopId: ShopId, customerGid: string): string {
  return `c/${mac(shopId, `customer/${customerGid}`)}`;
}

/** What a customer's votes are known by, under every key that is listed. */
export function voterKeysOf(shopId: ShopId, customerGid: string): string[] {
  const macs = macsOf("review-voter", `${shopId}/customer/${customerGid}`);
  return macs.map((each) => `c/${each.toString("base64url")}`);
}

// v/<day>/<address>/<browser>: the browser's own vote is changed, wherever it comes from; from an address that has
// voted today no second one counts. The hash of an address holds the day, so that days cannot be joined.
async function visitorKey(
  tx: ShopTx,
  reviewId: number,
  { browser, address }: { browser: string; address: string },
  now: Date,
): Promise<string | null> {
  const day = now.toISOString().slice(0, 10);
  const [who, where] = [mac(tx.shopId, `browser/${browser}`), mac(tx.shopId, `address/${day}/${address}`)];
  const { rows } = await tx.query<{ key: string }>(
    `SELECT voter_key AS key FROM review_vote WHERE shop_id = $1 AND review_id = $2 AND NOT signed_in
        AND (split_part(voter_key, '/', 4) = $3 OR (split_part(voter_key, '/', 2) = $4 AND split_part(voter_key, '/', 3) = $5))`,
    [tx.shopId, reviewId, who, day, where],
  );
  const own = rows.find(({ key }) => key.endsWith(`/${who}`));
  if (own) return own.key;
  return rows.length > 0 ? null : `v/${day}/${where}/${who}`;
}

function mac(shopId: ShopId, text: string): string {
  return macsOf("review-voter", `${shopId}/${text}`)[0].toString("base64url");
}

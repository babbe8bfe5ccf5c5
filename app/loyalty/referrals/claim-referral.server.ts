// A friend follows a member's link and gives their address. The first claim of an address decides who brought
// it, for ever; later ones change nothing and are answered alike, so that nobody learns whose address is known.
import { inShop, type ShopId, type ShopTx } from "../../db.server";
import { friendForm, isEmail } from "./friend-address";
import { mustBeHeld, type ReferralFlag } from "./referral";
import { friendKeys, networkKey, newFriendCode } from "./referral-keys.server";
import { programAt, readCalendar } from "../ways/program-now.server";

export interface ReferralClaim {
  /** The advocate's code, as the link brought it. */
  code: string;
  email: string;
  /** The visitor's network address; only a keyed hash of it is kept, for 90 days. */
  visitor: string;
  /** Made once per form: the same browser asking again is told its code again. */
  requestKey: string | null;
}
export type ClaimReferralOutcome =
  /** The friend's code is on its way: the next step makes it at Shopify. */
  | { outcome: "claimed"; referralId: number }
  /** This browser's own earlier claim. */
  | { outcome: "repeated"; referralId: number }
  /** Claimed before, or a person looks first: to the friend all of this reads alike. */
  | { outcome: "noted" }
  | { outcome: "unknown_code" | "bad_email" | "not_open" };

/** Claims of one network or for one advocate within a day beyond which a person looks first. */
const CLAIMS_PER_NETWORK = 5;
const CLAIMS_PER_ADVOCATE = 30;
const DAY_MS = 86_400_000;

/** Remembers who brought the friend, and lets the friend's code be made unless a check speaks. */
export async function claimReferral(shopId: ShopId, claim: ReferralClaim, now: Date): Promise<ClaimReferralOutcome> {
  if (!isEmail(claim.email)) return { outcome: "bad_email" };
  return inShop(shopId, async (tx): Promise<ClaimReferralOutcome> => {
    const inForce = await programAt(tx, await readCalendar(tx), now);
    const isOpen = inForce?.rules.status === "live" && inForce.rules.previewCustomerIds.length === 0;
    if (!isOpen || !inForce.rules.referral?.enabled) return { outcome: "not_open" };
    const advocate = await findAdvocate(tx, claim.code);
    if (!advocate) return { outcome: "unknown_code" };
    const keys = friendKeys(shopId, claim.email);
    const request = claim.requestKey === null ? null : networkKey(shopId, claim.requestKey);
    const earlier = await findClaim(tx, keys);
    if (earlier) {
      const isOwn = request !== null && earlier.request === request;
      return isOwn ? { outcome: "repeated", referralId: earlier.id } : { outcome: "noted" };
    }
    const network = networkKey(shopId, claim.visitor);
    const flags = await checkClaim(tx, advocate, { email: claim.email, network }, now);
    const isHeld = mustBeHeld(flags);
    const { rows } = await tx.query<{ id: number }>(
      `INSERT INTO referral (shop_id, advocate_id, friend_key, code, status, flags, claimed_at, next_attempt, signals)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (shop_id, friend_key) DO NOTHING RETURNING id`,
      [
        shopId,
        advocate.id,
        keys[0],
        newFriendCode(),
        isHeld ? "held" : "claimed",
        flags,
        now,
        isHeld ? null : now,
        JSON.stringify({ network, ...(request === null ? {} : { request }) }),
      ],
    );
    const referralId = rows[0]?.id;
    return referralId === undefined || isHeld ? { outcome: "noted" } : { outcome: "claimed", referralId };
  });
}

interface Advocate {
  id: number;
  email: string | null;
}
// A merged member's links still lead to the one that was kept.
async function findAdvocate(tx: ShopTx, code: string): Promise<Advocate | null> {
  const { rows } = await tx.query<Advocate & { [column: string]: unknown }>(
    `WITH RECURSIVE found AS (
       SELECT id, email, status, merged_into FROM member WHERE shop_id = $1 AND referral_code = $2
       UNION ALL SELECT m.id, m.email, m.status, m.merged_into FROM member m JOIN found f ON m.shop_id = $1 AND m.id = f.merged_into)
     SELECT id, email FROM found WHERE status = 'active'`,
    [tx.shopId, code.trim().toUpperCase().slice(0, 40)],
  );
  return rows[0] ?? null;
}

async function findClaim(tx: ShopTx, keys: string[]): Promise<{ id: number; request: string | null } | null> {
  const { rows } = await tx.query<{ id: number; request: string | null }>(
    "SELECT id, signals->>'request' AS request FROM referral WHERE shop_id = $1 AND friend_key = ANY ($2) ORDER BY id LIMIT 1",
    [tx.shopId, keys],
  );
  return rows[0] ?? null;
}

async function checkClaim(
  tx: ShopTx,
  advocate: Advocate,
  friend: { email: string; network: string },
  now: Date,
): Promise<ReferralFlag[]> {
  const { rows } = await tx.query<{ isKnown: boolean; ofAdvocate: number; ofNetwork: number }>(
    `SELECT EXISTS (SELECT FROM customer_order WHERE shop_id = $1 AND email = $2)
              OR EXISTS (SELECT FROM member WHERE shop_id = $1 AND email = $2 AND orders_count > 0) AS "isKnown",
            (SELECT count(*)::int FROM referral WHERE shop_id = $1 AND advocate_id = $3 AND claimed_at > $4) AS "ofAdvocate",
            (SELECT count(*)::int FROM (SELECT signals FROM referral WHERE shop_id = $1 AND claimed_at > $4 ORDER BY id DESC LIMIT 500) recent
              WHERE signals->>'network' = $5) AS "ofNetwork"`,
    [
      tx.shopId,
      friend.email.trim().normalize("NFC").toLowerCase(),
      advocate.id,
      new Date(now.getTime() - DAY_MS),
      friend.network,
    ],
  );
  const found = rows[0];
  const flags: ReferralFlag[] = [];
  if (advocate.email !== null && friendForm(advocate.email) === friendForm(friend.email)) flags.push("same_email");
  if (found?.isKnown) flags.push("existing_customer");
  if ((found?.ofAdvocate ?? 0) >= CLAIMS_PER_ADVOCATE || (found?.ofNetwork ?? 0) >= CLAIMS_PER_NETWORK)
    flags.push("velocity");
  return flags;
}

// What the calendar and new plans do to tiers: members whose review is due are looked at again. A plan that
// was saved, replaced or taken back first makes every member due from its date on (shop_profile.tier_plans_from).
import { inShop, queryShop, type ShopId } from "../../db.server";
import { lockMembers } from "../ledger.server";
import { applyTiers } from "./apply-tier.server";
import { grantTierEntries } from "./grant-tier-entries.server";
import { learnQualifying } from "./learn-qualifying.server";
import { historyOf, readTierFacts, readTierShop } from "./tier-history.server";

const MEMBERS_PER_BATCH = 200;
const MEMBERS_PER_MARK = 1_000;

/** Everything of tiers that is due at `now`; late or repeated runs change nothing twice. */
export async function reviewTiers(
  shopId: ShopId,
  now: Date,
  signal?: AbortSignal,
): Promise<{ reviewed: number; changed: number; entries: number }> {
  await spreadPlanChange(shopId, signal);
  const total = { reviewed: 0, changed: 0, entries: 0 };
  let after = 0;
  for (;;) {
    signal?.throwIfAborted();
    const due = await queryShop<{ id: number }>(
      shopId,
      `SELECT id FROM member WHERE shop_id = $1 AND tier_review_at <= $2 AND id > $3 ORDER BY id LIMIT ${MEMBERS_PER_BATCH}`,
      [shopId, now, after],
    );
    const last = due.at(-1);
    if (!last) break;
    const ids = due.map(({ id }) => id);
    total.changed += await reviewMembers(shopId, ids, now);
    total.reviewed += ids.length;
    after = last.id;
  }
  total.entries = await grantTierEntries(shopId, now, signal);
  return total;
}

/** Looks at members' tiers again, whether or not that is due. @returns how many hold another one than before */
export async function reviewMembers(shopId: ShopId, memberIds: number[], now: Date): Promise<number> {
  return inShop(shopId, async (tx) => {
    const members = await lockMembers(tx, { ids: memberIds });
    const ids = members.map(({ id }) => id);
    const shop = await readTierShop(tx);
    const facts = await readTierFacts(tx, ids);
    const cases = ids.flatMap((memberId) => {
      const ofMember = facts.get(memberId);
      return ofMember ? [{ memberId, history: historyOf(ofMember, shop) }] : [];
    });
    return applyTiers(tx, cases, now);
  });
}

// Orders first: a review without them would take tiers away.
async function spreadPlanChange(shopId: ShopId, signal?: AbortSignal): Promise<void> {
  const [marked] = await queryShop<{ from: Date }>(
    shopId,
    'SELECT tier_plans_from AS "from" FROM shop_profile WHERE shop_id = $1 AND tier_plans_from IS NOT NULL',
    [shopId],
  );
  if (!marked) return;
  await learnQualifying(shopId, signal);
  for (let after = 0; ;) {
    signal?.throwIfAborted();
    const last = await inShop(shopId, async (tx) => {
      const { rows } = await tx.query<{ id: number }>(
        `SELECT id FROM member WHERE shop_id = $1 AND id > $2 AND status = 'active' ORDER BY id LIMIT ${MEMBERS_PER_MARK} FOR NO KEY UPDATE`,
        [shopId, after],
      );
      await tx.query(
        `UPDATE member SET tier_review_at = least(tier_review_at, $3) WHERE shop_id = $1 AND id = ANY ($2)
            AND (tier_review_at IS NULL OR tier_review_at > $3)`,
        [shopId, rows.map(({ id }) => id), marked.from],
      );
      return rows.at(-1)?.id;
    });
    if (last === undefined) break;
    after = last;
  }
  // Another plan saved meanwhile has an instant of its own, or the same one: then it begins anew.
  await inShop(shopId, (tx) =>
    tx.query("UPDATE shop_profile SET tier_plans_from = NULL WHERE shop_id = $1 AND tier_plans_from = $2", [
      shopId,
      marked.from,
    ]),
  );
}

// The merchant's hand on the catalogue. A redemption keeps a copy of the terms it was made with, so a change
// never touches what was bought already.
import type { z } from "zod";

import { inShop, type ShopId, type ShopTx } from "../../db.server";
import { readReward } from "./reward-rows.server";
import { isCodeKind, rewardDraftSchema, type Reward, type RewardDraft, type RewardStatus } from "./reward-terms";

export interface RewardProblem {
  /** "terms.valueMinor" */
  field: string;
  code: string;
}
/** What a merchant should look at twice; saved all the same. */
export type RewardWarning =
  | { code: "value_per_point"; minorPer100Points: number }
  /** Codes combine with other discounts of the same class. */
  | { code: "combines_with_everything" };
export type SaveRewardOutcome =
  | { outcome: "saved"; reward: Reward; warnings: RewardWarning[] }
  | { outcome: "invalid"; problems: RewardProblem[] }
  | { outcome: "unknown_reward" }
  /** Somebody else saved it meanwhile. */
  | { outcome: "changed_meanwhile" };

/** Makes or changes a reward. `revision`: the one the editor was opened with. */
export async function saveReward(
  shopId: ShopId,
  input: { id: number | null; draft: unknown; status: RewardStatus; revision?: number },
  actor: string,
  now: Date,
): Promise<SaveRewardOutcome> {
  const parsed = rewardDraftSchema.safeParse(input.draft);
  if (!parsed.success) return { outcome: "invalid", problems: parsed.error.issues.map(toProblem) };
  const problems = refuse(parsed.data, input.status);
  if (problems.length > 0) return { outcome: "invalid", problems };
  return inShop(shopId, async (tx) => {
    const id = input.id === null ? await insertReward(tx, parsed.data, input.status, actor, now) : input.id;
    if (input.id !== null) {
      const refusal = await updateReward(tx, { ...input, id }, parsed.data, actor, now);
      if (refusal) return refusal;
    }
    const reward = await readReward(tx, id);
    return reward ? { outcome: "saved", reward, warnings: warn(parsed.data) } : { outcome: "unknown_reward" };
  });
}

function toProblem(issue: z.core.$ZodIssue): RewardProblem {
  return { field: issue.path.join("."), code: issue.code };
}

// What the shapes alone do not say: what native discounts can do, and what a shopper needs to read.
function refuse({ points, terms, texts, stock }: RewardDraft, status: RewardStatus): RewardProblem[] {
  const problems: RewardProblem[] = [];
  const problem = (field: string, code: string) => void problems.push({ field, code });
  if (status === "active" && texts.title.en === "" && texts.title.ja === "") problem("texts.title", "title_missing");
  if (terms.from !== null && terms.until !== null && Date.parse(terms.from) >= Date.parse(terms.until))
    problem("terms.until", "ends_before_it_starts");
  if ("appliesTo" in terms && terms.appliesTo !== null) {
    const { productIds, variantIds, collectionIds, tags } = terms.appliesTo;
    if (tags.length > 0) problem("terms.appliesTo.tags", "tags_not_supported");
    if (collectionIds.length > 0 && productIds.length + variantIds.length > 0)
      problem("terms.appliesTo", "products_or_collections");
    if (productIds.length + variantIds.length + collectionIds.length === 0)
      problem("terms.appliesTo", "nothing_chosen");
  }
  if (terms.kind === "points_off") {
    if (points % terms.pointsPerStep !== 0) problem("points", "not_a_whole_step");
    if (terms.pointsMax !== null && terms.pointsMax < points) problem("terms.pointsMax", "below_the_least");
    if (terms.pointsMax !== null && terms.pointsMax % terms.pointsPerStep !== 0)
      problem("terms.pointsMax", "not_a_whole_step");
  }
  if (terms.kind === "voucher" && stock !== null) problem("stock", "counted_by_the_pool");
  return problems;
}

function warn({ points, terms }: RewardDraft): RewardWarning[] {
  const warnings: RewardWarning[] = [];
  const worth =
    terms.kind === "points_off"
      ? { minor: terms.minorPerStep, points: terms.pointsPerStep }
      : "valueMinor" in terms && terms.valueMinor !== null
        ? { minor: terms.valueMinor, points }
        : null;
  if (worth)
    warnings.push({
      code: "value_per_point",
      minorPer100Points: Number((BigInt(worth.minor) * 100n) / BigInt(worth.points)),
    });
  if (isCodeKind(terms.kind) && "combinesWith" in terms) {
    const { order, product, shipping } = terms.combinesWith;
    if (order && product && shipping) warnings.push({ code: "combines_with_everything" });
  }
  return warnings;
}

async function insertReward(
  tx: ShopTx,
  { points, terms, texts, picture, stock }: RewardDraft,
  status: RewardStatus,
  actor: string,
  now: Date,
): Promise<number> {
  const { rows } = await tx.query<{ id: number }>(
    `INSERT INTO reward (shop_id, kind, status, position, points, terms, texts, picture, stock, created_at, updated_at, actor)
     SELECT $1, $2, $3, coalesce(max(position) + 1, 0), $4, $5, $6, $7, $8, $9, $9, $10 FROM reward WHERE shop_id = $1
     RETURNING id`,
    [
      tx.shopId,
      terms.kind,
      status,
      points,
      JSON.stringify(terms),
      JSON.stringify(texts),
      picture === null ? null : JSON.stringify(picture),
      stock,
      now,
      actor,
    ],
  );
  const id = rows[0]?.id;
  if (id === undefined) throw new Error("a reward did not come back");
  return id;
}

async function updateReward(
  tx: ShopTx,
  input: { id: number; status: RewardStatus; revision?: number },
  { points, terms, texts, picture, stock }: RewardDraft,
  actor: string,
  now: Date,
): Promise<Exclude<SaveRewardOutcome, { outcome: "saved" }> | null> {
  const { rows } = await tx.query<{ kind: string; revision: number }>(
    "SELECT kind, revision FROM reward WHERE shop_id = $1 AND id = $2 FOR NO KEY UPDATE",
    [tx.shopId, input.id],
  );
  const current = rows[0];
  if (!current) return { outcome: "unknown_reward" };
  if (input.revision !== undefined && input.revision !== current.revision) return { outcome: "changed_meanwhile" };
  // A pool of vouchers does not become a discount: the kind stays.
  if (current.kind !== terms.kind)
    return { outcome: "invalid", problems: [{ field: "terms.kind", code: "kind_is_fixed" }] };
  await tx.query(
    `UPDATE reward SET status = $3, points = $4, terms = $5, texts = $6, picture = $7, stock = $8, revision = revision + 1, updated_at = $9, actor = $10
      WHERE shop_id = $1 AND id = $2`,
    [
      tx.shopId,
      input.id,
      input.status,
      points,
      JSON.stringify(terms),
      JSON.stringify(texts),
      picture === null ? null : JSON.stringify(picture),
      stock,
      now,
      actor,
    ],
  );
  return null;
}

/** Takes a reward out of the catalogue; what was bought stays valid. */
export async function archiveReward(
  shopId: ShopId,
  id: number,
  actor: string,
  now: Date,
): Promise<{ outcome: "archived" | "unknown_reward" }> {
  return inShop(shopId, async (tx) => {
    const { rowCount } = await tx.query(
      "UPDATE reward SET status = 'archived', revision = revision + 1, updated_at = $3, actor = $4 WHERE shop_id = $1 AND id = $2",
      [shopId, id, now, actor],
    );
    return { outcome: rowCount === 1 ? "archived" : "unknown_reward" };
  });
}

/** Puts rewards in the order of `ids`; those not named keep their places behind them. */
export async function reorderRewards(shopId: ShopId, ids: number[]): Promise<{ outcome: "reordered" }> {
  await inShop(shopId, (tx) =>
    tx.query(
      `UPDATE reward SET position = coalesce(placed.place, $3 + reward.position)
         FROM reward each LEFT JOIN unnest($2::bigint[]) WITH ORDINALITY AS placed (id, place) ON placed.id = each.id
        WHERE reward.shop_id = $1 AND each.shop_id = $1 AND each.id = reward.id`,
      [shopId, ids, ids.length + 1],
    ),
  );
  return { outcome: "reordered" };
}

const VOUCHERS_PER_CALL = 50_000;
const VOUCHER_LENGTH_MAX = 100;
export type AddVouchersOutcome =
  | { outcome: "added"; added: number; duplicates: number; left: number }
  | { outcome: "unknown_reward" }
  | { outcome: "too_many" }
  | { outcome: "too_long"; line: number };

/** Fills a voucher reward's pool: trimmed, without empty lines, each code once. */
export async function addVoucherCodes(
  shopId: ShopId,
  rewardId: number,
  codes: readonly string[],
  now: Date,
): Promise<AddVouchersOutcome> {
  const trimmed = codes.map((code) => code.trim()).filter((code) => code !== "");
  if (trimmed.length > VOUCHERS_PER_CALL) return { outcome: "too_many" };
  const long = trimmed.findIndex((code) => code.length > VOUCHER_LENGTH_MAX);
  if (long !== -1) return { outcome: "too_long", line: long + 1 };
  return inShop(shopId, async (tx) => {
    const reward = await readReward(tx, rewardId);
    if (reward?.terms.kind !== "voucher") return { outcome: "unknown_reward" };
    const { rowCount } = await tx.query(
      `INSERT INTO voucher_code (shop_id, reward_id, code, added_at) SELECT $1, $2, code, $4 FROM unnest($3::text[]) AS code
       ON CONFLICT (shop_id, reward_id, code) DO NOTHING`,
      [shopId, rewardId, [...new Set(trimmed)], now],
    );
    const added = rowCount ?? 0;
    const left = (await readReward(tx, rewardId))?.stock ?? 0;
    return { outcome: "added", added, duplicates: trimmed.length - added, left };
  });
}

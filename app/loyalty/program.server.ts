// The merchant's program: immutable versions, each in force from the moment it was saved.
import type { z } from "zod";

import { inShop, queryShop, type Queryable, type ShopId } from "../db.server";
import { defaultEarningRules, earningRulesSchema, type EarningRules } from "./earning-rules";
import { keepsPlansInForce, plansDifferFrom } from "./tiers/tier-plans";

export interface SavedProgram {
  /** 0: nothing was ever saved; `rules` are the defaults for this shop. */
  version: number;
  rules: EarningRules;
  effectiveFrom: Date | null;
}
export interface RuleProblem {
  /** "rate.perMinor" */
  field: string;
  /** zod's code (too_small, too_big, invalid_type …) or one of ours (tags_missing). */
  code: string;
}
export type SaveProgramOutcome =
  | { outcome: "saved"; version: number; isFirst: boolean }
  | { outcome: "unchanged"; version: number }
  | { outcome: "invalid"; problems: RuleProblem[] };

/**
 * Puts changed settings (any of the program's top-level keys, as they come from outside) over the newest
 * version and makes the result the next one, in force from `now`. Keys that are not named stay as they
 * are, so that pages which edit different parts do not undo each other.
 */
export async function saveProgram(
  shopId: ShopId,
  changes: unknown,
  actor: string,
  now: Date,
): Promise<SaveProgramOutcome> {
  if (typeof changes !== "object" || changes === null || Array.isArray(changes))
    return { outcome: "invalid", problems: [{ field: "", code: "invalid_type" }] };
  return amendProgram(shopId, () => changes, actor, now);
}

/** The same for a change that depends on what the newest version says. */
export async function amendProgram(
  shopId: ShopId,
  amend: (rules: EarningRules) => object,
  actor: string,
  now: Date,
): Promise<SaveProgramOutcome> {
  return inShop(shopId, async (tx) => {
    // The shop's profile row stands for the shop: two people saving at once get two versions, one after the other.
    await tx.query("SELECT FROM shop_profile WHERE shop_id = $1 FOR NO KEY UPDATE", [shopId]);
    const current = await readNewest(tx);
    const parsed = earningRulesSchema.safeParse({ ...current.rules, ...amend(current.rules) });
    if (!parsed.success) return { outcome: "invalid", problems: parsed.error.issues.map(toProblem) };
    if (!keepsPlansInForce(current.rules.tierPlans, parsed.data.tierPlans, now))
      return { outcome: "invalid", problems: [{ field: "tierPlans", code: "plan_in_force" }] };
    const { rows } = await tx.query<{ version: number }>(
      `INSERT INTO program_version (shop_id, version, rules, effective_from, created_at, actor)
       SELECT $1, $2::int + 1, $3::jsonb, $4, $4, $5
        WHERE NOT EXISTS (SELECT FROM program_version WHERE shop_id = $1 AND version = $2 AND rules = $3::jsonb)
       RETURNING version`,
      [shopId, current.version, JSON.stringify(parsed.data), now, actor],
    );
    const version = rows[0]?.version;
    if (version === undefined) return { outcome: "unchanged", version: current.version };
    await markPlanChange(tx, plansDifferFrom(current.rules.tierPlans, parsed.data.tierPlans));
    return { outcome: "saved", version, isFirst: version === 1 };
  });
}

// A review finds the mark and makes every member due from that instant on.
async function markPlanChange(tx: Queryable & { shopId: ShopId }, from: string | null): Promise<void> {
  if (from === null) return;
  await tx.query("UPDATE shop_profile SET tier_plans_from = least(tier_plans_from, $2) WHERE shop_id = $1", [
    tx.shopId,
    from,
  ]);
}

/** Which field is wrong, and how. */
export function toProblem(issue: z.core.$ZodIssue): RuleProblem {
  const own = issue.code === "custom" && typeof issue.params?.["code"] === "string" ? issue.params["code"] : issue.code;
  return { field: issue.path.join("."), code: own };
}

/** The newest program, or the shop's defaults while none was saved. */
export async function readProgram(shopId: ShopId): Promise<SavedProgram> {
  return readNewest({
    shopId,
    query: async (text, values) => ({ rows: await queryShop(shopId, text, values) }) as never,
  });
}

async function readNewest(tx: Queryable & { shopId: ShopId }): Promise<SavedProgram> {
  const { rows } = await tx.query<{
    currency: string | null;
    taxesIncluded: boolean | null;
    version: number | null;
    rules: unknown;
    effectiveFrom: Date | null;
  }>(
    `SELECT profile.currency, profile.taxes_included AS "taxesIncluded", latest.version, latest.rules, latest.effective_from AS "effectiveFrom"
       FROM (SELECT $1::int AS shop_id) shop
       LEFT JOIN shop_profile profile ON profile.shop_id = shop.shop_id
       LEFT JOIN LATERAL (SELECT version, rules, effective_from FROM program_version WHERE shop_id = $1 ORDER BY version DESC LIMIT 1) latest ON true`,
    [tx.shopId],
  );
  const row = rows[0];
  if (row?.version)
    return { version: row.version, rules: earningRulesSchema.parse(row.rules), effectiveFrom: row.effectiveFrom };
  const defaults = defaultEarningRules({
    currency: row?.currency ?? "USD",
    taxesIncluded: row?.taxesIncluded ?? false,
  });
  return { version: 0, rules: defaults, effectiveFrom: null };
}

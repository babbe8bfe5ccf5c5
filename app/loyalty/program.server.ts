// The merchant's program: immutable versions, each in force from the moment it was saved.
import type { z } from "zod";

import { inShop, queryShop, type ShopId } from "../db.server";
import { defaultEarningRules, earningRulesSchema, type EarningRules } from "./earning-rules";

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

/** Validates rules as they come from outside and makes them the next version, in force from `now`. */
export async function saveProgram(
  shopId: ShopId,
  rules: unknown,
  actor: string,
  now: Date,
): Promise<SaveProgramOutcome> {
  const parsed = earningRulesSchema.safeParse(rules);
  if (!parsed.success) return { outcome: "invalid", problems: parsed.error.issues.map(toProblem) };
  return inShop(shopId, async (tx) => {
    // Two people saving at once get two versions, one after the other.
    for (let round = 0; round < 20; round++) {
      const { rows: latest } = await tx.query<{ version: number; isSame: boolean }>(
        `SELECT version, rules = $2::jsonb AS "isSame" FROM program_version WHERE shop_id = $1 ORDER BY version DESC LIMIT 1`,
        [shopId, JSON.stringify(parsed.data)],
      );
      const current = latest[0];
      if (current?.isSame) return { outcome: "unchanged", version: current.version };
      const version = (current?.version ?? 0) + 1;
      const { rowCount } = await tx.query(
        `INSERT INTO program_version (shop_id, version, rules, effective_from, created_at, actor) VALUES ($1, $2, $3, $4, $4, $5)
         ON CONFLICT (shop_id, version) DO NOTHING`,
        [shopId, version, JSON.stringify(parsed.data), now, actor],
      );
      if (rowCount === 1) return { outcome: "saved", version, isFirst: version === 1 };
    }
    throw new Error("the next program version could not be taken");
  });
}

function toProblem(issue: z.core.$ZodIssue): RuleProblem {
  const own = issue.code === "custom" && typeof issue.params?.["code"] === "string" ? issue.params["code"] : issue.code;
  return { field: issue.path.join("."), code: own };
}

/** The newest program, or the shop's defaults while none was saved. */
export async function readProgram(shopId: ShopId): Promise<SavedProgram> {
  const [row] = await queryShop<{
    currency: string | null;
    taxesIncluded: boolean | null;
    version: number | null;
    rules: unknown;
    effectiveFrom: Date | null;
  }>(
    shopId,
    `SELECT profile.currency, profile.taxes_included AS "taxesIncluded", latest.version, latest.rules, latest.effective_from AS "effectiveFrom"
       FROM (SELECT $1::int AS shop_id) shop
       LEFT JOIN shop_profile profile ON profile.shop_id = shop.shop_id
       LEFT JOIN LATERAL (SELECT version, rules, effective_from FROM program_version WHERE shop_id = $1 ORDER BY version DESC LIMIT 1) latest ON true`,
    [shopId],
  );
  if (row?.version)
    return { version: row.version, rules: earningRulesSchema.parse(row.rules), effectiveFrom: row.effectiveFrom };
  const defaults = defaultEarningRules({
    currency: row?.currency ?? "USD",
    taxesIncluded: row?.taxesIncluded ?? false,
  });
  return { version: 0, rules: defaults, effectiveFrom: null };
}

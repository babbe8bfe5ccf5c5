// Which rules were in force when. Versions are immutable, so their parsed rules are kept in memory.
import type { Queryable, ShopId } from "../db.server";
import type { Instant } from "../shopify/order-facts";
import { earningRulesSchema, type EarningRules } from "./earning-rules";

export interface VersionInForce {
  version: number;
  rules: EarningRules;
}
/** One row of the short list of versions: [version, effective_from]. */
export type VersionStamp = [version: number, effectiveFrom: string];
/** SQL for that list as one JSON value; the shop is `$1`. */
export const VERSION_STAMPS = `(SELECT coalesce(jsonb_agg(jsonb_build_array(version, effective_from) ORDER BY version), '[]')
  FROM program_version WHERE shop_id = $1)`;

const CACHED_MAX = 2_000;
const cache = new Map<string, EarningRules>();

/** Rules of one version, from memory or from the database. @throws when the version does not exist or no longer parses */
export async function rulesOfVersion(
  tx: Queryable & { shopId: ShopId },
  [version, effectiveFrom]: VersionStamp,
): Promise<EarningRules> {
  const key = `${tx.shopId}/${version}/${effectiveFrom}`;
  const known = cache.get(key);
  if (known) return known;
  const { rows } = await tx.query<{ rules: unknown }>(
    "SELECT rules FROM program_version WHERE shop_id = $1 AND version = $2",
    [tx.shopId, version],
  );
  const rules = earningRulesSchema.parse(rows[0]?.rules);
  if (cache.size >= CACHED_MAX) cache.delete(cache.keys().next().value ?? key);
  cache.set(key, rules);
  return rules;
}

/** The version in force at an instant: the latest that had taken effect, else the earliest. null: none was ever saved. */
export function versionAt(stamps: readonly VersionStamp[], at: Instant): VersionStamp | null {
  const inForce = stamps.filter(([, from]) => Date.parse(from) <= Date.parse(at));
  return inForce.at(-1) ?? stamps[0] ?? null;
}

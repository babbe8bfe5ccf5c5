// A campaign's budget: once its orders earn so much, the next program version has the campaign switched off.
// Rules stay a pure function of the version, so orders that are processed between the last look and that version
// still earn: a budget may be overshot by what a quarter of an hour brings. What was granted stays granted, and a
// refund does not switch the campaign on again.
import { queryShop, type ShopId } from "../../db.server";
import { amendProgram, readProgram } from "../program.server";
import { campaignRuleOf } from "./campaign-rule";

/** Switches off every campaign that has granted its budget. A repeated call finds nothing. @returns their ids */
export async function closeSpentCampaigns(shopId: ShopId, now: Date): Promise<{ closed: string[] }> {
  const { version, rules } = await readProgram(shopId);
  const limited = rules.campaigns.filter(
    ({ enabled, caps, from, until }) =>
      enabled && caps.budget !== null && Date.parse(from) <= now.getTime() && now.getTime() < Date.parse(until),
  );
  if (version === 0 || limited.length === 0) return { closed: [] };
  const granted = await readGranted(
    shopId,
    limited.map(({ id }) => id),
  );
  const spent = new Set(
    limited.filter(({ id, caps }) => (granted.get(id) ?? 0) >= (caps.budget ?? 0)).map(({ id }) => id),
  );
  if (spent.size === 0) return { closed: [] };
  await amendProgram(
    shopId,
    (newest) => ({
      campaigns: newest.campaigns.map((campaign) =>
        spent.has(campaign.id) ? { ...campaign, enabled: false } : campaign,
      ),
    }),
    "system",
    now,
  );
  return { closed: [...spent] };
}

/** What campaigns have granted so far, less what refunds took back, by campaign. */
export async function readGranted(shopId: ShopId, campaignIds: readonly string[]): Promise<Map<string, number>> {
  const rows = await queryShop<{ rule: string; points: number }>(
    shopId,
    `SELECT rule, coalesce(sum(target), 0)::bigint AS points FROM order_earning WHERE shop_id = $1 AND rule = ANY ($2) GROUP BY 1`,
    [shopId, campaignIds.map(campaignRuleOf)],
  );
  const granted = new Map(rows.map(({ rule, points }) => [rule, points]));
  return new Map(campaignIds.map((id) => [id, granted.get(campaignRuleOf(id)) ?? 0]));
}

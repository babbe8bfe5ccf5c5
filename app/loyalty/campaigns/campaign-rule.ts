// One campaign and one order: whether it is meant, and what it gives. Pure.
import type { Instant, OrderFacts } from "../../shopify/order-facts";
import type { EarningContext, JudgedOrder, RuleAnswer } from "../earning-rules";
import { bonusAnswer, isStillPurchase, keptBonus } from "../fixed-bonus";
import { hasTag, isInScope, type KeptAmounts } from "../kept-amounts";
import { extraPoints, grossBase, keptBase } from "../plain-rate";
import type { Campaign } from "../program-parts";
import type { ReasonParams } from "../reasons";
import { rankOf } from "../ways/order-ways";

/** The rule's name in the ledger. */
export function campaignRuleOf(campaignId: string): `campaign:${string}` {
  return `campaign:${campaignId}`;
}

/** Whether an order processed at an instant lies in the campaign's window; the end is the first instant outside. */
export function isInWindow({ from, until }: Pick<Campaign, "from" | "until">, processedAt: Instant): boolean {
  const at = Date.parse(processedAt);
  return Date.parse(from) <= at && at < Date.parse(until);
}

/** Whether the campaign is meant for this order and this member, whatever is in the order. */
export function isMeant({ audience, ...campaign }: Campaign, facts: OrderFacts, context: EarningContext): boolean {
  const { tierIds, tags, channels, orders } = audience;
  const tierId = context.tier?.id;
  const isFirst = rankOf(context) === 1;
  return (
    campaign.enabled &&
    isInWindow(campaign, facts.processedAt) &&
    (tierIds.length === 0 || (tierId !== undefined && tierIds.includes(tierId))) &&
    (tags.length === 0 || tags.some((tag) => hasTag(context.member?.tags ?? [], tag))) &&
    (channels.length === 0 || channels.includes(facts.channel)) &&
    (orders === "any" || (orders === "first") === isFirst)
  );
}

/** What the campaign gives for the order, within its caps. */
export function campaignRule(campaign: Campaign, order: JudgedOrder): RuleAnswer {
  const uncapped = effectPoints(campaign, order);
  const { perOrder, perMember } = campaign.caps;
  const before = order.context.campaignPointsBefore?.[campaign.id] ?? 0;
  const left = perMember === null ? Infinity : Math.max(0, perMember - before);
  const most = Math.min(perOrder ?? Infinity, left);
  const gross = Math.min(uncapped.gross, most);
  const target = Math.min(uncapped.target, most);
  const cap: ReasonParams =
    target < uncapped.target
      ? left < (perOrder ?? Infinity)
        ? { cappedBy: "member", cap: perMember ?? 0 }
        : { cappedBy: "order", cap: perOrder ?? 0 }
      : {};
  const { effect, name, id: campaignId } = campaign;
  return bonusAnswer(
    order,
    campaignRuleOf(campaignId),
    { gross, target },
    {
      code: effect.kind === "multiplier" ? "campaign_extra" : "campaign_bonus",
      params: {
        name,
        campaignId,
        ...(effect.kind === "multiplier" ? { multiplierPercent: effect.percent } : {}),
        ...cap,
      },
    },
  );
}

function effectPoints({ effect, products }: Campaign, order: JudgedOrder): { gross: number; target: number } {
  const grossMinor = grossBase(order) > 0 ? partOf(order.gross, products) : 0;
  const keptMinor = keptBase(order) > 0 ? partOf(order.now, products) : 0;
  if (effect.kind === "bonus")
    return keptBonus(effect.points, effect.onRefund, {
      grossMinor,
      keptMinor: isStillPurchase(order) ? keptMinor : 0,
    });
  return {
    gross: extraPoints(order, grossMinor, effect.percent),
    target: extraPoints(order, keptMinor, effect.percent),
  };
}

// A campaign for everything counts what the order rule counts, shipping included; one for chosen products their lines.
function partOf({ baseMinor, lines }: KeptAmounts, products: Campaign["products"]): number {
  const isForAll =
    products.include === null && Object.values(products.exclude).every((list: string[]) => list.length === 0);
  if (isForAll) return baseMinor;
  return lines.filter(({ line }) => isInScope(line, products)).reduce((sum, { countedMinor }) => sum + countedMinor, 0);
}

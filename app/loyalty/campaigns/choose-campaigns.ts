// Which campaigns apply to an order. The order of precedence, as the editor shows it:
//
// 1. The tier's extra always adds.
// 2. Every campaign that "adds" adds.
// 3. Of the campaigns of which the best applies, exactly one does: the highest priority; of equal ones the one
//    that gives this order the most points; of equal ones the smallest id.
//
// Points for the choice are those of the order as placed and edited, within the campaign's caps: a refund takes
// points back, it never swaps one campaign for another. A campaign that gives nothing (no product of its own, a
// cap used up) stands in nobody's way. Extras are on the plain rate and are never multiplied with each other. Pure.
import type { JudgedOrder, RuleAnswer } from "../earning-rules";
import type { Campaign } from "../program-parts";
import { campaignRule, isMeant } from "./campaign-rule";

/** The rows of the campaigns that apply, in the program's order. */
export function chosenCampaigns(order: JudgedOrder): RuleAnswer[] {
  const candidates = order.rules.campaigns
    .filter((campaign) => isMeant(campaign, order.facts, order.context))
    .map((campaign) => ({ campaign, answer: campaignRule(campaign, order) }))
    .filter(({ answer }) => answer.gross > 0 || answer.target > 0);
  const best = candidates.filter(({ campaign }) => campaign.stacking === "best").sort(byPrecedence)[0];
  return candidates.filter((each) => each.campaign.stacking === "adds" || each === best).map(({ answer }) => answer);
}

interface Candidate {
  campaign: Campaign;
  answer: RuleAnswer;
}
function byPrecedence(a: Candidate, b: Candidate): number {
  return (
    b.campaign.priority - a.campaign.priority ||
    b.answer.gross - a.answer.gross ||
    (a.campaign.id < b.campaign.id ? -1 : a.campaign.id > b.campaign.id ? 1 : 0)
  );
}

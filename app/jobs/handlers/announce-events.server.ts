import { announceEvents, type Describe } from "../../journeys/announce-events.server";
import type { LocalizedText } from "../../loyalty/program-parts";
import { readProgram } from "../../loyalty/program.server";
import type { JobData } from "../catalog";
import type { JobContext } from "../handlers.server";
import { nudgeWork } from "../nudge";

/** What happened to members becomes messages; what is due at once leaves at once. */
export async function announce(
  { shopId }: JobData<"announce-events">,
  { now, signal }: JobContext,
): Promise<{ announced: number; queued: number }> {
  const outcome = await announceEvents(shopId, await tierDescriber(shopId), now, signal);
  if (outcome.queued > 0) nudgeWork(shopId, ["mail"]);
  return outcome;
}

// Loyalty knows the tiers, journeys know the words: they meet here.
async function tierDescriber(shopId: number): Promise<Describe> {
  const { rules } = await readProgram(shopId);
  // Plans come in the order of their dates; the newest name of a tier stands.
  const tiers = new Map<string, { name: LocalizedText; threshold: number }>();
  for (const plan of rules.tierPlans) for (const tier of plan.tiers) tiers.set(tier.id, tier);
  const rank = (id: unknown) => (typeof id === "string" ? (tiers.get(id)?.threshold ?? 0) : -1);
  return (kind, params) => {
    if (kind !== "tier_changed") return params;
    const { fromTierId, toTierId } = params;
    const tier = typeof toTierId === "string" ? tiers.get(toTierId) : undefined;
    return { ...params, tier: tier?.name ?? null, isUp: rank(toTierId) > rank(fromTierId) };
  };
}

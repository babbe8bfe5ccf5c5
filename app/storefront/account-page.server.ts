// GET /account-api/account: all the account extension shows of one customer, in one round trip.
import type { ShopId } from "../db.server";
import type { EarningRules } from "../loyalty/earning-rules";
import { formatMinor, proportion } from "../loyalty/money";
import { readProgram } from "../loyalty/program.server";
import { textIn } from "../loyalty/program-parts";
import { listRewards } from "../loyalty/rewards/list-rewards.server";
import type { Reward } from "../loyalty/rewards/reward-terms";
import type { TierProgress } from "../loyalty/shopper-balance.server";
import { planAt } from "../loyalty/tiers/tier-timeline";
import { whyNotTakingPart } from "../loyalty/ways/taking-part";
import { toGid } from "../shopify/gid";
import { readShopProfile } from "../shops/read-shop-profile.server";
import type { AccountAnswer, AccountNextTier, AccountReward, AccountTier } from "./account-answers";
import type { localeOf } from "./door";
import { readHistoryPage } from "./history-page.server";
import { readPanel } from "./panel.server";

const HISTORY_LINES = 5;

type Locale = ReturnType<typeof localeOf>;
type Panel = Awaited<ReturnType<typeof readPanel>>;

/** Reads the account of the token's customer; one we have not met has nothing yet. */
export async function readAccount(
  shopId: ShopId,
  customerId: string,
  locale: Locale,
  now: Date,
): Promise<AccountAnswer> {
  const [panel, { rules, version }, rewards, profile, history] = await Promise.all([
    readPanel(shopId, customerId, now),
    readProgram(shopId),
    listRewards(shopId, { forShoppers: true }),
    readShopProfile(shopId),
    readHistoryPage(shopId, customerId, new URLSearchParams({ locale })),
  ]);
  const { available, pending, debt, nextExpiry } = panel.balance;
  const currency = profile?.currency ?? "USD";
  const isOpen = version > 0 && isOpenTo(rules, toGid("Customer", customerId), now);
  return {
    outcome: "found",
    isOpen,
    timeZone: profile?.timeZone ?? "UTC",
    available,
    pending,
    debt,
    worth: worthOf(rewards, available, currency, locale),
    nextExpiry: nextExpiry && { points: nextExpiry.points, on: nextExpiry.expiresAt.toISOString() },
    join: panel.joined || !isOpen || rules.participation.who === "tagged" ? null : { points: joinPoints(rules) },
    tier: toTier(rules, panel, { currency, locale, now }),
    history: history.outcome === "found" ? history.entries.slice(0, HISTORY_LINES) : [],
    rewards: isOpen ? toRewards(rewards, panel, locale) : [],
    redemptions: panel.redemptions.map(({ id, title, points, status, code, expiresAt }) => ({
      id,
      title: textIn(title, locale),
      points,
      status,
      code,
      expiresAt,
    })),
  };
}

// Whether there is a program to speak of; what depends on tags or on joining is each door's own answer.
function isOpenTo(rules: EarningRules, customerGid: string, now: Date): boolean {
  const why = whyNotTakingPart(rules, { customerGid, tags: [], joinedAt: now }, now);
  return why !== "program_paused" && why !== "not_started" && why !== "preview_only";
}

function joinPoints({ ways }: EarningRules): number {
  return ways.find(({ kind, enabled }) => kind === "join" && enabled)?.points ?? 0;
}

// Only what turns any number of points into money says what a balance is worth.
function worthOf(rewards: Reward[], available: number, currency: string, locale: Locale): string | null {
  const terms = rewards.map((reward) => reward.terms).find(({ kind }) => kind === "points_off");
  if (terms?.kind !== "points_off" || available === 0) return null;
  const minor = proportion(available, terms.minorPerStep, terms.pointsPerStep, "down");
  return minor === 0 ? null : formatMinor(minor, currency, locale);
}

function toTier(
  { tierPlans }: EarningRules,
  { tier, progress }: Panel,
  shown: { currency: string; locale: Locale; now: Date },
): AccountTier | null {
  const plan = planAt(tierPlans, shown.now.toISOString());
  if (!plan?.enabled || plan.tiers.length === 0) return null;
  const nameOf = (id: string | null) => {
    const found = plan.tiers.find((each) => each.id === id);
    return found ? textIn(found.name, shown.locale) : null;
  };
  const nextName = nameOf(progress?.nextTierId ?? null);
  return {
    name: nameOf(tier?.id ?? null),
    until: tier?.until?.toISOString() ?? null,
    next: progress === null || nextName === null ? null : toNextTier(progress, nextName, shown),
  };
}

function toNextTier(
  { metric, current, nextThreshold, periodEnd }: TierProgress,
  name: string,
  { currency, locale }: { currency: string; locale: Locale },
): AccountNextTier {
  const threshold = nextThreshold ?? current;
  const missing = Math.max(0, threshold - current);
  const left =
    metric === "spend" ? formatMinor(missing, currency, locale) : new Intl.NumberFormat(locale).format(missing);
  return { name, metric, current, threshold, left, periodEnd };
}

// A percentage with a cap is worked out from a cart, and there is none in the account.
function toRewards(rewards: Reward[], panel: Panel, locale: Locale): AccountReward[] {
  const { available } = panel.balance;
  return rewards.flatMap(({ id, points, terms, texts }) => {
    const offer = panel.rewards.find((each) => each.id === id);
    const needsCart = terms.kind === "percentage_off" && terms.capMinor !== null;
    if (!offer || needsCart || offer.availability === "not_open") return [];
    const most = terms.kind === "points_off" ? Math.min(available, terms.pointsMax ?? available) : 0;
    return {
      id,
      title: textIn(texts.title, locale),
      points,
      availability: offer.availability,
      missing: offer.missing,
      choose:
        terms.kind === "points_off"
          ? { step: terms.pointsPerStep, max: Math.max(points, most - (most % terms.pointsPerStep)) }
          : null,
    };
  });
}

// What a plan and its steps say in words.
import { useTranslation } from "react-i18next";

import { textIn, type Tier, type TierPlan } from "../../loyalty/program-parts";
import { useFormat } from "../use-format";
import { showTimes } from "./tier-draft";

/** Sentences about tiers in the reader's language. */
export function useTierTexts() {
  const { t } = useTranslation();
  const format = useFormat();
  const amount = (metric: TierPlan["metric"], value: number): string => {
    if (metric === "spend") return format.money(value);
    return metric === "points" ? t("common.points", { count: value }) : t("tiers.card.orders", { count: value });
  };
  return {
    amount,
    name: (tier: Pick<Tier, "id" | "name"> | null | undefined): string =>
      tier ? textIn(tier.name, format.locale) || tier.id : t("tiers.none"),
    /** "From ¥30,000", "From 5 orders", "From the start" */
    threshold(metric: TierPlan["metric"], { threshold }: Tier): string {
      if (threshold === 0) return t("tiers.ladder.everyone");
      if (metric === "orders") return t("tiers.ladder.from_orders", { count: threshold });
      return t("tiers.ladder.from", { amount: amount(metric, threshold) });
    },
    /** What the step gives, in a few words each. */
    gives: ({ multiplierPercent, entryPoints, perks }: Tier): string[] => [
      ...(multiplierPercent > 100 ? [t("tiers.ladder.earns", { times: showTimes(multiplierPercent) })] : []),
      ...(entryPoints === null ? [] : [t("tiers.ladder.entry", { count: entryPoints })]),
      ...perks.map((perk) => textIn(perk, format.locale)),
    ],
    /** How members rise and fall, a sentence each. */
    rules: ({ metric, window, graceDays, grandfather }: TierPlan): string[] => [
      t(`tiers.rule.${metric}`),
      windowText(window),
      ...(graceDays > 0 ? [t("tiers.rule.grace", { count: graceDays })] : []),
      ...(grandfather ? [t("tiers.rule.grandfather")] : []),
    ],
    month,
  };

  function month(number: number): string {
    return new Intl.DateTimeFormat(format.locale, { month: "long", timeZone: "UTC" }).format(
      Date.UTC(2000, number - 1),
    );
  }
  function windowText(window: TierPlan["window"]): string {
    if (window.kind === "lifetime") return t("tiers.rule.lifetime");
    if (window.kind === "rolling_months") return t("tiers.rule.rolling_months", { count: window.months });
    return t("tiers.rule.calendar_year", { month: month(window.startMonth) });
  }
}

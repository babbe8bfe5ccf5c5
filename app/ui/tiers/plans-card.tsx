// What was, what is and what is to come.
import { Badge, BlockStack, Button, Card, InlineStack, Text, type BadgeProps } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import type { TierPlan } from "../../loyalty/program-parts";
import { TimeText } from "../time-text";
import { useFormat } from "../use-format";
import { useTierTexts } from "./tier-texts";

interface PlansCardProps {
  plans: TierPlan[];
  now: string;
  busy: boolean;
  onEdit(plan: TierPlan): void;
  onTakeBack(plan: TierPlan): void;
}
type PlanState = "coming" | "now" | "past";
const TONES: Record<PlanState, BadgeProps["tone"]> = { coming: "info", now: "success", past: undefined };

/** Newest first; only what has not begun can still be changed. */
export function PlansCard({ plans, now, busy, onEdit, onTakeBack }: PlansCardProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const texts = useTierTexts();
  const begun = plans.filter(({ effectiveAt }) => Date.parse(effectiveAt) <= Date.parse(now));
  const stateOf = (plan: TierPlan): PlanState =>
    !begun.includes(plan) ? "coming" : plan === begun.at(-1) ? "now" : "past";
  return (
    <Card>
      <BlockStack gap="200">
        <Text as="h2" variant="headingMd">
          {t("tiers.plans.title")}
        </Text>
        <ul className="kz-rows">
          {plans.toReversed().map((plan) => {
            const state = stateOf(plan);
            const date = format.dateTime(plan.effectiveAt);
            return (
              <li key={plan.effectiveAt}>
                <BlockStack gap="100">
                  <InlineStack gap="200" blockAlign="center">
                    <Badge tone={TONES[state]}>{t(`tiers.plans.${state}`)}</Badge>
                    <Text as="span">
                      <TimeText at={plan.effectiveAt} />
                    </Text>
                  </InlineStack>
                  <Text as="p" variant="bodySm" tone="subdued">
                    {plan.enabled ? plan.tiers.map((tier) => texts.name(tier)).join(" / ") : t("tiers.plans.off")}
                  </Text>
                </BlockStack>
                {state === "coming" ? (
                  <div className="kz-nowrap">
                    <InlineStack gap="200" wrap={false}>
                      <Button onClick={() => onEdit(plan)} accessibilityLabel={t("tiers.plans.edit_label", { date })}>
                        {t("common.edit")}
                      </Button>
                      <Button
                        variant="tertiary"
                        disabled={busy}
                        onClick={() => onTakeBack(plan)}
                        accessibilityLabel={t("tiers.plans.take_back_label", { date })}
                      >
                        {t("tiers.plans.take_back")}
                      </Button>
                    </InlineStack>
                  </div>
                ) : null}
              </li>
            );
          })}
        </ul>
      </BlockStack>
    </Card>
  );
}

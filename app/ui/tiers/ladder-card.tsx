// The ladder as it stands: every step, what it asks and gives, and how many stand on it.
import { BlockStack, Card, InlineStack, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import type { Tier, TierPlan } from "../../loyalty/program-parts";
import { useTierTexts } from "./tier-texts";

interface LadderCardProps {
  plan: TierPlan;
  /** Members by tier id; "" without one. */
  heads: Record<string, number>;
  members: number;
}

/** Highest step first, each with a bar of its share of all members. */
export function LadderCard({ plan, heads, members }: LadderCardProps) {
  const { t } = useTranslation();
  const texts = useTierTexts();
  const known = plan.enabled ? plan.tiers.reduce((sum, { id }) => sum + (heads[id] ?? 0), 0) : 0;
  return (
    <Card>
      <BlockStack gap="400">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            {t("tiers.ladder.title")}
          </Text>
          {plan.enabled ? (
            texts.rules(plan).map((sentence) => (
              <Text key={sentence} as="p" variant="bodySm" tone="subdued">
                {sentence}
              </Text>
            ))
          ) : (
            <Text as="p">{t("tiers.ladder.off")}</Text>
          )}
        </BlockStack>
        {plan.enabled ? (
          <ul className="kz-rows">
            {plan.tiers.toReversed().map((tier) => (
              <Step key={tier.id} tier={tier} metric={plan.metric} count={heads[tier.id] ?? 0} members={members} />
            ))}
          </ul>
        ) : null}
        {plan.enabled && members > known ? (
          <Text as="p" variant="bodySm" tone="subdued">
            {t("tiers.ladder.without", { count: members - known })}
          </Text>
        ) : null}
      </BlockStack>
    </Card>
  );
}

interface StepProps {
  tier: Tier;
  metric: TierPlan["metric"];
  count: number;
  members: number;
}
function Step({ tier, metric, count, members }: StepProps) {
  const { t } = useTranslation();
  const texts = useTierTexts();
  return (
    <li>
      <div className="kz-grow">
        <BlockStack gap="100">
          <InlineStack gap="200" blockAlign="center">
            <InlineStack gap="200" blockAlign="center" wrap={false}>
              <TierDot color={tier.color} />
              <Text as="h3" variant="headingSm" breakWord>
                {texts.name(tier)}
              </Text>
            </InlineStack>
            <Text as="span" tone="subdued">
              {texts.threshold(metric, tier)}
            </Text>
          </InlineStack>
          {texts.gives(tier).map((line) => (
            <Text key={line} as="p" variant="bodySm">
              {line}
            </Text>
          ))}
          <div className="kz-share" aria-hidden>
            <span style={{ width: `${members === 0 ? 0 : Math.round((count * 100) / members)}%` }} />
          </div>
        </BlockStack>
      </div>
      <span className="kz-heads">
        <Text as="span" variant="headingMd" numeric>
          {t("tiers.ladder.members", { count })}
        </Text>
      </span>
    </li>
  );
}

/** The colour a shop gave a step; its name always stands beside it. */
export function TierDot({ color }: { color: string | null }) {
  return <span className="kz-tier-dot" style={color ? { background: color } : undefined} aria-hidden />;
}

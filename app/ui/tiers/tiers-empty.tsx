// A shop without tiers is shown a ladder it could have.
import { BlockStack, Button, Card, InlineStack, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { useShopFacts } from "../shop-facts";
import { TierDot } from "./ladder-card";
import { readPlan, type PlanDraft } from "./tier-draft";
import { useTierTexts } from "./tier-texts";

/** The suggestion, and the one way on: into the form with it. */
export function TiersEmpty({ draft, onStart }: { draft: PlanDraft; onStart(): void }) {
  const { t } = useTranslation();
  const { currency, timeZone } = useShopFacts();
  const texts = useTierTexts();
  const read = readPlan(draft, { currency, timeZone });
  const tiers = "value" in read ? read.value.plan.tiers : [];
  return (
    <Card>
      <BlockStack gap="400">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            {t("tiers.empty.title")}
          </Text>
          <Text as="p" tone="subdued">
            {t("tiers.empty.body")}
          </Text>
        </BlockStack>
        <ul className="kz-rows">
          {tiers.toReversed().map((tier) => (
            <li key={tier.id}>
              <InlineStack gap="200" blockAlign="center">
                <TierDot color={tier.color} />
                <Text as="span" variant="headingSm">
                  {texts.name(tier)}
                </Text>
                <Text as="span" tone="subdued">
                  {texts.threshold(draft.metric, tier)}
                </Text>
              </InlineStack>
              <Text as="span" tone="subdued">
                {texts.gives(tier).join(" / ")}
              </Text>
            </li>
          ))}
        </ul>
        <div>
          <Button variant="primary" onClick={onStart}>
            {t("tiers.empty.action")}
          </Button>
        </div>
      </BlockStack>
    </Card>
  );
}

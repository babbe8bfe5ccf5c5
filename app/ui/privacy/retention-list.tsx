import { BlockStack, Card, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import type { RetainedKind, RetentionRule } from "../../privacy/retention";
import { Fact } from "../fact";

/** How long what is kept, as the job that ends it has it. */
export function RetentionList({ periods }: { periods: ({ kind: RetainedKind } & RetentionRule)[] }) {
  const { t } = useTranslation();
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t("privacy.retention.title")}
        </Text>
        <Text as="p" tone="subdued">
          {t("privacy.retention.lead")}
        </Text>
        <dl className="kz-facts">
          {periods.map(({ kind, days }) => (
            <Fact key={kind} name={t(`privacy.retention.kinds.${kind}`)}>
              {t("privacy.retention.days", { count: days })}
            </Fact>
          ))}
        </dl>
      </BlockStack>
    </Card>
  );
}

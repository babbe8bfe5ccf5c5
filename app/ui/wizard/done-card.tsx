// The program is live: what is left is to show it.
import { Banner, BlockStack, Button, Card, InlineGrid, InlineStack, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

const PLACES = ["launcher", "panel", "product"] as const;
export type Place = (typeof PLACES)[number];

/** Links into the theme editor, one per place. */
export function DoneCard({ links }: { links: Record<Place, string> }) {
  const { t } = useTranslation();
  return (
    <BlockStack gap="400">
      <Banner tone="success" title={t("wizard.done.title")}>
        <p>{t("wizard.done.body")}</p>
      </Banner>
      <Card>
        <BlockStack gap="400">
          <Text as="h2" variant="headingMd">
            {t("wizard.done.blocks")}
          </Text>
          {PLACES.map((place) => (
            <InlineGrid key={place} columns={{ xs: "1fr", sm: "1fr auto" }} alignItems="center" gap="300">
              <BlockStack gap="050">
                <Text as="h3" variant="headingSm">
                  {t(`wizard.done.${place}`)}
                </Text>
                <Text as="p" tone="subdued">
                  {t(`wizard.done.${place}_help`)}
                </Text>
              </BlockStack>
              <div>
                <Button
                  url={links[place]}
                  target="_top"
                  accessibilityLabel={`${t("wizard.done.open")}: ${t(`wizard.done.${place}`)}`}
                >
                  {t("wizard.done.open")}
                </Button>
              </div>
            </InlineGrid>
          ))}
          <InlineStack gap="200">
            <Button url="/app/rewards">{t("wizard.done.rewards")}</Button>
            <Button url="/app">{t("wizard.done.home")}</Button>
          </InlineStack>
        </BlockStack>
      </Card>
    </BlockStack>
  );
}

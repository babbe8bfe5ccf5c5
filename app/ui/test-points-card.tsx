// Points that test orders earned: how many, and one click that takes them back.
import { BlockStack, Button, Card, InlineStack, Modal, Text } from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";

interface TestPointsCardProps {
  orders: number;
  points: number;
  busy: boolean;
  onRemove(): void;
}

/** The card, and the question before anything is lost. */
export function TestPointsCard({ orders, points, busy, onRemove }: TestPointsCardProps) {
  const { t } = useTranslation();
  const [isAsking, setAsking] = useState(false);
  const held = t("common.points", { count: points });
  const close = () => setAsking(false);
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="p">{t("settings.test.held", { count: orders, points: held })}</Text>
        <InlineStack>
          <Button tone="critical" loading={busy} onClick={() => setAsking(true)}>
            {t("settings.test.remove")}
          </Button>
        </InlineStack>
      </BlockStack>
      <Modal
        open={isAsking}
        onClose={close}
        title={t("settings.test.ask")}
        primaryAction={{
          content: t("settings.test.remove"),
          destructive: true,
          onAction: () => {
            close();
            onRemove();
          },
        }}
        secondaryActions={[{ content: t("common.cancel"), onAction: close }]}
      >
        <Modal.Section>
          <Text as="p">{t("settings.test.lost", { count: orders, points: held })}</Text>
        </Modal.Section>
      </Modal>
    </Card>
  );
}

// A rejection needs a reason of the list; none is about stars or opinion.
import { BlockStack, ChoiceList, Modal, Text } from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { REJECT_REASONS, type RejectReason } from "../../../reviews/review-content";

interface RejectModalProps {
  /** How many reviews; 0: closed. */
  count: number;
  onClose(): void;
  onReject(reason: RejectReason): void;
}

/** Asks for the reason. */
export function RejectModal({ count, onClose, onReject }: RejectModalProps) {
  const { t } = useTranslation();
  const [reason, setReason] = useState<RejectReason | null>(null);
  return (
    <Modal
      open={count > 0}
      onClose={onClose}
      title={t("reviews.reject.title", { count })}
      primaryAction={{
        content: t("reviews.reject.action"),
        destructive: true,
        disabled: reason === null,
        onAction: () => reason && onReject(reason),
      }}
      secondaryActions={[{ content: t("common.cancel"), onAction: onClose }]}
    >
      <Modal.Section>
        <BlockStack gap="400">
          <Text as="p">{t("reviews.reject.lead")}</Text>
          <ChoiceList
            title={t("reviews.reject.reason")}
            choices={REJECT_REASONS.map((value) => ({
              value,
              label: t(`reviews.reject.${value}`),
              helpText: t(`reviews.reject.${value}_help`),
            }))}
            selected={reason ? [reason] : []}
            onChange={([chosen]) => setReason(REJECT_REASONS.find((each) => each === chosen) ?? null)}
          />
        </BlockStack>
      </Modal.Section>
    </Modal>
  );
}

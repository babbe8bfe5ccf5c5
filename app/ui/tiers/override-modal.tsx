// Setting one member's tier by hand.
import { FormLayout, Modal, Select, Text, TextField } from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { TierPlan } from "../../loyalty/program-parts";
import { useTierTexts } from "./tier-texts";

/** What the staff chose; the last day is the shop's, and null means no end. */
export interface OverrideForm {
  tierId: string;
  lastDay: string | null;
}
interface OverrideModalProps {
  open: boolean;
  tiers: TierPlan["tiers"];
  current: string | null;
  onClose(): void;
  onSet(form: OverrideForm): void;
}

/** Which tier, and until when. */
export function OverrideModal({ open, tiers, current, onClose, onSet }: OverrideModalProps) {
  const { t } = useTranslation();
  const texts = useTierTexts();
  const [tierId, setTierId] = useState(current ?? tiers[0]?.id ?? "");
  const [lastDay, setLastDay] = useState("");
  return (
    <Modal
      open={open}
      onClose={onClose}
      title={t("tiers.card.modal_title")}
      primaryAction={{
        content: t("tiers.card.set"),
        disabled: tierId === "",
        onAction: () => onSet({ tierId, lastDay: lastDay || null }),
      }}
      secondaryActions={[{ content: t("common.cancel"), onAction: onClose }]}
    >
      <Modal.Section>
        <FormLayout>
          <Select
            label={t("tiers.card.tier")}
            options={tiers.map((tier) => ({ value: tier.id, label: texts.name(tier) }))}
            value={tierId}
            onChange={setTierId}
          />
          <TextField
            type="date"
            label={t("tiers.card.until_label")}
            helpText={t("tiers.card.until_help")}
            value={lastDay}
            onChange={setLastDay}
            autoComplete="off"
          />
          <Text as="p" variant="bodySm" tone="subdued">
            {t("tiers.card.entry_note")}
          </Text>
        </FormLayout>
      </Modal.Section>
    </Modal>
  );
}

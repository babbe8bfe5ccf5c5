// Which way to add: every kind with a plain line about it.
import { BlockStack, Modal, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import type { WayKind } from "../../loyalty/program-parts";
import { SINGLE_KINDS, WAY_GROUPS } from "./way-draft";

interface WayChooserProps {
  open: boolean;
  /** Kinds the program has already; of some there is only one. */
  taken: WayKind[];
  onClose(): void;
  onChoose(kind: WayKind): void;
}

/** A modal of buttons. */
export function WayChooser({ open, taken, onClose, onChoose }: WayChooserProps) {
  const { t } = useTranslation();
  const groups = WAY_GROUPS.map(({ group, kinds }) => ({
    group,
    kinds: kinds.filter((kind) => !SINGLE_KINDS.includes(kind) || !taken.includes(kind)),
  })).filter(({ kinds }) => kinds.length > 0);
  return (
    <Modal open={open} onClose={onClose} title={t("ways.add")}>
      {groups.map(({ group, kinds }) => (
        <Modal.Section key={group}>
          <BlockStack gap="200">
            <Text as="h3" variant="headingSm" tone="subdued">
              {t(`ways.group.${group}`)}
            </Text>
            {kinds.map((kind) => (
              <button key={kind} type="button" className="kz-choice" onClick={() => onChoose(kind)}>
                <span className="kz-choice-name">{t(`ways.kind.${kind}`)}</span>
                <span>{t(`ways.about.${kind}`)}</span>
              </button>
            ))}
          </BlockStack>
        </Modal.Section>
      ))}
    </Modal>
  );
}

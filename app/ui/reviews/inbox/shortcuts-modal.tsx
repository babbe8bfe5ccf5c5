import { BlockStack, Checkbox, Modal } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

const KEYS = [
  ["j", "next"],
  ["k", "previous"],
  ["a", "approve"],
  ["r", "respond"],
  ["x", "select"],
  ["?", "help"],
] as const;

interface ShortcutsModalProps {
  open: boolean;
  on: boolean;
  onChange(on: boolean): void;
  onClose(): void;
}

/** Which key does what, and the switch for all of them. */
export function ShortcutsModal({ open, on, onChange, onClose }: ShortcutsModalProps) {
  const { t } = useTranslation();
  return (
    <Modal
      open={open}
      onClose={onClose}
      title={t("reviews.shortcuts.title")}
      secondaryActions={[{ content: t("common.close"), onAction: onClose }]}
    >
      <Modal.Section>
        <BlockStack gap="400">
          <Checkbox
            label={t("reviews.shortcuts.on")}
            helpText={t("reviews.shortcuts.on_help")}
            checked={on}
            onChange={onChange}
          />
          <table className="kz-list kz-list-words">
            <thead>
              <tr>
                <th scope="col">{t("reviews.shortcuts.key")}</th>
                <th scope="col">{t("reviews.shortcuts.does")}</th>
              </tr>
            </thead>
            <tbody>
              {KEYS.map(([key, does]) => (
                <tr key={key}>
                  <th scope="row">
                    <kbd className="kz-key">{key}</kbd>
                  </th>
                  <td>{t(`reviews.shortcuts.${does}`)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </BlockStack>
      </Modal.Section>
    </Modal>
  );
}

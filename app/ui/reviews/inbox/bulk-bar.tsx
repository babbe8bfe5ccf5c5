import { Button, Checkbox, InlineStack } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

interface BulkBarProps {
  count: number;
  allChosen: boolean;
  onAll(on: boolean): void;
  onPublish(): void;
  onReject(): void;
  onClear(): void;
}

/** What can be done with several reviews at once. */
export function BulkBar({ count, allChosen, onAll, onPublish, onReject, onClear }: BulkBarProps) {
  const { t } = useTranslation();
  return (
    <div className="kz-bulk" role="group" aria-label={t("reviews.inbox.selected", { count })}>
      <InlineStack gap="300" blockAlign="center" wrap>
        <Checkbox label={t("reviews.inbox.select_all")} checked={allChosen ? true : "indeterminate"} onChange={onAll} />
        <span aria-live="polite">{t("reviews.inbox.selected", { count })}</span>
        <Button size="slim" onClick={onPublish}>
          {t("reviews.pane.publish")}
        </Button>
        <Button size="slim" onClick={onReject}>
          {t("reviews.pane.reject")}
        </Button>
        <Button size="slim" variant="tertiary" onClick={onClear}>
          {t("reviews.inbox.clear")}
        </Button>
      </InlineStack>
    </div>
  );
}

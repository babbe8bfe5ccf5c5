// Where else reviews go: feeds on secret addresses, and the Shop app with its own conditions.
import { useAppBridge } from "@shopify/app-bridge-react";
import { Banner, BlockStack, Button, Checkbox, InlineStack, Modal, Text, TextField } from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { SettingsCard } from "../../earning/form-parts";
import type { CardProps } from "./card-props";

export interface FeedUrls {
  google: string;
  meta: string;
}
interface FeedsCardProps extends CardProps {
  /** null: the feeds are not on yet. */
  urls: FeedUrls | null;
  rotating: boolean;
  onRotate(): void;
}

/** Feeds for Google and Meta. */
export function FeedsCard({ draft, change, urls, rotating, onRotate }: FeedsCardProps) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  return (
    <SettingsCard title={t("reviews.settings.feeds.title")} lead={t("reviews.settings.feeds.lead")}>
      <Checkbox
        label={t("reviews.settings.feeds.enabled")}
        checked={draft.feeds}
        onChange={(feeds) => change({ feeds })}
      />
      {draft.feeds && urls ? (
        <BlockStack gap="300">
          <Address name={t("reviews.settings.feeds.google")} url={urls.google} />
          <Address name={t("reviews.settings.feeds.meta")} url={urls.meta} />
          <InlineStack gap="300" blockAlign="center" wrap>
            <Button onClick={() => setAsking(true)}>{t("reviews.settings.feeds.rotate")}</Button>
            <Text as="span" tone="subdued">
              {t("reviews.settings.feeds.secret")}
            </Text>
          </InlineStack>
        </BlockStack>
      ) : null}
      {draft.feeds && !urls ? (
        <Text as="p" tone="subdued">
          {t("reviews.settings.feeds.save_first")}
        </Text>
      ) : null}
      <Modal
        open={asking}
        onClose={() => setAsking(false)}
        title={t("reviews.settings.feeds.rotate_title")}
        primaryAction={{
          content: t("reviews.settings.feeds.rotate"),
          destructive: true,
          loading: rotating,
          onAction: () => {
            onRotate();
            setAsking(false);
          },
        }}
        secondaryActions={[{ content: t("common.cancel"), onAction: () => setAsking(false) }]}
      >
        <Modal.Section>
          <p>{t("reviews.settings.feeds.rotate_body")}</p>
        </Modal.Section>
      </Modal>
    </SettingsCard>
  );
}

function Address({ name, url }: { name: string; url: string }) {
  const { t } = useTranslation();
  const shopify = useAppBridge();
  const copy = () =>
    void navigator.clipboard.writeText(url).then(() => shopify.toast.show(t("reviews.settings.feeds.copied")));
  return (
    <TextField
      label={name}
      value={url}
      readOnly
      autoComplete="off"
      connectedRight={
        <Button onClick={copy} accessibilityLabel={t("reviews.settings.feeds.copy", { name })}>
          {t("reviews.settings.feeds.copy_short")}
        </Button>
      }
    />
  );
}

/** The Shop app or points for reviews: one of the two. */
export function ShopAppCard({ draft, errorText, change, rewards }: CardProps & { rewards: string[] }) {
  const { t, i18n } = useTranslation();
  const ways = new Intl.ListFormat(i18n.language, { type: "conjunction" }).format(rewards);
  const blocked = rewards.length > 0;
  const conflict = (draft.shopAppSync && blocked) || errorText("shopAppSync") !== undefined;
  return (
    <SettingsCard title={t("reviews.settings.shop_app.title")} lead={t("reviews.settings.shop_app.lead")}>
      {blocked && !draft.shopAppSync ? null : (
        <Checkbox
          label={t("reviews.settings.shop_app.enabled")}
          helpText={t("reviews.settings.shop_app.enabled_help")}
          checked={draft.shopAppSync}
          error={conflict ? t("reviews.settings.shop_app.conflict") : undefined}
          onChange={(shopAppSync) => change({ shopAppSync })}
        />
      )}
      {blocked ? (
        <Banner
          tone={conflict ? "warning" : "info"}
          title={t("reviews.settings.shop_app.blocked_title")}
          action={{ content: t("reviews.settings.shop_app.blocked_action"), url: "/app/program/ways" }}
        >
          <p>{t("reviews.settings.shop_app.blocked_body", { ways })}</p>
        </Banner>
      ) : null}
    </SettingsCard>
  );
}

// What a shopper gets under the settings as typed: the request by mail, and a review on the product page.
import { useFetcher } from "@remix-run/react";
import { BlockStack, Button, ButtonGroup, Card, InlineStack, Select, Text } from "@shopify/polaris";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import type { Locale } from "../../../i18n/locales";
import type { loader } from "../../../routes/app.reviews.mail-preview";
import { useFormat } from "../../use-format";
import type { ReviewDraft } from "./review-draft";
import { WidgetPreview } from "./widget-preview";

interface SettingsPreviewProps {
  draft: ReviewDraft;
  shopName: string;
  isRewarded: boolean;
}
const VIEWS = ["mail", "widget"] as const;

/** Mail or widget, in the language of the shopper. */
export function SettingsPreview({ draft, shopName, isRewarded }: SettingsPreviewProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const [locale, setLocale] = useState<Locale>(format.locale);
  const [view, setView] = useState<(typeof VIEWS)[number]>("mail");
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <Text as="h2" variant="headingMd">
            {t("reviews.settings.preview.title")}
          </Text>
          <Select
            label={t("reviews.settings.preview.language")}
            labelHidden
            options={[
              { value: "en", label: t("common.english") },
              { value: "ja", label: t("common.japanese") },
            ]}
            value={locale}
            onChange={(value: Locale) => setLocale(value)}
          />
        </InlineStack>
        <ButtonGroup variant="segmented" fullWidth>
          {VIEWS.map((each) => (
            <Button key={each} pressed={each === view} onClick={() => setView(each)}>
              {t(`reviews.settings.preview.${each}`)}
            </Button>
          ))}
        </ButtonGroup>
        {view === "widget" ? (
          <WidgetPreview draft={draft} locale={locale} shopName={shopName} isRewarded={isRewarded} />
        ) : (
          <MailPreview locale={locale} withPoints={draft.mentionPoints} />
        )}
      </BlockStack>
    </Card>
  );
}

// Mails are made on the server, where they are sent from; the last one stays until the next is there.
function MailPreview({ locale, withPoints }: { locale: Locale; withPoints: boolean }) {
  const { t } = useTranslation();
  const { load, data } = useFetcher<typeof loader>();
  const query = new URLSearchParams({ locale, points: withPoints ? "yes" : "no" }).toString();
  useEffect(() => load(`/app/reviews/mail-preview?${query}`), [load, query]);
  return (
    <BlockStack gap="200">
      <Text as="p">
        <Text as="span" tone="subdued">
          {t("reviews.settings.preview.subject")}
        </Text>{" "}
        <span lang={locale}>{data?.mail?.subject ?? ""}</span>
      </Text>
      <iframe
        className="kz-review-mail"
        title={t("reviews.settings.preview.frame")}
        sandbox=""
        srcDoc={data?.mail?.html ?? ""}
      />
    </BlockStack>
  );
}

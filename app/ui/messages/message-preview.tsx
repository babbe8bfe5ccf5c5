// A message as a member sees it: the mail itself in a frame that runs nothing, its subject and its text part.
import { BlockStack, Button, Card, FormLayout, InlineStack, Select, Text } from "@shopify/polaris";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import type { Locale } from "../../i18n/locales";
import { MESSAGE_KINDS, type MessageKind } from "../../journeys/messages";
import { renderMessage } from "../../journeys/render-message";
import { sampleContent } from "../../journeys/sample-content";
import { useFormat } from "../use-format";
import { Heading } from "./mail-settings-form";

interface MessagePreviewProps {
  senderName: string;
  primaryDomain: string | null;
  timeZone: string;
  /** From the loader, so that server and browser show the same days. */
  now: Date | string;
  shopEmail: string | null;
  testing: boolean;
  onTest(kind: MessageKind, locale: Locale): void;
}

/** Choose a message and a language; see it; have it sent to the shop. */
export function MessagePreview(props: MessagePreviewProps) {
  const { senderName, primaryDomain, timeZone, now, shopEmail, testing, onTest } = props;
  const { t } = useTranslation();
  const format = useFormat();
  const [kind, setKind] = useState<MessageKind>("reward_issued");
  const [locale, setLocale] = useState<Locale>(format.locale);
  const mail = useMemo(
    () =>
      renderMessage(sampleContent(kind, new Date(now), timeZone), {
        locale,
        shopName: senderName,
        timeZone,
        primaryDomain,
        recipientName: locale === "ja" ? "山田 花子" : "Hanako",
        unsubscribeUrl: "#",
      }),
    [kind, locale, senderName, primaryDomain, timeZone, now],
  );
  return (
    <Card>
      <BlockStack gap="400">
        <Heading title={t("messages.preview.title")} lead={t("messages.preview.lead")} />
        <FormLayout>
          <FormLayout.Group>
            <Select
              label={t("messages.preview.kind")}
              options={MESSAGE_KINDS.map((value) => ({ value, label: t(`messages.kinds.${value}`) }))}
              value={kind}
              onChange={(value: MessageKind) => setKind(value)}
            />
            <Select
              label={t("messages.preview.language")}
              options={[
                { value: "en", label: t("common.english") },
                { value: "ja", label: t("common.japanese") },
              ]}
              value={locale}
              onChange={(value: Locale) => setLocale(value)}
            />
          </FormLayout.Group>
        </FormLayout>
        <BlockStack gap="200">
          <Text as="p">
            <Text as="span" tone="subdued">
              {t("messages.preview.subject")}
            </Text>{" "}
            <Text as="span" fontWeight="semibold">
              <span lang={locale} suppressHydrationWarning>
                {mail.subject}
              </span>
            </Text>
          </Text>
          <iframe className="kz-mail-frame" title={t("messages.preview.frame")} sandbox="" srcDoc={mail.html} />
          <details>
            <summary>{t("messages.preview.text_part")}</summary>
            <pre className="kz-mail-text" lang={locale} suppressHydrationWarning>
              {mail.text}
            </pre>
          </details>
        </BlockStack>
        <InlineStack gap="300" blockAlign="center">
          <Button loading={testing} disabled={!shopEmail} onClick={() => onTest(kind, locale)}>
            {t("messages.preview.test")}
          </Button>
          <Text as="span" tone="subdued">
            {shopEmail ? t("messages.preview.test_to", { email: shopEmail }) : t("messages.preview.test_no_address")}
          </Text>
        </InlineStack>
      </BlockStack>
    </Card>
  );
}

// A message as a member sees it: the mail itself in a frame that runs nothing, its subject and its text part.
import { useFetcher } from "@remix-run/react";
import { BlockStack, Button, Card, FormLayout, InlineStack, Select, Text } from "@shopify/polaris";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import type { Locale } from "../../i18n/locales";
import { MESSAGE_KINDS, type MessageKind } from "../../journeys/messages";
import type { RenderedSample } from "../../journeys/render-message";
import type { loader } from "../../routes/app.mail-preview";
import { useFormat } from "../use-format";
import { Heading } from "./mail-settings-form";

interface MessagePreviewProps {
  senderName: string;
  /** As typed; what is no path shows the start page. */
  linkPath: string;
  shopEmail: string | null;
  testing: boolean;
  onTest(kind: MessageKind, locale: Locale): void;
}
const TYPING_MS = 300;

/** Choose a message and a language; see it; have it sent to the shop. */
export function MessagePreview(props: MessagePreviewProps) {
  const { senderName, linkPath, shopEmail, testing, onTest } = props;
  const { t } = useTranslation();
  const format = useFormat();
  const [kind, setKind] = useState<MessageKind>("reward_issued");
  const [locale, setLocale] = useState<Locale>(format.locale);
  const mail = useRendered({ kind, locale, sender: senderName, link: linkPath });
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
              <span lang={locale}>{mail?.subject ?? ""}</span>
            </Text>
          </Text>
          <iframe className="kz-mail-frame" title={t("messages.preview.frame")} sandbox="" srcDoc={mail?.html ?? ""} />
          <details>
            <summary>{t("messages.preview.text_part")}</summary>
            <pre className="kz-mail-text" lang={locale}>
              {mail?.text ?? ""}
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

// Mails are made on the server, where they are sent from; the last one stays until the next is there.
function useRendered(asked: {
  kind: MessageKind;
  locale: Locale;
  sender: string;
  link: string;
}): RenderedSample | null {
  const { load, data } = useFetcher<typeof loader>();
  const query = new URLSearchParams(asked).toString();
  const isFirst = useRef(true);
  useEffect(() => {
    const timer = setTimeout(() => load(`/app/mail-preview?${query}`), isFirst.current ? 0 : TYPING_MS);
    isFirst.current = false;
    return () => clearTimeout(timer);
  }, [query, load]);
  return data?.mail ?? null;
}

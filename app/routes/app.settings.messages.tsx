import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useFetcher, useLoaderData } from "@remix-run/react";
import { useAppBridge } from "@shopify/app-bridge-react";
import { Banner, BlockStack, Page } from "@shopify/polaris";
import { useEffect, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { z } from "zod";

import { businessNow } from "../clock.server";
import { LOCALES, type Locale } from "../i18n/locales";
import type { MailSettings } from "../journeys/mail-settings";
import { readMailSetup, readMessages, saveMailSettings } from "../journeys/message-log.server";
import { MESSAGE_KINDS, type MessageKind } from "../journeys/messages";
import { sampleContent } from "../journeys/sample-content";
import { sendTestMessage } from "../journeys/send-messages.server";
import { recordAccess } from "../privacy/record-access.server";
import { requireProfile, requireShop } from "../shop-session.server";
import { AppError } from "../ui/app-error";
import { MailSettingsForm, mailErrors, type MailField } from "../ui/messages/mail-settings-form";
import { MessageLog } from "../ui/messages/message-log";
import { MessagePreview } from "../ui/messages/message-preview";
import type { DraftAnswer } from "../ui/use-draft";

export async function loader({ request }: LoaderFunctionArgs) {
  const shop = await requireShop(request);
  await requireProfile(shop);
  const [setup, messages] = await Promise.all([readMailSetup(shop.shopId), readMessages(shop.shopId)]);
  await recordAccess(shop, "messages", { people: messages.length });
  return { ...setup, messages };
}

const intentSchema = z.discriminatedUnion("intent", [
  z.strictObject({ intent: z.literal("save"), settings: z.unknown() }),
  z.strictObject({ intent: z.literal("test"), kind: z.enum(MESSAGE_KINDS), locale: z.enum(LOCALES) }),
]);

type Answer =
  | { intent: "save"; outcome: "saved" }
  | { intent: "save"; outcome: "invalid"; fields: string[] }
  | { intent: "test"; outcome: "sent" | "no_address" | "no_channel" | "refused" }
  | { intent: "none"; outcome: "malformed" };

export async function action({ request }: ActionFunctionArgs): Promise<Answer> {
  const shop = await requireShop(request);
  const { timeZone } = await requireProfile(shop);
  const parsed = intentSchema.safeParse(await request.json());
  if (!parsed.success) return { intent: "none", outcome: "malformed" };
  if (parsed.data.intent === "save")
    return { intent: "save", ...(await saveMailSettings(shop.shopId, parsed.data.settings)) };
  const { kind, locale } = parsed.data;
  const { primaryDomain } = await readMailSetup(shop.shopId);
  const content = sampleContent(kind, await businessNow(), { locale, timeZone, primaryDomain });
  return { intent: "test", ...(await sendTestMessage(shop.shopId, content, locale)) };
}

/** What are members told, and did it arrive? */
export default function Messages() {
  const { settings, shopName, shopEmail, hasChannel, messages } = useLoaderData<typeof loader>();
  const { t } = useTranslation();
  const shopify = useAppBridge();
  const save = useSave();
  const test = useTest();
  return (
    <Page
      title={t("messages.title")}
      subtitle={t("messages.lead")}
      backAction={{ content: t("messages.back"), url: "/app/settings" }}
    >
      <BlockStack gap="400">
        {hasChannel ? null : (
          <Banner tone="warning" title={t("messages.no_channel.title")}>
            <p>{t("messages.no_channel.body")}</p>
          </Banner>
        )}
        <MailSettingsForm
          settings={settings}
          shopName={shopName}
          shopEmail={shopEmail}
          saving={save.busy}
          answer={save.answer}
          onSave={save.send}
          onSaved={() => shopify.toast.show(t("messages.saved"))}
          preview={(draft) => (
            <MessagePreview
              senderName={draft.senderName.trim() || shopName}
              linkPath={draft.linkPath.trim() || "/"}
              shopEmail={shopEmail}
              testing={test.busy}
              onTest={test.send}
            />
          )}
        />
        <MessageLog messages={messages} />
      </BlockStack>
    </Page>
  );
}

function useSave() {
  const fetcher = useFetcher<typeof action>();
  const data = fetcher.data;
  const answer = useMemo<DraftAnswer<MailField> | null>(() => {
    if (data?.intent !== "save") return null;
    return data.outcome === "saved" ? { outcome: "saved" } : { outcome: "refused", errors: mailErrors(data.fields) };
  }, [data]);
  return {
    busy: fetcher.state !== "idle",
    answer,
    send: (settings: MailSettings) =>
      void fetcher.submit({ intent: "save", settings }, { method: "post", encType: "application/json" }),
  };
}

function useTest() {
  const { t } = useTranslation();
  const shopify = useAppBridge();
  const fetcher = useFetcher<typeof action>();
  const data = fetcher.data;
  useEffect(() => {
    if (data?.intent !== "test") return;
    shopify.toast.show(t(`messages.preview.test_${data.outcome}`), { isError: data.outcome !== "sent" });
  }, [data, shopify, t]);
  return {
    busy: fetcher.state !== "idle",
    send: (kind: MessageKind, locale: Locale) =>
      void fetcher.submit({ intent: "test", kind, locale }, { method: "post", encType: "application/json" }),
  };
}

export { AppError as ErrorBoundary };

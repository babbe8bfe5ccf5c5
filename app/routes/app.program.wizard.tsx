import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useFetcher, useLoaderData } from "@remix-run/react";
import { Banner, BlockStack, Page, Text } from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { z } from "zod";

import { businessNow } from "../clock.server";
import { env } from "../env.server";
import { startFromTemplate } from "../jobs/start-from-template.server";
import { TEMPLATES } from "../loyalty/program-templates";
import { readProgram } from "../loyalty/program.server";
import { requireProfile, requireShop } from "../shop-session.server";
import { themeEditorUrl, themeEmbedUrl } from "../shopify/admin-address";
import { AppError } from "../ui/app-error";
import { DoneCard } from "../ui/wizard/done-card";
import { NumbersCard, SummaryCard } from "../ui/wizard/numbers-card";
import { TemplateCards } from "../ui/wizard/template-cards";
import { draftOf, GIVE_BACK_MAX, POINTS_MAX, readWizard, type WizardErrors } from "../ui/wizard/wizard-draft";

export async function loader({ request }: LoaderFunctionArgs) {
  const shop = await requireShop(request);
  const { currency } = await requireProfile(shop);
  const { version } = await readProgram(shop.shopId);
  const { SHOPIFY_API_KEY } = env();
  return {
    hasProgram: version > 0,
    currency,
    links: {
      launcher: themeEmbedUrl(SHOPIFY_API_KEY, "launcher"),
      panel: themeEditorUrl(SHOPIFY_API_KEY, "points-panel", "page"),
      product: themeEditorUrl(SHOPIFY_API_KEY, "earn-on-product", "product"),
    },
  };
}

const points = z.number().int().min(0).max(POINTS_MAX);
const startSchema = z.strictObject({
  template: z.enum(TEMPLATES),
  choices: z.strictObject({
    giveBackPercent: z.number().int().min(1).max(GIVE_BACK_MAX),
    welcomePoints: points,
    birthdayPoints: points,
    hasTiers: z.boolean(),
    includesPast: z.boolean(),
  }),
});

export async function action({ request }: ActionFunctionArgs): Promise<{ outcome: "started" | "invalid" }> {
  const shop = await requireShop(request);
  const { currency } = await requireProfile(shop);
  const parsed = startSchema.safeParse(await request.json());
  if (!parsed.success) return { outcome: "invalid" };
  const { template: id, choices } = parsed.data;
  const started = await startFromTemplate(shop.shopId, { id, choices, currency }, shop.actor, await businessNow());
  return { outcome: started.outcome };
}

/** From nothing to a live program in a few minutes. */
export default function Wizard() {
  const { hasProgram, currency, links } = useLoaderData<typeof loader>();
  const { t } = useTranslation();
  const fetcher = useFetcher<typeof action>();
  const [draft, setDraft] = useState(() => draftOf("cosmetics"));
  const [errors, setErrors] = useState<WizardErrors>({});
  const isDone = fetcher.data?.outcome === "started";
  const start = () => {
    const read = readWizard(draft);
    setErrors("errors" in read ? read.errors : {});
    if ("choices" in read)
      void fetcher.submit(
        { template: draft.template, choices: { ...read.choices } },
        { method: "post", encType: "application/json" },
      );
  };
  return (
    <Page
      title={t("wizard.title")}
      backAction={{ content: t("nav.home"), url: "/app" }}
      {...(isDone
        ? {}
        : { primaryAction: { content: t("wizard.start"), onAction: start, loading: fetcher.state !== "idle" } })}
    >
      {isDone ? (
        <DoneCard links={links} />
      ) : (
        <BlockStack gap="400">
          <div className="kz-gutter">
            <Text as="p" tone="subdued">
              {t("wizard.lead")}
            </Text>
          </div>
          {fetcher.data?.outcome === "invalid" ? (
            <Banner tone="critical">
              <p>{t("wizard.refused")}</p>
            </Banner>
          ) : null}
          {hasProgram ? (
            <Banner tone="warning" title={t("wizard.existing.title")}>
              <p>{t("wizard.existing.body")}</p>
            </Banner>
          ) : null}
          <TemplateCards selected={draft.template} onSelect={(template) => setDraft(draftOf(template))} />
          <NumbersCard
            draft={draft}
            errors={errors}
            onChange={(change) => setDraft((before) => ({ ...before, ...change }))}
          />
          <SummaryCard draft={draft} currency={currency} />
        </BlockStack>
      )}
    </Page>
  );
}

export { AppError as ErrorBoundary };

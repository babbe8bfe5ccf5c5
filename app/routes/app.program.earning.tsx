import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useFetcher, useLoaderData } from "@remix-run/react";
import { useAppBridge } from "@shopify/app-bridge-react";
import { Badge, BlockStack, Page, type BadgeProps } from "@shopify/polaris";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";

import { businessNow } from "../clock.server";
import { changeProgram } from "../jobs/change-program.server";
import type { EarningRules } from "../loyalty/earning-rules";
import { readProgram } from "../loyalty/program.server";
import { requireProfile, requireShop } from "../shop-session.server";
import { AppError } from "../ui/app-error";
import { EarningForm, type SaveAnswer } from "../ui/earning/earning-form";
import { ExpiryForecastCard } from "../ui/expiry-forecast-card";
import { ProgramTabs } from "../ui/program-tabs";

export async function loader({ request }: LoaderFunctionArgs) {
  const shop = await requireShop(request);
  const profile = await requireProfile(shop);
  const { version, rules } = await readProgram(shop.shopId);
  return { version, rules, taxesIncluded: profile.taxesIncluded };
}

export async function action({ request }: ActionFunctionArgs): Promise<SaveAnswer> {
  const { shopId, actor } = await requireShop(request);
  const saved = await changeProgram(shopId, await request.json(), actor, await businessNow());
  return saved.outcome === "invalid"
    ? { outcome: "refused", fields: saved.problems.map((problem) => problem.field) }
    : { outcome: "saved" };
}

/** What does an order earn, and why? */
export default function Earning() {
  const { version, rules, taxesIncluded } = useLoaderData<typeof loader>();
  const { t } = useTranslation();
  const shopify = useAppBridge();
  const fetcher = useFetcher<SaveAnswer>();
  const answer = fetcher.data ?? null;
  useEffect(() => {
    if (answer?.outcome === "saved") shopify.toast.show(t("earning.saved"));
  }, [answer, shopify, t]);
  return (
    <Page
      title={t("earning.title")}
      titleMetadata={version > 0 ? <ProgramBadge rules={rules} /> : undefined}
      subtitle={version > 0 ? t("earning.version", { version }) : undefined}
    >
      <BlockStack gap="400">
        <ProgramTabs current="earning" />
        <EarningForm
          rules={rules}
          started={version > 0}
          taxesIncluded={taxesIncluded}
          saving={fetcher.state !== "idle"}
          answer={answer}
          onSave={(next) => void fetcher.submit(next, { method: "post", encType: "application/json" })}
        />
        {version > 0 ? <ExpiryForecastCard version={version} /> : null}
      </BlockStack>
    </Page>
  );
}

function ProgramBadge({ rules }: { rules: EarningRules }) {
  const { t } = useTranslation();
  const state = rules.status === "paused" ? "paused" : rules.previewCustomerIds.length > 0 ? "preview" : "live";
  const tone: BadgeProps["tone"] = state === "live" ? "success" : state === "preview" ? "info" : "attention";
  return <Badge tone={tone}>{t(`earning.badge.${state}`)}</Badge>;
}

export { AppError as ErrorBoundary };

import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useFetcher, useLoaderData } from "@remix-run/react";
import { useAppBridge } from "@shopify/app-bridge-react";
import { Badge, Page, type BadgeProps } from "@shopify/polaris";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";

import { businessNow } from "../clock.server";
import { enqueue } from "../jobs/queue.server";
import type { EarningRules } from "../loyalty/earning-rules";
import { readProgram, saveProgram } from "../loyalty/program.server";
import { requireProfile, requireShop } from "../shop-session.server";
import { AppError } from "../ui/app-error";
import { EarningForm, type SaveAnswer } from "../ui/earning/earning-form";

const SECOND_LOOK_MS = 60_000;

export async function loader({ request }: LoaderFunctionArgs) {
  const shop = await requireShop(request);
  const profile = await requireProfile(shop);
  const { version, rules } = await readProgram(shop.shopId);
  return { version, rules, taxesIncluded: profile.taxesIncluded };
}

export async function action({ request }: ActionFunctionArgs): Promise<SaveAnswer> {
  const { shopId, actor } = await requireShop(request);
  const saved = await saveProgram(shopId, await request.json(), actor, await businessNow());
  switch (saved.outcome) {
    case "saved":
      await enqueue(null, "publish-program", { shopId });
      if (saved.isFirst) await settleEarlierOrders(shopId);
      return { outcome: "saved" };
    case "unchanged":
      return { outcome: "saved" };
    case "invalid":
      return { outcome: "refused", fields: saved.problems.map((problem) => problem.field) };
  }
}

// Orders that came before there was a program wait for its answer. The second look finds those whose
// transaction was still open during the first.
async function settleEarlierOrders(shopId: number): Promise<void> {
  await enqueue(null, "settle-waiting-orders", { shopId });
  const later = new Date(Date.now() + SECOND_LOOK_MS);
  await enqueue(null, "settle-waiting-orders", { shopId }, { key: "again", startAfter: later });
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
      <EarningForm
        rules={rules}
        started={version > 0}
        taxesIncluded={taxesIncluded}
        saving={fetcher.state !== "idle"}
        answer={answer}
        onSave={(next) => void fetcher.submit(next, { method: "post", encType: "application/json" })}
      />
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

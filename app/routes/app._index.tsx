import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useFetcher, useLoaderData, useRevalidator } from "@remix-run/react";
import { BlockStack, Page } from "@shopify/polaris";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { z } from "zod";

import { businessNow } from "../clock.server";
import { env } from "../env.server";
import { cancelBackfill, readBackfill, startBackfill } from "../jobs/backfill.server";
import { readMailSetup } from "../journeys/message-log.server";
import { readGlance } from "../loyalty/program-glance.server";
import { readProgram } from "../loyalty/program.server";
import { readSuggestionFacts } from "../loyalty/suggestion-facts.server";
import { chooseSuggestions } from "../loyalty/suggestions";
import { readReviewPulse } from "../reviews/analytics/read-analytics.server";
import { requireProfile, requireShop } from "../shop-session.server";
import { themeEditorUrl } from "../shopify/admin-address";
import { checkThemeBlock } from "../shops/check-theme-block.server";
import { dismissSetupGuide } from "../shops/dismiss-setup-guide.server";
import { readSyncHealth } from "../shops/sync-health.server";
import { AppError } from "../ui/app-error";
import { BackfillCard } from "../ui/backfill-card";
import { GlanceCard } from "../ui/glance-card";
import { PulseCard } from "../ui/reviews/pulse-card";
import { SetupGuide } from "../ui/setup-guide";
import { readSetupSteps } from "../ui/setup-steps";
import { SuggestionsCard } from "../ui/suggestions-card";
import { SyncHealthLine } from "../ui/sync-health-line";

export async function loader({ request }: LoaderFunctionArgs) {
  const shop = await requireShop(request);
  const { setup } = await requireProfile(shop);
  const now = await businessNow();
  const [glance, health, program, backfill, facts, mail, pulse] = await Promise.all([
    readGlance(shop.shopId, now),
    readSyncHealth(shop.shopId),
    readProgram(shop.shopId),
    readBackfill(shop.shopId),
    readSuggestionFacts(shop.shopId, now),
    readMailSetup(shop.shopId),
    readReviewPulse(shop.shopId, now),
  ]);
  const { SHOPIFY_API_KEY } = env();
  const steps = readSetupSteps({
    setup,
    version: program.version,
    status: program.rules.status,
    // Nothing before the start can earn: there is nothing to bring in.
    backfilled: backfill?.status === "done" || program.rules.startsAt !== null,
    hasPoints: glance.issued > 0 || glance.membersWithPoints > 0,
    themeEditor: themeEditorUrl(SHOPIFY_API_KEY, "my-points"),
  });
  const reachesBackDays = shop.scopes.includes("read_all_orders") ? null : 60;
  const suggestions = chooseSuggestions({
    ...facts,
    ...(program.rules.expiry.kind === "after_inactivity" ? { endingPoints: 0, endingMembers: 0 } : {}),
    isLive: program.version > 0 && program.rules.status === "live",
    heldPoints: glance.liabilityPoints,
    hasReminderDays: program.rules.expiryReminders.length > 0,
    isReminderOn: mail.settings.kinds.points_expiring,
    hasMail: mail.hasChannel,
  });
  const { startsAt } = program.rules;
  return { now, glance, health, pulse, backfill, reachesBackDays, startsAt, steps, suggestions };
}

const intentSchema = z.discriminatedUnion("intent", [
  z.strictObject({ intent: z.literal("dismiss_guide") }),
  z.strictObject({ intent: z.literal("check_theme") }),
  z.strictObject({ intent: z.literal("start_backfill") }),
  z.strictObject({ intent: z.literal("cancel_backfill"), runId: z.number().int().positive() }),
]);
type Intent = z.infer<typeof intentSchema>;

export async function action({ request }: ActionFunctionArgs): Promise<{ outcome: string }> {
  const { shopId } = await requireShop(request);
  const parsed = intentSchema.safeParse(await request.json());
  if (!parsed.success) return { outcome: "invalid" };
  const now = await businessNow();
  switch (parsed.data.intent) {
    case "dismiss_guide":
      await dismissSetupGuide(shopId, now);
      return { outcome: "dismissed" };
    case "check_theme":
      return checkThemeBlock(shopId, now);
    case "start_backfill":
      return startBackfill(shopId, null, now);
    case "cancel_backfill":
      return cancelBackfill(shopId, parsed.data.runId);
  }
}

const POLL_MS = 2_000;

/** Is all well, and what should I do today? */
export default function Home() {
  const { now, glance, health, pulse, backfill, reachesBackDays, startsAt, steps, suggestions } =
    useLoaderData<typeof loader>();
  const { t } = useTranslation();
  const intent = useIntent();
  useThemeCheck(steps?.some((step) => step.name === "block" && !step.done) ?? false);
  usePolling(backfill?.status === "running");
  return (
    <Page title={t("home.title")}>
      <BlockStack gap="400">
        <SyncHealthLine health={health} now={now} />
        {steps ? (
          <SetupGuide
            steps={steps}
            dismissing={intent.pending === "dismiss_guide"}
            onDismiss={() => intent.send({ intent: "dismiss_guide" })}
          />
        ) : null}
        <SuggestionsCard suggestions={suggestions} />
        <GlanceCard glance={glance} />
        <PulseCard pulse={pulse} />
        <div id="backfill">
          <BackfillCard
            backfill={backfill}
            reachesBackDays={reachesBackDays}
            startsAt={startsAt}
            busy={intent.pending === "start_backfill" || intent.pending === "cancel_backfill"}
            onStart={() => intent.send({ intent: "start_backfill" })}
            onCancel={() => backfill && intent.send({ intent: "cancel_backfill", runId: backfill.runId })}
          />
        </div>
      </BlockStack>
    </Page>
  );
}

function useIntent() {
  const fetcher = useFetcher<typeof action>();
  const sent = fetcher.json as Intent | undefined;
  return {
    pending: fetcher.state === "idle" ? null : (sent?.intent ?? null),
    send: (intent: Intent) => void fetcher.submit(intent, { method: "post", encType: "application/json" }),
  };
}

// Reading the theme asks Shopify: once per visit, beside the page and not before it.
function useThemeCheck(open: boolean) {
  const { submit } = useFetcher();
  const asked = useRef(false);
  useEffect(() => {
    if (!open || asked.current) return;
    asked.current = true;
    const request: Intent = { intent: "check_theme" };
    void submit(request, { method: "post", encType: "application/json" });
  }, [open, submit]);
}

function usePolling(running: boolean) {
  const { revalidate } = useRevalidator();
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => void revalidate(), POLL_MS);
    return () => clearInterval(timer);
  }, [running, revalidate]);
}

export { AppError as ErrorBoundary };

import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useFetcher, useLoaderData } from "@remix-run/react";
import { useAppBridge } from "@shopify/app-bridge-react";
import { Banner, BlockStack, Page } from "@shopify/polaris";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { z } from "zod";

import { businessNow } from "../clock.server";
import { cancelTierPlan, scheduleTierPlan } from "../jobs/schedule-tier-plan.server";
import { tierPlanSchema, type TierPlan } from "../loyalty/program-parts";
import { previewTierPlan } from "../loyalty/tiers/preview-tier-plan.server";
import { readTierOverview } from "../loyalty/tiers/read-tiers.server";
import { requireProfile, requireShop } from "../shop-session.server";
import { AppError } from "../ui/app-error";
import { ProgramTabs } from "../ui/program-tabs";
import { useShopFacts } from "../ui/shop-facts";
import { LadderCard } from "../ui/tiers/ladder-card";
import { PlanEditor } from "../ui/tiers/plan-editor";
import { PlansCard } from "../ui/tiers/plans-card";
import { draftFromPlan, suggestedDraft, type PlanDraft, type PlanRequest } from "../ui/tiers/tier-draft";
import { TiersEmpty } from "../ui/tiers/tiers-empty";

export async function loader({ request }: LoaderFunctionArgs) {
  const shop = await requireShop(request);
  await requireProfile(shop);
  const now = await businessNow();
  return { overview: await readTierOverview(shop.shopId, now), now: now.toISOString() };
}

const instant = z.iso.datetime({ offset: true });
const requestSchema = z.discriminatedUnion("intent", [
  z.strictObject({
    intent: z.enum(["preview", "save"]),
    plan: z.looseObject({}),
    startsAt: instant.nullable(),
    replaces: instant.nullable(),
  }),
  z.strictObject({ intent: z.literal("take_back"), effectiveAt: instant }),
]);

export async function action({ request }: ActionFunctionArgs) {
  const { shopId, actor } = await requireShop(request);
  const now = await businessNow();
  const asked = requestSchema.safeParse(await request.json());
  if (!asked.success) return { outcome: "invalid" as const };
  if (asked.data.intent === "take_back") {
    const { outcome } = await cancelTierPlan(shopId, asked.data.effectiveAt, actor, now);
    return { outcome: outcome === "saved" ? ("taken_back" as const) : outcome };
  }
  const { startsAt, replaces } = asked.data;
  // A plan that begins at once begins with the moment it is saved.
  const plan = tierPlanSchema.safeParse({ ...asked.data.plan, effectiveAt: startsAt ?? now.toISOString() });
  if (!plan.success) return { outcome: "invalid" as const };
  if (asked.data.intent === "preview") return previewTierPlan(shopId, plan.data, now, replaces);
  const { outcome } = await scheduleTierPlan(shopId, { plan: plan.data, replaces }, actor, now);
  return { outcome };
}

/** Who is where, and who would move? */
export default function Tiers() {
  const { overview, now } = useLoaderData<typeof loader>();
  const { t } = useTranslation();
  const { currency, timeZone } = useShopFacts();
  const page = useTiersPage();
  const { plans, current } = overview;
  const context = { currency, timeZone };
  const edit = (plan: TierPlan | null, isComing: boolean) =>
    page.edit(
      plan ? draftFromPlan(plan, context, isComing) : suggestedDraft(context),
      isComing && plan ? plan.effectiveAt : null,
    );
  const latest = current ?? plans.at(-1) ?? null;
  const canPlan = plans.length > 0 && page.editing === null;
  return (
    <Page
      title={t("tiers.title")}
      subtitle={t("tiers.lead")}
      {...(canPlan ? { primaryAction: { content: t("tiers.change"), onAction: () => edit(latest, false) } } : {})}
    >
      <BlockStack gap="400">
        <ProgramTabs current="tiers" />
        {page.refusal ? <Banner tone="critical">{t(`tiers.refused.${page.refusal}`)}</Banner> : null}
        {page.editing ? (
          <PlanEditor
            key={page.editing.key}
            initial={page.editing.draft}
            known={plans.flatMap(({ tiers }) => tiers).reverse()}
            saving={page.saving}
            answer={page.answer}
            preview={page.preview}
            looking={page.looking}
            onLook={page.look}
            onSave={page.save}
            onClose={page.close}
          />
        ) : plans.length === 0 ? (
          <TiersEmpty draft={suggestedDraft(context)} onStart={() => edit(null, false)} />
        ) : (
          <>
            {current ? <LadderCard plan={current} heads={overview.heads} members={overview.members} /> : null}
            <PlansCard
              plans={plans}
              now={now}
              busy={page.saving}
              onEdit={(plan) => edit(plan, true)}
              onTakeBack={page.takeBack}
            />
          </>
        )}
      </BlockStack>
    </Page>
  );
}

interface Editing {
  key: number;
  draft: PlanDraft;
  /** The coming plan whose place the new one takes. */
  replaces: string | null;
}
const REFUSALS = ["in_past", "too_many", "invalid"] as const;

function useTiersPage() {
  const { t } = useTranslation();
  const shopify = useAppBridge();
  const saver = useFetcher<typeof action>();
  const looker = useFetcher<typeof action>();
  const [editing, setEditing] = useState<Editing | null>(null);
  const [refusal, setRefusal] = useState<(typeof REFUSALS)[number] | null>(null);
  const opened = useRef(0);
  const replaces = editing?.replaces ?? null;
  const outcome = saver.data?.outcome;
  useEffect(() => {
    const answer = saver.data?.outcome;
    if (answer === "saved" || answer === "taken_back") shopify.toast.show(t(`tiers.${answer}`));
    setRefusal(REFUSALS.find((code) => code === answer) ?? null);
  }, [saver.data, shopify, t]);
  const submit = looker.submit;
  const look = useCallback(
    (request: PlanRequest) => {
      const body = { intent: "preview", ...request, replaces };
      void submit(JSON.stringify(body), { method: "post", encType: "application/json" });
    },
    [submit, replaces],
  );
  const answer = useMemo(() => {
    if (!saver.data) return null;
    const isDone = outcome === "saved" || outcome === "unchanged";
    return isDone ? ({ outcome: "saved" } as const) : ({ outcome: "refused", errors: {} } as const);
  }, [saver.data, outcome]);
  // The answer to an earlier form says nothing about this one.
  const [seen, setSeen] = useState<typeof answer>(null);
  return {
    editing,
    refusal,
    saving: saver.state !== "idle",
    looking: looker.state !== "idle",
    preview: looker.data?.outcome === "previewed" ? looker.data : null,
    answer: answer === seen ? null : answer,
    look,
    edit(draft: PlanDraft, replaced: string | null) {
      opened.current += 1;
      setSeen(answer);
      setRefusal(null);
      setEditing({ key: opened.current, draft, replaces: replaced });
    },
    close: () => setEditing(null),
    save: (request: PlanRequest) =>
      void saver.submit(JSON.stringify({ intent: "save", ...request, replaces }), {
        method: "post",
        encType: "application/json",
      }),
    takeBack: ({ effectiveAt }: TierPlan) =>
      void saver.submit({ intent: "take_back", effectiveAt }, { method: "post", encType: "application/json" }),
  };
}

export { AppError as ErrorBoundary };

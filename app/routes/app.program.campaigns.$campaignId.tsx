import { randomBytes } from "node:crypto";

import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useFetcher, useLoaderData, useNavigate } from "@remix-run/react";
import { useAppBridge } from "@shopify/app-bridge-react";
import { Modal, Page } from "@shopify/polaris";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { z } from "zod";

import { businessNow } from "../clock.server";
import { changeProgramFrom } from "../jobs/change-program.server";
import { readCampaignGrants } from "../loyalty/campaigns/campaign-grants.server";
import { previewCampaignCost, type CampaignCost } from "../loyalty/campaigns/preview-cost.server";
import { campaignSchema, textIn, type Campaign } from "../loyalty/program-parts";
import { readProgram } from "../loyalty/program.server";
import { requireProfile, requireShop } from "../shop-session.server";
import { AppError } from "../ui/app-error";
import { errorsOfCampaign, type CampaignField } from "../ui/campaigns/campaign-draft";
import { CampaignForm } from "../ui/campaigns/campaign-form";
import { CostCard } from "../ui/campaigns/cost-card";
import { CampaignBadge } from "../ui/campaigns/campaign-list";
import { putCampaign, stateOf } from "../ui/campaigns/campaign-plan";
import type { DraftAnswer } from "../ui/use-draft";
import { useFormat } from "../ui/use-format";

const NEW = "new";

export async function loader({ request, params }: LoaderFunctionArgs) {
  const shop = await requireShop(request);
  await requireProfile(shop);
  const [{ rules }, grants] = await Promise.all([readProgram(shop.shopId), readCampaignGrants(shop.shopId)]);
  const campaign = rules.campaigns.find(({ id }) => id === params["campaignId"]) ?? null;
  if (!campaign && params["campaignId"] !== NEW) throw new Response(null, { status: 404 });
  return {
    campaign,
    state: campaign ? stateOf(campaign, grants[campaign.id]?.points ?? 0, await businessNow()) : null,
    newId: `c-${randomBytes(5).toString("hex")}`,
    others: rules.campaigns.filter(({ id }) => id !== campaign?.id),
    tiers: rules.tierPlans.at(-1)?.tiers ?? [],
  };
}

const intentSchema = z.discriminatedUnion("intent", [
  z.strictObject({ intent: z.literal("save"), campaign: z.looseObject({ id: z.string() }) }),
  z.strictObject({ intent: z.literal("remove") }),
  z.strictObject({ intent: z.literal("preview"), campaign: campaignSchema }),
]);
type Answer = DraftAnswer<CampaignField> | { outcome: "removed" } | { outcome: "previewed"; cost: CampaignCost };

export async function action({ request, params }: ActionFunctionArgs): Promise<Answer> {
  const { shopId, actor } = await requireShop(request);
  const id = params["campaignId"];
  const { rules } = await readProgram(shopId);
  const known = rules.campaigns.some((campaign) => campaign.id === id);
  if (!known && id !== NEW) throw new Response(null, { status: 404 });
  const parsed = intentSchema.safeParse(await request.json());
  if (!parsed.success) return { outcome: "refused", errors: {} };
  const intent = parsed.data;
  const now = await businessNow();
  if (intent.intent === "preview")
    return { outcome: "previewed", cost: await previewCampaignCost(shopId, intent.campaign, now) };
  if (intent.intent === "save" && known && intent.campaign.id !== id) return { outcome: "refused", errors: {} };
  const amend = ({ campaigns }: { campaigns: { id: string }[] }) => ({
    campaigns:
      intent.intent === "remove"
        ? campaigns.filter((campaign) => campaign.id !== id)
        : putCampaign(campaigns, intent.campaign),
  });
  const saved = await changeProgramFrom(shopId, amend, actor, now);
  if (saved.outcome !== "invalid") return { outcome: intent.intent === "remove" ? "removed" : "saved" };
  // "campaigns.3.caps.budget" → "caps.budget"
  const paths = saved.problems.map(({ field }) => field.split(".").slice(2).join("."));
  return { outcome: "refused", errors: errorsOfCampaign(paths) };
}

const LIST = "/app/program/campaigns";

/** What will this campaign give, to whom, beside which others? */
export default function CampaignPage() {
  const { campaign, state, newId, others, tiers } = useLoaderData<typeof loader>();
  const { t } = useTranslation();
  const { locale } = useFormat();
  const shopify = useAppBridge();
  const navigate = useNavigate();
  const fetcher = useFetcher<typeof action>();
  const [leaving, setLeaving] = useState(false);
  const preview = useFetcher<typeof action>();
  const said = fetcher.data;
  const answer = said?.outcome === "saved" || said?.outcome === "refused" ? said : null;
  const send = (body: { intent: "save"; campaign: Campaign } | { intent: "remove" }) =>
    void fetcher.submit(body, { method: "post", encType: "application/json" });
  const gone = fetcher.data?.outcome === "removed";
  useEffect(() => {
    if (!gone) return;
    shopify.toast.show(t("campaigns.removed"));
    void navigate(LIST);
  }, [gone, navigate, shopify, t]);
  const name = campaign ? textIn(campaign.name, locale) : "";
  return (
    <Page
      title={campaign ? name : t("campaigns.new")}
      titleMetadata={state ? <CampaignBadge state={state} /> : undefined}
      backAction={{ content: t("campaigns.back"), url: LIST }}
      secondaryActions={
        campaign ? [{ content: t("campaigns.remove"), destructive: true, onAction: () => setLeaving(true) }] : []
      }
    >
      <CampaignForm
        campaign={campaign}
        newId={newId}
        others={others}
        tiers={tiers}
        saving={fetcher.state !== "idle"}
        answer={answer}
        cost={(typed) => (
          <CostCard
            ready={typed !== null}
            busy={preview.state !== "idle"}
            cost={preview.data?.outcome === "previewed" ? preview.data.cost : null}
            failed={preview.data?.outcome === "refused"}
            onAsk={() =>
              typed &&
              void preview.submit(
                { intent: "preview", campaign: typed },
                { method: "post", encType: "application/json" },
              )
            }
          />
        )}
        onSave={(next) => send({ intent: "save", campaign: next })}
        onSaved={() => {
          shopify.toast.show(t("campaigns.saved"));
          if (!campaign) void navigate(LIST);
        }}
      />
      <Modal
        open={leaving}
        onClose={() => setLeaving(false)}
        title={t("campaigns.remove_title", { name })}
        primaryAction={{
          content: t("campaigns.remove_action"),
          destructive: true,
          loading: fetcher.state !== "idle",
          onAction: () => send({ intent: "remove" }),
        }}
        secondaryActions={[{ content: t("common.cancel"), onAction: () => setLeaving(false) }]}
      >
        <Modal.Section>
          <p>{t("campaigns.remove_body")}</p>
        </Modal.Section>
      </Modal>
    </Page>
  );
}

export { AppError as ErrorBoundary };

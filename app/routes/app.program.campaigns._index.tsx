import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { BlockStack, Card, EmptyState, Page } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { businessNow } from "../clock.server";
import { readCampaignGrants } from "../loyalty/campaigns/campaign-grants.server";
import { readProgram } from "../loyalty/program.server";
import { requireProfile, requireShop } from "../shop-session.server";
import { AppError } from "../ui/app-error";
import { CampaignList, type ListedCampaign } from "../ui/campaigns/campaign-list";
import { stateOf } from "../ui/campaigns/campaign-plan";
import { CampaignStrip } from "../ui/campaigns/campaign-strip";
import { ProgramTabs } from "../ui/program-tabs";

export async function loader({ request }: LoaderFunctionArgs) {
  const shop = await requireShop(request);
  await requireProfile(shop);
  const now = await businessNow();
  const [{ rules }, grants] = await Promise.all([readProgram(shop.shopId), readCampaignGrants(shop.shopId)]);
  const campaigns: ListedCampaign[] = rules.campaigns
    .map((campaign) => {
      const { points, orders } = grants[campaign.id] ?? { points: 0, orders: 0 };
      return { campaign, points, orders, state: stateOf(campaign, points, now) };
    })
    .sort((a, b) => Date.parse(b.campaign.from) - Date.parse(a.campaign.from));
  return { campaigns, now };
}

/** What runs when, and what has it given? */
export default function Campaigns() {
  const { campaigns, now } = useLoaderData<typeof loader>();
  const { t } = useTranslation();
  const add = { content: t("campaigns.add"), url: "/app/program/campaigns/new" };
  const states = Object.fromEntries(campaigns.map(({ campaign, state }) => [campaign.id, state]));
  return (
    <Page
      title={t("campaigns.title")}
      subtitle={t("campaigns.lead")}
      {...(campaigns.length > 0 ? { primaryAction: add } : {})}
    >
      <BlockStack gap="400">
        <ProgramTabs current="campaigns" />
        {campaigns.length === 0 ? (
          <Card>
            <EmptyState heading={t("campaigns.empty.title")} action={add} image="/empty-campaigns.svg">
              <p>{t("campaigns.empty.body")}</p>
            </EmptyState>
          </Card>
        ) : (
          <>
            <CampaignStrip campaigns={campaigns.map(({ campaign }) => campaign)} states={states} now={now} />
            <CampaignList campaigns={campaigns} />
          </>
        )}
      </BlockStack>
    </Page>
  );
}

export { AppError as ErrorBoundary };

import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useFetcher, useLoaderData } from "@remix-run/react";
import { Banner, BlockStack, Button, Card, EmptyState, Page } from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { z } from "zod";

import { enqueue } from "../jobs/queue.server";
import { readProgram } from "../loyalty/program.server";
import { readDonationTotals } from "../loyalty/rewards/list-rewards.server";
import { readRewardShelf, type ShelfReward } from "../loyalty/rewards/reward-shelf.server";
import { reorderRewards } from "../loyalty/rewards/save-reward.server";
import { requireProfile, requireShop } from "../shop-session.server";
import { AppError } from "../ui/app-error";
import { RewardShelf } from "../ui/rewards/reward-shelf";

export async function loader({ request }: LoaderFunctionArgs) {
  const shop = await requireShop(request);
  await requireProfile(shop);
  const [rewards, totals, program] = await Promise.all([
    readRewardShelf(shop.shopId),
    readDonationTotals(shop.shopId),
    readProgram(shop.shopId),
  ]);
  const donated = Object.fromEntries(totals.map(({ rewardId, totalMinor }) => [rewardId, totalMinor]));
  return { rewards, donated, isLive: program.version > 0 && program.rules.status === "live" };
}

const orderSchema = z.strictObject({ ids: z.array(z.number().int().positive()).min(1).max(500) });

export async function action({ request }: ActionFunctionArgs): Promise<{ outcome: "reordered" | "invalid" }> {
  const { shopId } = await requireShop(request);
  const parsed = orderSchema.safeParse(await request.json());
  if (!parsed.success) return { outcome: "invalid" };
  await reorderRewards(shopId, parsed.data.ids);
  await enqueue(null, "publish-program", { shopId });
  return { outcome: "reordered" };
}

/** What can points buy, and what do people choose? */
export default function Rewards() {
  const { rewards, donated, isLive } = useLoaderData<typeof loader>();
  const { t } = useTranslation();
  const [showsArchived, setShowsArchived] = useState(false);
  const { active, move } = useOrder(rewards.filter(({ status }) => status === "active"));
  const drafts = rewards.filter(({ status }) => status === "draft");
  const archived = rewards.filter(({ status }) => status === "archived");
  const waiting = rewards.reduce((sum, { needsPerson }) => sum + needsPerson, 0);
  const add = { content: t("rewards.add"), url: "/app/rewards/new" };
  if (rewards.length === 0) return <NoRewards />;
  return (
    <Page
      fullWidth
      title={t("rewards.title")}
      subtitle={t("rewards.lead")}
      primaryAction={add}
      secondaryActions={[{ content: t("rewards.redemptions"), url: "/app/rewards/redemptions" }]}
    >
      <BlockStack gap="600">
        {waiting > 0 ? <Waiting count={waiting} /> : null}
        {isLive ? null : (
          <Banner tone="info" action={{ content: t("rewards.shelf.not_live_action"), url: "/app/program/earning" }}>
            <p>{t("rewards.shelf.not_live")}</p>
          </Banner>
        )}
        {active.length > 0 ? (
          <RewardShelf title={t("rewards.shelf.active")} rewards={active} donated={donated} onMove={move} />
        ) : null}
        {drafts.length > 0 ? (
          <RewardShelf title={t("rewards.shelf.draft")} rewards={drafts} donated={donated} onMove={null} />
        ) : null}
        {archived.length > 0 ? (
          <div className="kz-gutter">
            <Button variant="plain" ariaExpanded={showsArchived} onClick={() => setShowsArchived((shown) => !shown)}>
              {t(showsArchived ? "rewards.shelf.hide_archived" : "rewards.shelf.show_archived")}
            </Button>
          </div>
        ) : null}
        {showsArchived ? (
          <RewardShelf title={t("rewards.shelf.archived")} rewards={archived} donated={donated} onMove={null} />
        ) : null}
      </BlockStack>
    </Page>
  );
}

// The new order shows at once; the server's answer then says the same.
function useOrder(saved: ShelfReward[]) {
  const fetcher = useFetcher<typeof action>();
  const wanted = fetcher.json ? orderSchema.safeParse(fetcher.json).data?.ids : undefined;
  const active = wanted ? wanted.flatMap((id) => saved.find((reward) => reward.id === id) ?? []) : saved;
  return {
    active,
    move(from: number, to: number) {
      const ids = active.map(({ id }) => id);
      ids.splice(to, 0, ...ids.splice(from, 1));
      void fetcher.submit({ ids }, { method: "post", encType: "application/json" });
    },
  };
}

function Waiting({ count }: { count: number }) {
  const { t } = useTranslation();
  return (
    <Banner
      tone="warning"
      title={t("rewards.shelf.needs_person", { count })}
      action={{
        content: t("rewards.shelf.needs_person_action"),
        url: "/app/rewards/redemptions?status=needs_person",
      }}
    >
      <p>{t("rewards.shelf.needs_person_body")}</p>
    </Banner>
  );
}

function NoRewards() {
  const { t } = useTranslation();
  return (
    <Page title={t("rewards.title")}>
      <Card>
        <EmptyState
          heading={t("rewards.empty.title")}
          action={{ content: t("rewards.empty.action"), url: "/app/rewards/new" }}
          image="/empty-rewards.svg"
        >
          <p>{t("rewards.empty.body")}</p>
        </EmptyState>
      </Card>
    </Page>
  );
}

export { AppError as ErrorBoundary };

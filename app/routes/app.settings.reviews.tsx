import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useFetcher, useLoaderData } from "@remix-run/react";
import { useAppBridge } from "@shopify/app-bridge-react";
import { BlockStack, Page } from "@shopify/polaris";
import { useEffect, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { z } from "zod";

import { enqueue } from "../jobs/queue.server";
import { readProgram } from "../loyalty/program.server";
import { feedUrls } from "../reviews/feeds/feed-address.server";
import { listReviewGroups } from "../reviews/groups/list-groups.server";
import { GROUP_PRODUCTS_MAX, saveReviewGroup } from "../reviews/groups/save-group.server";
import { readProductTypes } from "../reviews/read-product-types.server";
import { readReviewSettings } from "../reviews/read-settings.server";
import type { ReviewSettings } from "../reviews/review-settings";
import { saveReviewSettings } from "../reviews/save-settings.server";
import { requireProfile, requireShop } from "../shop-session.server";
import { AppError } from "../ui/app-error";
import { ReviewTabs } from "../ui/reviews/review-tabs";
import { GroupsCard } from "../ui/reviews/settings/groups-card";
import { errorsOfPaths, type ReviewField } from "../ui/reviews/settings/review-draft";
import { ReviewSettingsForm } from "../ui/reviews/settings/review-settings-form";
import { rewardedWays } from "../ui/reviews/settings/rewarded-ways";
import { SettingsPreview } from "../ui/reviews/settings/settings-preview";
import type { DraftAnswer } from "../ui/use-draft";

export async function loader({ request }: LoaderFunctionArgs) {
  const shop = await requireShop(request);
  const profile = await requireProfile(shop);
  const [settings, program, productTypes, groups] = await Promise.all([
    readReviewSettings(shop.shopId),
    readProgram(shop.shopId),
    readProductTypes(shop.shopId),
    listReviewGroups(shop.shopId),
  ]);
  return {
    settings,
    productTypes,
    groups,
    shopName: profile.name,
    rewards: rewardedWays(program.rules.ways),
    urls: settings.feeds.enabled ? feedUrls(shop.shopId, settings.feeds.generation) : null,
  };
}

const gid = z.string().regex(/^gid:\/\/shopify\/Product\/\d{1,20}$/);
const intentSchema = z.discriminatedUnion("intent", [
  z.strictObject({ intent: z.literal("save"), settings: z.unknown() }),
  z.strictObject({ intent: z.literal("rotate") }),
  z.strictObject({
    intent: z.literal("group"),
    groupKey: z.string().min(1).max(100).nullable(),
    products: z.array(gid).max(GROUP_PRODUCTS_MAX),
  }),
]);
type Intent = z.infer<typeof intentSchema>;
type Answer =
  | { intent: "save"; outcome: "saved" }
  | { intent: "save"; outcome: "refused"; paths: string[] }
  | { intent: "rotate"; outcome: "rotated" }
  | { intent: "group"; outcome: "saved" | "dissolved" | "too_many" }
  | { intent: "none"; outcome: "malformed" };

export async function action({ request }: ActionFunctionArgs): Promise<Answer> {
  const { shopId } = await requireShop(request);
  const parsed = intentSchema.safeParse(await request.json());
  if (!parsed.success) return { intent: "none", outcome: "malformed" };
  const intent = parsed.data;
  switch (intent.intent) {
    case "save":
      return save(shopId, intent.settings);
    case "rotate": {
      const settings = await readReviewSettings(shopId);
      const { feeds } = settings;
      await save(shopId, { ...settings, feeds: { ...feeds, generation: feeds.generation + 1 } });
      return { intent: "rotate", outcome: "rotated" };
    }
    case "group": {
      const saved = await saveReviewGroup(shopId, intent.groupKey, intent.products);
      if (saved.outcome === "too_many") return { intent: "group", outcome: "too_many" };
      await enqueue(null, "move-reviews", { shopId }, { key: crypto.randomUUID() });
      return { intent: "group", outcome: saved.outcome };
    }
  }
}

async function save(shopId: number, settings: unknown): Promise<Extract<Answer, { intent: "save" }>> {
  const { rules } = await readProgram(shopId);
  const saved = await saveReviewSettings(shopId, settings, rewardedWays(rules.ways).length > 0);
  if (saved.outcome === "saved") return { intent: "save", outcome: "saved" };
  return { intent: "save", outcome: "refused", paths: saved.problems.map(({ path }) => path) };
}

/** How reviews are asked for, looked at and shown. */
export default function ReviewSettingsPage() {
  const { settings, productTypes, groups, shopName, rewards, urls } = useLoaderData<typeof loader>();
  const { t } = useTranslation();
  const shopify = useAppBridge();
  const saving = useSave();
  const rotating = useWork("rotate");
  const grouping = useWork("group");
  return (
    <Page title={t("reviews.settings.title")} backAction={{ content: t("settings.title"), url: "/app/settings" }}>
      <BlockStack gap="400">
        <ReviewTabs current="settings" />
        <ReviewSettingsForm
          key={settings.feeds.generation}
          settings={settings}
          productTypes={productTypes}
          rewards={rewards}
          urls={urls}
          saving={saving.busy}
          rotating={rotating.busy}
          answer={saving.answer}
          groups={
            <GroupsCard
              groups={groups}
              busy={grouping.busy}
              onSave={(groupKey, products) =>
                grouping.send({
                  intent: "group",
                  groupKey,
                  products: products.map(({ productGid }) => productGid),
                })
              }
            />
          }
          preview={(draft) => <SettingsPreview draft={draft} shopName={shopName} isRewarded={rewards.length > 0} />}
          onSave={saving.send}
          onSaved={() => shopify.toast.show(t("reviews.settings.saved"))}
          onRotate={() => rotating.send({ intent: "rotate" })}
        />
      </BlockStack>
    </Page>
  );
}

const JSON_POST = { method: "post", encType: "application/json" } as const;

function useSave() {
  const fetcher = useFetcher<typeof action>();
  const data = fetcher.data;
  const answer = useMemo<DraftAnswer<ReviewField> | null>(() => {
    if (data?.intent !== "save") return null;
    return data.outcome === "saved" ? { outcome: "saved" } : { outcome: "refused", errors: errorsOfPaths(data.paths) };
  }, [data]);
  const send = (settings: ReviewSettings) => {
    // As JSON and back: what is sent is a plain value.
    const intent = { intent: "save" as const, settings: JSON.parse(JSON.stringify(settings)) as ReviewSettings };
    void fetcher.submit(intent, JSON_POST);
  };
  return { busy: fetcher.state !== "idle", answer, send };
}

function useWork(kind: "rotate" | "group") {
  const { t } = useTranslation();
  const shopify = useAppBridge();
  const fetcher = useFetcher<typeof action>();
  const data = fetcher.data;
  useEffect(() => {
    if (data?.intent !== kind) return;
    if (data.intent === "rotate") shopify.toast.show(t("reviews.settings.feeds.rotated"));
    else if (data.outcome === "too_many") shopify.toast.show(t("reviews.settings.failed"), { isError: true });
    else shopify.toast.show(t(`reviews.settings.groups.${data.outcome}`));
  }, [data, kind, shopify, t]);
  return {
    busy: fetcher.state !== "idle",
    send: (intent: Exclude<Intent, { intent: "save" }>) => void fetcher.submit(intent, JSON_POST),
  };
}

export { AppError as ErrorBoundary };

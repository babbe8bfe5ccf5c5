import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useFetcher, useLoaderData } from "@remix-run/react";
import { useAppBridge } from "@shopify/app-bridge-react";
import { Banner, BlockStack, Button, Card, InlineStack, Layout, Page } from "@shopify/polaris";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { z } from "zod";

import { businessNow } from "../clock.server";
import { readTestPoints, removeTestEntries } from "../loyalty/remove-test-entries.server";
import { countOpenRequests } from "../privacy/list-privacy.server";
import { requireProfile, requireShop } from "../shop-session.server";
import { readDeniedData } from "../shops/sync-health.server";
import { AppError } from "../ui/app-error";
import { Fact } from "../ui/fact";
import { TestPointsCard } from "../ui/test-points-card";

export async function loader({ request }: LoaderFunctionArgs) {
  const shop = await requireShop(request);
  const { name, currency, timeZone, taxesIncluded } = await requireProfile(shop);
  const [testPoints, deniedFields, openRequests] = await Promise.all([
    readTestPoints(shop.shopId),
    readDeniedData(shop.shopId),
    countOpenRequests(shop.shopId),
  ]);
  return {
    isDataDenied: deniedFields.length > 0,
    name,
    domain: shop.domain,
    currency,
    timeZone,
    taxesIncluded,
    testPoints,
    openRequests,
  };
}

const intentSchema = z.strictObject({ intent: z.literal("remove_test_points") });
type Intent = z.infer<typeof intentSchema>;

export async function action({ request }: ActionFunctionArgs): Promise<{ outcome: "invalid" | "removed" }> {
  const { shopId, actor } = await requireShop(request);
  if (!intentSchema.safeParse(await request.json()).success) return { outcome: "invalid" };
  await removeTestEntries(shopId, actor, await businessNow());
  return { outcome: "removed" };
}

/** Where do I change X? */
export default function Settings() {
  const shop = useLoaderData<typeof loader>();
  const { t } = useTranslation();
  const removal = useRemoval();
  return (
    <Page title={t("settings.title")}>
      <Layout>
        <Layout.AnnotatedSection id="health" title={t("settings.health.title")} description={t("settings.health.lead")}>
          <BlockStack gap="400">
            {shop.isDataDenied ? (
              <Banner tone="warning" title={t("home.health.denied.title")}>
                <p>{t("home.health.denied.body")}</p>
              </Banner>
            ) : null}
            <Card>
              <InlineStack gap="200">
                <Button url="/app/health">{t("health.open")}</Button>
                <Button url="/app/settings/deliveries">{t("settings.health.deliveries")}</Button>
              </InlineStack>
            </Card>
          </BlockStack>
        </Layout.AnnotatedSection>
        <Layout.AnnotatedSection
          id="messages"
          title={t("messages.settings.section")}
          description={t("messages.settings.lead")}
        >
          <Card>
            <InlineStack>
              <Button url="/app/settings/messages">{t("messages.settings.open")}</Button>
            </InlineStack>
          </Card>
        </Layout.AnnotatedSection>
        <Layout.AnnotatedSection
          id="reviews"
          title={t("reviews.settings.section")}
          description={t("reviews.settings.section_lead")}
        >
          <Card>
            <InlineStack>
              <Button url="/app/settings/reviews">{t("reviews.settings.open")}</Button>
            </InlineStack>
          </Card>
        </Layout.AnnotatedSection>
        <Layout.AnnotatedSection id="privacy" title={t("privacy.section")} description={t("privacy.section_lead")}>
          <BlockStack gap="400">
            {shop.openRequests > 0 ? (
              <Banner tone="warning" title={t("privacy.waiting", { count: shop.openRequests })} />
            ) : null}
            <Card>
              <InlineStack>
                <Button url="/app/settings/privacy">{t("privacy.open")}</Button>
              </InlineStack>
            </Card>
          </BlockStack>
        </Layout.AnnotatedSection>
        {shop.testPoints.orders > 0 ? (
          <Layout.AnnotatedSection id="test" title={t("settings.test.title")} description={t("settings.test.lead")}>
            <TestPointsCard {...shop.testPoints} busy={removal.busy} onRemove={removal.send} />
          </Layout.AnnotatedSection>
        ) : null}
        <Layout.AnnotatedSection id="shop" title={t("settings.shop.title")} description={t("settings.shop.lead")}>
          <Card>
            <dl className="kz-facts">
              <Fact name={t("settings.shop.name")}>{shop.name}</Fact>
              <Fact name={t("settings.shop.domain")}>{shop.domain}</Fact>
              <Fact name={t("settings.shop.currency")}>{shop.currency}</Fact>
              <Fact name={t("settings.shop.time_zone")}>{shop.timeZone}</Fact>
              <Fact name={t("settings.shop.tax")}>
                {t(shop.taxesIncluded ? "settings.shop.tax_included" : "settings.shop.tax_added")}
              </Fact>
            </dl>
          </Card>
        </Layout.AnnotatedSection>
      </Layout>
    </Page>
  );
}

function useRemoval() {
  const { t } = useTranslation();
  const shopify = useAppBridge();
  const fetcher = useFetcher<typeof action>();
  const outcome = fetcher.data?.outcome;
  useEffect(() => {
    if (outcome === "removed") shopify.toast.show(t("settings.test.done"));
  }, [outcome, shopify, t]);
  const intent: Intent = { intent: "remove_test_points" };
  return {
    busy: fetcher.state !== "idle",
    send: () => void fetcher.submit(intent, { method: "post", encType: "application/json" }),
  };
}

export { AppError as ErrorBoundary };

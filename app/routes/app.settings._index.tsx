import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Button, Card, InlineStack, Layout, Page } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { requireProfile, requireShop } from "../shop-session.server";
import { AppError } from "../ui/app-error";
import { Fact } from "../ui/fact";

export async function loader({ request }: LoaderFunctionArgs) {
  const shop = await requireShop(request);
  const { name, currency, timeZone, taxesIncluded } = await requireProfile(shop);
  return { name, domain: shop.domain, currency, timeZone, taxesIncluded };
}

/** Where do I change X? */
export default function Settings() {
  const shop = useLoaderData<typeof loader>();
  const { t } = useTranslation();
  return (
    <Page title={t("settings.title")}>
      <Layout>
        <Layout.AnnotatedSection id="health" title={t("settings.health.title")} description={t("settings.health.lead")}>
          <Card>
            <InlineStack>
              <Button url="/app/settings/deliveries">{t("settings.health.deliveries")}</Button>
            </InlineStack>
          </Card>
        </Layout.AnnotatedSection>
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

export { AppError as ErrorBoundary };

import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData, useNavigate, useSearchParams } from "@remix-run/react";
import { BlockStack, Card, EmptyState, Page, Select } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { z } from "zod";

import { businessNow } from "../clock.server";
import { PERIODS } from "../reviews/analytics/periods";
import { readReviewAnalytics } from "../reviews/analytics/read-analytics.server";
import { requireProfile, requireShop } from "../shop-session.server";
import { AppError } from "../ui/app-error";
import { FiguresCard, TopicsCard, TrendCards } from "../ui/reviews/analytics/analytics-cards";
import { ReviewTabs } from "../ui/reviews/review-tabs";

const periodSchema = z.coerce
  .number()
  .transform((weeks) => PERIODS.find((period) => period === weeks) ?? PERIODS[0])
  .catch(PERIODS[0]);

export async function loader({ request }: LoaderFunctionArgs) {
  const shop = await requireShop(request);
  const { timeZone } = await requireProfile(shop);
  const period = periodSchema.parse(new URL(request.url).searchParams.get("weeks"));
  const analytics = await readReviewAnalytics(shop.shopId, period, timeZone, await businessNow());
  return { period, analytics };
}

/** Are people writing, what do they say, and are they answered? */
export default function Analytics() {
  const { period, analytics } = useLoaderData<typeof loader>();
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [searchParams] = useSearchParams();
  const choose = (weeks: string) => {
    const next = new URLSearchParams(searchParams);
    next.set("weeks", weeks);
    void navigate(`?${next.toString()}`, { replace: true, preventScrollReset: true });
  };
  const isEmpty = analytics.weeks.every(({ received, requested }) => received === 0 && requested === 0);
  return (
    <Page title={t("reviews.analytics.title")} subtitle={t("reviews.analytics.lead")}>
      <BlockStack gap="400">
        <ReviewTabs current="analytics" />
        <div className="kz-review-period kz-gutter">
          <Select
            label={t("reviews.analytics.period")}
            labelInline
            options={PERIODS.map((weeks) => ({
              value: String(weeks),
              label: t("reviews.analytics.weeks", { count: weeks }),
            }))}
            value={String(period)}
            onChange={choose}
          />
        </div>
        {isEmpty ? (
          <Card>
            <EmptyState
              heading={t("reviews.analytics.empty.title")}
              action={{ content: t("reviews.settings.open"), url: "/app/settings/reviews" }}
              image="/empty-reviews.svg"
            >
              <p>{t("reviews.analytics.empty.body")}</p>
            </EmptyState>
          </Card>
        ) : (
          <>
            <div className="kz-two">
              <TrendCards weeks={analytics.weeks} />
            </div>
            <div className="kz-two">
              <TopicsCard topics={analytics.topics} />
              <FiguresCard analytics={analytics} />
            </div>
          </>
        )}
      </BlockStack>
    </Page>
  );
}

export { AppError as ErrorBoundary };

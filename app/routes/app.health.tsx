import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData, useRevalidator } from "@remix-run/react";
import { BlockStack, Box, Page, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { businessNow } from "../clock.server";
import { readMailHealth } from "../journeys/mail-health.server";
import { requireProfile, requireShop } from "../shop-session.server";
import { readHealthDetails } from "../shops/health-details.server";
import { readSyncHealth } from "../shops/sync-health.server";
import { AppError } from "../ui/app-error";
import { HealthList } from "../ui/health/health-list";
import { judgeHealth } from "../ui/health/judge-health";

export async function loader({ request }: LoaderFunctionArgs) {
  const shop = await requireShop(request);
  await requireProfile(shop);
  const now = await businessNow();
  const [sync, details, mail] = await Promise.all([
    readSyncHealth(shop.shopId),
    readHealthDetails(shop.shopId),
    readMailHealth(shop.shopId, now),
  ]);
  return { now, readAt: details.readAt, verdicts: judgeHealth({ sync, details, mail }) };
}

/** Does everything work, and what do I have to do? */
export default function Health() {
  const { now, readAt, verdicts } = useLoaderData<typeof loader>();
  const { t } = useTranslation();
  const { revalidate, state } = useRevalidator();
  return (
    <Page
      title={t("health.title")}
      backAction={{ content: t("health.back"), url: "/app/settings" }}
      secondaryActions={[
        { content: t("health.again"), onAction: () => void revalidate(), loading: state === "loading" },
        { content: t("settings.health.deliveries"), url: "/app/settings/deliveries" },
      ]}
    >
      <BlockStack gap="400">
        <Box paddingInline={{ xs: "400", sm: "100" }}>
          <Text as="p" tone="subdued">
            {t("health.lead")}
          </Text>
        </Box>
        <HealthList verdicts={verdicts} now={now} readAt={readAt} />
      </BlockStack>
    </Page>
  );
}

export { AppError as ErrorBoundary };

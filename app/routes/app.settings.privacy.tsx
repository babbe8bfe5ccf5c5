import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData, useNavigate, useNavigation } from "@remix-run/react";
import { BlockStack, Layout, Page } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { z } from "zod";

import { businessNow } from "../clock.server";
import { countErasures, listAccess, listDataRequests } from "../privacy/list-privacy.server";
import { RETENTION, type RetainedKind } from "../privacy/retention";
import { requireProfile, requireShop } from "../shop-session.server";
import { AppError } from "../ui/app-error";
import { AccessLog } from "../ui/privacy/access-log";
import { DataRequests } from "../ui/privacy/data-requests";
import { RetentionList } from "../ui/privacy/retention-list";

const LINES = 25;
const beforeSchema = z.coerce.number().int().positive().nullable().catch(null);

export async function loader({ request }: LoaderFunctionArgs) {
  const shop = await requireShop(request);
  await requireProfile(shop);
  const before = beforeSchema.parse(new URL(request.url).searchParams.get("before"));
  const [requests, access, erasures, now] = await Promise.all([
    listDataRequests(shop.shopId),
    listAccess(shop.shopId, { before, limit: LINES }),
    countErasures(shop.shopId),
    businessNow(),
  ]);
  const periods = (Object.keys(RETENTION) as RetainedKind[]).map((kind) => ({ kind, ...RETENTION[kind] }));
  return { requests, access, isLater: before !== null, erasures, periods, now };
}

/** Whose data was asked for, who looked at it, and how long it is kept. */
export default function Privacy() {
  const { requests, access, isLater, erasures, periods, now } = useLoaderData<typeof loader>();
  const { t } = useTranslation();
  const navigate = useNavigate();
  const navigation = useNavigation();
  return (
    <Page
      fullWidth
      title={t("privacy.title")}
      subtitle={t("privacy.lead")}
      backAction={{ content: t("settings.title"), url: "/app/settings" }}
    >
      <Layout>
        <Layout.Section>
          <BlockStack gap="400">
            <DataRequests requests={requests} erasures={erasures} now={now} />
            <AccessLog
              lines={access.lines}
              loading={navigation.state === "loading"}
              onNext={
                access.next === null
                  ? null
                  : () => void navigate(`?before=${access.next}`, { preventScrollReset: true })
              }
              onFirst={isLater ? () => void navigate("?", { preventScrollReset: true }) : null}
            />
            <RetentionList periods={periods} />
          </BlockStack>
        </Layout.Section>
      </Layout>
    </Page>
  );
}

export { AppError as ErrorBoundary };

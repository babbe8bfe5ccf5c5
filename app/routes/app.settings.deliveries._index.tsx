import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useFetcher, useLoaderData, useNavigate, useNavigation, useSearchParams } from "@remix-run/react";
import { useAppBridge } from "@shopify/app-bridge-react";
import { BlockStack, Box, Page, Text } from "@shopify/polaris";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { z } from "zod";

import { listDeliveries, replayEvents } from "../ingest/deliveries.server";
import { requireProfile, requireShop } from "../shop-session.server";
import { APP_TOPICS, SHOP_TOPICS } from "../shopify/topics";
import { readSyncHealth } from "../shops/sync-health.server";
import { AppError } from "../ui/app-error";
import { DELIVERY_STATUSES, DeliveryTable } from "../ui/delivery-table";

const PAGE_SIZE = 50;
const TOPICS = [...SHOP_TOPICS, ...APP_TOPICS] as const;

const filterSchema = z.object({
  status: z
    .enum([...DELIVERY_STATUSES, "problems"])
    .nullable()
    .catch(null),
  topic: z.enum(TOPICS).nullable().catch(null),
  /** The cursors of the pages that led here, oldest first: the last one is this page's. */
  pages: z
    .string()
    .regex(/^\d{1,15}(,\d{1,15}){0,199}$/)
    .transform((pages) => pages.split(",").map(Number))
    .catch([]),
});

export async function loader({ request }: LoaderFunctionArgs) {
  const shop = await requireShop(request);
  await requireProfile(shop);
  const { searchParams } = new URL(request.url);
  const { status, topic, pages } = filterSchema.parse(
    Object.fromEntries(["status", "topic", "pages"].map((name) => [name, searchParams.get(name)])),
  );
  const [page, health] = await Promise.all([
    listDeliveries(shop.shopId, {
      cursor: pages.at(-1) ?? null,
      limit: PAGE_SIZE,
      ...(status ? { status } : {}),
      ...(topic ? { topic } : {}),
    }),
    readSyncHealth(shop.shopId),
  ]);
  return { ...page, status, topic, pages, dead: health.dead };
}

export async function action({ request }: ActionFunctionArgs) {
  const { shopId } = await requireShop(request);
  return replayEvents(shopId, "all-dead");
}

/** What came from Shopify, and what became of it. */
export default function Deliveries() {
  const { deliveries, nextCursor, status, topic, pages, dead } = useLoaderData<typeof loader>();
  const { t } = useTranslation();
  const list = useListAddress();
  const navigation = useNavigation();
  const replay = useReplayAll();
  return (
    <Page
      fullWidth
      title={t("deliveries.title")}
      backAction={{ content: t("deliveries.back"), url: "/app/settings" }}
      {...(dead > 0
        ? {
            primaryAction: {
              content: t("deliveries.replay_all", { count: dead }),
              onAction: replay.start,
              loading: replay.busy,
            },
          }
        : {})}
    >
      <BlockStack gap="400">
        <Box paddingInline={{ xs: "400", sm: "0" }}>
          <Text as="p" tone="subdued">
            {t("deliveries.lead")}
          </Text>
        </Box>
        <DeliveryTable
          deliveries={deliveries}
          status={status}
          topic={topic}
          topics={TOPICS}
          loading={navigation.state === "loading"}
          onFilter={(filter) => list.open({ ...filter, pages: "" })}
          onNext={nextCursor === null ? null : () => list.open({ pages: [...pages, nextCursor].join(",") })}
          onPrevious={pages.length === 0 ? null : () => list.open({ pages: pages.slice(0, -1).join(",") })}
        />
      </BlockStack>
    </Page>
  );
}

function useReplayAll() {
  const { t } = useTranslation();
  const shopify = useAppBridge();
  const fetcher = useFetcher<typeof action>();
  const answer = fetcher.data;
  useEffect(() => {
    if (answer) shopify.toast.show(t("deliveries.replayed", { count: answer.replayed }));
  }, [answer, shopify, t]);
  return { busy: fetcher.state !== "idle", start: () => void fetcher.submit(null, { method: "post" }) };
}

function useListAddress() {
  const navigate = useNavigate();
  const [searchParams] = useSearchParams();
  return {
    open(change: Record<string, string>) {
      const next = new URLSearchParams(searchParams);
      for (const [name, value] of Object.entries(change)) {
        if (value) next.set(name, value);
        else next.delete(name);
      }
      void navigate(`?${next.toString()}`, { preventScrollReset: true });
    },
  };
}

export { AppError as ErrorBoundary };

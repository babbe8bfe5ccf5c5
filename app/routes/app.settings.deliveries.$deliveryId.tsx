import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useFetcher, useLoaderData } from "@remix-run/react";
import { useAppBridge } from "@shopify/app-bridge-react";
import { Banner, BlockStack, Card, Page, Text } from "@shopify/polaris";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { z } from "zod";

import { readDelivery, replayEvents } from "../ingest/deliveries.server";
import { requireProfile, requireShop } from "../shop-session.server";
import { AppError } from "../ui/app-error";
import { useDeliveryNote } from "../ui/delivery-note";
import { DeliveryBadge } from "../ui/delivery-table";
import { Fact } from "../ui/fact";
import { TimeText } from "../ui/time-text";
import { useFormat } from "../ui/use-format";

const idSchema = z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER);

// An id that is no id and an id of another shop answer alike.
function readId(params: { deliveryId?: string }): number {
  const id = idSchema.safeParse(params.deliveryId);
  if (!id.success) throw new Response(null, { status: 404 });
  return id.data;
}

export async function loader({ request, params }: LoaderFunctionArgs) {
  const shop = await requireShop(request);
  await requireProfile(shop);
  const delivery = await readDelivery(shop.shopId, readId(params));
  if (!delivery) throw new Response(null, { status: 404 });
  return { delivery };
}

export async function action({ request, params }: ActionFunctionArgs) {
  const { shopId } = await requireShop(request);
  const id = readId(params);
  if (!(await readDelivery(shopId, id))) throw new Response(null, { status: 404 });
  return replayEvents(shopId, [id]);
}

/** One event: what arrived, and what became of it. */
export default function DeliveryPage() {
  const { delivery } = useLoaderData<typeof loader>();
  const { t } = useTranslation();
  const format = useFormat();
  const note = useDeliveryNote();
  const replay = useReplay();
  const failed = delivery.status === "dead" || delivery.status === "quarantined";
  const settled = delivery.status !== "pending" && delivery.status !== "parked";
  return (
    <Page
      title={delivery.topic}
      titleMetadata={<DeliveryBadge status={delivery.status} />}
      subtitle={t("deliveries.detail.title", { id: delivery.id })}
      backAction={{ content: t("deliveries.title"), url: "/app/settings/deliveries" }}
      primaryAction={{
        content: t("deliveries.replay"),
        onAction: replay.start,
        loading: replay.busy,
        disabled: !settled || delivery.bodyLength === null,
      }}
    >
      <BlockStack gap="400">
        {delivery.detail && failed ? (
          <Banner tone={delivery.status === "dead" ? "critical" : "warning"} title={t("deliveries.detail.error")}>
            <p>{note(delivery.detail)}</p>
          </Banner>
        ) : null}
        <Card>
          <BlockStack gap="300">
            <Text as="h2" variant="headingMd">
              {t("deliveries.detail.facts")}
            </Text>
            <dl className="kz-facts">
              <Fact name={t("deliveries.column.subject")}>{delivery.subject ?? t("common.none")}</Fact>
              <Moment name={t("deliveries.detail.triggered")} at={delivery.triggeredAt} />
              <Moment name={t("deliveries.column.received")} at={delivery.receivedAt} />
              <Moment name={t("deliveries.detail.settled")} at={delivery.settledAt} />
              <Moment name={t("deliveries.detail.next_attempt")} at={delivery.nextAttempt} />
              <Fact name={t("deliveries.column.attempts")}>{format.number(delivery.attempts)}</Fact>
              {delivery.detail && !failed ? (
                <Fact name={t("deliveries.detail.note")}>{note(delivery.detail)}</Fact>
              ) : null}
              <Fact name={t("deliveries.detail.webhook_id")}>{delivery.webhookId}</Fact>
              <Fact name={t("deliveries.detail.event_id")}>{delivery.eventId ?? t("common.none")}</Fact>
              <Fact name={t("deliveries.detail.api_version")}>{delivery.apiVersion ?? t("common.none")}</Fact>
              <Fact name={t("deliveries.detail.size")}>
                {delivery.bodyLength === null
                  ? t("deliveries.detail.body_gone")
                  : t("deliveries.detail.characters", { count: delivery.bodyLength })}
              </Fact>
            </dl>
            <Text as="p" variant="bodySm" tone="subdued">
              {t("deliveries.detail.privacy")}
            </Text>
          </BlockStack>
        </Card>
      </BlockStack>
    </Page>
  );
}

function Moment({ name, at }: { name: string; at: Date | null }) {
  return at ? (
    <Fact name={name}>
      <TimeText at={at} />
    </Fact>
  ) : null;
}

function useReplay() {
  const { t } = useTranslation();
  const shopify = useAppBridge();
  const fetcher = useFetcher<typeof action>();
  const answer = fetcher.data;
  useEffect(() => {
    if (!answer) return;
    shopify.toast.show(
      answer.replayed > 0 ? t("deliveries.replayed", { count: answer.replayed }) : t("deliveries.not_replayable"),
    );
  }, [answer, shopify, t]);
  return { busy: fetcher.state !== "idle", start: () => void fetcher.submit(null, { method: "post" }) };
}

export { AppError as ErrorBoundary };

import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { useAppBridge } from "@shopify/app-bridge-react";
import {
  Banner,
  BlockStack,
  Box,
  Card,
  EmptySearchResult,
  EmptyState,
  InlineGrid,
  Page,
  Pagination,
  Select,
} from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { z } from "zod";

import { businessNow } from "../clock.server";
import { nudgeWork } from "../jobs/nudge";
import { readMailSetup } from "../journeys/message-log.server";
import { recordAccess } from "../privacy/record-access.server";
import { readReviewSettings } from "../reviews/read-settings.server";
import { countReasons, countRequests, listRequests } from "../reviews/requests/list-requests.server";
import { REQUEST_REASONS, REQUEST_STATUSES } from "../reviews/requests/request-plan";
import { resendRequest } from "../reviews/requests/resend-request.server";
import { qrForOrder, qrForProduct, qrForShop, type ReviewQr } from "../reviews/requests/review-qr.server";
import { requireProfile, requireShop } from "../shop-session.server";
import { AppError } from "../ui/app-error";
import { useResourcePicker } from "../ui/product-filter-fields";
import { QrModal, type ShownQr } from "../ui/reviews/requests/qr-modal";
import { RequestTable } from "../ui/reviews/requests/request-table";
import { ReviewTabs } from "../ui/reviews/review-tabs";
import { SearchField } from "../ui/reviews/search-field";
import { useIntent } from "../ui/reviews/use-answer";
import { useListAddress } from "../ui/reviews/use-list-address";
import { useFormat } from "../ui/use-format";

const rowId = z.number().int().positive();
const listSchema = z.object({
  status: z.enum(REQUEST_STATUSES).nullable().catch(null),
  why: z.enum(REQUEST_REASONS).nullable().catch(null),
  q: z.string().trim().max(100).catch(""),
  cursor: z.coerce.number().int().positive().nullable().catch(null),
});

export async function loader({ request }: LoaderFunctionArgs) {
  const shop = await requireShop(request);
  await requireProfile(shop);
  const { searchParams } = new URL(request.url);
  const query = listSchema.parse({
    status: searchParams.get("status"),
    why: searchParams.get("why"),
    q: searchParams.get("q") ?? "",
    cursor: searchParams.get("cursor"),
  });
  const [page, counts, reasons, settings, mail] = await Promise.all([
    listRequests(shop.shopId, { ...query, search: query.q }),
    countRequests(shop.shopId),
    countReasons(shop.shopId),
    readReviewSettings(shop.shopId),
    readMailSetup(shop.shopId),
  ]);
  await recordAccess(shop, "review_requests", { people: page.requests.length });
  return { page, query, counts, reasons, isOn: settings.requests.enabled, hasChannel: mail.hasChannel };
}

const intentSchema = z.discriminatedUnion("intent", [
  z.strictObject({ intent: z.literal("resend"), requestId: rowId }),
  z.strictObject({ intent: z.literal("order_qr"), orderId: rowId }),
  z.strictObject({ intent: z.literal("shop_qr") }),
  z.strictObject({
    intent: z.literal("product_qr"),
    productGid: z.string().regex(/^gid:\/\/shopify\/Product\/\d{1,20}$/),
  }),
]);
type Intent = z.infer<typeof intentSchema>;
type Resent = Awaited<ReturnType<typeof resendRequest>>["outcome"];
type Answer =
  | { intent: "resend"; outcome: Resent }
  | { intent: "qr"; outcome: "made"; code: ReviewQr }
  | { intent: "qr"; outcome: "no_domain" | "not_found" }
  | { intent: "none"; outcome: "malformed" };

export async function action({ request }: ActionFunctionArgs): Promise<Answer> {
  const { shopId, actor } = await requireShop(request);
  const parsed = intentSchema.safeParse(await request.json());
  if (!parsed.success) return { intent: "none", outcome: "malformed" };
  const intent = parsed.data;
  switch (intent.intent) {
    case "resend": {
      const { outcome } = await resendRequest(shopId, intent.requestId, actor, await businessNow());
      if (outcome === "unknown") throw new Response(null, { status: 404 });
      nudgeWork(shopId, ["ask"]);
      return { intent: "resend", outcome };
    }
    case "shop_qr":
    case "product_qr": {
      const code =
        intent.intent === "shop_qr" ? await qrForShop(shopId) : await qrForProduct(shopId, intent.productGid);
      return code ? { intent: "qr", outcome: "made", code } : { intent: "qr", outcome: "no_domain" };
    }
    case "order_qr": {
      const made = await qrForOrder(shopId, intent.orderId, await businessNow());
      if (made.outcome === "unknown") throw new Response(null, { status: 404 });
      if (made.outcome !== "made")
        return { intent: "qr", outcome: made.outcome === "no_domain" ? "no_domain" : "not_found" };
      return { intent: "qr", outcome: "made", code: { url: made.url, svg: made.svg } };
    }
  }
}

/** Whom did we ask, whom not, and why? */
export default function Requests() {
  const { page, query, counts, isOn, hasChannel } = useLoaderData<typeof loader>();
  const { t } = useTranslation();
  const list = useListAddress(["status", "why", "q"]);
  const work = useRequestWork();
  const qr = useQr();
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return (
    <Page
      fullWidth
      title={t("reviews.requests.title")}
      subtitle={t("reviews.requests.lead")}
      primaryAction={{ content: t("reviews.qr.shop"), onAction: qr.ofShop }}
      secondaryActions={[{ content: t("reviews.qr.product"), onAction: () => void qr.ofProduct() }]}
    >
      <BlockStack gap="400">
        <ReviewTabs current="requests" />
        <Notes isOn={isOn} hasChannel={hasChannel} />
        <Card padding="0">
          {total === 0 ? (
            <Box paddingInline="400">
              <EmptyState
                heading={t("reviews.requests.empty.title")}
                image="/empty-reviews.svg"
                secondaryAction={{ content: t("reviews.requests.empty.action"), url: "/app/settings/reviews" }}
              >
                <p>{t("reviews.requests.empty.body")}</p>
              </EmptyState>
            </Box>
          ) : (
            <>
              <Filters />
              {page.requests.length === 0 ? (
                <div className="kz-tools">
                  <EmptySearchResult
                    title={t("reviews.requests.nothing.title")}
                    description={t("reviews.requests.nothing.body")}
                    withIllustration={false}
                  />
                </div>
              ) : (
                <RequestTable
                  requests={page.requests}
                  sending={work.sending}
                  onResend={work.resend}
                  onQr={qr.ofOrder}
                />
              )}
              <div className="kz-pager">
                <Pagination
                  hasPrevious={query.cursor !== null}
                  onPrevious={() => window.history.back()}
                  hasNext={page.next !== null}
                  onNext={() => list.open({ cursor: String(page.next) })}
                />
              </div>
            </>
          )}
        </Card>
      </BlockStack>
      <QrModal qr={qr.shown} onClose={qr.close} />
    </Page>
  );
}

function Notes({ isOn, hasChannel }: { isOn: boolean; hasChannel: boolean }) {
  const { t } = useTranslation();
  if (!isOn)
    return (
      <Banner
        tone="info"
        title={t("reviews.requests.off.title")}
        action={{ content: t("reviews.requests.off.action"), url: "/app/settings/reviews" }}
      >
        <p>{t("reviews.requests.off.body")}</p>
      </Banner>
    );
  if (hasChannel) return null;
  return (
    <Banner tone="warning" title={t("reviews.requests.no_channel.title")}>
      <p>{t("reviews.requests.no_channel.body")}</p>
    </Banner>
  );
}

function Filters() {
  const { query, counts, reasons } = useLoaderData<typeof loader>();
  const { t } = useTranslation();
  const format = useFormat();
  const list = useListAddress(["status", "why", "q"]);
  const withCount = (label: string, count: number) => `${label} (${format.number(count)})`;
  return (
    <div className="kz-tools">
      <InlineGrid columns={{ xs: 1, md: ["twoThirds", "oneThird", "oneThird"] }} gap="300">
        <SearchField
          key={query.q}
          label={t("reviews.requests.search")}
          value={query.q}
          onSearch={(q) => list.open({ q: q || null })}
        />
        <Select
          label={t("reviews.requests.filter_status")}
          labelInline
          options={[
            { value: "", label: t("reviews.requests.all") },
            ...REQUEST_STATUSES.map((value) => ({
              value,
              label: withCount(t(`reviews.requests.status.${value}`), counts[value] ?? 0),
            })),
          ]}
          value={query.status ?? ""}
          onChange={(status) => list.open({ status: status || null })}
        />
        <Select
          label={t("reviews.requests.filter_why")}
          labelInline
          options={[
            { value: "", label: t("reviews.requests.all_reasons") },
            ...REQUEST_REASONS.filter((reason) => reasons[reason] || reason === query.why).map((value) => ({
              value,
              label: withCount(t(`reviews.requests.why.${value}`), reasons[value] ?? 0),
            })),
          ]}
          value={query.why ?? ""}
          onChange={(why) => list.open({ why: why || null })}
        />
      </InlineGrid>
    </div>
  );
}

function useRequestWork() {
  const { t } = useTranslation();
  const shopify = useAppBridge();
  const work = useIntent<Intent, Answer>((answer) => {
    if (answer.intent !== "resend") return shopify.toast.show(t("reviews.requests.failed"), { isError: true });
    shopify.toast.show(t(`reviews.requests.outcome.${answer.outcome}`), { isError: answer.outcome !== "resending" });
  });
  return {
    sending: work.pending?.intent === "resend" ? work.pending.requestId : null,
    resend: (requestId: number) => work.send({ intent: "resend", requestId }),
  };
}

function useQr() {
  const { t } = useTranslation();
  const pick = useResourcePicker();
  const [shown, setShown] = useState<ShownQr | null>(null);
  const work = useIntent<Intent, Answer>((answer) => {
    const code = answer.intent === "qr" && answer.outcome === "made" ? answer.code : null;
    const problem = answer.outcome === "no_domain" ? t("reviews.qr.no_domain") : t("reviews.qr.not_found");
    setShown((before) => before && { ...before, code, problem: code ? null : problem });
  });
  const begin = (name: string, note: string | null, intent: Intent) => {
    setShown({ name, note, code: null, problem: null });
    work.send(intent);
  };
  return {
    shown,
    close: () => setShown(null),
    ofShop: () => begin(t("reviews.qr.of_shop"), t("reviews.qr.shop_lead"), { intent: "shop_qr" }),
    async ofProduct() {
      const [product] = (await pick("product", [], false)) ?? [];
      if (!product) return;
      const name = t("reviews.qr.of_product", { product: product.title });
      begin(name, t("reviews.qr.lead"), { intent: "product_qr", productGid: product.id });
    },
    ofOrder({ orderId, orderName }: { orderId: number; orderName: string }) {
      const name = t("reviews.qr.of_order", { order: orderName });
      begin(name, t("reviews.qr.order_note"), { intent: "order_qr", orderId });
    },
  };
}

export { AppError as ErrorBoundary };

// Every order that was looked at: asked, to be asked, or left out for a reason.
import { Badge, BlockStack, Button, IndexTable, InlineStack, Link, Text, type BadgeProps } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import type { ListedRequest } from "../../../reviews/requests/list-requests.server";
import type { RequestStatus } from "../../../reviews/requests/request-plan";
import { adminOrderUrl } from "../../../shopify/admin-address";
import { useFormat } from "../../use-format";

const TONES: Record<RequestStatus, BadgeProps["tone"]> = {
  scheduled: "info",
  due: "info",
  sent: "success",
  reviewed: "success",
  skipped: undefined,
  cancelled: undefined,
  closed: undefined,
};

/** Answered, on its way, or of an order that is gone. */
const NOTHING_TO_SEND: readonly RequestStatus[] = ["reviewed", "due", "cancelled"];

/** A request as the browser has it. */
export type ShownRequest = Omit<ListedRequest, "dueAt" | "invitedAt" | "remindedAt"> & {
  dueAt: Date | string | null;
  invitedAt: Date | string | null;
  remindedAt: Date | string | null;
};

interface RequestTableProps {
  requests: ShownRequest[];
  /** The request that is being sent again. */
  sending: number | null;
  onResend(requestId: number): void;
  onQr(request: ShownRequest): void;
}

/** The table. */
export function RequestTable({ requests, sending, onResend, onQr }: RequestTableProps) {
  const { t } = useTranslation();
  return (
    <IndexTable
      selectable={false}
      itemCount={requests.length}
      resourceName={{
        singular: t("reviews.requests.resource", { count: 1 }),
        plural: t("reviews.requests.resource", { count: 2 }),
      }}
      headings={[
        { title: t("reviews.requests.column.order") },
        { title: t("reviews.requests.column.member") },
        { title: t("reviews.requests.column.status") },
        { title: t("reviews.requests.column.products") },
        { title: t("reviews.requests.column.action"), alignment: "end" },
      ]}
    >
      {requests.map((request, index) => (
        <Row
          key={request.requestId}
          request={request}
          index={index}
          sending={sending === request.requestId}
          onResend={onResend}
          onQr={onQr}
        />
      ))}
    </IndexTable>
  );
}

type RowProps = Pick<RequestTableProps, "onResend" | "onQr"> & {
  request: ShownRequest;
  index: number;
  sending: boolean;
};
function Row({ request, index, sending, onResend, onQr }: RowProps) {
  const { t } = useTranslation();
  const { requestId, orderName, orderGid, memberId, memberName, status } = request;
  const isNew = request.invitedAt === null;
  return (
    <IndexTable.Row id={String(requestId)} position={index}>
      <IndexTable.Cell>
        <Link url={adminOrderUrl(orderGid)} target="_top" removeUnderline>
          {orderName}
        </Link>
      </IndexTable.Cell>
      <IndexTable.Cell>
        {memberId === null ? (
          <Text as="span" tone="subdued">
            {t("members.guest")}
          </Text>
        ) : (
          <Link url={`/app/members/${memberId}`} removeUnderline monochrome>
            <span className="kz-name">{memberName || t("members.no_name")}</span>
          </Link>
        )}
      </IndexTable.Cell>
      <IndexTable.Cell>
        <BlockStack gap="100" inlineAlign="start">
          <Badge tone={TONES[status]}>{t(`reviews.requests.status.${status}`)}</Badge>
          {request.why ? (
            <Text as="span" tone="subdued" variant="bodySm">
              <span className="kz-why">{t(`reviews.requests.why.${request.why}`)}</span>
            </Text>
          ) : null}
          <Dates request={request} />
          {request.reviews > 0 ? (
            <Text as="span" variant="bodySm">
              {t("reviews.requests.reviews", { count: request.reviews })}
            </Text>
          ) : null}
        </BlockStack>
      </IndexTable.Cell>
      <IndexTable.Cell>
        <span className="kz-truncate kz-request-products">{request.products.map(({ title }) => title).join(", ")}</span>
      </IndexTable.Cell>
      <IndexTable.Cell>
        <InlineStack gap="200" align="end" wrap={false}>
          <Button
            size="slim"
            onClick={() => onQr(request)}
            accessibilityLabel={t("reviews.requests.qr_label", { order: orderName })}
          >
            {t("reviews.requests.qr")}
          </Button>
          {NOTHING_TO_SEND.includes(status) ? null : (
            <Button
              size="slim"
              loading={sending}
              onClick={() => onResend(requestId)}
              accessibilityLabel={t(isNew ? "reviews.requests.send_now_label" : "reviews.requests.resend_label", {
                order: orderName,
              })}
            >
              {t(isNew ? "reviews.requests.send_now" : "reviews.requests.resend")}
            </Button>
          )}
        </InlineStack>
      </IndexTable.Cell>
    </IndexTable.Row>
  );
}

function Dates({ request }: { request: ShownRequest }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { status, dueAt, invitedAt, remindedAt, promised } = request;
  return (
    <Text as="span" tone="subdued" variant="bodySm">
      <span suppressHydrationWarning>
        {[
          status === "scheduled" && dueAt ? t("reviews.requests.next", { date: format.date(dueAt) }) : "",
          invitedAt ? t("reviews.requests.sent", { date: format.date(invitedAt) }) : "",
          remindedAt ? t("reviews.requests.reminded", { date: format.date(remindedAt) }) : "",
          promised ? t("reviews.requests.promised") : "",
        ]
          .filter(Boolean)
          .join(" · ")}
      </span>
    </Text>
  );
}

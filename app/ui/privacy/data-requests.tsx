// Requests of customers for their data: what is to be handed over, and by when.
import { Badge, BlockStack, Box, Button, Card, EmptySearchResult, Text, type BadgeProps } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import type { ListedRequest } from "../../privacy/list-privacy.server";
import { TimeText } from "../time-text";
import { useDownload } from "./use-download";

type State = ListedRequest["state"] | "overdue";
const TONES: Record<State, BadgeProps["tone"]> = {
  ready: "attention",
  overdue: "critical",
  delivered: "success",
  nothing: undefined,
  ended: undefined,
  erased: undefined,
};
type Moment = Date | string;
type ShownRequest = Omit<ListedRequest, "requestedAt" | "dueAt" | "expiresAt" | "deliveredAt"> &
  Record<"requestedAt", Moment> &
  Record<"dueAt" | "expiresAt" | "deliveredAt", Moment | null>;

/** The table of requests. */
export function DataRequests({
  requests,
  erasures,
  now,
}: {
  requests: ShownRequest[];
  erasures: { people: number; lastAt: Moment | null };
  now: Moment;
}) {
  const { t } = useTranslation();
  const files = useDownload();
  return (
    <Card padding="0">
      <Box padding="400">
        <BlockStack gap="200">
          <Text as="h2" variant="headingMd">
            {t("privacy.requests.title")}
          </Text>
          <Text as="p" tone="subdued">
            {t("privacy.requests.lead")}
          </Text>
          {erasures.lastAt === null ? null : (
            <Text as="p" tone="subdued">
              {t("privacy.requests.erasures", { count: erasures.people })} <TimeText at={erasures.lastAt} show="date" />
            </Text>
          )}
        </BlockStack>
      </Box>
      {requests.length === 0 ? (
        <Box padding="400">
          <EmptySearchResult
            title={t("privacy.requests.empty_title")}
            description={t("privacy.requests.empty_body")}
            withIllustration={false}
          />
        </Box>
      ) : (
        <div className="kz-scroll" tabIndex={0} role="group" aria-label={t("privacy.requests.title")}>
          <table className="kz-list">
            <thead>
              <tr>
                {(["customer", "asked", "due", "state", "file"] as const).map((column) => (
                  <th key={column} scope="col">
                    {t(`privacy.requests.${column}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {requests.map((request) => (
                <RequestRow key={request.requestId} request={request} now={now} files={files} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}

function RequestRow({
  request,
  now,
  files,
}: {
  request: ShownRequest;
  now: Moment;
  files: ReturnType<typeof useDownload>;
}) {
  const { t } = useTranslation();
  const { requestId, customer, requestedAt, dueAt, deliveredAt, deliveredBy } = request;
  const isOverdue = request.state === "ready" && dueAt !== null && new Date(dueAt) < new Date(now);
  const state: State = isOverdue ? "overdue" : request.state;
  const name = customer === null ? t("privacy.requests.no_customer") : t("privacy.requests.number", { customer });
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>
        <TimeText at={requestedAt} show="date" />
      </td>
      <td>{dueAt === null ? null : <TimeText at={dueAt} show="date" />}</td>
      <td className="kz-nowrap">
        <Badge tone={TONES[state]}>{t(`privacy.requests.states.${state}`)}</Badge>
      </td>
      <td>
        {request.state === "ready" || request.state === "delivered" ? (
          <BlockStack gap="100" inlineAlign="end">
            <Button
              loading={files.busy === requestId}
              accessibilityLabel={`${t("privacy.requests.download")}: ${name}`}
              onClick={() => files.download(requestId)}
            >
              {t("privacy.requests.download")}
            </Button>
            {deliveredAt === null ? null : (
              <Text as="span" variant="bodySm" tone="subdued">
                {t("privacy.requests.delivered_by", { who: deliveredBy ?? "" })} <TimeText at={deliveredAt} />
              </Text>
            )}
          </BlockStack>
        ) : null}
      </td>
    </tr>
  );
}

// Requests of customers for their data: what is to be handed over, and by when.
import {
  Badge,
  BlockStack,
  Box,
  Button,
  Card,
  EmptySearchResult,
  IndexTable,
  Text,
  type BadgeProps,
} from "@shopify/polaris";
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
  const headings: [{ title: string }, ...{ title: string }[]] = [
    { title: t("privacy.requests.customer") },
    { title: t("privacy.requests.asked") },
    { title: t("privacy.requests.due") },
    { title: t("privacy.requests.state") },
    { title: t("privacy.requests.file") },
  ];
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
      <IndexTable
        selectable={false}
        resourceName={{
          singular: t("privacy.requests.resource", { count: 1 }),
          plural: t("privacy.requests.resource", { count: 2 }),
        }}
        itemCount={requests.length}
        headings={headings}
        emptyState={
          <EmptySearchResult
            title={t("privacy.requests.empty_title")}
            description={t("privacy.requests.empty_body")}
            withIllustration={false}
          />
        }
      >
        {requests.map((request, index) => (
          <RequestRow key={request.requestId} request={request} index={index} now={now} files={files} />
        ))}
      </IndexTable>
    </Card>
  );
}

function RequestRow({
  request,
  index,
  now,
  files,
}: {
  request: ShownRequest;
  index: number;
  now: Moment;
  files: ReturnType<typeof useDownload>;
}) {
  const { t } = useTranslation();
  const { requestId, customer, requestedAt, dueAt, deliveredAt, deliveredBy } = request;
  const isOverdue = request.state === "ready" && dueAt !== null && new Date(dueAt) < new Date(now);
  const state: State = isOverdue ? "overdue" : request.state;
  const name = customer === null ? t("privacy.requests.no_customer") : t("privacy.requests.number", { customer });
  return (
    <IndexTable.Row id={String(requestId)} position={index}>
      <IndexTable.Cell>{name}</IndexTable.Cell>
      <IndexTable.Cell>
        <TimeText at={requestedAt} show="date" />
      </IndexTable.Cell>
      <IndexTable.Cell>{dueAt === null ? null : <TimeText at={dueAt} show="date" />}</IndexTable.Cell>
      <IndexTable.Cell>
        <Badge tone={TONES[state]}>{t(`privacy.requests.states.${state}`)}</Badge>
      </IndexTable.Cell>
      <IndexTable.Cell>
        {request.state === "ready" || request.state === "delivered" ? (
          <BlockStack gap="100" inlineAlign="start">
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
      </IndexTable.Cell>
    </IndexTable.Row>
  );
}

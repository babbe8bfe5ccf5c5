// The letter box as a list: what came, about what, and what became of it.
import {
  Badge,
  Card,
  EmptySearchResult,
  IndexTable,
  InlineGrid,
  Link,
  Select,
  Text,
  type BadgeProps,
} from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { TimeText } from "./time-text";
import { useFormat } from "./use-format";

export const DELIVERY_STATUSES = ["pending", "parked", "done", "ignored", "dead", "quarantined"] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

const TONES: Record<DeliveryStatus, BadgeProps["tone"]> = {
  pending: "info",
  parked: "info",
  done: "success",
  ignored: undefined,
  dead: "critical",
  quarantined: "warning",
};

/** The state of a delivery in words and colour. */
export function DeliveryBadge({ status }: { status: DeliveryStatus }) {
  const { t } = useTranslation();
  return <Badge tone={TONES[status]}>{t(`deliveries.status.${status}`)}</Badge>;
}

export interface ListedDelivery {
  id: number;
  topic: string;
  subject: string | null;
  status: DeliveryStatus;
  attempts: number;
  receivedAt: Date | string;
}

interface DeliveryTableProps {
  deliveries: ListedDelivery[];
  status: DeliveryStatus | "problems" | null;
  topic: string | null;
  topics: readonly string[];
  loading: boolean;
  onFilter(filter: { status?: string; topic?: string }): void;
  onNext: (() => void) | null;
  onPrevious: (() => void) | null;
}

/** Two filters and a table. */
export function DeliveryTable(props: DeliveryTableProps) {
  const { t } = useTranslation();
  const { onNext, onPrevious } = props;
  return (
    <Card padding="0">
      <DeliveryFilters {...props} />
      <IndexTable
        selectable={false}
        resourceName={{
          singular: t("deliveries.resource", { count: 1 }),
          plural: t("deliveries.resource", { count: 2 }),
        }}
        itemCount={props.deliveries.length}
        loading={props.loading}
        headings={[
          { title: t("deliveries.column.topic") },
          { title: t("deliveries.column.status") },
          { title: t("deliveries.column.subject") },
          { title: t("deliveries.column.received") },
          { title: t("deliveries.column.attempts"), alignment: "end" },
        ]}
        emptyState={
          <EmptySearchResult
            title={t("deliveries.empty.title")}
            description={t("deliveries.empty.body")}
            withIllustration={false}
          />
        }
        pagination={{
          hasNext: onNext !== null,
          hasPrevious: onPrevious !== null,
          onNext: onNext ?? undefined,
          onPrevious: onPrevious ?? undefined,
        }}
      >
        {props.deliveries.map((delivery, index) => (
          <DeliveryRow key={delivery.id} delivery={delivery} index={index} />
        ))}
      </IndexTable>
    </Card>
  );
}

function DeliveryFilters({ status, topic, topics, onFilter }: DeliveryTableProps) {
  const { t } = useTranslation();
  const all = { value: "", label: t("deliveries.all") };
  return (
    <div className="kz-tools">
      <InlineGrid columns={{ xs: 1, sm: 2 }} gap="300">
        <Select
          label={t("deliveries.filter_status")}
          labelInline
          options={[
            all,
            { value: "problems", label: t("deliveries.problems") },
            ...DELIVERY_STATUSES.map((value) => ({ value, label: t(`deliveries.status.${value}`) })),
          ]}
          value={status ?? ""}
          onChange={(value) => onFilter({ status: value })}
        />
        <Select
          label={t("deliveries.filter_topic")}
          labelInline
          options={[all, ...topics.map((value) => ({ value, label: value }))]}
          value={topic ?? ""}
          onChange={(value) => onFilter({ topic: value })}
        />
      </InlineGrid>
    </div>
  );
}

function DeliveryRow({ delivery, index }: { delivery: ListedDelivery; index: number }) {
  const format = useFormat();
  return (
    <IndexTable.Row id={String(delivery.id)} position={index}>
      <IndexTable.Cell>
        <Link url={`/app/settings/deliveries/${delivery.id}`} dataPrimaryLink removeUnderline monochrome>
          <Text as="span" fontWeight="semibold">
            {delivery.topic}
          </Text>
        </Link>
      </IndexTable.Cell>
      <IndexTable.Cell>
        <DeliveryBadge status={delivery.status} />
      </IndexTable.Cell>
      <IndexTable.Cell>{shortSubject(delivery.subject)}</IndexTable.Cell>
      <IndexTable.Cell>
        <TimeText at={delivery.receivedAt} />
      </IndexTable.Cell>
      <IndexTable.Cell>
        <Text as="span" alignment="end" numeric>
          {format.number(delivery.attempts)}
        </Text>
      </IndexTable.Cell>
    </IndexTable.Row>
  );
}

// gid://shopify/Order/1 → Order 1: the rest says nothing to a person.
function shortSubject(subject: string | null): string {
  return subject?.replace(/^gid:\/\/shopify\/(\w+)\/(\d+).*$/, "$1 $2") ?? "";
}

// Who wrote it and what they bought.
import { Badge, BlockStack, InlineStack, Link, Text } from "@shopify/polaris";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { formatMinor } from "../../../loyalty/money";
import { adminOrderUrl } from "../../../shopify/admin-address";
import { Fact } from "../../fact";
import { TimeText } from "../../time-text";
import { useFormat } from "../../use-format";
import { textOf } from "../settings/questions-card";
import { Stars } from "../stars";
import type { Pane } from "./inbox-views";
import { StatusBadge } from "./queue-list";

/** The order, the person and their other reviews. */
export function ContextCards({ pane }: { pane: Pane }) {
  return (
    <div className="kz-two">
      <OrderFacts review={pane.review} />
      <PersonFacts pane={pane} />
    </div>
  );
}

function OrderFacts({ review }: { review: Pane["review"] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { order } = review;
  if (!order)
    return (
      <Section title={t("reviews.context.order")}>
        <Text as="p" tone="subdued">
          {t("reviews.context.no_order")}
        </Text>
      </Section>
    );
  const state = orderState(order, review.refunded);
  return (
    <Section title={t("reviews.context.order")}>
      <InlineStack gap="200" blockAlign="center" wrap>
        <Link url={adminOrderUrl(order.gid)} target="_top">
          {order.name}
        </Link>
        {state ? <Badge tone="attention">{t(`reviews.context.${state}`)}</Badge> : null}
      </InlineStack>
      {order.processedAt ? (
        <Text as="p" tone="subdued">
          <span suppressHydrationWarning>{t("reviews.context.placed", { date: format.date(order.processedAt) })}</span>
        </Text>
      ) : null}
      {order.line ? (
        <Text as="p">
          {t("reviews.context.quantity", { title: order.line.title, count: order.line.quantity })}
          {order.currency ? ` · ${formatMinor(order.line.amountMinor, order.currency, format.locale)}` : null}
        </Text>
      ) : null}
    </Section>
  );
}

function orderState(order: NonNullable<Pane["review"]["order"]>, isRefunded: boolean) {
  if (order.cancelledAt !== null) return "cancelled";
  if (isRefunded || order.financialStatus === "refunded") return "refunded";
  return order.financialStatus === "partially_refunded" ? "partly_refunded" : null;
}

function PersonFacts({ pane: { review, member } }: { pane: Pane }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Section title={review.member ? t("reviews.context.member") : t("reviews.context.author")}>
      {review.member ? (
        <Link url={`/app/members/${review.member.id}`}>{review.member.name || t("members.no_name")}</Link>
      ) : (
        <Text as="p" tone="subdued">
          {t("reviews.context.no_member")}
        </Text>
      )}
      <dl className="kz-facts">
        {member ? (
          <>
            <Fact name={t("reviews.context.balance")}>{t("common.points", { count: member.balance })}</Fact>
            <Fact name={t("reviews.context.tier")}>
              {member.tier ? textOf(member.tier, format.locale) : t("reviews.context.no_tier")}
            </Fact>
          </>
        ) : null}
        {review.member ? (
          <Fact name={t("reviews.context.orders")}>{format.number(review.member.ordersCount)}</Fact>
        ) : null}
        {review.authorEmail ? (
          <Fact name={t("reviews.context.email")}>
            {review.authorEmail}
            <br />
            {t(review.confirmedAt ? "reviews.context.confirmed" : "reviews.context.not_confirmed")}
          </Fact>
        ) : null}
      </dl>
      <Others review={review} />
    </Section>
  );
}

function Others({ review }: { review: Pane["review"] }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (review.othersCount === 0) return null;
  return (
    <details className="kz-fold">
      <summary>{`${t("reviews.context.others")} (${format.number(review.othersCount)})`}</summary>
      <ul className="kz-rows">
        {review.others.map((other) => (
          <li key={other.reviewId}>
            <BlockStack gap="050">
              <Link url={`/app/reviews/${other.reviewId}`}>{other.productTitle ?? `#${other.reviewId}`}</Link>
              <Text as="span" tone="subdued" variant="bodySm">
                <Stars rating={other.rating} /> <TimeText at={other.submittedAt} show="date" />
              </Text>
            </BlockStack>
            <StatusBadge status={other.status} />
          </li>
        ))}
      </ul>
    </details>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="kz-aside">
      <BlockStack gap="200">
        <Text as="h3" variant="headingSm">
          {title}
        </Text>
        {children}
      </BlockStack>
    </section>
  );
}

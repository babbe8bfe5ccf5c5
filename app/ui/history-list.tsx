// A member's points story, newest first: what moved, why, and the order behind it.
import { Badge, InlineStack, Link, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import type { HistoryItem } from "../loyalty/member-history.server";
import { explain } from "../loyalty/reasons";
import { adminOrderUrl } from "../shopify/admin-address";
import { TimeText } from "./time-text";
import { useFormat } from "./use-format";

/** The list; the caller adds "load more". */
export function HistoryList({ items }: { items: HistoryItem[] }) {
  return (
    <ul className="kz-timeline">
      {items.map((item) => (
        <HistoryLine key={item.entryId} item={item} />
      ))}
    </ul>
  );
}

function HistoryLine({ item }: { item: HistoryItem }) {
  const { t } = useTranslation();
  const { locale } = useFormat();
  const actorText = useActorText();
  return (
    <li>
      <div>
        <InlineStack gap="200" blockAlign="center">
          <Text as="span">{explain(item.reason, item.params, locale)}</Text>
          {item.isTest ? <Badge tone="attention">{t("member.history.test")}</Badge> : null}
          {item.to === "pending" ? <Badge tone="info">{t("member.history.pending")}</Badge> : null}
        </InlineStack>
        {item.note ? (
          <Text as="p" variant="bodySm">
            {t("member.history.note", { note: item.note })}
          </Text>
        ) : null}
        <InlineStack gap="200">
          <Text as="span" variant="bodySm" tone="subdued">
            <TimeText at={item.at} />
          </Text>
          {item.order ? (
            <Text as="span" variant="bodySm">
              <Link url={adminOrderUrl(item.order.orderGid)} target="_top">
                {t("member.history.order", { name: item.order.name })}
              </Link>
            </Text>
          ) : null}
          <Text as="span" variant="bodySm" tone="subdued">
            {actorText(item)}
          </Text>
        </InlineStack>
      </div>
      <Change item={item} />
    </li>
  );
}

function useActorText(): (item: HistoryItem) => string {
  const { t } = useTranslation();
  return ({ actor, staffName }) => {
    if (actor.startsWith("staff:"))
      return staffName === null ? t("member.history.by_staff") : t("member.history.by_name", { name: staffName });
    return t(actor === "shopper" ? "member.history.by_shopper" : "member.history.by_system");
  };
}

function Change({ item }: { item: HistoryItem }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <div className="kz-timeline-points">
      {item.change === 0 ? (
        <Text as="span" tone="subdued">
          {t("member.history.moved", { points: format.number(item.points) })}
        </Text>
      ) : (
        <Text as="span" tone={item.change > 0 ? "success" : "critical"}>
          {format.signed(item.change)}
        </Text>
      )}
    </div>
  );
}

// The grants that still hold points, the next to expire first.
import { Badge, BlockStack, Card, InlineStack, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import type { MemberLot } from "../loyalty/member-page.server";
import { TimeText } from "./time-text";
import { useFormat } from "./use-format";

const SHOWN = 12;
const SOURCES = ["order", "adjustment", "merge", "way", "tier"] as const;

/** The table of open lots; nothing while there are none. */
export function LotsCard({ lots }: { lots: MemberLot[] }) {
  const { t } = useTranslation();
  if (lots.length === 0) return null;
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t("member.lots.title")}
        </Text>
        <div className="kz-scroll" tabIndex={0} role="region" aria-label={t("member.lots.title")}>
          <table className="kz-table kz-table-lots">
            <thead>
              <tr>
                <th scope="col">{t("member.lots.source")}</th>
                <th scope="col">{t("member.lots.points")}</th>
                <th scope="col">{t("member.lots.available_from")}</th>
                <th scope="col">{t("member.lots.expires")}</th>
              </tr>
            </thead>
            <tbody>
              {lots.slice(0, SHOWN).map((lot) => (
                <LotLine key={lot.lotId} lot={lot} />
              ))}
            </tbody>
          </table>
        </div>
        {lots.length > SHOWN ? (
          <Text as="p" variant="bodySm" tone="subdued">
            {t("member.lots.more", { count: lots.length - SHOWN })}
          </Text>
        ) : null}
      </BlockStack>
    </Card>
  );
}

function LotLine({ lot }: { lot: MemberLot }) {
  const { t } = useTranslation();
  const format = useFormat();
  // Pending points have no date yet: it counts from the day they arrive.
  const noExpiry = lot.state === "pending" ? "–" : t("member.lots.never");
  const source = SOURCES.find((known) => known === lot.sourceType) ?? "unknown";
  return (
    <tr>
      <th scope="row">
        <InlineStack gap="200" blockAlign="center">
          <span>
            {lot.order ? t("member.history.order", { name: lot.order.name }) : t(`member.lots.source_${source}`)}
          </span>
          {lot.isTest ? <Badge tone="attention">{t("member.history.test")}</Badge> : null}
        </InlineStack>
      </th>
      <td>
        {lot.remaining === lot.size
          ? format.number(lot.size)
          : t("member.lots.of_size", { remaining: format.number(lot.remaining), size: format.number(lot.size) })}
      </td>
      <td>{lot.state === "available" ? t("member.lots.now") : <PendingUntil lot={lot} />}</td>
      <td>{lot.expiresAt ? <TimeText at={lastUsableMoment(lot.expiresAt)} show="date" /> : noExpiry}</td>
    </tr>
  );
}

// Points end with a day: that day is what a person should read, as the storefront writes it.
function lastUsableMoment(expiresAt: Date | string): Date {
  return new Date(new Date(expiresAt).getTime() - 1);
}

function PendingUntil({ lot }: { lot: MemberLot }) {
  const { t } = useTranslation();
  return lot.availableAt ? <TimeText at={lot.availableAt} show="date" /> : t("member.lots.until_settled");
}

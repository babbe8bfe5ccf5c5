// What one member bought with points: which code is still open, what it is worth, and where its points are.
import { Badge, BlockStack, Button, Card, InlineStack, Link, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { formatMinor } from "../loyalty/money";
import { textIn } from "../loyalty/program-parts";
import type { ListedRedemption } from "../loyalty/rewards/list-redemptions.server";
import { isWithdrawable } from "../loyalty/rewards/redemption";
import { REDEMPTION_TONES, Why } from "./rewards/redemption-table";
import { TimeText } from "./time-text";
import { useFormat } from "./use-format";

interface MemberRedemptionsProps {
  redemptions: ListedRedemption[];
  onCancel(redemption: ListedRedemption): void;
}

/** The newest redemptions; nothing while there are none. */
export function MemberRedemptionsCard({ redemptions, onCancel }: MemberRedemptionsProps) {
  const { t } = useTranslation();
  if (redemptions.length === 0) return null;
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t("redemptions.title")}
        </Text>
        <ul className="kz-lines">
          {redemptions.map((redemption) => (
            <RedemptionLine key={redemption.id} redemption={redemption} onCancel={onCancel} />
          ))}
        </ul>
      </BlockStack>
    </Card>
  );
}

interface LineProps extends Pick<MemberRedemptionsProps, "onCancel"> {
  redemption: ListedRedemption;
}

function RedemptionLine({ redemption, onCancel }: LineProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { status, texts, code, points } = redemption;
  const title = textIn(texts.title, format.locale) || t("rewards.untitled");
  return (
    <li>
      <BlockStack gap="100">
        <InlineStack gap="200" blockAlign="center">
          <Text as="span">{title}</Text>
          <Badge tone={REDEMPTION_TONES[status]}>{t(`redemptions.status.${status}`)}</Badge>
          {code ? <code>{code}</code> : null}
        </InlineStack>
        <Facts redemption={redemption} />
        {status === "needs_person" ? (
          <Text as="p" variant="bodySm">
            <Why why={redemption.lastError} />{" "}
            <Link url="/app/rewards/redemptions?status=needs_person">{t("redemptions.resolve")}</Link>
          </Text>
        ) : null}
      </BlockStack>
      <BlockStack gap="100" inlineAlign="end">
        <span className="kz-timeline-points">{t("common.points", { count: points })}</span>
        {status === "issued" || status === "reserved" || isWithdrawable(redemption) ? (
          <Button
            size="slim"
            onClick={() => onCancel(redemption)}
            accessibilityLabel={t("member.redemptions.cancel", { reward: title })}
          >
            {t("redemptions.cancel_short")}
          </Button>
        ) : null}
      </BlockStack>
    </li>
  );
}

// When it was taken and what it is worth; then until when it can be used, or what used it and what came back.
function Facts({ redemption }: Pick<LineProps, "redemption">) {
  const { t } = useTranslation();
  const format = useFormat();
  const { status, reservedAt, valueMinor, currency, expiresAt, orderName, returned, points } = redemption;
  const facts = [
    ...(valueMinor === null
      ? []
      : [t("member.redemptions.worth", { amount: formatMinor(valueMinor, currency, format.locale) })]),
    ...(status === "issued" && expiresAt ? [t("redemptions.expires", { date: format.lastDay(expiresAt) })] : []),
    ...(orderName ? [t("redemptions.open_order", { order: orderName })] : []),
    ...(status === "posted" && returned > 0 && returned < points
      ? [t("member.redemptions.returned", { points: t("common.points", { count: returned }) })]
      : []),
  ];
  return (
    <Text as="p" variant="bodySm" tone="subdued">
      <TimeText at={reservedAt} show="date" />
      <span suppressHydrationWarning>{facts.map((fact) => ` · ${fact}`).join("")}</span>
    </Text>
  );
}

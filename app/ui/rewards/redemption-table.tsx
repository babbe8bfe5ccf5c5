// Redemptions as a list: which reward, whose, its code, where its points are.
import { Badge, BlockStack, Button, InlineStack, Link, Text, type BadgeProps } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { textIn } from "../../loyalty/program-parts";
import type { ListedRedemption } from "../../loyalty/rewards/list-redemptions.server";
import { isWithdrawable, type RedemptionStatus } from "../../loyalty/rewards/redemption";
import { TimeText } from "../time-text";
import { useFormat } from "../use-format";

export const REDEMPTION_STATUSES = [
  "needs_person",
  "issued",
  "reserved",
  "posted",
  "returning",
  "voided",
] as const satisfies RedemptionStatus[];

/** How loud each state is. */
export const REDEMPTION_TONES: Record<RedemptionStatus, BadgeProps["tone"]> = {
  reserved: "info",
  issued: "info",
  posted: "success",
  returning: "attention",
  voided: undefined,
  needs_person: "warning",
};

interface RedemptionTableProps {
  redemptions: ListedRedemption[];
  onCancel(redemption: ListedRedemption): void;
  onResolve(redemption: ListedRedemption): void;
}

/** A table that scrolls inside its card on a phone. */
export function RedemptionTable({ redemptions, onCancel, onResolve }: RedemptionTableProps) {
  const { t } = useTranslation();
  return (
    <div className="kz-scroll" tabIndex={0} role="group" aria-label={t("redemptions.title")}>
      <table className="kz-list">
        <thead>
          <tr>
            {(["reward", "member", "code", "points", "status", "at"] as const).map((column) => (
              <th key={column} scope="col" data-number={column === "points" || undefined}>
                {t(`redemptions.column.${column}`)}
              </th>
            ))}
            <td />
          </tr>
        </thead>
        <tbody>
          {redemptions.map((redemption) => (
            <Row key={redemption.id} redemption={redemption} onCancel={onCancel} onResolve={onResolve} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps extends Omit<RedemptionTableProps, "redemptions"> {
  redemption: ListedRedemption;
}

function Row({ redemption, onCancel, onResolve }: RowProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { status, texts, code, points, expiresAt, orderName } = redemption;
  return (
    <tr>
      <th scope="row">{textIn(texts.title, format.locale) || t("rewards.untitled")}</th>
      <td>
        <span className="kz-name">
          <Link url={`/app/members/${redemption.memberId}`} removeUnderline>
            {redemption.memberName || t("members.no_name")}
          </Link>
        </span>
      </td>
      <td>{code ? <code>{code}</code> : null}</td>
      <td data-number>{format.number(points)}</td>
      <td>
        <BlockStack gap="050">
          <InlineStack>
            <Badge tone={REDEMPTION_TONES[status]}>{t(`redemptions.status.${status}`)}</Badge>
          </InlineStack>
          {status === "issued" && expiresAt ? (
            <Text as="span" tone="subdued" variant="bodySm">
              <span suppressHydrationWarning>{t("redemptions.expires", { date: format.lastDay(expiresAt) })}</span>
            </Text>
          ) : null}
          {orderName ? (
            <Text as="span" tone="subdued" variant="bodySm">
              {t("redemptions.open_order", { order: orderName })}
            </Text>
          ) : null}
          {status === "needs_person" ? (
            <Text as="span" variant="bodySm">
              <span className="kz-why">
                <Why why={redemption.lastError} />
              </span>
            </Text>
          ) : null}
        </BlockStack>
      </td>
      <td>
        <TimeText at={redemption.reservedAt} />
      </td>
      <td>
        {status === "needs_person" ? (
          <Button size="slim" onClick={() => onResolve(redemption)}>
            {t("redemptions.resolve")}
          </Button>
        ) : null}
        {status === "issued" || status === "reserved" || isWithdrawable(redemption) ? (
          <Button size="slim" onClick={() => onCancel(redemption)} accessibilityLabel={t("redemptions.cancel")}>
            {t("redemptions.cancel_short")}
          </Button>
        ) : null}
      </td>
    </tr>
  );
}

const KNOWN_REASONS = [
  "credit_answer_lost",
  "customer_gone",
  "code_is_not_ours",
  "order_not_readable",
  "use_not_found",
] as const;

/** Why a person is asked, in words. */
export function Why({ why }: { why: string | null }) {
  const { t } = useTranslation();
  const known = KNOWN_REASONS.find((reason) => reason === why);
  return <>{known ? t(`redemptions.why.${known}`) : t("redemptions.why.other", { why: why ?? "" })}</>;
}

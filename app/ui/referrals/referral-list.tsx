// Referrals, those that wait for a person first: what the checks found, in words, and two answers.
import {
  Badge,
  Button,
  Card,
  EmptySearchResult,
  IndexTable,
  InlineStack,
  Link,
  Select,
  Text,
  type BadgeProps,
} from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import type { ListedReferral, ReferralPage } from "../../loyalty/referrals/list-referrals.server";
import type { ReferralStatus } from "../../loyalty/referrals/referral";
import { TimeText } from "../time-text";
import { useFormat } from "../use-format";

export const REFERRAL_STATUSES = ["held", "claimed", "issued", "ordered", "rewarded", "rejected", "expired"] as const satisfies readonly ReferralStatus[]; // prettier-ignore
const TONE: Record<ReferralStatus, BadgeProps["tone"]> = {
  held: "attention",
  claimed: "info",
  issued: "info",
  ordered: "info",
  rewarded: "success",
  rejected: "critical",
  expired: undefined,
};

interface ReferralListProps {
  page: ReferralPage;
  status: ReferralStatus | null;
  busy: boolean;
  onStatus(status: ReferralStatus | null): void;
  onMore: (() => void) | null;
  onDecide(id: number, decision: "approve" | "reject"): void;
}

/** The table with its filter. */
export function ReferralList({ page, status, busy, onStatus, onMore, onDecide }: ReferralListProps) {
  const { t } = useTranslation();
  return (
    <Card padding="0">
      <div className="kz-tools">
        <Select
          label={t("referrals.filter")}
          labelInline
          options={[
            { value: "", label: t("referrals.all") },
            ...REFERRAL_STATUSES.map((value) => ({ value, label: t(`referrals.status.${value}`) })),
          ]}
          value={status ?? ""}
          onChange={(value) => onStatus(REFERRAL_STATUSES.find((each) => each === value) ?? null)}
        />
      </div>
      <IndexTable
        selectable={false}
        itemCount={page.items.length}
        headings={[
          { title: t("referrals.column.advocate") },
          { title: t("referrals.column.friend") },
          { title: t("referrals.column.status") },
          { title: t("referrals.column.found") },
          { title: t("referrals.column.when") },
          { title: t("referrals.column.decide") },
        ]}
        emptyState={
          <EmptySearchResult
            title={t("referrals.empty.title")}
            description={t("referrals.empty.body")}
            withIllustration={false}
          />
        }
        {...(onMore ? { pagination: { hasNext: true, onNext: onMore } } : {})}
      >
        {page.items.map((referral, index) => (
          <ReferralRow key={referral.id} referral={referral} index={index} busy={busy} onDecide={onDecide} />
        ))}
      </IndexTable>
    </Card>
  );
}

function ReferralRow(
  props: { referral: ListedReferral; index: number; busy: boolean } & Pick<ReferralListProps, "onDecide">,
) {
  const { referral, index, busy, onDecide } = props;
  const { t } = useTranslation();
  const format = useFormat();
  const nameOf = (person: { name: string } | null) => person?.name || t("referrals.unknown");
  return (
    <IndexTable.Row id={String(referral.id)} position={index}>
      <IndexTable.Cell>
        <Link url={`/app/members/${referral.advocate.memberId}`} removeUnderline>
          <span className="kz-name">{nameOf(referral.advocate)}</span>
        </Link>
      </IndexTable.Cell>
      <IndexTable.Cell>
        {referral.friend ? (
          <Link url={`/app/members/${referral.friend.memberId}`} removeUnderline>
            <span className="kz-name">{nameOf(referral.friend)}</span>
          </Link>
        ) : (
          t("referrals.unknown")
        )}
      </IndexTable.Cell>
      <IndexTable.Cell>
        <Badge tone={TONE[referral.status]}>{t(`referrals.status.${referral.status}`)}</Badge>{" "}
        {referral.points > 0 ? t("common.points", { count: referral.points }) : null}
      </IndexTable.Cell>
      <IndexTable.Cell>
        {referral.flags.length === 0 ? (
          <Text as="span" tone="subdued">
            {t("referrals.nothing_found")}
          </Text>
        ) : (
          <span className="kz-name">
            {referral.flags.map((flag) => t(`referrals.flag.${flag}`)).join(format.locale === "ja" ? "、" : ", ")}
          </span>
        )}
      </IndexTable.Cell>
      <IndexTable.Cell>
        <TimeText at={referral.claimedAt} show="date" />
      </IndexTable.Cell>
      <IndexTable.Cell>
        {referral.status === "held" ? (
          <InlineStack gap="200">
            <Button size="slim" disabled={busy} onClick={() => onDecide(referral.id, "approve")}>
              {t("referrals.approve")}
            </Button>
            <Button size="slim" tone="critical" disabled={busy} onClick={() => onDecide(referral.id, "reject")}>
              {t("referrals.reject")}
            </Button>
          </InlineStack>
        ) : null}
      </IndexTable.Cell>
    </IndexTable.Row>
  );
}

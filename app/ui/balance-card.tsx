// What a member has: one number, one bar, and what became of the rest.
import { Badge, BlockStack, Card, InlineStack, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import type { Balances } from "../loyalty/posting-plan";
import { BalanceBar, type OpenLot } from "./balance-bar";
import { useFormat } from "./use-format";

/** The balance by bucket and by expiry. */
export function BalanceCard({ balances, lots, now }: { balances: Balances; lots: OpenLot[]; now: Date }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t("member.balance.title")}
        </Text>
        <InlineStack gap="200" blockAlign="baseline">
          <span className="kz-hero-points">{format.number(balances.available)}</span>
          <Text as="span" tone="subdued">
            {t("member.balance.available")}
          </Text>
          {balances.debt > 0 ? (
            <Badge tone="warning">{t("member.balance.debt", { count: balances.debt })}</Badge>
          ) : null}
        </InlineStack>
        <BalanceBar lots={lots} reserved={balances.reserved} now={now} />
        <Text as="p" variant="bodySm" tone="subdued">
          {t("member.balance.lifetime", {
            redeemed: format.number(balances.redeemed),
            expired: format.number(balances.expired),
            revoked: format.number(balances.revoked),
          })}
        </Text>
      </BlockStack>
    </Card>
  );
}

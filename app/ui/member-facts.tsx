// Who this person is, as far as the shop knows.
import { BlockStack, Button, Card, InlineStack, Tag, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import type { MemberPageData } from "../loyalty/member-page.server";
import { adminCustomerUrl } from "../shopify/admin-address";
import { Fact } from "./fact";
import { TimeText } from "./time-text";
import { useFormat } from "./use-format";

/** The facts beside the story. */
export function MemberFacts({ member }: { member: MemberPageData }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t("member.facts.title")}
        </Text>
        <dl className="kz-facts">
          <Fact name={t("member.facts.email")}>{member.email ?? t("common.none")}</Fact>
          <Fact name={t("member.facts.orders")}>{format.number(member.ordersCount)}</Fact>
          {member.lastOrderAt ? (
            <Fact name={t("member.facts.last_order")}>
              <TimeText at={member.lastOrderAt} show="date" />
            </Fact>
          ) : null}
          <Fact name={t("member.facts.first_seen")}>
            <TimeText at={member.firstSeenAt} show="date" />
          </Fact>
          {member.joinedAt ? (
            <Fact name={t("member.facts.joined")}>
              <TimeText at={member.joinedAt} show="date" />
            </Fact>
          ) : null}
          {member.birthday ? (
            <Fact name={t("member.facts.birthday")}>{format.day(`2000-${member.birthday}`)}</Fact>
          ) : null}
          {member.referralCode ? (
            <Fact name={t("member.facts.referral_code")}>
              <code>{member.referralCode}</code>
            </Fact>
          ) : null}
          {member.referrals.invited > 0 ? (
            <Fact name={t("member.facts.referrals")}>{t("member.facts.referrals_count", member.referrals)}</Fact>
          ) : null}
          {member.tags.length > 0 ? (
            <Fact name={t("member.facts.tags")}>
              <InlineStack gap="100">
                {member.tags.map((tag) => (
                  <Tag key={tag}>{tag}</Tag>
                ))}
              </InlineStack>
            </Fact>
          ) : null}
        </dl>
        {member.customerGid ? (
          <Button url={adminCustomerUrl(member.customerGid)} target="_top">
            {t("member.facts.open")}
          </Button>
        ) : (
          <Text as="p" tone="subdued">
            {t("member.facts.guest")}
          </Text>
        )}
      </BlockStack>
    </Card>
  );
}

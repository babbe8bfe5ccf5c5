// The ways to earn as this member stands to them: what is done, what is open, what comes by itself.
import { BlockStack, Card, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import type { ShownWay } from "../loyalty/ways/read-ways.server";
import { Fact } from "./fact";
import { useFormat } from "./use-format";

/** One line a way; nothing while the shop offers none. */
export function MemberWaysCard({ ways }: { ways: ShownWay[] }) {
  const { t } = useTranslation();
  if (ways.length === 0) return null;
  const done = ways.filter(({ state }) => state === "done").length;
  return (
    <Card>
      <BlockStack gap="300">
        <BlockStack gap="050">
          <Text as="h2" variant="headingMd">
            {t("ways.title")}
          </Text>
          <Text as="p" variant="bodySm" tone="subdued">
            {t("member.ways.summary", { done, total: ways.length })}
          </Text>
        </BlockStack>
        <dl className="kz-facts">
          {ways.map((way) => (
            <Fact key={way.wayId} name={t(`ways.kind.${way.kind}`)}>
              <WayState way={way} />
            </Fact>
          ))}
        </dl>
      </BlockStack>
    </Card>
  );
}

function WayState({ way }: { way: ShownWay }) {
  const { t } = useTranslation();
  const format = useFormat();
  const state =
    way.state === "waiting" && way.nextAt !== null
      ? t("member.ways.next", { date: format.date(way.nextAt) })
      : t(`member.ways.${way.state}`);
  return (
    <BlockStack gap="050">
      <Text as="span" {...(way.state === "done" ? { tone: "success" as const } : {})}>
        <span suppressHydrationWarning>{state}</span>
      </Text>
      <Text as="span" variant="bodySm" tone="subdued">
        {t("common.points", { count: way.points })}
      </Text>
    </BlockStack>
  );
}

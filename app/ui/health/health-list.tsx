// One line for each thing that has to work: its state in a word, what that means, and the way to do something.
import { Badge, BlockStack, Box, Button, Card, Icon, InlineStack, Text, type BadgeProps } from "@shopify/polaris";
import {
  AlertCircleIcon,
  AlertTriangleIcon,
  CheckCircleIcon,
  ClockIcon,
  MinusCircleIcon,
} from "@shopify/polaris-icons";
import { useTranslation } from "react-i18next";

import { useFormat } from "../use-format";
import { byLoudness, loudest, type CheckState, type Said, type Verdict } from "./judge-health";

const LOOKS: Record<
  CheckState,
  { icon: typeof ClockIcon; tone: "success" | "info" | "subdued" | "warning" | "critical" }
> = {
  well: { icon: CheckCircleIcon, tone: "success" },
  working: { icon: ClockIcon, tone: "info" },
  none: { icon: MinusCircleIcon, tone: "subdued" },
  off: { icon: MinusCircleIcon, tone: "subdued" },
  look: { icon: AlertTriangleIcon, tone: "warning" },
  act: { icon: AlertCircleIcon, tone: "critical" },
};
const BADGES: Record<CheckState, BadgeProps["tone"]> = {
  well: "success",
  working: "info",
  none: undefined,
  off: undefined,
  look: "warning",
  act: "critical",
};
const WAYS = {
  problems: "/app/settings/deliveries?status=problems",
  deliveries: "/app/settings/deliveries",
  messages: "/app/settings/messages",
} as const;

/** The answer to "is all well?", and the lines behind it. */
export function HealthList({
  verdicts,
  now,
  readAt,
}: {
  verdicts: Verdict[];
  now: Date | string;
  readAt: Date | string;
}) {
  const { t } = useTranslation();
  const worst = loudest(verdicts);
  const { icon, tone } = LOOKS[worst?.state ?? "well"];
  return (
    <BlockStack gap="400">
      <Box paddingInline={{ xs: "400", sm: "100" }}>
        <InlineStack gap="200" blockAlign="center" wrap={false}>
          <span>
            <Icon source={icon} tone={tone} />
          </span>
          <Text as="h2" variant="headingMd">
            {worst ? t(`health.summary.${worst.state}`, { count: worst.count }) : t("health.summary.well")}
          </Text>
        </InlineStack>
      </Box>
      <Card>
        <ul className="kz-rows">
          {byLoudness(verdicts).map((verdict) => (
            <HealthLine key={verdict.check} verdict={verdict} now={now} readAt={readAt} />
          ))}
        </ul>
      </Card>
    </BlockStack>
  );
}

function HealthLine({ verdict, now, readAt }: { verdict: Verdict; now: Date | string; readAt: Date | string }) {
  const { t } = useTranslation();
  const { check, state, said, way } = verdict;
  const { icon, tone } = LOOKS[state];
  // Mail and comparisons follow the shop's clock, arrivals and checks the server's.
  const words = useWords(said, check === "mail" || check === "comparison" ? now : readAt);
  return (
    <li>
      <div className="kz-grow">
        <div className="kz-step">
          <span>
            <Icon source={icon} tone={tone} />
          </span>
          <BlockStack gap="100">
            <InlineStack gap="200" blockAlign="center">
              <Text as="h3" variant="headingSm">
                {t(`health.check.${check}`)}
              </Text>
              <Badge {...(BADGES[state] ? { tone: BADGES[state] } : {})}>{t(`health.state.${state}`)}</Badge>
            </InlineStack>
            {words.map((line) => (
              <Text key={line} as="p" tone="subdued">
                {line}
              </Text>
            ))}
            {way ? (
              <InlineStack>
                <Button url={WAYS[way]}>{t(`health.way.${way}`)}</Button>
              </InlineStack>
            ) : null}
          </BlockStack>
        </div>
      </div>
    </li>
  );
}

function useWords(said: Said, now: Date | string): string[] {
  const { t } = useTranslation();
  const format = useFormat();
  if ("trouble" in said) {
    const { trouble, count, minutes } = said;
    return [t(`home.health.${trouble}.title`, { count }), t(`home.health.${trouble}.body`, { count, minutes })];
  }
  switch (said.say) {
    case "comparison_well":
      return [
        t("health.say.comparison_well", {
          count: said.count,
          when: format.ago(said.at, now),
          matched: format.number(said.matched),
          healed: format.number(said.healed),
        }),
      ];
    case "subscriptions_well":
      return [t("health.say.subscriptions_well", { count: said.count, when: format.ago(said.at, now) })];
    case "orders_well":
    case "mail_well":
    case "books_well":
      return [t(`health.say.${said.say}`, { when: format.ago(said.at, now) })];
    default:
      return [t(`health.say.${said.say}`, { count: "count" in said ? said.count : 0 })];
  }
}

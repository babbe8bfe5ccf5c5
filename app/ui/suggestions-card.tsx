// What to do today: each with its reason and the one click that leads there.
import { BlockStack, Button, Card, InlineStack, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import type { Suggestion } from "../loyalty/suggestions";
import { useFormat } from "./use-format";

const PLACES: Record<Exclude<Suggestion["kind"], "expiring">, string> = {
  needs_person: "/app/rewards/redemptions?status=needs_person",
  held_referrals: "/app/program/referrals?status=held",
  no_reward: "/app/rewards/new",
  no_mail: "/app/settings/messages",
};
function placeOf(suggestion: Suggestion): string {
  if (suggestion.kind !== "expiring") return PLACES[suggestion.kind];
  return suggestion.missing === "days" ? "/app/program/earning" : "/app/settings/messages";
}

/** The suggestions; nothing while there is nothing to do. */
export function SuggestionsCard({ suggestions }: { suggestions: Suggestion[] }) {
  const { t } = useTranslation();
  if (suggestions.length === 0) return null;
  return (
    <Card>
      <BlockStack gap="400">
        <Text as="h2" variant="headingMd">
          {t("home.suggestions.title")}
        </Text>
        <BlockStack gap="400" as="ul">
          {suggestions.map((suggestion) => (
            <SuggestionLine key={suggestion.kind} suggestion={suggestion} />
          ))}
        </BlockStack>
      </BlockStack>
    </Card>
  );
}

function SuggestionLine({ suggestion }: { suggestion: Suggestion }) {
  const { t } = useTranslation();
  const { title, body } = useWords(suggestion);
  return (
    <li>
      <InlineStack align="space-between" blockAlign="center" gap="300">
        <BlockStack gap="050">
          <Text as="h3" variant="headingSm">
            {title}
          </Text>
          <Text as="p" tone="subdued">
            {body}
          </Text>
        </BlockStack>
        <Button url={placeOf(suggestion)}>{t(`home.suggestions.${suggestion.kind}.action`)}</Button>
      </InlineStack>
    </li>
  );
}

function useWords(suggestion: Suggestion): { title: string; body: string } {
  const { t } = useTranslation();
  const format = useFormat();
  switch (suggestion.kind) {
    case "needs_person":
      return {
        title: t("home.suggestions.needs_person.title", { count: suggestion.count }),
        body: t("home.suggestions.needs_person.body", { points: format.number(suggestion.points) }),
      };
    case "held_referrals":
      return {
        title: t("home.suggestions.held_referrals.title", { count: suggestion.count }),
        body: t("home.suggestions.held_referrals.body"),
      };
    case "no_reward":
      return {
        title: t("home.suggestions.no_reward.title"),
        body: t("home.suggestions.no_reward.body", { count: suggestion.points }),
      };
    case "expiring":
      return {
        title: t("home.suggestions.expiring.title", { count: suggestion.points }),
        body: t("home.suggestions.expiring.body", { count: suggestion.members }),
      };
    case "no_mail":
      return { title: t("home.suggestions.no_mail.title"), body: t("home.suggestions.no_mail.body") };
  }
}

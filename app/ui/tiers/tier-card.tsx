// One member's tier: what they hold, how far the next one is, and what was set by hand.
import { Badge, BlockStack, Button, Card, InlineStack, ProgressBar, Text } from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { MemberTier } from "../../loyalty/tiers/read-tiers.server";
import { useFormat } from "../use-format";
import { TierDot } from "./ladder-card";
import { OverrideModal, type OverrideForm } from "./override-modal";
import { useTierTexts } from "./tier-texts";

interface TierCardProps {
  tier: MemberTier;
  /** Staff may set a tier: false for members who are gone. */
  canSet: boolean;
  busy: boolean;
  onSet(form: OverrideForm): void;
  onEnd(): void;
}

/** The tier, its end, the way to the next one, and the setting by hand. */
export function TierCard({ tier, canSet, busy, onSet, onEnd }: TierCardProps) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const isByHand = tier.override !== null;
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t("tiers.card.title")}
        </Text>
        <Held tier={tier} />
        <Progress tier={tier} />
        {canSet ? (
          <InlineStack gap="200">
            <Button onClick={() => setAsking(true)} disabled={busy}>
              {t("tiers.card.set")}
            </Button>
            {isByHand ? (
              <Button variant="tertiary" onClick={onEnd} disabled={busy}>
                {t("tiers.card.end")}
              </Button>
            ) : null}
          </InlineStack>
        ) : null}
      </BlockStack>
      <OverrideModal
        open={asking}
        tiers={tier.tiers}
        current={tier.tierId}
        onClose={() => setAsking(false)}
        onSet={(form) => {
          setAsking(false);
          onSet(form);
        }}
      />
    </Card>
  );
}

function Held({ tier }: { tier: MemberTier }) {
  const { t } = useTranslation();
  const format = useFormat();
  const texts = useTierTexts();
  const held = tier.tiers.find(({ id }) => id === tier.tierId);
  if (!held) {
    return (
      <Text as="p" tone="subdued">
        {t("tiers.card.none")}
      </Text>
    );
  }
  const { override } = tier;
  return (
    <BlockStack gap="100">
      <InlineStack gap="200" blockAlign="center">
        <TierDot color={held.color} />
        <Text as="span" variant="headingLg">
          {texts.name(held)}
        </Text>
        {override ? (
          <Badge tone="info">
            {override.until === null
              ? t("tiers.card.by_hand")
              : t("tiers.card.by_hand_until", { date: format.date(lastMoment(override.until)) })}
          </Badge>
        ) : null}
      </InlineStack>
      <Text as="p" variant="bodySm" tone="subdued">
        {tier.until === null
          ? t("tiers.card.no_end")
          : t("tiers.card.until", { date: format.date(lastMoment(tier.until)) })}
      </Text>
    </BlockStack>
  );
}

function Progress({ tier }: { tier: MemberTier }) {
  const { t } = useTranslation();
  const texts = useTierTexts();
  const { progress } = tier;
  if (!progress) return null;
  const { metric, current, nextThreshold: goal, periodEnd } = progress;
  const next = tier.tiers.find(({ id }) => id === progress.nextTierId);
  if (!next || goal === null) {
    return (
      <Text as="p" variant="bodySm">
        {t("tiers.card.top")}
      </Text>
    );
  }
  const words = t("tiers.card.progress", { current: texts.amount(metric, current), goal: texts.amount(metric, goal) });
  return (
    <BlockStack gap="100">
      <Text as="p" id="tier-progress">
        {t("tiers.card.to_next", {
          rest: texts.amount(metric, Math.max(0, goal - current)),
          tier: texts.name(next),
        })}
      </Text>
      <ProgressBar
        size="small"
        progress={goal === 0 ? 100 : Math.min(100, Math.floor((current * 100) / goal))}
        ariaLabelledBy="tier-progress"
      />
      <Text as="p" variant="bodySm" tone="subdued">
        {words}
      </Text>
      {periodEnd === null ? null : <PeriodEnd at={lastMoment(periodEnd)} />}
    </BlockStack>
  );
}

function PeriodEnd({ at }: { at: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Text as="p" variant="bodySm" tone="subdued">
      <span suppressHydrationWarning>{t("tiers.card.period", { date: format.date(at) })}</span>
    </Text>
  );
}

// A period ends with the last moment of its last day; its end is the first moment of the day after.
function lastMoment(end: string): string {
  return new Date(Date.parse(end) - 1).toISOString();
}

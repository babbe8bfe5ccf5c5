// The rules as typed, tried on the shop's own past orders: asked for by a click, answered beside the form.
import { useFetcher } from "@remix-run/react";
import { Banner, BlockStack, Button, SkeletonBodyText, Text } from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { formatMinor } from "../../loyalty/money";
import type { ProgramSimulation } from "../../loyalty/simulate-program.server";
import type { action } from "../../routes/app.program.trial";
import { Fact } from "../fact";
import { useFormat } from "../use-format";
import type { EarningSettings } from "./earning-draft";
import { SettingsCard } from "./form-parts";

type Simulated = Extract<ProgramSimulation, { outcome: "simulated" }>;

interface TrialCardProps {
  /** null: something typed cannot be read. */
  settings: EarningSettings | null;
  /** They differ from what was saved. */
  changed: boolean;
}

/** A button, and what it found; an answer to other rules than those typed now says so. */
export function TrialCard({ settings, changed }: TrialCardProps) {
  const { t } = useTranslation();
  const trial = useFetcher<typeof action>();
  const [asked, setAsked] = useState("");
  const typed = JSON.stringify(settings);
  const isBusy = trial.state !== "idle";
  const answer = isBusy ? null : (trial.data ?? null);
  return (
    <SettingsCard title={t("earning.trial.title")} lead={t("earning.trial.lead")}>
      <div>
        <Button
          loading={isBusy}
          disabled={!changed || settings === null}
          onClick={() => {
            setAsked(typed);
            void trial.submit(settings, { method: "post", action: "/app/program/trial", encType: "application/json" });
          }}
        >
          {t(answer ? "earning.trial.again" : "earning.trial.action")}
        </Button>
      </div>
      {changed ? null : (
        <Text as="p" tone="subdued">
          {t("earning.trial.unchanged")}
        </Text>
      )}
      <div role="status" aria-busy={isBusy}>
        {isBusy ? <Looking /> : null}
        {answer?.outcome === "simulated" ? <Found found={answer} isOld={asked !== typed} /> : null}
        {answer?.outcome === "invalid" ? (
          <Banner tone="warning">
            <p>{t("earning.needs_a_look")}</p>
          </Banner>
        ) : null}
      </div>
    </SettingsCard>
  );
}

function Looking() {
  const { t } = useTranslation();
  return (
    <BlockStack gap="300">
      <Text as="p" tone="subdued">
        {t("earning.trial.looking")}
      </Text>
      <SkeletonBodyText lines={4} />
    </BlockStack>
  );
}

function Found({ found, isOld }: { found: Simulated; isOld: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { pointsNow, pointsThen, members, orders, replayed } = found;
  if (orders === 0) return <Text as="p">{t("earning.trial.none")}</Text>;
  const facts = [
    ["now", t("common.points", { count: pointsNow })],
    ["then", t("common.points", { count: pointsThen })],
    ["more", format.number(members.more)],
    ["fewer", format.number(members.fewer)],
    ["tier_up", format.number(members.tierUp)],
    ["tier_down", format.number(members.tierDown)],
  ] as const;
  const day = format.date(found.from);
  return (
    <BlockStack gap="300">
      {isOld ? (
        <Banner tone="warning">
          <p>{t("earning.trial.old")}</p>
        </Banner>
      ) : null}
      <Difference found={found} />
      <dl className="kz-facts">
        {facts.map(([name, value]) => (
          <Fact key={name} name={t(`earning.trial.${name}`)}>
            {value}
          </Fact>
        ))}
      </dl>
      <Text as="p" tone="subdued">
        {replayed < orders
          ? t("earning.trial.newest", { orders: format.number(replayed), all: format.number(orders), day })
          : t("earning.trial.how", { count: orders, members: format.number(members.looked), day })}
      </Text>
    </BlockStack>
  );
}

function Difference({ found: { pointsNow, pointsThen, liability } }: { found: Simulated }) {
  const { t } = useTranslation();
  const { locale } = useFormat();
  const points = t("common.points", { count: Math.abs(pointsThen - pointsNow) });
  const way = pointsThen > pointsNow ? "dearer" : pointsThen < pointsNow ? "cheaper" : "same";
  const amount = liability && formatMinor(Math.abs(liability.minor), liability.currency, locale);
  return (
    <BlockStack gap="100">
      <p className="kz-figure">{t(`earning.trial.${way}`, { points })}</p>
      {amount !== null && way !== "same" ? <Text as="p">{t(`earning.trial.worth_${way}`, { amount })}</Text> : null}
    </BlockStack>
  );
}

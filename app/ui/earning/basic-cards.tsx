// The settings that every shop looks at: the rate, when points arrive and end, who takes part, live or paused.
import { BlockStack, Checkbox, FormLayout, Select, TextField } from "@shopify/polaris";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { useShopFacts } from "../shop-facts";
import { TokenField } from "../token-field";
import { useFormat } from "../use-format";
import { readDraft } from "./earning-draft";
import { ExpiryEffect } from "./expiry-effect";
import { Choice, currencySign, NumberField, SettingsCard, useErrorText, type EarningFormProps } from "./form-parts";

/** N points for every M of money, and what happens to the fraction. */
export function RateCard({ draft, errors, change }: EarningFormProps) {
  const { t } = useTranslation();
  const { currency } = useShopFacts();
  const { locale } = useFormat();
  const errorText = useErrorText(errors);
  return (
    <SettingsCard title={t("earning.rate.title")} lead={t("earning.rate.lead")}>
      <FormLayout>
        <FormLayout.Group condensed>
          <NumberField
            label={t("earning.rate.points")}
            value={draft.ratePoints}
            onChange={(ratePoints) => change({ ratePoints })}
            suffix={t("earning.points_suffix")}
            error={errorText("ratePoints")}
          />
          <NumberField
            label={t("earning.rate.per")}
            value={draft.ratePer}
            onChange={(ratePer) => change({ ratePer })}
            prefix={currencySign(currency, locale)}
            error={errorText("ratePer")}
          />
        </FormLayout.Group>
        <Select
          label={t("earning.rounding.title")}
          options={(["down", "half_up", "up"] as const).map((value) => ({
            value,
            label: t(`earning.rounding.${value}`),
          }))}
          value={draft.rounding}
          onChange={(rounding: "down" | "half_up" | "up") => change({ rounding })}
          helpText={t("earning.rounding.help")}
        />
      </FormLayout>
    </SettingsCard>
  );
}

/** The trigger, the hold and the end of points. */
export function TimingCard({ draft, errors, change }: EarningFormProps) {
  const { t } = useTranslation();
  const errorText = useErrorText(errors);
  return (
    <SettingsCard title={t("earning.timing.title")} lead={t("earning.timing.lead")}>
      <Choice
        title={t("earning.trigger.title")}
        choices={(["paid", "fulfilled", "delivered"] as const).map((value) => ({
          value,
          label: t(`earning.trigger.${value}`),
        }))}
        value={draft.trigger}
        onChange={(trigger) => change({ trigger })}
      />
      <NumberField
        label={t("earning.hold.title")}
        value={draft.holdDays}
        onChange={(holdDays) => change({ holdDays })}
        suffix={t("earning.days_suffix")}
        helpText={t("earning.hold.help")}
        error={errorText("holdDays")}
      />
      <ExpiryFields draft={draft} errors={errors} change={change} />
    </SettingsCard>
  );
}

const EXPIRY_KINDS = ["never", "after_months", "after_days", "month_end", "year_end", "after_inactivity"] as const;
type ExpiryKind = (typeof EXPIRY_KINDS)[number];
const EXPIRY_UNITS = {
  after_days: "earning.days_suffix",
  after_months: "earning.months_suffix",
  month_end: "earning.months_suffix",
  year_end: "earning.years_suffix",
  after_inactivity: "earning.months_suffix",
} as const;
const EXPIRY_HELP = {
  never: "earning.expiry.none",
  after_days: "earning.expiry.help",
  after_months: "earning.expiry.help",
  month_end: "earning.expiry.help_month_end",
  year_end: "earning.expiry.help_year_end",
  after_inactivity: "earning.expiry.help_after_inactivity",
} as const;

function ExpiryFields({ draft, errors, change }: EarningFormProps) {
  const { t } = useTranslation();
  const { currency, timeZone } = useShopFacts();
  const errorText = useErrorText(errors);
  const read = useMemo(() => readDraft(draft, { currency, timeZone }), [draft, currency, timeZone]);
  return (
    <FormLayout>
      <FormLayout.Group>
        <Select
          label={t("earning.expiry.title")}
          options={EXPIRY_KINDS.map((value) => ({ value, label: t(`earning.expiry.${value}`) }))}
          value={draft.expiryKind}
          onChange={(expiryKind: ExpiryKind) => change({ expiryKind })}
          helpText={t(EXPIRY_HELP[draft.expiryKind])}
        />
        {draft.expiryKind === "never" ? null : (
          <NumberField
            label={t("earning.expiry.amount")}
            value={draft.expiryAmount}
            onChange={(expiryAmount) => change({ expiryAmount })}
            suffix={t(EXPIRY_UNITS[draft.expiryKind])}
            error={errorText("expiryAmount")}
          />
        )}
      </FormLayout.Group>
      {draft.expiryKind === "never" ? null : (
        <TokenField
          label={t("earning.reminders.title")}
          tokens={draft.reminders}
          onChange={(reminders) => change({ reminders })}
          placeholder={t("earning.reminders.placeholder")}
          helpText={t("earning.reminders.help")}
          error={errorText("reminders")}
        />
      )}
      <ExpiryEffect policy={"rules" in read ? read.rules.expiry : null} />
    </FormLayout>
  );
}

/** Everyone, those who joined, or those with a tag; and who is left out. */
export function ParticipationCard({ draft, errors, change }: EarningFormProps) {
  const { t } = useTranslation();
  const errorText = useErrorText(errors);
  return (
    <SettingsCard title={t("earning.who.title")} lead={t("earning.who.lead")}>
      <Choice
        title={t("earning.who.question")}
        choices={(["everyone", "joined", "tagged"] as const).map((value) => ({
          value,
          label: t(`earning.who.${value}`),
          helpText: t(`earning.who.${value}_help`),
        }))}
        value={draft.who}
        onChange={(who) => change({ who })}
      />
      {draft.who === "tagged" ? (
        <TokenField
          label={t("earning.who.tags")}
          tokens={draft.joinTags}
          onChange={(joinTags) => change({ joinTags })}
          helpText={t("earning.tag_help")}
          error={errorText("joinTags")}
        />
      ) : null}
      <TokenField
        label={t("earning.who.exclude")}
        tokens={draft.excludeTags}
        onChange={(excludeTags) => change({ excludeTags })}
        helpText={t("earning.who.exclude_help")}
        error={errorText("excludeTags")}
      />
      <Checkbox
        label={t("earning.who.b2b")}
        helpText={t("earning.who.b2b_help")}
        checked={draft.excludeB2b}
        onChange={(excludeB2b) => change({ excludeB2b })}
      />
    </SettingsCard>
  );
}

/** Live or paused, and from when. */
export function StatusCard({ draft, errors, change }: EarningFormProps) {
  const { t } = useTranslation();
  const { timeZone } = useShopFacts();
  const errorText = useErrorText(errors);
  return (
    <SettingsCard title={t("earning.status.title")}>
      <BlockStack gap="400">
        <Choice
          title={t("earning.status.question")}
          choices={(["live", "paused"] as const).map((value) => ({
            value,
            label: t(`earning.status.${value}`),
            helpText: t(`earning.status.${value}_help`),
          }))}
          value={draft.status}
          onChange={(status) => change({ status })}
        />
        <TextField
          type="datetime-local"
          label={t("earning.starts.title")}
          value={draft.startsAt}
          onChange={(startsAt) => change({ startsAt })}
          helpText={t("earning.starts.help", { timeZone })}
          autoComplete="off"
          error={errorText("startsAt")}
          clearButton
          onClearButtonClick={() => change({ startsAt: "" })}
        />
      </BlockStack>
    </SettingsCard>
  );
}

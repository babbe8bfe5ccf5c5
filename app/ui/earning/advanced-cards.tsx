// The settings that are right as they are for most shops, folded until somebody needs one.
import { Checkbox, ChoiceList, FormLayout, Select } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import type { EarningRules } from "../../loyalty/earning-rules";
import { useShopFacts } from "../shop-facts";
import { TokenField } from "../token-field";
import { useFormat } from "../use-format";
import { Choice, currencySign, NumberField, SettingsCard, useErrorText, type EarningFormProps } from "./form-parts";
import { readShopifyId, showShopifyId } from "./shopify-id";

const BASE_PARTS = [
  "includeTax",
  "includeShipping",
  "includeGiftCardLines",
  "includePaidWithGiftCard",
  "includePaidWithStoreCredit",
  "includePaidWithPoints",
  "includeDuties",
  "includeTip",
] as const satisfies (keyof EarningRules["base"])[];

/** Which parts of an order's money count. */
export function BaseCard({ draft, change }: EarningFormProps) {
  const { t } = useTranslation();
  return (
    <SettingsCard title={t("earning.base.title")} lead={t("earning.base.lead")}>
      <Choice
        title={t("earning.base.discounts")}
        choices={(["after", "before"] as const).map((value) => ({ value, label: t(`earning.base.${value}`) }))}
        value={draft.base.discounts}
        onChange={(discounts) => change({ base: { ...draft.base, discounts } })}
      />
      <ChoiceList
        allowMultiple
        title={t("earning.base.also")}
        choices={BASE_PARTS.map((value) => ({ value, label: t(`earning.base.${value}`) }))}
        selected={BASE_PARTS.filter((part) => draft.base[part])}
        onChange={(selected) => {
          const parts = Object.fromEntries(BASE_PARTS.map((part) => [part, selected.includes(part)]));
          change({ base: { ...draft.base, ...parts } });
        }}
      />
    </SettingsCard>
  );
}

/** A minimum per order, and the most that an order or a day may earn. */
export function LimitsCard({ draft, errors, change }: EarningFormProps) {
  const { t } = useTranslation();
  const { currency } = useShopFacts();
  const { locale } = useFormat();
  const errorText = useErrorText(errors);
  return (
    <SettingsCard title={t("earning.limits.title")} lead={t("earning.limits.lead")}>
      <NumberField
        label={t("earning.limits.minimum")}
        value={draft.minimum}
        onChange={(minimum) => change({ minimum })}
        prefix={currencySign(currency, locale)}
        placeholder={t("earning.limits.none")}
        error={errorText("minimum")}
      />
      {draft.minimum.trim() !== "" ? (
        <Checkbox
          label={t("earning.limits.retest")}
          helpText={t("earning.limits.retest_help")}
          checked={draft.minimumRetest}
          onChange={(minimumRetest) => change({ minimumRetest })}
        />
      ) : null}
      <FormLayout>
        <FormLayout.Group>
          <NumberField
            label={t("earning.limits.per_order")}
            value={draft.perOrderCap}
            onChange={(perOrderCap) => change({ perOrderCap })}
            suffix={t("earning.points_suffix")}
            placeholder={t("earning.limits.none")}
            error={errorText("perOrderCap")}
          />
          <NumberField
            label={t("earning.limits.per_day")}
            value={draft.perDayCap}
            onChange={(perDayCap) => change({ perDayCap })}
            suffix={t("earning.points_suffix")}
            placeholder={t("earning.limits.none")}
            error={errorText("perDayCap")}
          />
        </FormLayout.Group>
      </FormLayout>
    </SettingsCard>
  );
}

/** A fixed number of points for a member's first order. */
export function BonusCard({ draft, errors, change }: EarningFormProps) {
  const { t } = useTranslation();
  const errorText = useErrorText(errors);
  return (
    <SettingsCard title={t("earning.bonus.title")} lead={t("earning.bonus.lead")}>
      <NumberField
        label={t("earning.bonus.points")}
        value={draft.firstOrderPoints}
        onChange={(firstOrderPoints) => change({ firstOrderPoints })}
        suffix={t("earning.points_suffix")}
        placeholder={t("earning.bonus.none")}
        error={errorText("firstOrderPoints")}
      />
      <Choice
        title={t("earning.bonus.refund")}
        choices={(["proportional", "until_nothing_kept"] as const).map((value) => ({
          value,
          label: t(`earning.bonus.${value}`),
        }))}
        value={draft.firstOrderOnRefund}
        onChange={(firstOrderOnRefund) => change({ firstOrderOnRefund })}
      />
    </SettingsCard>
  );
}

/** What happens to points of a refunded order that were spent already. */
export function ClawbackCard({ draft, errors, change }: EarningFormProps) {
  const { t } = useTranslation();
  const errorText = useErrorText(errors);
  return (
    <SettingsCard title={t("earning.clawback.title")} lead={t("earning.clawback.lead")}>
      <Choice
        title={t("earning.clawback.question")}
        choices={(["debt", "forgive"] as const).map((value) => ({
          value,
          label: t(`earning.clawback.${value}`),
          helpText: t(`earning.clawback.${value}_help`),
        }))}
        value={draft.clawback}
        onChange={(clawback) => change({ clawback })}
      />
      {draft.clawback === "debt" ? (
        <Checkbox
          label={t("earning.clawback.repay_first")}
          helpText={t("earning.clawback.repay_first_help")}
          checked={draft.repayDebtFirst}
          onChange={(repayDebtFirst) => change({ repayDebtFirst })}
        />
      ) : null}
      <NumberField
        label={t("earning.returns.title")}
        value={draft.returnsGraceDays}
        onChange={(returnsGraceDays) => change({ returnsGraceDays })}
        suffix={t("earning.days_suffix")}
        helpText={t("earning.returns.help")}
        error={errorText("returnsGraceDays")}
      />
    </SettingsCard>
  );
}

const CHANNELS = ["online", "pos", "draft", "subscription", "other"] as const;

/** Which orders count: channels, tests, risk, guests. */
export function OrdersCard({ draft, errors, change }: EarningFormProps) {
  const { t } = useTranslation();
  const errorText = useErrorText(errors);
  return (
    <SettingsCard title={t("earning.orders.title")}>
      <ChoiceList
        allowMultiple
        title={t("earning.orders.channels")}
        choices={CHANNELS.map((value) => ({ value, label: t(`earning.orders.channel.${value}`) }))}
        selected={draft.channels}
        onChange={(selected) => change({ channels: CHANNELS.filter((channel) => selected.includes(channel)) })}
        error={errorText("channels")}
      />
      <Select
        label={t("earning.orders.risk")}
        options={(["earn", "hold", "none"] as const).map((value) => ({
          value,
          label: t(`earning.orders.risk_${value}`),
        }))}
        value={draft.highRisk}
        onChange={(highRisk: EarningRules["highRisk"]) => change({ highRisk })}
      />
      <Select
        label={t("earning.orders.test")}
        options={(["never", "development_only", "always"] as const).map((value) => ({
          value,
          label: t(`earning.orders.test_${value}`),
        }))}
        value={draft.testOrders}
        onChange={(testOrders: EarningRules["testOrders"]) => change({ testOrders })}
        helpText={t("earning.orders.test_help")}
      />
      <NumberField
        label={t("earning.orders.guests")}
        value={draft.guestClaimDays}
        onChange={(guestClaimDays) => change({ guestClaimDays })}
        suffix={t("earning.days_suffix")}
        helpText={t("earning.orders.guests_help")}
        error={errorText("guestClaimDays")}
      />
    </SettingsCard>
  );
}

/** Only these customers see the program and earn: for a first look before everybody does. */
export function PreviewCard({ draft, errors, change }: EarningFormProps) {
  const { t } = useTranslation();
  const errorText = useErrorText(errors);
  return (
    <SettingsCard title={t("earning.preview.title")} lead={t("earning.preview.lead")}>
      <TokenField
        label={t("earning.preview.customers")}
        tokens={draft.previewCustomers}
        onChange={(previewCustomers) => change({ previewCustomers })}
        read={(text) => readShopifyId(text, "Customer")}
        show={showShopifyId}
        helpText={t("earning.preview.help")}
        unreadable={t("earning.error.id")}
        error={errorText("previewCustomers")}
      />
    </SettingsCard>
  );
}

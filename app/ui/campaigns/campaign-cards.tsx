// The cards of the campaign editor.
import { Checkbox, ChoiceList, FormLayout, Select, TextField } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { textIn, type Tier } from "../../loyalty/program-parts";
import { Choice, NumberField, SettingsCard } from "../earning/form-parts";
import { LocalizedFields } from "../localized-fields";
import { ProductFilterFields } from "../product-filter-fields";
import { useShopFacts } from "../shop-facts";
import { TokenField } from "../token-field";
import { useFormat } from "../use-format";
import type { CampaignDraft, CampaignField } from "./campaign-draft";

export interface CampaignCardProps {
  draft: CampaignDraft;
  errorText(field: CampaignField): string | undefined;
  change(patch: Partial<CampaignDraft>): void;
}

/** Name, window, on or off. */
export function BasicsCard({ draft, errorText, change }: CampaignCardProps) {
  const { t } = useTranslation();
  const { timeZone } = useShopFacts();
  return (
    <SettingsCard title={t("campaigns.editor.basics")} lead={t("campaigns.editor.name_help")}>
      <FormLayout>
        <LocalizedFields
          label={t("campaigns.editor.name")}
          text={draft.name}
          onChange={(name) => change({ name })}
          error={errorText("name")}
        />
        <FormLayout.Group helpText={t("campaigns.editor.zone", { timeZone })}>
          <TextField
            type="datetime-local"
            label={t("campaigns.editor.from")}
            value={draft.from}
            onChange={(from) => change({ from })}
            autoComplete="off"
            error={errorText("from")}
          />
          <TextField
            type="datetime-local"
            label={t("campaigns.editor.until")}
            value={draft.until}
            onChange={(until) => change({ until })}
            autoComplete="off"
            error={errorText("until")}
          />
        </FormLayout.Group>
        <Checkbox
          label={t("campaigns.editor.enabled")}
          helpText={t("campaigns.editor.enabled_help")}
          checked={draft.enabled}
          onChange={(enabled) => change({ enabled })}
        />
      </FormLayout>
    </SettingsCard>
  );
}

/** A multiple of the plain rate, or a bonus. */
export function EffectCard({ draft, errorText, change }: CampaignCardProps) {
  const { t } = useTranslation();
  return (
    <SettingsCard title={t("campaigns.editor.effect")}>
      <Choice
        title={t("campaigns.editor.effect_question")}
        choices={(["multiplier", "bonus"] as const).map((value) => ({ value, label: t(`campaigns.editor.${value}`) }))}
        value={draft.effect}
        onChange={(effect) => change({ effect })}
      />
      {draft.effect === "multiplier" ? (
        <NumberField
          label={t("campaigns.editor.times")}
          value={draft.times}
          onChange={(times) => change({ times })}
          prefix="×"
          helpText={t("campaigns.editor.times_help")}
          error={errorText("times")}
        />
      ) : (
        <>
          <NumberField
            label={t("campaigns.editor.bonus_points")}
            value={draft.bonusPoints}
            onChange={(bonusPoints) => change({ bonusPoints })}
            suffix={t("earning.points_suffix")}
            error={errorText("bonusPoints")}
          />
          <Choice
            title={t("campaigns.editor.refund")}
            choices={(["until_nothing_kept", "proportional"] as const).map((value) => ({
              value,
              label: t(`campaigns.editor.refund_${value}`),
            }))}
            value={draft.onRefund}
            onChange={(onRefund) => change({ onRefund })}
          />
        </>
      )}
    </SettingsCard>
  );
}

const CHANNELS = ["online", "pos", "draft", "subscription", "other"] as const;

/** Tiers, tags, channels, first or later orders. */
export function AudienceCard({ draft, errorText, change, tiers }: CampaignCardProps & { tiers: Tier[] }) {
  const { t } = useTranslation();
  const { locale } = useFormat();
  return (
    <SettingsCard title={t("campaigns.editor.who")}>
      {tiers.length > 0 ? (
        <>
          <ChoiceList
            allowMultiple
            title={t("campaigns.editor.tiers")}
            choices={tiers.map(({ id, name }) => ({ value: id, label: textIn(name, locale) || id }))}
            selected={draft.tierIds}
            onChange={(tierIds) => change({ tierIds })}
            error={errorText("tierIds")}
          />
          <p className="kz-help">{t("campaigns.editor.tiers_help")}</p>
        </>
      ) : null}
      <TokenField
        label={t("campaigns.editor.tags")}
        tokens={draft.tags}
        onChange={(tags) => change({ tags })}
        helpText={t("campaigns.editor.tags_help")}
        error={errorText("tags")}
      />
      <ChoiceList
        allowMultiple
        title={t("campaigns.editor.channels")}
        choices={CHANNELS.map((value) => ({ value, label: t(`earning.orders.channel.${value}`) }))}
        selected={draft.channels}
        onChange={(selected) => change({ channels: CHANNELS.filter((channel) => selected.includes(channel)) })}
        error={errorText("channels")}
      />
      <p className="kz-help">{t("campaigns.editor.channels_help")}</p>
      <Select
        label={t("campaigns.editor.orders")}
        options={(["any", "first", "repeat"] as const).map((value) => ({
          value,
          label: t(`campaigns.editor.orders_${value}`),
        }))}
        value={draft.orders}
        onChange={(orders: CampaignDraft["orders"]) => change({ orders })}
      />
    </SettingsCard>
  );
}

/** All products or chosen ones, and those left out. */
export function ProductsCard({ draft, errorText, change }: CampaignCardProps) {
  const { t } = useTranslation();
  return (
    <SettingsCard title={t("campaigns.editor.products")}>
      <Choice
        title={t("campaigns.editor.products_question")}
        choices={(["all", "only"] as const).map((value) => ({
          value,
          label: t(`campaigns.editor.products_${value}`),
        }))}
        value={draft.productScope}
        onChange={(productScope) => change({ productScope })}
      />
      {draft.productScope === "only" ? (
        <ProductFilterFields
          title={t("campaigns.editor.include")}
          filter={draft.include}
          error={errorText("include")}
          onChange={(include) => change({ include })}
        />
      ) : null}
      <ProductFilterFields
        title={t("campaigns.editor.exclude")}
        filter={draft.exclude}
        error={errorText("exclude")}
        onChange={(exclude) => change({ exclude })}
      />
    </SettingsCard>
  );
}

/** Stacking and priority, with the order of precedence in words beside them. */
export function PrecedenceCard({ draft, errorText, change }: CampaignCardProps) {
  const { t } = useTranslation();
  return (
    <SettingsCard title={t("campaigns.editor.order")}>
      <div className="kz-two">
        <FormLayout>
          <Choice
            title={t("campaigns.editor.order_question")}
            choices={(["best", "adds"] as const).map((value) => ({
              value,
              label: t(`campaigns.editor.${value}`),
              helpText: t(`campaigns.editor.${value}_help`),
            }))}
            value={draft.stacking}
            onChange={(stacking) => change({ stacking })}
          />
          {draft.stacking === "best" ? (
            <NumberField
              label={t("campaigns.editor.priority")}
              value={draft.priority}
              onChange={(priority) => change({ priority })}
              helpText={t("campaigns.editor.priority_help")}
              error={errorText("priority")}
            />
          ) : null}
        </FormLayout>
        <section className="kz-aside" aria-labelledby="precedence">
          <h3 id="precedence">{t("campaigns.precedence.title")}</h3>
          <ol>
            {(["tier", "adds", "best"] as const).map((step) => (
              <li key={step}>{t(`campaigns.precedence.${step}`)}</li>
            ))}
          </ol>
          <p>{t("campaigns.precedence.plain")}</p>
        </section>
      </div>
    </SettingsCard>
  );
}

/** Per order, per member, in total. */
export function CapsCard({ draft, errorText, change }: CampaignCardProps) {
  const { t } = useTranslation();
  const cap = (field: "perOrder" | "perMember" | "budget", label: string) => (
    <NumberField
      label={label}
      value={draft[field]}
      onChange={(typed) => change({ [field]: typed })}
      suffix={t("earning.points_suffix")}
      placeholder={t("campaigns.editor.none")}
      error={errorText(field)}
    />
  );
  return (
    <SettingsCard title={t("campaigns.editor.caps")} lead={t("campaigns.editor.caps_lead")}>
      <FormLayout>
        <FormLayout.Group helpText={t("campaigns.editor.budget_help")}>
          {cap("perOrder", t("campaigns.editor.per_order"))}
          {cap("perMember", t("campaigns.editor.per_member"))}
          {cap("budget", t("campaigns.editor.budget"))}
        </FormLayout.Group>
      </FormLayout>
    </SettingsCard>
  );
}

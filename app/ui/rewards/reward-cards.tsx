// The cards of the reward editor: texts, use, limits. What a kind costs and gives: value-card.
import { Button, Checkbox, ChoiceList, FormLayout, TextField } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { textIn, type Tier } from "../../loyalty/program-parts";
import { isCodeKind } from "../../loyalty/rewards/reward-terms";
import { Choice, currencySign, NumberField, SettingsCard } from "../earning/form-parts";
import { LocalizedFields } from "../localized-fields";
import { ProductFilterFields, useResourcePicker } from "../product-filter-fields";
import { useShopFacts } from "../shop-facts";
import { useFormat } from "../use-format";
import type { RewardField, RewardFields } from "./reward-fields";

export interface RewardCardProps {
  fields: RewardFields;
  errorText(field: RewardField): string | undefined;
  change(patch: Partial<RewardFields>): void;
}

/** Name, description, picture. */
export function TextsCard({ fields, errorText, change }: RewardCardProps) {
  const { t } = useTranslation();
  const pick = useResourcePicker();
  const browse = async () => {
    const [picked] = (await pick("product", [], false)) ?? [];
    if (picked?.image) change({ pictureUrl: picked.image });
  };
  return (
    <SettingsCard title={t("rewards.form.texts")}>
      <FormLayout>
        <LocalizedFields
          label={t("rewards.form.title_field")}
          text={fields.title}
          onChange={(title) => change({ title })}
          error={errorText("title")}
        />
        <LocalizedFields
          label={t("rewards.form.description")}
          text={fields.description}
          onChange={(description) => change({ description })}
          multiline={2}
          error={errorText("description")}
        />
        <TextField
          label={t("rewards.form.picture_url")}
          type="url"
          value={fields.pictureUrl}
          onChange={(pictureUrl) => change({ pictureUrl })}
          placeholder="https://"
          helpText={t("rewards.form.picture_help")}
          autoComplete="off"
          error={errorText("pictureUrl")}
          connectedRight={<Button onClick={() => void browse()}>{t("rewards.form.picture_browse")}</Button>}
        />
        {fields.pictureUrl.trim() === "" ? null : (
          <LocalizedFields
            label={t("rewards.form.picture_alt")}
            text={fields.pictureAlt}
            onChange={(pictureAlt) => change({ pictureAlt })}
            error={errorText("pictureAlt")}
          />
        )}
      </FormLayout>
    </SettingsCard>
  );
}

/** How a code or an amount of money is used; nothing for kinds that are neither. */
export function UseCard(props: RewardCardProps) {
  const { kind } = props.fields;
  if (isCodeKind(kind)) return <CodeUseCard {...props} />;
  return kind === "gift_card" || kind === "store_credit" ? <MoneyUseCard {...props} /> : null;
}

function MoneyUseCard({ fields, errorText, change }: RewardCardProps) {
  const { t } = useTranslation();
  return (
    <SettingsCard title={t("rewards.form.use")}>
      <NumberField
        label={t("rewards.form.valid")}
        value={fields.validDays}
        onChange={(validDays) => change({ validDays })}
        suffix={t("earning.days_suffix")}
        helpText={t("rewards.form.valid_money_help")}
        error={errorText("validDays")}
      />
    </SettingsCard>
  );
}

function CodeUseCard(props: RewardCardProps) {
  const { fields, errorText, change } = props;
  const { t } = useTranslation();
  const { currency } = useShopFacts();
  const { locale } = useFormat();
  const { kind } = fields;
  return (
    <SettingsCard title={t("rewards.form.use")}>
      <FormLayout>
        <FormLayout.Group>
          <NumberField
            label={t("rewards.form.valid")}
            value={fields.validDays}
            onChange={(validDays) => change({ validDays })}
            suffix={t("earning.days_suffix")}
            helpText={t("rewards.form.valid_help")}
            error={errorText("validDays")}
          />
          <NumberField
            label={t("rewards.form.minimum")}
            value={fields.minimumOrder}
            onChange={(minimumOrder) => change({ minimumOrder })}
            prefix={currencySign(currency, locale)}
            placeholder={t("rewards.form.none")}
            error={errorText("minimumOrder")}
          />
        </FormLayout.Group>
      </FormLayout>
      {kind === "free_shipping" || kind === "free_product" ? null : <AppliesFields {...props} />}
      <CombinesFields {...props} />
      {kind === "amount_off" || kind === "points_off" ? (
        <Choice
          title={t("rewards.form.worth_more")}
          choices={[
            { value: "limit", label: t("rewards.form.worth_limit"), helpText: t("rewards.form.worth_limit_help") },
            { value: "return_rest", label: t("rewards.form.worth_return_rest") },
          ]}
          value={fields.worthMore}
          onChange={(worthMore) => change({ worthMore })}
        />
      ) : null}
    </SettingsCard>
  );
}

function AppliesFields({ fields, errorText, change }: RewardCardProps) {
  const { t } = useTranslation();
  return (
    <>
      <Choice
        title={t("rewards.form.applies")}
        choices={(["all", "only"] as const).map((value) => ({ value, label: t(`rewards.form.applies_${value}`) }))}
        value={fields.appliesScope}
        onChange={(appliesScope) => change({ appliesScope })}
      />
      {fields.appliesScope === "only" ? (
        <ProductFilterFields
          title={t("rewards.form.applies_filter")}
          filter={fields.appliesTo}
          byTag={false}
          error={errorText("appliesTo")}
          onChange={(appliesTo) => change({ appliesTo })}
        />
      ) : null}
    </>
  );
}

const CLASSES = ["order", "product", "shipping"] as const;

function CombinesFields({ fields, change }: RewardCardProps) {
  const { t } = useTranslation();
  return (
    <ChoiceList
      allowMultiple
      title={t("rewards.form.combines")}
      choices={CLASSES.map((value) => ({ value, label: t(`rewards.form.combines_${value}`) }))}
      selected={CLASSES.filter((name) => fields.combinesWith[name])}
      onChange={(selected) =>
        change({
          combinesWith: {
            order: selected.includes("order"),
            product: selected.includes("product"),
            shipping: selected.includes("shipping"),
          },
        })
      }
    />
  );
}

/** Per member, stock, tiers, when it may be taken. */
export function LimitsCard({ fields, errorText, change, tiers }: RewardCardProps & { tiers: Tier[] }) {
  const { t } = useTranslation();
  const { timeZone } = useShopFacts();
  const { locale } = useFormat();
  return (
    <SettingsCard title={t("rewards.form.limits")} lead={t("rewards.form.limits_lead")}>
      <FormLayout>
        <FormLayout.Group>
          <NumberField
            label={t("rewards.form.per_member")}
            value={fields.perMemberLimit}
            onChange={(perMemberLimit) => change({ perMemberLimit })}
            placeholder={t("rewards.form.none")}
            error={errorText("perMemberLimit")}
          />
          {fields.kind === "voucher" ? null : (
            <NumberField
              label={t(fields.kind === "place" ? "rewards.form.places" : "rewards.form.stock")}
              value={fields.stock}
              onChange={(stock) => change({ stock })}
              placeholder={t("rewards.form.none")}
              error={errorText("stock")}
            />
          )}
        </FormLayout.Group>
        <FormLayout.Group helpText={t("rewards.form.window_help", { timeZone })}>
          {(["from", "until"] as const).map((end) => (
            <TextField
              key={end}
              type="datetime-local"
              label={t(`rewards.form.${end}`)}
              value={fields[end]}
              onChange={(typed) => change({ [end]: typed })}
              autoComplete="off"
              error={errorText(end)}
              clearButton
              onClearButtonClick={() => change({ [end]: "" })}
            />
          ))}
        </FormLayout.Group>
      </FormLayout>
      {tiers.length > 0 ? (
        <fieldset className="kz-fieldset">
          <legend>{t("rewards.form.tiers")}</legend>
          {tiers.map(({ id, name }) => (
            <Checkbox
              key={id}
              label={textIn(name, locale) || id}
              checked={fields.tierIds.includes(id)}
              onChange={(on) =>
                change({ tierIds: on ? [...fields.tierIds, id] : fields.tierIds.filter((other) => other !== id) })
              }
            />
          ))}
          <p className="kz-help">{t("rewards.form.tiers_help")}</p>
        </fieldset>
      ) : null}
    </SettingsCard>
  );
}

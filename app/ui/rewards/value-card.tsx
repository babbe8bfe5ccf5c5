// What a reward costs in points and what it gives, kind by kind.
import { Button, FormLayout, TextField } from "@shopify/polaris";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { currencySign, NumberField, SettingsCard } from "../earning/form-parts";
import { readShopifyId, showShopifyId } from "../earning/shopify-id";
import { LocalizedFields } from "../localized-fields";
import { useResourcePicker } from "../product-filter-fields";
import { useShopFacts } from "../shop-facts";
import { useFormat } from "../use-format";
import type { RewardCardProps } from "./reward-cards";
import type { RewardField, RewardFields } from "./reward-fields";

/** Points and worth. */
export function ValueCard(props: RewardCardProps) {
  const { t } = useTranslation();
  const { kind } = props.fields;
  return (
    <SettingsCard title={t("rewards.form.cost")} lead={t(`rewards.about.${kind}`)}>
      <FormLayout>
        {kind === "points_off" ? <ChosenPoints {...props} /> : null}
        {kind === "free_product" ? <ProductField {...props} /> : null}
        {kind === "points_off" ? null : (
          <FormLayout.Group>
            <Whole {...props} field="points" label={t("rewards.form.points")} suffix={t("earning.points_suffix")} />
            <Worth {...props} />
          </FormLayout.Group>
        )}
        <Rest {...props} />
      </FormLayout>
    </SettingsCard>
  );
}

type TextFieldName = { [K in RewardField]: RewardFields[K] extends string ? K : never }[RewardField];
interface TypedProps extends RewardCardProps {
  field: TextFieldName;
  label: string;
  suffix?: string;
  helpText?: string;
  placeholder?: string;
}

function Whole({ fields, errorText, change, field, ...shown }: TypedProps) {
  return (
    <NumberField
      {...shown}
      value={fields[field]}
      onChange={(typed) => change({ [field]: typed })}
      error={errorText(field)}
    />
  );
}
function Money(props: TypedProps) {
  const { currency } = useShopFacts();
  const { locale } = useFormat();
  const { fields, errorText, change, field, ...shown } = props;
  return (
    <NumberField
      {...shown}
      prefix={currencySign(currency, locale)}
      value={fields[field]}
      onChange={(typed) => change({ [field]: typed })}
      error={errorText(field)}
    />
  );
}

function Worth(props: RewardCardProps): ReactNode {
  const { t } = useTranslation();
  switch (props.fields.kind) {
    case "amount_off":
      return <Money {...props} field="value" label={t("rewards.form.value")} />;
    case "gift_card":
    case "store_credit":
      return <Money {...props} field="value" label={t("rewards.form.value_credit")} />;
    case "donation":
      return <Money {...props} field="value" label={t("rewards.form.value_donation")} />;
    case "free_product":
      return <Money {...props} field="value" label={t("rewards.form.value_product")} />;
    case "voucher":
      return (
        <Money
          {...props}
          field="value"
          label={t("rewards.form.value_voucher")}
          helpText={t("rewards.form.value_voucher_help")}
        />
      );
    case "percentage_off":
      return <Whole {...props} field="percent" label={t("rewards.form.percent")} suffix="%" />;
    case "free_shipping":
      return (
        <Money
          {...props}
          field="maximumShipping"
          label={t("rewards.form.shipping_max")}
          placeholder={t("rewards.form.none")}
        />
      );
    default:
      return null;
  }
}

function ChosenPoints(props: RewardCardProps) {
  const { t } = useTranslation();
  const suffix = t("earning.points_suffix");
  return (
    <FormLayout>
      <FormLayout.Group>
        <Whole
          {...props}
          field="pointsPerStep"
          label={t("rewards.form.points_step")}
          suffix={suffix}
          helpText={t("rewards.form.points_step_help")}
        />
        <Money {...props} field="minorPerStep" label={t("rewards.form.minor_per_step")} />
      </FormLayout.Group>
      <FormLayout.Group>
        <Whole
          {...props}
          field="points"
          label={t("rewards.form.points_least")}
          suffix={suffix}
          helpText={t("rewards.form.points_least_help")}
        />
        <Whole
          {...props}
          field="pointsMax"
          label={t("rewards.form.points_most")}
          suffix={suffix}
          placeholder={t("rewards.form.none")}
        />
      </FormLayout.Group>
    </FormLayout>
  );
}

function ProductField({ fields, errorText, change }: RewardCardProps) {
  const { t } = useTranslation();
  const pick = useResourcePicker();
  const browse = async () => {
    const [picked] = (await pick("product", fields.productId ? [fields.productId] : [], false)) ?? [];
    if (!picked) return;
    const { title } = fields;
    const isUntitled = title.en === "" && title.ja === "";
    change({
      productId: picked.id,
      variantId: "",
      ...(picked.price ? { value: picked.price.replace(/\.00$/, "") } : {}),
      ...(picked.image && fields.pictureUrl === "" ? { pictureUrl: picked.image } : {}),
      ...(isUntitled ? { title: { en: picked.title, ja: "" } } : {}),
    });
  };
  return (
    <TextField
      label={t("rewards.form.product")}
      value={fields.productId.startsWith("gid:") ? showShopifyId(fields.productId) : fields.productId}
      onChange={(typed) => change({ productId: readShopifyId(typed.replace(/^#/, ""), "Product") ?? typed })}
      helpText={t("rewards.form.product_help")}
      autoComplete="off"
      error={errorText("productId")}
      connectedRight={<Button onClick={() => void browse()}>{t("rewards.form.product_browse")}</Button>}
    />
  );
}

function Rest(props: RewardCardProps): ReactNode {
  const { fields, errorText, change } = props;
  const { t } = useTranslation();
  const { timeZone } = useShopFacts();
  switch (fields.kind) {
    case "percentage_off":
      return (
        <Money
          {...props}
          field="cap"
          label={t("rewards.form.cap")}
          placeholder={t("rewards.form.none")}
          helpText={t("rewards.form.cap_help")}
        />
      );
    case "donation":
      return (
        <FormLayout>
          <LocalizedFields
            label={t("rewards.form.organisation")}
            text={fields.organisation}
            onChange={(organisation) => change({ organisation })}
            error={errorText("organisation")}
          />
          <Money
            {...props}
            field="totalBefore"
            label={t("rewards.form.total_before")}
            helpText={t("rewards.form.total_before_help")}
          />
        </FormLayout>
      );
    case "voucher":
      return (
        <LocalizedFields
          label={t("rewards.form.partner")}
          text={fields.partner}
          onChange={(partner) => change({ partner })}
          error={errorText("partner")}
        />
      );
    case "place":
      return (
        <TextField
          type="datetime-local"
          label={t("rewards.form.happens")}
          value={fields.happensAt}
          onChange={(happensAt) => change({ happensAt })}
          helpText={t("rewards.form.happens_help", { timeZone })}
          autoComplete="off"
          error={errorText("happensAt")}
        />
      );
    case "early_access":
      return (
        <TextField
          label={t("rewards.form.tag")}
          value={fields.tag}
          onChange={(tag) => change({ tag })}
          helpText={t("rewards.form.tag_help")}
          maxLength={40}
          autoComplete="off"
          error={errorText("tag")}
        />
      );
    default:
      return null;
  }
}

// One step of the ladder in the form.
import { BlockStack, Button, Card, FormLayout, InlineStack, Text, TextField } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { textIn, type TierPlan } from "../../loyalty/program-parts";
import { currencySign } from "../earning/form-parts";
import { LocalizedFields } from "../localized-fields";
import { useShopFacts } from "../shop-facts";
import { useFormat } from "../use-format";
import { TierDot } from "./ladder-card";
import { TIER_COLORS, type TierDraft, type TierField } from "./tier-draft";

interface TierFieldsProps {
  tier: TierDraft;
  metric: TierPlan["metric"];
  errorText(field: TierField): string | undefined;
  change(patch: Partial<TierDraft>): void;
  onRemove(): void;
}

/** Names, what it asks, what it gives, and its colour. */
export function TierFields({ tier, metric, errorText, change, onRemove }: TierFieldsProps) {
  const { t } = useTranslation();
  const { locale } = useFormat();
  const title = textIn(tier.name, locale) || t("tiers.form.new_tier");
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="center">
          <InlineStack gap="200" blockAlign="center">
            <TierDot color={tier.color || null} />
            <Text as="h3" variant="headingSm">
              {title}
            </Text>
          </InlineStack>
          <Button variant="tertiary" onClick={onRemove} accessibilityLabel={t("tiers.form.remove", { tier: title })}>
            {t("common.remove")}
          </Button>
        </InlineStack>
        <FormLayout>
          <LocalizedFields
            label={t("tiers.form.name")}
            text={tier.name}
            onChange={(name) => change({ name })}
            maxLength={60}
            error={errorText("name")}
          />
          <NumberFields tier={tier} metric={metric} errorText={errorText} change={change} />
          <LocalizedFields
            label={t("tiers.form.perks")}
            text={tier.perks}
            onChange={(perks) => change({ perks })}
            maxLength={3_000}
            multiline={3}
          />
          <ColorField color={tier.color} name={tier.id} onChange={(color) => change({ color })} />
        </FormLayout>
      </BlockStack>
    </Card>
  );
}

function NumberFields({ tier, metric, errorText, change }: Omit<TierFieldsProps, "onRemove">) {
  const { t } = useTranslation();
  const { currency } = useShopFacts();
  const { locale } = useFormat();
  return (
    <div className="kz-three">
      <TextField
        label={t("tiers.form.threshold")}
        helpText={t(`tiers.form.threshold_${metric}`)}
        value={tier.threshold}
        onChange={(threshold) => change({ threshold })}
        prefix={metric === "spend" ? currencySign(currency, locale) : undefined}
        inputMode="decimal"
        autoComplete="off"
        error={errorText("threshold")}
      />
      <TextField
        label={t("tiers.form.multiplier")}
        helpText={t("tiers.form.multiplier_help")}
        value={tier.multiplier}
        onChange={(multiplier) => change({ multiplier })}
        prefix="×"
        inputMode="decimal"
        autoComplete="off"
        error={errorText("multiplier")}
      />
      <TextField
        label={t("tiers.form.entry")}
        helpText={t("tiers.form.entry_help")}
        value={tier.entryPoints}
        onChange={(entryPoints) => change({ entryPoints })}
        inputMode="numeric"
        autoComplete="off"
        error={errorText("entryPoints")}
      />
    </div>
  );
}

/** Of TIER_COLORS, in their order. */
const COLOR_NAMES = ["bronze", "silver", "gold", "blue", "purple", "green"] as const;

// Swatches are radio buttons: the keyboard and a screen reader choose a colour like anything else.
function ColorField({ color, name, onChange }: { color: string; name: string; onChange(color: string): void }) {
  const { t } = useTranslation();
  const colorName = (value: string) => {
    const known = COLOR_NAMES[TIER_COLORS.findIndex((each) => each === value)];
    return known ? t(`tiers.form.color_${known}`) : t("tiers.form.color_own", { color: value });
  };
  const own = color === "" || TIER_COLORS.some((known) => known === color) ? [] : [color];
  return (
    <fieldset className="kz-fieldset">
      <legend>{t("tiers.form.color")}</legend>
      <div className="kz-tier-choices">
        {["", ...TIER_COLORS, ...own].map((value) => (
          <label key={value} className="kz-tier-choice">
            <input
              type="radio"
              name={`color-${name}`}
              value={value}
              checked={color === value}
              onChange={() => onChange(value)}
            />
            <TierDot color={value || null} />
            <Text as="span" variant="bodySm" visuallyHidden={value !== ""}>
              {value === "" ? t("tiers.form.color_none") : colorName(value)}
            </Text>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

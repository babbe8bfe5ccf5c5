// The form of one way to earn: points and hold for all, then what its kind needs, then what protects the merchant.
import { Banner, BlockStack, FormLayout, Select, TextField } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { Choice, currencySign, NumberField } from "../earning/form-parts";
import { ProductFilterFields } from "../product-filter-fields";
import { useShopFacts } from "../shop-facts";
import { useFormat } from "../use-format";
import type { WayDraft, WayField } from "./way-draft";
import { PLATFORMS } from "./way-texts";

interface WayFieldsProps {
  way: WayDraft;
  errorText(field: WayField): string | undefined;
  change(patch: Partial<WayDraft>): void;
}

/** The whole form of a way. */
export function WayFields(props: WayFieldsProps) {
  const { way, errorText, change } = props;
  const { t } = useTranslation();
  return (
    <BlockStack gap="400">
      <FormLayout>
        <FormLayout.Group>
          <NumberField
            label={t("ways.points")}
            value={way.points}
            onChange={(points) => change({ points })}
            suffix={t("earning.points_suffix")}
            helpText={t("ways.points_help")}
            error={errorText("points")}
          />
          <NumberField
            label={t("ways.hold")}
            value={way.holdDays}
            onChange={(holdDays) => change({ holdDays })}
            suffix={t("earning.days_suffix")}
            helpText={t("ways.hold_help")}
            error={errorText("holdDays")}
          />
        </FormLayout.Group>
      </FormLayout>
      <KindFields {...props} />
      <Notes kind={way.kind} />
    </BlockStack>
  );
}

function KindFields(props: WayFieldsProps) {
  switch (props.way.kind) {
    case "join":
      return <JoinFields {...props} />;
    case "birthday":
      return <BirthdayFields {...props} />;
    case "anniversary":
      return <AnniversaryFields {...props} />;
    case "nth_order":
      return <NthOrderFields {...props} />;
    case "product_bonus":
      return <ProductBonusFields {...props} />;
    case "spend_threshold":
      return <ThresholdFields {...props} />;
    case "social":
      return <SocialFields {...props} />;
    case "review":
    case "photo_review":
    case "video_review":
    case "first_review":
    case "survey":
      return <PerMonthField {...props} />;
    default:
      return null;
  }
}

function JoinFields({ way, change }: WayFieldsProps) {
  const { t } = useTranslation();
  return (
    <Choice
      title={t("ways.field.by")}
      choices={(["click", "visit"] as const).map((value) => ({
        value,
        label: t(`ways.field.by_${value}`),
        helpText: t(`ways.field.by_${value}_help`),
      }))}
      value={way.by}
      onChange={(by) => change({ by })}
    />
  );
}

function BirthdayFields({ way, errorText, change }: WayFieldsProps) {
  const { t } = useTranslation();
  return (
    <FormLayout>
      <FormLayout.Group>
        <NumberField
          label={t("ways.field.notice")}
          value={way.noticeDays}
          onChange={(noticeDays) => change({ noticeDays })}
          suffix={t("earning.days_suffix")}
          helpText={t("ways.field.notice_help")}
          error={errorText("noticeDays")}
        />
        <NumberField
          label={t("ways.field.lock")}
          value={way.lockDays}
          onChange={(lockDays) => change({ lockDays })}
          suffix={t("earning.days_suffix")}
          helpText={t("ways.field.lock_help")}
          error={errorText("lockDays")}
        />
      </FormLayout.Group>
    </FormLayout>
  );
}

function AnniversaryFields({ way, errorText, change }: WayFieldsProps) {
  const { t } = useTranslation();
  return (
    <NumberField
      label={t("ways.field.years")}
      value={way.yearsMax}
      onChange={(yearsMax) => change({ yearsMax })}
      helpText={t("ways.field.years_help")}
      error={errorText("yearsMax")}
    />
  );
}

function NthOrderFields({ way, errorText, change }: WayFieldsProps) {
  const { t } = useTranslation();
  return (
    <>
      <NumberField
        label={t("ways.field.n")}
        value={way.n}
        onChange={(n) => change({ n })}
        helpText={t("ways.field.n_help")}
        error={errorText("n")}
      />
      <Choice
        title={t("ways.field.repeat")}
        choices={(["once", "every"] as const).map((value) => ({ value, label: t(`ways.field.repeat_${value}`) }))}
        value={way.repeat}
        onChange={(repeat) => change({ repeat })}
      />
      <RefundChoice way={way} change={change} />
    </>
  );
}

function RefundChoice({ way, change }: Pick<WayFieldsProps, "way" | "change">) {
  const { t } = useTranslation();
  return (
    <Choice
      title={t("ways.field.refund")}
      choices={(["until_nothing_kept", "proportional"] as const).map((value) => ({
        value,
        label: t(`ways.field.refund_${value}`),
      }))}
      value={way.onRefund}
      onChange={(onRefund) => change({ onRefund })}
    />
  );
}

function ProductBonusFields({ way, errorText, change }: WayFieldsProps) {
  const { t } = useTranslation();
  return (
    <>
      <ProductFilterFields
        title={t("ways.field.products")}
        filter={way.products}
        error={errorText("products")}
        onChange={(products) => change({ products })}
      />
      <Choice
        title={t("ways.field.per")}
        choices={(["order", "unit"] as const).map((value) => ({ value, label: t(`ways.field.per_${value}`) }))}
        value={way.per}
        onChange={(per) => change({ per })}
      />
      {way.per === "unit" ? (
        <NumberField
          label={t("ways.field.units")}
          value={way.unitsMax}
          onChange={(unitsMax) => change({ unitsMax })}
          helpText={t("ways.field.units_help")}
          error={errorText("unitsMax")}
        />
      ) : null}
      <RefundChoice way={way} change={change} />
    </>
  );
}

function ThresholdFields({ way, errorText, change }: WayFieldsProps) {
  const { t } = useTranslation();
  const { currency } = useShopFacts();
  const { locale } = useFormat();
  return (
    <NumberField
      label={t("ways.field.threshold")}
      value={way.threshold}
      onChange={(threshold) => change({ threshold })}
      prefix={currencySign(currency, locale)}
      helpText={t("ways.field.threshold_help")}
      error={errorText("threshold")}
    />
  );
}

function SocialFields({ way, errorText, change }: WayFieldsProps) {
  const { t } = useTranslation();
  const platforms = Object.entries(PLATFORMS).map(([value, label]) => ({ value, label: label }));
  return (
    <FormLayout>
      <FormLayout.Group>
        <Select
          label={t("ways.field.action")}
          options={(["follow", "share"] as const).map((value) => ({ value, label: t(`ways.field.action_${value}`) }))}
          value={way.action}
          onChange={(action: WayDraft["action"]) => change({ action })}
        />
        <Select
          label={t("ways.field.platform")}
          options={[...platforms, { value: "other", label: t("ways.field.platform_elsewhere") }]}
          value={way.platform}
          onChange={(platform: WayDraft["platform"]) => change({ platform })}
        />
        <Select
          label={t("ways.field.every")}
          options={(["once", "year", "month"] as const).map((value) => ({
            value,
            label: t(`ways.field.every_${value}`),
          }))}
          value={way.every}
          onChange={(every: WayDraft["every"]) => change({ every })}
        />
      </FormLayout.Group>
      <TextField
        label={t("ways.field.url")}
        type="url"
        value={way.url}
        onChange={(url) => change({ url })}
        placeholder="https://"
        autoComplete="off"
        error={errorText("url")}
      />
    </FormLayout>
  );
}

function PerMonthField({ way, errorText, change }: WayFieldsProps) {
  const { t } = useTranslation();
  return (
    <NumberField
      label={t("ways.field.per_month")}
      value={way.perMonth}
      onChange={(perMonth) => change({ perMonth })}
      helpText={t("ways.field.per_month_help")}
      error={errorText("perMonth")}
    />
  );
}

const NOTES = {
  join: "ways.note.join",
  newsletter: "ways.note.newsletter",
  sms: "ways.note.sms",
  birthday: "ways.note.birthday",
  social: "ways.note.social",
  review: "ways.note.review",
  photo_review: "ways.note.review",
  video_review: "ways.note.review",
  first_review: "ways.note.review",
  survey: "ways.note.survey",
} as const satisfies Partial<Record<WayDraft["kind"], string>>;
const hasNote = (kind: WayDraft["kind"]): kind is keyof typeof NOTES => Object.hasOwn(NOTES, kind);

function Notes({ kind }: { kind: WayDraft["kind"] }) {
  const { t } = useTranslation();
  const waits = kind === "survey" ? t("ways.waits.surveys") : kind.endsWith("review") ? t("ways.waits.reviews") : null;
  return (
    <>
      {hasNote(kind) ? (
        <Banner tone={kind === "social" ? "warning" : "info"}>
          <p>{t(NOTES[kind])}</p>
        </Banner>
      ) : null}
      {waits ? (
        <Banner>
          <p>{waits}</p>
        </Banner>
      ) : null}
    </>
  );
}

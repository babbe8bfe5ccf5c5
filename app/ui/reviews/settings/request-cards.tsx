// Who is asked for a review, when, and what may be promised.
import {
  Banner,
  BlockStack,
  Button,
  Checkbox,
  Divider,
  FormLayout,
  InlineStack,
  Text,
  TextField,
} from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { Choice, NumberField, SettingsCard } from "../../earning/form-parts";
import type { CardProps } from "./card-props";
import { newKey, type ReviewDraft } from "./review-draft";

interface RequestsCardProps extends CardProps {
  productTypes: string[];
}

/** When the request goes out, and its one reminder. */
export function RequestsCard({ draft, errorText, change, productTypes }: RequestsCardProps) {
  const { t } = useTranslation();
  const days = t("reviews.settings.days");
  return (
    <SettingsCard title={t("reviews.settings.requests.title")} lead={t("reviews.settings.requests.lead")}>
      <Checkbox
        label={t("reviews.settings.requests.enabled")}
        checked={draft.requests}
        onChange={(requests) => change({ requests })}
      />
      {draft.requests ? (
        <>
          <FormLayout>
            <FormLayout.Group>
              <NumberField
                label={t("reviews.settings.requests.wait")}
                helpText={t("reviews.settings.requests.wait_help")}
                suffix={days}
                value={draft.waitDays}
                onChange={(waitDays) => change({ waitDays })}
                error={errorText("waitDays")}
              />
              <NumberField
                label={t("reviews.settings.requests.shipping")}
                helpText={t("reviews.settings.requests.shipping_help")}
                suffix={days}
                value={draft.shippingDays}
                onChange={(shippingDays) => change({ shippingDays })}
                error={errorText("shippingDays")}
              />
            </FormLayout.Group>
          </FormLayout>
          <WaitByType draft={draft} errorText={errorText} change={change} productTypes={productTypes} />
          <Divider />
          <Checkbox
            label={t("reviews.settings.requests.reminder")}
            checked={draft.reminder}
            onChange={(reminder) => change({ reminder })}
          />
          <FormLayout>
            <FormLayout.Group>
              {draft.reminder ? (
                <NumberField
                  label={t("reviews.settings.requests.reminder_days")}
                  suffix={days}
                  value={draft.reminderDays}
                  onChange={(reminderDays) => change({ reminderDays })}
                  error={errorText("reminderDays")}
                />
              ) : null}
              <NumberField
                label={t("reviews.settings.requests.link_days")}
                helpText={t("reviews.settings.requests.link_help")}
                suffix={days}
                value={draft.linkDays}
                onChange={(linkDays) => change({ linkDays })}
                error={errorText("linkDays")}
              />
            </FormLayout.Group>
          </FormLayout>
        </>
      ) : null}
    </SettingsCard>
  );
}

function WaitByType({ draft, errorText, change, productTypes }: RequestsCardProps) {
  const { t } = useTranslation();
  const rows = draft.waitByType;
  const set = (key: string, patch: Partial<ReviewDraft["waitByType"][number]>) =>
    change({ waitByType: rows.map((row) => (row.key === key ? { ...row, ...patch } : row)) });
  return (
    <BlockStack gap="300">
      <BlockStack gap="050">
        <Text as="h3" variant="headingSm">
          {t("reviews.settings.requests.by_type")}
        </Text>
        <Text as="p" tone="subdued">
          {t("reviews.settings.requests.by_type_help")}
        </Text>
      </BlockStack>
      {rows.map(({ key, productType, days }) => (
        <div key={key} className="kz-review-row">
          <TypeField
            value={productType}
            productTypes={productTypes}
            error={errorText(`type.${key}.name`)}
            onChange={(typed) => set(key, { productType: typed })}
          />
          <NumberField
            label={t("reviews.settings.requests.type_days")}
            suffix={t("reviews.settings.days")}
            value={days}
            onChange={(typed) => set(key, { days: typed })}
            error={errorText(`type.${key}.days`)}
          />
          <div className="kz-review-row-end">
            <Button
              variant="tertiary"
              onClick={() => change({ waitByType: rows.filter((row) => row.key !== key) })}
              accessibilityLabel={t("reviews.settings.remove", { name: productType })}
            >
              {t("common.remove")}
            </Button>
          </div>
        </div>
      ))}
      <InlineStack>
        <Button
          onClick={() => change({ waitByType: [...rows, { key: newKey(), productType: "", days: draft.waitDays }] })}
          disabled={rows.length >= 50}
        >
          {t("reviews.settings.requests.by_type_add")}
        </Button>
      </InlineStack>
    </BlockStack>
  );
}

interface TypeFieldProps {
  value: string;
  productTypes: string[];
  error: string | undefined;
  onChange(value: string): void;
}
// The shop's own product types are offered, and any other can be typed.
function TypeField({ value, productTypes, error, onChange }: TypeFieldProps) {
  const { t } = useTranslation();
  const known = productTypes.filter((type) => type !== value);
  return (
    <BlockStack gap="150">
      <TextField
        label={t("reviews.settings.requests.product_type")}
        value={value}
        onChange={onChange}
        autoComplete="off"
        maxLength={255}
        error={error}
      />
      {value === "" && known.length > 0 ? (
        <InlineStack gap="150">
          {known.slice(0, 8).map((type) => (
            <Button key={type} size="micro" onClick={() => onChange(type)}>
              {type}
            </Button>
          ))}
        </InlineStack>
      ) : null}
    </BlockStack>
  );
}

interface PointsCardProps extends CardProps {
  /** The ways to earn by reviews that are on, by name. */
  rewards: string[];
}

/** Points promised in the request, and what the law makes of that. */
export function PointsCard({ draft, change, rewards }: PointsCardProps) {
  const { t, i18n } = useTranslation();
  const list = new Intl.ListFormat(i18n.language, { type: "conjunction" });
  const has = rewards.length > 0;
  return (
    <SettingsCard title={t("reviews.settings.points.title")} lead={t("reviews.settings.points.lead")}>
      <InlineStack gap="300" blockAlign="center" wrap>
        <Text as="p">
          {has ? t("reviews.settings.points.on", { ways: list.format(rewards) }) : t("reviews.settings.points.off")}
        </Text>
        <Button url="/app/program/ways" variant="plain">
          {t("reviews.settings.points.change")}
        </Button>
      </InlineStack>
      {has || draft.mentionPoints ? (
        <Checkbox
          label={t("reviews.settings.points.mention")}
          helpText={t("reviews.settings.points.mention_help")}
          checked={draft.mentionPoints}
          onChange={(mentionPoints) => change({ mentionPoints })}
        />
      ) : null}
      {draft.mentionPoints ? (
        <Banner tone="info">
          <p>{t("reviews.settings.points.subscribed")}</p>
        </Banner>
      ) : (
        <Choice
          title={t("reviews.settings.points.audience")}
          choices={(["everyone", "subscribed"] as const).map((value) => ({
            value,
            label: t(`reviews.settings.points.${value}`),
            helpText: t(`reviews.settings.points.${value}_help`),
          }))}
          value={draft.audience}
          onChange={(audience) => change({ audience })}
        />
      )}
    </SettingsCard>
  );
}

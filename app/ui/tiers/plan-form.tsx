// A new plan: when it begins, how members rise and fall, and its steps.
import {
  BlockStack,
  Box,
  Button,
  Card,
  Checkbox,
  ChoiceList,
  FormLayout,
  InlineStack,
  Select,
  Text,
  TextField,
} from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import type { FieldErrors } from "../typed-fields";
import { useFieldErrorText } from "../use-field-error-text";
import { newTierDraft, TIERS_MAX, type PlanDraft, type PlanFieldName, type TierDraft } from "./tier-draft";
import { TierFields } from "./tier-fields";
import { useTierTexts } from "./tier-texts";

interface PlanFormProps {
  draft: PlanDraft;
  errors: FieldErrors<PlanFieldName>;
  change(patch: Partial<PlanDraft>): void;
}

/** The cards of the form; the parent owns the draft. */
export function PlanForm({ draft, errors, change }: PlanFormProps) {
  return (
    <BlockStack gap="400">
      <StartCard draft={draft} errors={errors} change={change} />
      {draft.enabled ? <RuleCard draft={draft} errors={errors} change={change} /> : null}
      {draft.enabled ? <StepsCard draft={draft} errors={errors} change={change} /> : null}
    </BlockStack>
  );
}

function StartCard({ draft, errors, change }: PlanFormProps) {
  const { t } = useTranslation();
  const errorText = useFieldErrorText(errors);
  return (
    <Card>
      <FormLayout>
        <ChoiceList
          title={t("tiers.form.start")}
          choices={(["now", "later"] as const).map((value) => ({ value, label: t(`tiers.form.start_${value}`) }))}
          selected={[draft.start]}
          onChange={([start]) => change({ start: start === "later" ? "later" : "now" })}
        />
        {draft.start === "later" ? (
          <TextField
            type="datetime-local"
            label={t("tiers.form.starts_at")}
            helpText={t("tiers.form.starts_at_help")}
            value={draft.startsAt}
            onChange={(startsAt) => change({ startsAt })}
            error={errorText("startsAt")}
            autoComplete="off"
          />
        ) : null}
        <Checkbox
          label={t("tiers.form.enabled")}
          helpText={t("tiers.form.enabled_help")}
          checked={draft.enabled}
          onChange={(enabled) => change({ enabled })}
        />
      </FormLayout>
    </Card>
  );
}

const METRICS = ["spend", "points", "orders"] as const;
const WINDOWS = ["calendar_year", "rolling_months", "lifetime"] as const;

function RuleCard({ draft, errors, change }: PlanFormProps) {
  const { t } = useTranslation();
  const { month } = useTierTexts();
  const errorText = useFieldErrorText(errors);
  return (
    <Card>
      <FormLayout>
        <FormLayout.Group>
          <Select
            label={t("tiers.form.metric")}
            options={METRICS.map((value) => ({ value, label: t(`tiers.form.metric_${value}`) }))}
            value={draft.metric}
            onChange={(metric: PlanDraft["metric"]) => change({ metric })}
          />
          <Select
            label={t("tiers.form.window")}
            options={WINDOWS.map((value) => ({ value, label: t(`tiers.form.window_${value}`) }))}
            value={draft.window}
            onChange={(window: PlanDraft["window"]) => change({ window })}
          />
        </FormLayout.Group>
        <FormLayout.Group>
          {draft.window === "calendar_year" ? (
            <Select
              label={t("tiers.form.start_month")}
              options={Array.from({ length: 12 }, (_, index) => ({
                value: String(index + 1),
                label: month(index + 1),
              }))}
              value={draft.startMonth}
              onChange={(startMonth) => change({ startMonth })}
            />
          ) : null}
          {draft.window === "rolling_months" ? (
            <TextField
              label={t("tiers.form.months")}
              value={draft.months}
              onChange={(months) => change({ months })}
              inputMode="numeric"
              autoComplete="off"
              error={errorText("months")}
            />
          ) : null}
          <TextField
            label={t("tiers.form.grace")}
            helpText={t("tiers.form.grace_help")}
            value={draft.graceDays}
            onChange={(graceDays) => change({ graceDays })}
            inputMode="numeric"
            autoComplete="off"
            error={errorText("graceDays")}
          />
        </FormLayout.Group>
        <Checkbox
          label={t("tiers.form.grandfather")}
          checked={draft.grandfather}
          onChange={(grandfather) => change({ grandfather })}
        />
      </FormLayout>
    </Card>
  );
}

function StepsCard({ draft, errors, change }: PlanFormProps) {
  const { t } = useTranslation();
  const { tiers } = draft;
  const errorText = useFieldErrorText(errors);
  const changeTier = (id: string, patch: Partial<TierDraft>) =>
    change({ tiers: tiers.map((tier) => (tier.id === id ? { ...tier, ...patch } : tier)) });
  return (
    <BlockStack gap="400">
      <Box paddingInline={{ xs: "400", sm: "0" }}>
        <InlineStack align="space-between" blockAlign="center">
          <Text as="h2" variant="headingMd">
            {t("tiers.form.ladder")}
          </Text>
          <Button
            disabled={tiers.length >= TIERS_MAX}
            onClick={() => change({ tiers: [...tiers, newTierDraft(newSuffix(), tiers.length)] })}
          >
            {t("tiers.form.add")}
          </Button>
        </InlineStack>
      </Box>
      {errors.tiers ? (
        <Text as="p" tone="critical">
          {errorText("tiers")}
        </Text>
      ) : null}
      {tiers.map((tier) => (
        <TierFields
          key={tier.id}
          tier={tier}
          metric={draft.metric}
          errorText={(field) => errorText(`${tier.id}.${field}`)}
          change={(patch) => changeTier(tier.id, patch)}
          onRemove={() => change({ tiers: tiers.filter(({ id }) => id !== tier.id) })}
        />
      ))}
    </BlockStack>
  );
}

// Six letters and digits: enough to tell apart the steps of one program, for ever.
function newSuffix(): string {
  const letters = "abcdefghijklmnopqrstuvwxyz234567";
  return [...crypto.getRandomValues(new Uint8Array(6))].map((byte) => letters[byte % letters.length]).join("");
}

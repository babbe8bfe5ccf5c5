// The editor of one reward: the form, and beside it what it comes to.
import { BlockStack, Select } from "@shopify/polaris";
import { useCallback, useMemo, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { Tier } from "../../loyalty/program-parts";
import type { RewardDraft, RewardKind, RewardStatus } from "../../loyalty/rewards/reward-terms";
import { DraftSaveBar } from "../draft-save-bar";
import { SettingsCard } from "../earning/form-parts";
import { useShopFacts } from "../shop-facts";
import type { FieldContext, FieldErrors } from "../typed-fields";
import { useDraft, type DraftAnswer } from "../use-draft";
import { useFieldErrorText } from "../use-field-error-text";
import { LimitsCard, TextsCard, UseCard } from "./reward-cards";
import { fieldsOfReward, newRewardFields, readReward, type RewardField, type RewardFields } from "./reward-fields";
import type { EarningRate } from "./reward-worth";
import { ValueCard } from "./value-card";
import { WorthCard } from "./worth-card";

interface RewardForm extends RewardFields {
  status: RewardStatus;
}
export interface RewardToSave {
  draft: RewardDraft;
  status: RewardStatus;
}

interface RewardFormProps {
  /** null: a new one of `kind`. */
  reward: (RewardDraft & { status: RewardStatus }) | null;
  kind: RewardKind;
  tiers: Tier[];
  rate: EarningRate;
  country: string | null;
  codesLeft: number | null;
  saving: boolean;
  answer: DraftAnswer<RewardField> | null;
  /** What stands below the form, such as the pool of codes. */
  children?: ReactNode;
  onSave(reward: RewardToSave): void;
  onSaved(): void;
}

/** The form; it owns the draft, its parent owns the requests. */
export function RewardForm(props: RewardFormProps) {
  const { reward, kind, saving, answer, onSave, onSaved } = props;
  const { currency, timeZone } = useShopFacts();
  const context = useMemo(() => ({ currency, timeZone }), [currency, timeZone]);
  const read = useCallback(
    ({ status, ...fields }: RewardForm): { value: RewardToSave } | { errors: FieldErrors<RewardField> } => {
      const result = readReward(fields, context);
      return "value" in result ? { value: { draft: result.value, status } } : result;
    },
    [context],
  );
  const [initial] = useState<RewardForm>(() => ({
    ...(reward ? fieldsOfReward(reward, context) : newRewardFields(kind)),
    status: reward?.status ?? "active",
  }));
  const form = useDraft<RewardForm, RewardToSave, RewardField>({ initial, read, answer, onSave, onSaved });
  const card = { fields: form.draft, errorText: useFieldErrorText(form.errors), change: form.change };
  return (
    <div className="kz-editor">
      <DraftSaveBar id="reward-save-bar" open={form.open} saving={saving} onSave={form.save} onDiscard={form.discard} />
      <BlockStack gap="400">
        <ValueCard {...card} />
        <TextsCard {...card} />
        <UseCard {...card} />
        <LimitsCard {...card} tiers={props.tiers} />
        {props.children}
      </BlockStack>
      <BlockStack gap="400">
        <StatusCard status={form.draft.status} onChange={(status) => form.change({ status })} />
        <WorthCard
          fields={form.draft}
          reward={readWorth(form.draft, context)}
          rate={props.rate}
          country={props.country}
          codesLeft={props.codesLeft}
        />
      </BlockStack>
    </div>
  );
}

// What it is worth does not wait for its name.
function readWorth({ status: _, ...fields }: RewardForm, context: FieldContext): RewardDraft | null {
  const named = { en: fields.kind, ja: fields.kind };
  const result = readReward({ ...fields, title: named, organisation: named, partner: named }, context);
  return "value" in result ? result.value : null;
}

function StatusCard({ status, onChange }: { status: RewardStatus; onChange(status: RewardStatus): void }) {
  const { t } = useTranslation();
  return (
    <SettingsCard title={t("rewards.form.status")}>
      <Select
        label={t("rewards.form.status")}
        labelHidden
        options={(["draft", "active", "archived"] as const).map((value) => ({
          value,
          label: t(`rewards.form.status_${value}`),
        }))}
        value={status}
        onChange={onChange}
      />
    </SettingsCard>
  );
}

// What a friend gets, what the member gets, and what keeps both honest.
import { BlockStack, Card, Checkbox, FormLayout, Select, Text, TextField } from "@shopify/polaris";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";

import type { ReferralProgram } from "../../loyalty/program-parts";
import { DraftSaveBar } from "../draft-save-bar";
import { currencySign } from "../earning/form-parts";
import { useShopFacts } from "../shop-facts";
import { useDraft, type DraftAnswer } from "../use-draft";
import { useFieldErrorText } from "../use-field-error-text";
import { useFormat } from "../use-format";
import { draftFromReferral, readReferral, type ReferralDraft, type ReferralField } from "./referral-draft";

interface ReferralFormProps {
  program: ReferralProgram | null;
  saving: boolean;
  answer: DraftAnswer<ReferralField> | null;
  onSave(program: ReferralProgram): void;
}

/** The form; it owns the draft, its parent owns the request. */
export function ReferralForm({ program, saving, answer, onSave }: ReferralFormProps) {
  const { t } = useTranslation();
  const { currency, timeZone } = useShopFacts();
  const { locale } = useFormat();
  const sign = currencySign(currency, locale);
  const read = useCallback((draft: ReferralDraft) => readReferral(draft, { currency, timeZone }), [currency, timeZone]);
  const form = useDraft({ initial: draftFromReferral(program, currency), read, answer, onSave });
  const errorText = useFieldErrorText(form.errors);
  const text = (name: ReferralField, inputMode: "numeric" | "decimal" = "numeric") => ({
    label: t(`referrals.field.${name}`),
    helpText: t(`referrals.help.${name}`),
    value: form.draft[name],
    error: errorText(name),
    autoComplete: "off",
    inputMode,
    onChange: (value: string) => form.change({ [name]: value }),
  });
  return (
    <BlockStack gap="400">
      <DraftSaveBar
        id="referral-save-bar"
        open={form.open}
        saving={saving}
        onSave={form.save}
        onDiscard={form.discard}
      />
      <Card>
        <BlockStack gap="300">
          <Checkbox
            label={t("referrals.field.enabled")}
            helpText={t("referrals.help.enabled")}
            checked={form.draft.enabled}
            onChange={(enabled) => form.change({ enabled })}
          />
        </BlockStack>
      </Card>
      <Card>
        <BlockStack gap="300">
          <Text as="h2" variant="headingMd">
            {t("referrals.friend_title")}
          </Text>
          <FormLayout>
            <FormLayout.Group>
              <Select
                label={t("referrals.field.kind")}
                options={(["percentage", "amount"] as const).map((value) => ({
                  value,
                  label: t(`referrals.kind.${value}`),
                }))}
                value={form.draft.kind}
                onChange={(kind: ReferralDraft["kind"]) => form.change({ kind })}
              />
              <TextField
                {...text("value", "decimal")}
                {...(form.draft.kind === "percentage" ? { suffix: "%" } : { prefix: sign })}
              />
            </FormLayout.Group>
            <FormLayout.Group>
              <TextField {...text("minimum", "decimal")} prefix={sign} />
              <TextField {...text("validDays")} suffix={t("referrals.days")} />
            </FormLayout.Group>
          </FormLayout>
        </BlockStack>
      </Card>
      <Card>
        <BlockStack gap="300">
          <Text as="h2" variant="headingMd">
            {t("referrals.advocate_title")}
          </Text>
          <FormLayout>
            <FormLayout.Group>
              <TextField {...text("advocatePoints")} suffix={t("referrals.points")} />
              <TextField {...text("minimumOrder", "decimal")} prefix={sign} />
            </FormLayout.Group>
            <FormLayout.Group>
              <TextField {...text("holdDays")} suffix={t("referrals.days")} />
              <TextField {...text("perMonthMax")} />
            </FormLayout.Group>
          </FormLayout>
        </BlockStack>
      </Card>
    </BlockStack>
  );
}

// The few numbers that make a program, and what they mean for a shopper and for the shop.
import { BlockStack, Card, Checkbox, FormLayout, List, Text, TextField } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { programOf } from "../../loyalty/program-templates";
import { divideRounded } from "../../loyalty/money";
import { useFormat } from "../use-format";
import { readWizard, type WizardDraft, type WizardErrors } from "./wizard-draft";

interface NumbersProps {
  draft: WizardDraft;
  errors: WizardErrors;
  onChange(change: Partial<WizardDraft>): void;
}

/** The fields. */
export function NumbersCard({ draft, errors, onChange }: NumbersProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const errorOf = (name: keyof WizardErrors) => (errors[name] ? t(`wizard.error.${errors[name]}`) : undefined);
  const number = { autoComplete: "off", inputMode: "numeric" } as const;
  return (
    <Card>
      <BlockStack gap="400">
        <Text as="h2" variant="headingMd">
          {t("wizard.numbers.title")}
        </Text>
        <FormLayout>
          <TextField
            {...number}
            label={t("wizard.numbers.give_back")}
            helpText={t("wizard.numbers.give_back_help", { amount: format.money(100), point: format.money(1) })}
            value={draft.giveBack}
            error={errorOf("giveBack")}
            onChange={(giveBack) => onChange({ giveBack })}
          />
          <FormLayout.Group>
            <TextField
              {...number}
              label={t("wizard.numbers.welcome")}
              helpText={t("wizard.numbers.welcome_help")}
              value={draft.welcome}
              error={errorOf("welcome")}
              onChange={(welcome) => onChange({ welcome })}
            />
            <TextField
              {...number}
              label={t("wizard.numbers.birthday")}
              helpText={t("wizard.numbers.birthday_help")}
              value={draft.birthday}
              error={errorOf("birthday")}
              onChange={(birthday) => onChange({ birthday })}
            />
          </FormLayout.Group>
          <Checkbox
            label={t("wizard.numbers.tiers", { silver: format.money(30_000), gold: format.money(100_000) })}
            checked={draft.hasTiers}
            onChange={(hasTiers) => onChange({ hasTiers })}
          />
          <Checkbox
            label={t("wizard.numbers.past")}
            helpText={t("wizard.numbers.past_help")}
            checked={draft.includesPast}
            onChange={(includesPast) => onChange({ includesPast })}
          />
        </FormLayout>
      </BlockStack>
    </Card>
  );
}

const EXAMPLE_MINOR = 13_780;

/** What the numbers come to; follows every keystroke. */
export function SummaryCard({ draft, currency }: { draft: WizardDraft; currency: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const read = readWizard(draft);
  if ("errors" in read) return null;
  const { rate } = programOf(draft.template, read.choices, { currency, now: "2026-01-01T00:00:00Z" }).changes;
  if (!rate) return null;
  const points = Number(divideRounded(BigInt(EXAMPLE_MINOR) * BigInt(rate.points), BigInt(rate.perMinor), "down"));
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t("wizard.summary.title")}
        </Text>
        <List>
          <List.Item>
            {t("wizard.summary.order", {
              amount: format.money(EXAMPLE_MINOR),
              points: format.number(points),
              value: format.money(points),
            })}
          </List.Item>
          <List.Item>{t("wizard.summary.rewards")}</List.Item>
          <List.Item>
            {t("wizard.summary.liability", {
              share: format.number(read.choices.giveBackPercent * (read.choices.hasTiers ? 2 : 1)),
            })}
          </List.Item>
        </List>
      </BlockStack>
    </Card>
  );
}

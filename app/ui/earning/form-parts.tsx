// The pieces that every card of the earning form is made of.
import { BlockStack, Card, ChoiceList, Text, TextField } from "@shopify/polaris";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { DraftErrors, EarningDraft } from "./earning-draft";

export interface EarningFormProps {
  draft: EarningDraft;
  errors: DraftErrors;
  change(patch: Partial<EarningDraft>): void;
}

/** The text of a field's error, in place and in the reader's language. */
export function useErrorText(errors: DraftErrors): (field: keyof EarningDraft) => string | undefined {
  const { t } = useTranslation();
  return (field) => {
    const code = errors[field];
    return code ? t(`earning.error.${code}`) : undefined;
  };
}

/** A card with a heading and one line that says what it changes for shoppers. */
export function SettingsCard({ title, lead, children }: { title: string; lead?: string; children: ReactNode }) {
  return (
    <Card>
      <BlockStack gap="400">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            {title}
          </Text>
          {lead ? (
            <Text as="p" tone="subdued">
              {lead}
            </Text>
          ) : null}
        </BlockStack>
        {children}
      </BlockStack>
    </Card>
  );
}

interface ChoiceProps<T extends string> {
  title: string;
  choices: { value: T; label: string; helpText?: string }[];
  value: T;
  onChange(value: T): void;
}

/** One of a few: radio buttons with their meaning below them. */
export function Choice<T extends string>({ title, choices, value, onChange }: ChoiceProps<T>) {
  return (
    <ChoiceList
      title={title}
      choices={choices}
      selected={[value]}
      onChange={(selected) => {
        const chosen = choices.find((choice) => choice.value === selected[0]);
        if (chosen) onChange(chosen.value);
      }}
    />
  );
}

interface NumberFieldProps {
  label: string;
  value: string;
  onChange(value: string): void;
  error: string | undefined;
  prefix?: string;
  suffix?: string;
  helpText?: string;
  placeholder?: string;
}

/** A number typed as text, so that a wrong one stays to be corrected. */
export function NumberField(props: NumberFieldProps) {
  return <TextField {...props} inputMode="decimal" autoComplete="off" />;
}

/** ¥ or $: the sign of a currency as the reader's language writes it. */
export function currencySign(currency: string, locale: string): string {
  const parts = new Intl.NumberFormat(locale, {
    style: "currency",
    currency,
    currencyDisplay: "narrowSymbol",
  }).formatToParts(0);
  return (parts.find((part) => part.type === "currency")?.value ?? currency).replace("￥", "¥");
}

// Every setting of how orders earn, around the worked example that answers while one types.
import { useAppBridge } from "@shopify/app-bridge-react";
import { Banner, BlockStack, Button, Collapsible } from "@shopify/polaris";
import { ChevronDownIcon, ChevronUpIcon } from "@shopify/polaris-icons";
import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import type { EarningRules } from "../../loyalty/earning-rules";
import { previewEarning } from "../../loyalty/preview-earning";
import { decimalFromMinor } from "../../shopify/money";
import { DraftSaveBar } from "../draft-save-bar";
import { useShopFacts } from "../shop-facts";
import { readAmount } from "../typed-fields";
import { useFormat } from "../use-format";
import { useUnsavedGuard } from "../use-unsaved-guard";
import { BaseCard, BonusCard, ClawbackCard, LimitsCard, OrdersCard, PreviewCard } from "./advanced-cards";
import { ParticipationCard, RateCard, StatusCard, TimingCard } from "./basic-cards";
import { draftFromRules, errorsOfRules, readDraft, type EarningDraft, type EarningSettings } from "./earning-draft";
import { ProductsCard } from "./products-card";
import { TrialCard } from "./trial-card";
import { WorkedExample, type ExampleAnswer } from "./worked-example";

/** What the server said to a save; a new object for each answer. */
export type SaveAnswer = { outcome: "saved" } | { outcome: "refused"; fields: string[] };

interface FormProps {
  rules: EarningRules;
  /** False until the first save: the defaults are shown, and nothing earns. */
  started: boolean;
  taxesIncluded: boolean;
  saving: boolean;
  answer: SaveAnswer | null;
  onSave(rules: EarningSettings): void;
}

/** The form; it owns the draft, its parent owns the request. */
export function EarningForm({ rules, started, taxesIncluded, saving, answer, onSave }: FormProps) {
  const form = useEarningDraft({ rules, answer, onSave });
  const example = useWorkedExample(rules, form.draft, taxesIncluded);
  const fields = { draft: form.draft, errors: form.errors, change: form.change };
  useUnsavedGuard(form.dirty);
  return (
    <BlockStack gap="400">
      <DraftSaveBar
        id="earning-save-bar"
        open={form.dirty}
        saving={saving}
        onSave={form.save}
        onDiscard={form.discard}
      />
      {started ? null : <NotStarted saving={saving} onStart={form.save} />}
      <div className="kz-sticky">
        <WorkedExample amount={example.amount} onAmount={example.setAmount} answer={example.answer} />
      </div>
      <RateCard {...fields} />
      <TimingCard {...fields} />
      <ParticipationCard {...fields} />
      <StatusCard {...fields} />
      <TrialCard settings={form.settings} changed={form.dirty} />
      <Advanced open={form.advancedOpen} onToggle={form.toggleAdvanced}>
        <BaseCard {...fields} />
        <ProductsCard {...fields} />
        <LimitsCard {...fields} />
        <BonusCard {...fields} />
        <ClawbackCard {...fields} />
        <OrdersCard {...fields} />
        <PreviewCard {...fields} />
      </Advanced>
    </BlockStack>
  );
}

function NotStarted({ saving, onStart }: { saving: boolean; onStart(): void }) {
  const { t } = useTranslation();
  return (
    <Banner
      tone="info"
      title={t("earning.not_started.title")}
      action={{ content: t("earning.not_started.action"), onAction: onStart, loading: saving }}
    >
      <p>{t("earning.not_started.body")}</p>
    </Banner>
  );
}

const ADVANCED_FIELDS: (keyof EarningDraft)[] = [
  "include",
  "exclude",
  "minimum",
  "perOrderCap",
  "perDayCap",
  "firstOrderPoints",
  "channels",
  "guestClaimDays",
  "previewCustomers",
  "returnsGraceDays",
];

function useEarningDraft({ rules, answer, onSave }: Pick<FormProps, "rules" | "answer" | "onSave">) {
  const { t } = useTranslation();
  const shopify = useAppBridge();
  const { currency, timeZone } = useShopFacts();
  const [baseline, setBaseline] = useState(() => draftFromRules(rules, { currency, timeZone }));
  const [draft, setDraft] = useState(baseline);
  const [advancedOpen, setAdvancedOpen] = useState(false);
  const sent = useRef(baseline);
  const read = useMemo(() => readDraft(draft, { currency, timeZone }), [draft, currency, timeZone]);
  const refused = answer?.outcome === "refused" ? errorsOfRules(answer.fields) : {};
  const errors = "errors" in read ? read.errors : refused;

  useEffect(() => {
    if (answer?.outcome === "saved") setBaseline(sent.current);
  }, [answer]);

  return {
    draft,
    settings: "rules" in read ? read.rules : null,
    errors,
    dirty: JSON.stringify(draft) !== JSON.stringify(baseline),
    advancedOpen,
    toggleAdvanced: () => setAdvancedOpen((open) => !open),
    change: (patch: Partial<EarningDraft>) => setDraft((before) => ({ ...before, ...patch })),
    discard: () => setDraft(baseline),
    save() {
      if ("rules" in read) {
        sent.current = draft;
        onSave(read.rules);
        return;
      }
      if (ADVANCED_FIELDS.some((field) => read.errors[field])) setAdvancedOpen(true);
      shopify.toast.show(t("earning.needs_a_look"), { isError: true });
      requestAnimationFrame(() => document.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
    },
  };
}

// An order that shows a fraction being rounded: ¥13,780, $137.80.
const EXAMPLE_MINOR = 13_780;

function useWorkedExample(rules: EarningRules, draft: EarningDraft, taxesIncluded: boolean) {
  const { currency, timeZone } = useShopFacts();
  const { locale } = useFormat();
  const [amount, setAmount] = useState(() => grouped(decimalFromMinor(EXAMPLE_MINOR, currency)));
  const answer = useMemo<ExampleAnswer | null>(() => {
    const minor = readAmount(amount, currency);
    const read = readDraft(draft, { currency, timeZone });
    if (minor === null || "errors" in read) return null;
    const { points, sentence } = previewEarning(
      { ...rules, ...read.rules },
      { minor, currency, taxesIncluded, locale },
    );
    return { points, because: sentence };
  }, [amount, rules, draft, currency, timeZone, taxesIncluded, locale]);
  return { amount, setAmount, answer };
}

// 13780 → 13,780: as people write amounts in both languages.
function grouped(decimal: string): string {
  return decimal.replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, ",");
}

function Advanced({ open, onToggle, children }: { open: boolean; onToggle(): void; children: React.ReactNode }) {
  const { t } = useTranslation();
  return (
    <BlockStack gap="400">
      <div>
        <Button
          variant="tertiary"
          icon={open ? ChevronUpIcon : ChevronDownIcon}
          ariaControls="earning-advanced"
          ariaExpanded={open}
          onClick={onToggle}
        >
          {t(open ? "earning.advanced.hide" : "earning.advanced.show")}
        </Button>
      </div>
      <Collapsible id="earning-advanced" open={open}>
        <BlockStack gap="400">{children}</BlockStack>
      </Collapsible>
    </BlockStack>
  );
}

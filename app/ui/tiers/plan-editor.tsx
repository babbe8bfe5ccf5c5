// The form beside its preview: every readable draft is compared with what is, before it can be saved.
import { BlockStack, Box, Button, InlineStack, Text } from "@shopify/polaris";
import { useCallback, useEffect, useMemo } from "react";
import { useTranslation } from "react-i18next";

import type { TierPlan } from "../../loyalty/program-parts";
import type { TierPlanPreview } from "../../loyalty/tiers/preview-tier-plan.server";
import { DraftSaveBar } from "../draft-save-bar";
import { useShopFacts } from "../shop-facts";
import { useDraft, type DraftAnswer } from "../use-draft";
import { MoversCard } from "./movers-card";
import { PlanForm } from "./plan-form";
import { readPlan, type PlanDraft, type PlanFieldName, type PlanRequest } from "./tier-draft";
import { useTierTexts } from "./tier-texts";

const LOOK_AFTER_MS = 500;

interface PlanEditorProps {
  initial: PlanDraft;
  /** Steps that members may hold now, for their names. */
  known: TierPlan["tiers"];
  saving: boolean;
  answer: DraftAnswer<PlanFieldName> | null;
  preview: TierPlanPreview | null;
  looking: boolean;
  onLook(request: PlanRequest): void;
  onSave(request: PlanRequest): void;
  onClose(): void;
}

/** A new plan, or a coming one that is changed. */
export function PlanEditor(props: PlanEditorProps) {
  const { initial, known, answer, onLook, onSave, onClose } = props;
  const { t } = useTranslation();
  const { currency, timeZone } = useShopFacts();
  const texts = useTierTexts();
  const read = useCallback((draft: PlanDraft) => readPlan(draft, { currency, timeZone }), [currency, timeZone]);
  const form = useDraft<PlanDraft, PlanRequest, PlanFieldName>({
    initial,
    isNew: true,
    read,
    answer,
    onSave,
    onSaved: onClose,
  });
  const asked = useMemo(() => (form.value ? JSON.stringify(form.value) : null), [form.value]);
  useEffect(() => {
    if (asked === null) return;
    const timer = setTimeout(() => onLook(JSON.parse(asked) as PlanRequest), LOOK_AFTER_MS);
    return () => clearTimeout(timer);
  }, [asked, onLook]);
  const tiers = [...(form.value?.plan.tiers ?? []), ...known];
  return (
    <>
      <DraftSaveBar id="tiers-save-bar" open={form.open} saving={props.saving} onSave={form.save} onDiscard={onClose} />
      <BlockStack gap="400">
        <Box paddingInline={{ xs: "400", sm: "0" }}>
          <InlineStack align="space-between" blockAlign="center">
            <Text as="h2" variant="headingLg">
              {t("tiers.form.title")}
            </Text>
            <Button onClick={onClose}>{t("common.cancel")}</Button>
          </InlineStack>
        </Box>
        <div className="kz-editor">
          <PlanForm draft={form.draft} errors={form.errors} change={form.change} />
          <div className="kz-movers-side">
            <MoversCard
              preview={form.value ? props.preview : null}
              looking={props.looking}
              nameOf={(tierId) => texts.name(tiers.find(({ id }) => id === tierId))}
            />
          </div>
        </div>
      </BlockStack>
    </>
  );
}

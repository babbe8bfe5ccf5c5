// Add or take away points by hand: how many, why (a listed reason), and a note for colleagues.
import { Banner, BlockStack, FormLayout, Modal, ProgressBar, Select, Text, TextField } from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { ADJUSTMENT_REASONS, explain, type AdjustmentReason } from "../loyalty/reasons";
import { useFormat } from "./use-format";

export interface Adjustment {
  points: number;
  reason: AdjustmentReason;
  note: string;
}

interface AdjustModalProps {
  open: boolean;
  title: string;
  /** One line about whose points change. */
  about: string;
  busy: boolean;
  /** Done and all, while many are adjusted. */
  progress?: { done: number; total: number } | null;
  /** What went wrong, in words. */
  problem?: string | null;
  onClose(): void;
  onSubmit(adjustment: Adjustment): void;
}

const POINTS_MAX = 10_000_000;

/** Points as typed: a sign and digits in either width; null when it is neither, zero, or too many. */
export function readAdjustment(text: string): number | null {
  const typed = text.normalize("NFKC").replace(/[,\s]/g, "").replace(/^−/, "-");
  if (!/^[+-]?\d{1,9}$/.test(typed)) return null;
  const points = Number(typed);
  return points === 0 || Math.abs(points) > POINTS_MAX ? null : points;
}

/** The modal; its parent sends the request and closes it. */
export function AdjustModal(props: AdjustModalProps) {
  const { t } = useTranslation();
  const form = useAdjustForm(props.onSubmit);
  return (
    <Modal
      open={props.open}
      onClose={props.onClose}
      title={props.title}
      primaryAction={{ content: t("adjust.submit"), onAction: form.submit, loading: props.busy }}
      secondaryActions={[{ content: t("common.cancel"), onAction: props.onClose, disabled: props.busy }]}
    >
      <Modal.Section>
        <BlockStack gap="400">
          <Text as="p">{props.about}</Text>
          {props.problem ? <Banner tone="critical">{props.problem}</Banner> : null}
          <AdjustFields form={form} />
          {props.progress ? <AdjustProgress {...props.progress} /> : null}
        </BlockStack>
      </Modal.Section>
    </Modal>
  );
}

function useAdjustForm(onSubmit: (adjustment: Adjustment) => void) {
  const [points, setPoints] = useState("");
  const [reason, setReason] = useState<AdjustmentReason>(ADJUSTMENT_REASONS[0]);
  const [note, setNote] = useState("");
  const [tried, setTried] = useState(false);
  const value = readAdjustment(points);
  return {
    points,
    setPoints,
    reason,
    setReason,
    note,
    setNote,
    refused: tried && value === null,
    submit() {
      setTried(true);
      if (value !== null) onSubmit({ points: value, reason, note: note.trim() });
    },
  };
}

function AdjustFields({ form }: { form: ReturnType<typeof useAdjustForm> }) {
  const { t } = useTranslation();
  const { locale } = useFormat();
  return (
    <FormLayout>
      <TextField
        label={t("adjust.points")}
        value={form.points}
        onChange={form.setPoints}
        helpText={t("adjust.points_help")}
        error={form.refused ? t("adjust.points_error") : undefined}
        suffix={t("earning.points_suffix")}
        autoComplete="off"
      />
      <Select
        label={t("adjust.reason")}
        options={ADJUSTMENT_REASONS.map((value) => ({ value, label: explain(value, {}, locale) }))}
        value={form.reason}
        onChange={(reason: AdjustmentReason) => form.setReason(reason)}
        helpText={t("adjust.reason_help")}
      />
      <TextField
        label={t("adjust.note")}
        value={form.note}
        onChange={form.setNote}
        helpText={t("adjust.note_help")}
        multiline={2}
        maxLength={500}
        autoComplete="off"
      />
    </FormLayout>
  );
}

function AdjustProgress({ done, total }: { done: number; total: number }) {
  const { t } = useTranslation();
  return (
    <BlockStack gap="200">
      <ProgressBar progress={total === 0 ? 0 : (done / total) * 100} size="small" ariaLabelledBy="adjust-progress" />
      <p id="adjust-progress" role="status">
        {t("adjust.progress", { done, total })}
      </p>
    </BlockStack>
  );
}

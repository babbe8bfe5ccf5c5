// Add or take away points by hand: how many, why (a listed reason), and a note for colleagues.
import {
  Banner,
  BlockStack,
  Checkbox,
  FormLayout,
  Modal,
  ProgressBar,
  Select,
  Text,
  TextField,
} from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { ADJUSTMENT_MAX, needsConfirmation } from "../loyalty/adjust-limits";
import { ADJUSTMENT_REASONS, explain, type AdjustmentReason } from "../loyalty/reasons";
import { useFormat } from "./use-format";

export interface Adjustment {
  points: number;
  reason: AdjustmentReason;
  note: string;
  /** A large act was meant. */
  confirmed: boolean;
}

interface AdjustModalProps {
  open: boolean;
  title: string;
  /** One line about whose points change. */
  about: string;
  /** How many members the points are for, each. */
  members?: number;
  busy: boolean;
  /** Done and all, while many are adjusted. */
  progress?: { done: number; total: number } | null;
  /** What went wrong, in words. */
  problem?: string | null;
  onClose(): void;
  onSubmit(adjustment: Adjustment): void;
}

/** Points as typed: a sign and digits in either width; null when it is neither, zero, or too many. */
export function readAdjustment(text: string): number | null {
  const typed = text.normalize("NFKC").replace(/[,\s]/g, "").replace(/^−/, "-");
  if (!/^[+-]?\d{1,9}$/.test(typed)) return null;
  const points = Number(typed);
  return points === 0 || Math.abs(points) > ADJUSTMENT_MAX ? null : points;
}

/** The modal; its parent sends the request and closes it. */
export function AdjustModal(props: AdjustModalProps) {
  const { t } = useTranslation();
  const form = useAdjustForm(props.members ?? 1, props.onSubmit);
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

function useAdjustForm(members: number, onSubmit: (adjustment: Adjustment) => void) {
  const [points, setPoints] = useState("");
  const [reason, setReason] = useState<AdjustmentReason>(ADJUSTMENT_REASONS[0]);
  const [note, setNote] = useState("");
  const [tried, setTried] = useState(false);
  // Of the number it was ticked for: another number asks again.
  const [confirmedFor, setConfirmedFor] = useState<number | null>(null);
  const value = readAdjustment(points);
  const isLarge = value !== null && needsConfirmation(value, members);
  const confirmed = isLarge && confirmedFor === value;
  return {
    points,
    setPoints,
    reason,
    setReason,
    note,
    setNote,
    refused: tried && value === null,
    large: isLarge ? { points: value, members } : null,
    confirmed,
    setConfirmed: (isTicked: boolean) => setConfirmedFor(isTicked ? value : null),
    unconfirmed: tried && isLarge && !confirmed,
    submit() {
      setTried(true);
      if (value !== null && confirmed === isLarge) onSubmit({ points: value, reason, note: note.trim(), confirmed });
    },
  };
}

function AdjustFields({ form }: { form: ReturnType<typeof useAdjustForm> }) {
  const { t } = useTranslation();
  const { locale } = useFormat();
  const confirmation = useConfirmationText();
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
      {form.large ? (
        <Checkbox
          label={confirmation(form.large)}
          checked={form.confirmed}
          onChange={form.setConfirmed}
          error={form.unconfirmed ? t("adjust.confirm_error") : undefined}
        />
      ) : null}
    </FormLayout>
  );
}

// A large number is written out once more, with its direction and what it makes in all.
function useConfirmationText() {
  const { t } = useTranslation();
  const format = useFormat();
  return ({ points, members }: { points: number; members: number }): string => {
    const what = { points: format.number(Math.abs(points)), total: format.number(Math.abs(points) * members) };
    const [one, many] =
      points > 0
        ? (["adjust.confirm_give", "adjust.confirm_give_all"] as const)
        : (["adjust.confirm_take", "adjust.confirm_take_all"] as const);
    return members === 1 ? t(one, what) : t(many, { ...what, count: members });
  };
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

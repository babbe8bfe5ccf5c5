// All ways to earn beside orders, as one draft: switch, look, change, save together.
import {
  Badge,
  BlockStack,
  Box,
  Button,
  Card,
  Checkbox,
  Collapsible,
  InlineStack,
  Modal,
  Text,
} from "@shopify/polaris";
import { useCallback, useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import type { WayKind, WayToEarn } from "../../loyalty/program-parts";
import { DraftSaveBar } from "../draft-save-bar";
import { useShopFacts } from "../shop-facts";
import type { FieldErrors } from "../typed-fields";
import { useDraft, type DraftAnswer } from "../use-draft";
import { useFieldErrorText } from "../use-field-error-text";
import { WayChooser } from "./way-chooser";
import {
  draftFromWay,
  newWayDraft,
  readWays,
  SUGGESTED_KINDS,
  type WayDraft,
  type WayFieldName,
  type WaysDraft,
} from "./way-draft";
import { WayFields } from "./way-fields";
import { useWaySentence } from "./way-texts";

interface WaysFormProps {
  ways: WayToEarn[];
  saving: boolean;
  answer: DraftAnswer<WayFieldName> | null;
  choosing: boolean;
  onChosen(): void;
  onSave(ways: WayToEarn[]): void;
}

/** The list and its forms; it owns the draft, its parent owns the request. */
export function WaysForm({ ways, saving, answer, choosing, onChosen, onSave }: WaysFormProps) {
  const form = useWaysForm({ ways, answer, onSave });
  return (
    <BlockStack gap="400">
      <DraftSaveBar id="ways-save-bar" open={form.open} saving={saving} onSave={form.save} onDiscard={form.discard} />
      {form.draft.ways.length === 0 ? (
        <Suggestions onAdd={form.add} />
      ) : (
        form.draft.ways.map((way) => (
          <WayCard
            key={way.id}
            way={way}
            opened={form.opened.includes(way.id)}
            errors={form.errors}
            onToggle={() => form.toggle(way.id)}
            onChange={(patch) => form.changeWay(way.id, patch)}
            onRemove={() => form.askToRemove(way)}
          />
        ))
      )}
      <WayChooser
        open={choosing}
        taken={form.draft.ways.map(({ kind }) => kind)}
        onClose={onChosen}
        onChoose={(kind) => {
          form.add([kind]);
          onChosen();
        }}
      />
      <RemoveModal way={form.leaving} onClose={() => form.askToRemove(null)} onRemove={form.remove} />
    </BlockStack>
  );
}

function useWaysForm({ ways, answer, onSave }: Pick<WaysFormProps, "ways" | "answer" | "onSave">) {
  const { currency, timeZone } = useShopFacts();
  const context = useMemo(() => ({ currency, timeZone }), [currency, timeZone]);
  const read = useCallback((draft: WaysDraft) => readWays(draft, context), [context]);
  const [initial] = useState<WaysDraft>(() => ({ ways: ways.map((way) => draftFromWay(way, context)) }));
  const form = useDraft<WaysDraft, WayToEarn[], WayFieldName>({ initial, read, answer, onSave });
  const [opened, setOpened] = useState<string[]>([]);
  const [leaving, setLeaving] = useState<WayDraft | null>(null);
  const list = form.draft.ways;
  const wrong = list.filter(({ id }) => Object.keys(form.errors).some((name) => name.startsWith(`${id}.`)));
  const wrongIds = wrong.map(({ id }) => id).join();
  useEffect(() => {
    if (wrongIds) setOpened((before) => [...new Set([...before, ...wrongIds.split(",")])]);
  }, [wrongIds]);
  return {
    ...form,
    opened,
    leaving,
    askToRemove: setLeaving,
    toggle: (id: string) =>
      setOpened((before) => (before.includes(id) ? before.filter((other) => other !== id) : [...before, id])),
    changeWay: (id: string, patch: Partial<WayDraft>) =>
      form.change({ ways: list.map((way) => (way.id === id ? { ...way, ...patch } : way)) }),
    add(kinds: readonly WayKind[]) {
      const added = kinds.map((kind) => newWayDraft(kind, newSuffix()));
      form.change({ ways: [...list, ...added] });
      if (added.length === 1) setOpened((before) => [...before, ...added.map(({ id }) => id)]);
    },
    remove() {
      form.change({ ways: list.filter((way) => way !== leaving) });
      setLeaving(null);
    },
  };
}

// Six letters and digits: enough to tell apart the ways of one program, for ever.
function newSuffix(): string {
  const letters = "abcdefghijklmnopqrstuvwxyz234567";
  return [...crypto.getRandomValues(new Uint8Array(6))].map((byte) => letters[byte % letters.length]).join("");
}

interface WayCardProps {
  way: WayDraft;
  opened: boolean;
  errors: FieldErrors<WayFieldName>;
  onToggle(): void;
  onChange(patch: Partial<WayDraft>): void;
  onRemove(): void;
}

function WayCard({ way, opened, errors, onToggle, onChange, onRemove }: WayCardProps) {
  const { t } = useTranslation();
  const sentence = useWaySentence();
  const errorText = useFieldErrorText(errors);
  const name = t(`ways.kind.${way.kind}`);
  const panel = `way-${way.id}`;
  return (
    <Card>
      <InlineStack gap="300" align="space-between" blockAlign="start" wrap>
        <div className="kz-grow">
          <Checkbox
            label={<WayTitle name={name} kind={way.kind} />}
            helpText={sentence(way)}
            checked={way.enabled}
            onChange={(enabled) => onChange({ enabled })}
          />
        </div>
        <InlineStack gap="200">
          <Button
            onClick={onToggle}
            ariaControls={panel}
            ariaExpanded={opened}
            accessibilityLabel={t("ways.edit", { way: name })}
          >
            {opened ? t("ways.done") : t("common.edit")}
          </Button>
          <Button variant="tertiary" onClick={onRemove} accessibilityLabel={t("ways.remove", { way: name })}>
            {t("common.remove")}
          </Button>
        </InlineStack>
      </InlineStack>
      <Collapsible id={panel} open={opened}>
        <Box paddingBlockStart="400">
          {opened ? (
            <WayFields way={way} errorText={(field) => errorText(`${way.id}.${field}`)} change={onChange} />
          ) : null}
        </Box>
      </Collapsible>
    </Card>
  );
}

function WayTitle({ name, kind }: { name: string; kind: WayKind }) {
  const { t } = useTranslation();
  return (
    <InlineStack as="span" gap="200" blockAlign="center">
      <Text as="span" variant="headingSm">
        {name}
      </Text>
      {kind === "social" ? <Badge tone="attention">{t("ways.badge.honour")}</Badge> : null}
      {kind === "survey" ? <Badge>{t("ways.badge.waits_surveys")}</Badge> : null}
      {kind.endsWith("review") ? <Badge>{t("ways.badge.waits_reviews")}</Badge> : null}
    </InlineStack>
  );
}

function Suggestions({ onAdd }: { onAdd(kinds: readonly WayKind[]): void }) {
  const { t } = useTranslation();
  const sentence = useWaySentence();
  return (
    <Card>
      <BlockStack gap="400">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            {t("ways.empty.title")}
          </Text>
          <Text as="p" tone="subdued">
            {t("ways.empty.body")}
          </Text>
        </BlockStack>
        <ul className="kz-rows">
          {SUGGESTED_KINDS.map((kind) => (
            <li key={kind}>
              <BlockStack gap="050">
                <Text as="span" variant="headingSm">
                  {t(`ways.kind.${kind}`)}
                </Text>
                <Text as="span" tone="subdued">
                  {sentence(newWayDraft(kind, "x"))}
                </Text>
              </BlockStack>
              <Button
                onClick={() => onAdd([kind])}
                accessibilityLabel={`${t("ways.add_this")}: ${t(`ways.kind.${kind}`)}`}
              >
                {t("ways.add_this")}
              </Button>
            </li>
          ))}
        </ul>
        <div>
          <Button onClick={() => onAdd(SUGGESTED_KINDS)}>{t("ways.add_all")}</Button>
        </div>
      </BlockStack>
    </Card>
  );
}

function RemoveModal({ way, onClose, onRemove }: { way: WayDraft | null; onClose(): void; onRemove(): void }) {
  const { t } = useTranslation();
  return (
    <Modal
      open={way !== null}
      onClose={onClose}
      title={way ? t("ways.remove_title", { way: t(`ways.kind.${way.kind}`) }) : ""}
      primaryAction={{ content: t("ways.remove_action"), onAction: onRemove, destructive: true }}
      secondaryActions={[{ content: t("common.cancel"), onAction: onClose }]}
    >
      <Modal.Section>
        <p>{t("ways.remove_body")}</p>
      </Modal.Section>
    </Modal>
  );
}

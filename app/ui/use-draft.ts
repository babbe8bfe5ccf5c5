// A form's draft: what was saved, what is typed, what is wrong with it, and when it may be left.
import { useAppBridge } from "@shopify/app-bridge-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import type { FieldErrors } from "./typed-fields";
import { useUnsavedGuard } from "./use-unsaved-guard";

/** What the server said to a save; a new object for each answer. */
export type DraftAnswer<Name extends string> = { outcome: "saved" } | { outcome: "refused"; errors: FieldErrors<Name> };

interface DraftOptions<Draft, Value, Name extends string> {
  initial: Draft;
  /** A draft that was never saved counts as a change. */
  isNew?: boolean;
  read(draft: Draft): { value: Value } | { errors: FieldErrors<Name> };
  answer: DraftAnswer<Name> | null;
  onSave(value: Value): void;
  /** Called once for each answer, when nothing unsaved is left on the page. */
  onSaved?(): void;
}

/** The draft and everything a form does with it. Errors show from the first try to save on. */
export function useDraft<Draft extends object, Value, Name extends string>(options: DraftOptions<Draft, Value, Name>) {
  const { answer, isNew = false, read } = options;
  const { t } = useTranslation();
  const shopify = useAppBridge();
  const [baseline, setBaseline] = useState(options.initial);
  const [draft, setDraft] = useState(options.initial);
  const [tried, setTried] = useState(false);
  const [neverSaved, setNeverSaved] = useState(isNew);
  const sent = useRef(draft);
  const result = useMemo(() => read(draft), [read, draft]);
  const dirty = JSON.stringify(draft) !== JSON.stringify(baseline);
  const refused = answer?.outcome === "refused" && sent.current === draft ? answer.errors : {};
  const errors: FieldErrors<Name> = tried && "errors" in result ? result.errors : refused;

  useUnsavedGuard(dirty);
  useEffect(() => {
    if (answer?.outcome !== "saved") return;
    setBaseline(sent.current);
    setTried(false);
    setNeverSaved(false);
  }, [answer]);
  useAnswered(answer?.outcome === "saved" && !dirty ? answer : null, options.onSaved);
  useEffect(() => {
    if (answer?.outcome === "refused") focusFirstError();
  }, [answer]);

  return {
    draft,
    errors,
    dirty,
    open: dirty || neverSaved,
    /** What the draft says, while it can be read. */
    value: "value" in result ? result.value : null,
    change: (patch: Partial<Draft>) => setDraft((before) => ({ ...before, ...patch })),
    discard() {
      setDraft(baseline);
      setTried(false);
    },
    save() {
      if ("value" in result) {
        sent.current = draft;
        options.onSave(result.value);
        return;
      }
      setTried(true);
      shopify.toast.show(t("form.needs_a_look"), { isError: true });
      focusFirstError();
    },
  };
}

// After the errors are drawn: the first wrong field takes the focus.
function focusFirstError(): void {
  requestAnimationFrame(() =>
    requestAnimationFrame(() => document.querySelector<HTMLElement>("[aria-invalid=true]")?.focus()),
  );
}

function useAnswered(answer: object | null, onSaved: (() => void) | undefined): void {
  const told = useRef<object | null>(null);
  useEffect(() => {
    if (!answer || told.current === answer) return;
    told.current = answer;
    onSaved?.();
  }, [answer, onSaved]);
}

// Single keys for people who look at many reviews. They can be switched off, and never act while somebody types,
// holds a modifier, composes a word or has a dialog open.
import { useEffect, useRef, useState } from "react";

export type Shortcuts = Record<string, () => void>;
const STORED = "kizuna-review-shortcuts";

/** Whether a key press belongs to something else on the page. */
export function belongsElsewhere(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return true;
  const target = event.target instanceof HTMLElement ? event.target : null;
  if (target?.isContentEditable || target?.closest("input:not([type=checkbox]), textarea, select, [role=listbox]"))
    return true;
  return document.querySelector("[role=dialog]") !== null;
}

/** Listens while they are on; answers whether they are, and how to change that. */
export function useShortcuts(shortcuts: Shortcuts): { on: boolean; setOn(on: boolean): void } {
  const [on, setOn] = useState(true);
  const newest = useRef(shortcuts);
  newest.current = shortcuts;
  useEffect(() => setOn(read()), []);
  useEffect(() => {
    if (!on) return;
    const listen = (event: KeyboardEvent) => {
      const act = newest.current[event.key];
      if (!act || belongsElsewhere(event)) return;
      event.preventDefault();
      act();
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, [on]);
  return {
    on,
    setOn(next) {
      setOn(next);
      store(next);
    },
  };
}

// A browser may keep nothing for a page inside a frame: then they are on each time.
function read(): boolean {
  try {
    return localStorage.getItem(STORED) !== "off";
  } catch {
    return true;
  }
}
function store(on: boolean): void {
  try {
    localStorage.setItem(STORED, on ? "on" : "off");
  } catch {
    return;
  }
}

import { useCallback, useEffect, useRef, useState } from "preact/hooks";

export type Asked<Answer> = { state: "loading" } | { state: "failed" } | { state: "answered"; answer: Answer };

/** Asks when the block appears, and again on `again`; the last answer stays until the next one is there. */
export function useAnswer<Answer>(ask: () => Promise<Answer>): { asked: Asked<Answer>; again: () => Promise<void> } {
  const [asked, setAsked] = useState<Asked<Answer>>({ state: "loading" });
  const latest = useRef(ask);
  latest.current = ask;
  // Of two questions under way, the later one's answer stands.
  const asks = useRef(0);
  const again = useCallback(async () => {
    setAsked((before) => (before.state === "failed" ? { state: "loading" } : before));
    const mine = (asks.current += 1);
    const settle = (now: Asked<Answer>) => mine === asks.current && setAsked(now);
    try {
      settle({ state: "answered", answer: await latest.current() });
    } catch {
      // The host has no place for details: what went wrong is in the app's log.
      settle({ state: "failed" });
    }
  }, []);
  useEffect(() => void again(), [again]);
  return { asked, again };
}

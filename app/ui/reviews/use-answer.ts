// An answer of a request is told once, however often the page is drawn.
import { useFetcher } from "@remix-run/react";
import { useEffect, useRef } from "react";

const JSON_POST = { method: "post", encType: "application/json" } as const;

/** Sends intents as JSON; `onAnswer` hears each answer once. */
export function useIntent<Intent extends object, Answer>(onAnswer: (answer: Answer) => void, action?: string) {
  const fetcher = useFetcher<Answer>();
  const heard = useRef<unknown>(null);
  const listener = useRef(onAnswer);
  listener.current = onAnswer;
  useEffect(() => {
    if (fetcher.state !== "idle" || fetcher.data === undefined || heard.current === fetcher.data) return;
    heard.current = fetcher.data;
    listener.current(fetcher.data);
  }, [fetcher.state, fetcher.data]);
  return {
    busy: fetcher.state !== "idle",
    /** What was sent and is not answered yet. */
    pending: fetcher.state === "idle" ? null : ((fetcher.json as Intent | undefined) ?? null),
    send: (intent: Intent) =>
      // As JSON and back: what is sent is a plain value.
      void fetcher.submit(JSON.parse(JSON.stringify(intent)) as Record<string, string>, {
        ...JSON_POST,
        ...(action ? { action } : {}),
      }),
  };
}

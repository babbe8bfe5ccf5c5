// Sends a selection in chunks, one after the other: progress can be shown, and a lost answer repeats safely.
import { useFetcher } from "@remix-run/react";
import { useEffect, useRef, useState } from "react";

import type { Adjustment } from "../../ui/adjust-modal";
import { CHUNK, type BulkAdjustRequest } from "./adjust-request";
import type { BulkAdjustAnswer } from "./route";

export interface BulkRun {
  done: number;
  total: number;
  adjusted: number;
  refused: number;
}

interface Queue {
  adjustment: Adjustment;
  key: string;
  memberIds: number[];
}

/** Starts a run and follows it; `onEnd` is told once. */
export function useBulkAdjust(onEnd: (run: BulkRun) => void) {
  const fetcher = useFetcher<BulkAdjustAnswer>();
  const [run, setRun] = useState<BulkRun | null>(null);
  const [failed, setFailed] = useState(false);
  const queue = useRef<Queue | null>(null);
  const seen = useRef<unknown>(null);

  const sendNext = () => {
    const waiting = queue.current;
    if (!waiting) return;
    const request: BulkAdjustRequest = {
      ...waiting.adjustment,
      key: waiting.key,
      memberIds: waiting.memberIds.slice(0, CHUNK),
    };
    void fetcher.submit(request, { method: "post", encType: "application/json" });
  };

  useEffect(() => {
    const answer = fetcher.data;
    const waiting = queue.current;
    if (fetcher.state !== "idle" || !answer || answer === seen.current || !waiting || !run) return;
    seen.current = answer;
    if (answer.outcome !== "adjusted") {
      queue.current = null;
      setFailed(true);
      return;
    }
    waiting.memberIds = waiting.memberIds.slice(CHUNK);
    const next = {
      ...run,
      done: run.total - waiting.memberIds.length,
      adjusted: run.adjusted + answer.adjusted,
      refused: run.refused + answer.refused,
    };
    setRun(next);
    if (waiting.memberIds.length > 0) return sendNext();
    queue.current = null;
    setRun(null);
    onEnd(next);
  });

  return {
    run,
    failed,
    busy: queue.current !== null && !failed,
    start(memberIds: number[], adjustment: Adjustment) {
      queue.current = { adjustment, key: crypto.randomUUID(), memberIds };
      setFailed(false);
      setRun({ done: 0, total: memberIds.length, adjusted: 0, refused: 0 });
      sendNext();
    },
  };
}

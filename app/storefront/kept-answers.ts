// Answers that are the same for everybody, kept for a moment: a product that is looked at a hundred times a second is
// read once. Other processes keep their own; nobody sees anything longer than a browser, which is told to keep it.
import { createHash } from "node:crypto";

import { statusOf, type DoorAnswer } from "./door";

/** An answer as it is sent. */
export interface PublicAnswer {
  status: number;
  json: string;
  /** Of the content, as an ETag. */
  tag: string;
}

/** How long after it was read an answer may still be given, milliseconds. */
const KEPT_MS = 5_000;
/** UTF-16 units: about 32 MiB at most, whatever visitors ask for. */
const LENGTH_MAX = 16 * 2 ** 20;

/**
 * Gives the answer that is kept under a key, or asks for it; who asks meanwhile waits for the same one. Only what was
 * found is kept: a refusal or an error is as new as the question.
 */
export function createKeptAnswers(
  keptMs = KEPT_MS,
  lengthMax = LENGTH_MAX,
): (key: string, nowMs: number, ask: () => Promise<DoorAnswer>) => Promise<PublicAnswer> {
  const kept = new Map<string, { answer: PublicAnswer; until: number }>();
  const asked = new Map<string, Promise<PublicAnswer>>();
  let length = 0;

  const drop = (key: string): void => {
    length -= kept.get(key)?.answer.json.length ?? 0;
    kept.delete(key);
  };
  const keep = (key: string, answer: PublicAnswer, until: number): void => {
    drop(key);
    kept.set(key, { answer, until });
    length += answer.json.length;
    // All live equally long: the first in the map is the next to end.
    for (const oldest of kept.keys()) if (length > lengthMax) drop(oldest);
  };

  return async (key, nowMs, ask) => {
    const known = kept.get(key);
    if (known && known.until > nowMs) return known.answer;
    const underway = asked.get(key);
    if (underway) return underway;
    const answer = ask().then(toPublicAnswer);
    asked.set(key, answer);
    try {
      const given = await answer;
      if (given.status === 200) keep(key, given, nowMs + keptMs);
      return given;
    } finally {
      asked.delete(key);
    }
  };
}

function toPublicAnswer(answer: DoorAnswer): PublicAnswer {
  const json = JSON.stringify(answer);
  const tag = `"${createHash("sha256").update(json).digest("base64url").slice(0, 27)}"`;
  return { status: statusOf(answer.outcome), json, tag };
}

// How an event that could not be applied comes back, and when it stops coming back.
import { loggableMessage } from "../log-error";
import type { Disposal } from "./event";

/** After so many attempts an event is dead: visible, replayable, out of everybody's way. */
export const ATTEMPTS_MAX = 8;
/** Shopify's own troubles say nothing about the event: it may wait for a day. */
const TRANSIENT_ATTEMPTS_MAX = 100;
const DELAY_SECONDS_MAX = 900;

// By name: the classes live where Shopify's answers are known, and errors cross module graphs.
const TRANSIENT = new Set(["ThrottledError", "TransientShopifyError", "UnauthorizedShopError"]);
const UNAUTHORIZED_DELAY_SECONDS = 600;
const RETRY_AT_ONCE = new Set(["40001", "40P01"]);

/** What to do with an event after `attempts` attempts, the last of which threw `error`. */
export function afterFailure(error: unknown, attempts: number): Disposal {
  const name = error instanceof Error ? error.name : "unknown";
  const detail = `${name}: ${loggableMessage(error)}`.slice(0, 300);
  const transient = TRANSIENT.has(name);
  if (attempts >= (transient ? TRANSIENT_ATTEMPTS_MAX : ATTEMPTS_MAX)) return { status: "dead", detail };
  if (name === "UnauthorizedShopError") return { status: "pending", afterSeconds: UNAUTHORIZED_DELAY_SECONDS, detail };
  if (RETRY_AT_ONCE.has(String((error as { code?: unknown }).code)))
    return { status: "pending", afterSeconds: Math.random(), detail };
  // Half fixed, half drawn: events that failed together do not come back together.
  const delay = Math.min(DELAY_SECONDS_MAX, 2 ** attempts);
  return { status: "pending", afterSeconds: delay / 2 + (delay / 2) * Math.random(), detail };
}

// What a step at Shopify ended with, and what a failure means for the next attempt. Pure.
import type { FoundCode } from "../../shopify/reward-codes.server";
import type { MakeAnswer } from "./make-at-shopify.server";

export interface Failure {
  /** Kept as the redemption's last error. */
  code: string;
  /** Whether Shopify may have done what was asked. */
  isOutcomeUnknown: boolean;
  retryAfterMs?: number;
}
export type StepAnswer =
  | MakeAnswer
  /** The customer it was for is gone. */
  | { outcome: "nobody_to_give_to" }
  | { outcome: "inspected"; found: FoundCode | null }
  | { outcome: "ended" }
  | { outcome: "uses_read"; found: FoundCode | null; orderGids: string[] }
  | { outcome: "failed"; error: unknown; how: Failure };

const DID_NOTHING: ReadonlySet<string> = new Set(["throttled", "unauthorized"]);
/** Whether a last error says that Shopify surely did nothing. */
export function didNothing(lastError: string | null): boolean {
  return lastError !== null && DID_NOTHING.has(lastError);
}

/** Sorts what a call threw; by name, so that two copies of a class are the same. */
export function classifyFailure(error: unknown): Failure {
  const { name, kind, retryAfterMs } = (error ?? {}) as { name?: string; kind?: string; retryAfterMs?: number };
  if (name === "ThrottledError") return { code: "throttled", isOutcomeUnknown: false, retryAfterMs: retryAfterMs ?? 0 };
  if (name === "UnauthorizedShopError") return { code: "unauthorized", isOutcomeUnknown: false };
  if (name === "TransientShopifyError") return { code: kind ?? "network", isOutcomeUnknown: true };
  if (name === "RefusedByShopifyError") return { code: "refused", isOutcomeUnknown: false };
  return { code: "internal", isOutcomeUnknown: true };
}

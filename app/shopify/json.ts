// Webhook bodies carry ids beyond 2^53 as bare JSON numbers; JSON.parse alone would round them.

type Reviver = (this: unknown, key: string, value: unknown, context: { source?: string }) => unknown;
// The source-text argument of revivers is in the runtime but not yet in TypeScript's library.
const parseWithSource = JSON.parse as (text: string, reviver?: Reviver) => unknown;

const LONG_INTEGER = /[:[,]\s*-?\d{16,}/;
const INTEGER = /^-?\d+$/;

/**
 * JSON.parse that returns integers outside ±2^53 as their digits (text), every other value as usual.
 * @throws SyntaxError on malformed JSON
 */
export function parseJsonExact(text: string): unknown {
  if (!LONG_INTEGER.test(text)) return JSON.parse(text);
  return parseWithSource(text, (_key, value, context) => {
    if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
    const source = context.source ?? "";
    return INTEGER.test(source) ? source : value;
  });
}

// Stored text → payload. What a machine could read two ways is for a person to look at.
import { parseJsonExact } from "../shopify/json";

export type ReadBody =
  | { outcome: "read"; payload: unknown }
  | { outcome: "unreadable"; reason: "malformed" | "duplicate_keys" | "not_an_object" };

/** Parses a stored body; never throws. */
export function readBody(text: string): ReadBody {
  let payload: unknown;
  try {
    payload = parseJsonExact(text);
  } catch {
    return { outcome: "unreadable", reason: "malformed" };
  }
  if (typeof payload !== "object" || payload === null || Array.isArray(payload)) {
    return { outcome: "unreadable", reason: "not_an_object" };
  }
  // JSON.parse keeps the last of two equal keys without a word; counting both sides finds it out.
  if (countKeyTokens(text) !== countKeys(payload)) return { outcome: "unreadable", reason: "duplicate_keys" };
  return { outcome: "read", payload };
}

// In valid JSON a string followed by a colon is a key, and nothing else is.
const STRING_TOKEN = /"(?:[^"\\]|\\.)*"(\s*:)?/g;
function countKeyTokens(text: string): number {
  let keys = 0;
  for (const match of text.matchAll(STRING_TOKEN)) if (match[1] !== undefined) keys++;
  return keys;
}

function countKeys(root: unknown): number {
  let keys = 0;
  const open: unknown[] = [root];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== "object" || value === null) continue;
    const children: unknown[] = Object.values(value);
    if (!Array.isArray(value)) keys += children.length;
    open.push(...children.filter((child) => typeof child === "object"));
  }
  return keys;
}

// Keys for what we hand out and recognise again: each purpose has its own, derived from KIZUNA_TOKEN_KEYS.
// The newest key makes, every listed key reads, so that keys can be rotated.
import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";

import { env } from "./env.server";

export type KeyPurpose =
  | "address"
  | "unsubscribe"
  | "review-request"
  | "review-author"
  | "review-form"
  | "review-upload"
  | "review-voter"
  | "birthday"
  | "feed";

function keysOf(purpose: KeyPurpose): Buffer[] {
  return env()
    .KIZUNA_TOKEN_KEYS.split(",")
    .map((entry) => Buffer.from(entry.slice(entry.indexOf(":") + 1), "base64"))
    .map((secret) => Buffer.from(hkdfSync("sha256", secret, "", `kizuna/${purpose}`, 32)));
}
function mac(key: Buffer, text: string, bytes: number): Buffer {
  return createHmac("sha256", key).update(text).digest().subarray(0, bytes);
}

/** The authentication code of a text under the newest key first, then the older ones. */
export function macsOf(purpose: KeyPurpose, text: string, bytes = 18): [Buffer, ...Buffer[]] {
  const [first, ...rest] = keysOf(purpose).map((key) => mac(key, text, bytes));
  if (!first) throw new Error("KIZUNA_TOKEN_KEYS holds no key");
  return [first, ...rest];
}

/** Whether `given` (base64url) is the code of `text` under any listed key, in constant time. */
export function isMacOf(purpose: KeyPurpose, text: string, given: string, bytes = 18): boolean {
  const received = Buffer.from(given, "base64url");
  const equal = macsOf(purpose, text, bytes).map(
    (expected) => received.length === expected.length && timingSafeEqual(received, expected),
  );
  // The decoder passes over what is no base64url: one code would have many spellings, each with a limit of its own.
  return equal.includes(true) && received.toString("base64url") === given;
}

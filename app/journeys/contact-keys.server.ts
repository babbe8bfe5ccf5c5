// Keys of contact: an address as we remember it after it is gone, and the token behind "stop these messages".
// Both are made with keys derived from KIZUNA_TOKEN_KEYS, newest first; every listed key still reads.
import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";

import type { ShopId } from "../db.server";
import { env } from "../env.server";

type Purpose = "address" | "unsubscribe";
const MAC_BYTES = 18;

function derivedKeys(purpose: Purpose): Buffer[] {
  return env()
    .KIZUNA_TOKEN_KEYS.split(",")
    .map((entry) => Buffer.from(entry.slice(entry.indexOf(":") + 1), "base64"))
    .map((secret) => Buffer.from(hkdfSync("sha256", secret, "", `kizuna/${purpose}`, 32)));
}
function mac(key: Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest().subarray(0, MAC_BYTES);
}

/** What an address is remembered by, under the newest key first. Two shops remember it differently. */
export function addressKeys(shopId: ShopId, email: string): string[] {
  const normal = email.trim().normalize("NFC").toLowerCase();
  return derivedKeys("address").map((key) => mac(key, `${shopId}/${normal}`).toString("base64url"));
}

/** The token that lets whoever holds a message stop the next one, and nothing else. */
export function unsubscribeToken(shopId: ShopId, memberId: number): string {
  const [key] = derivedKeys("unsubscribe");
  if (!key) throw new Error("KIZUNA_TOKEN_KEYS holds no key");
  const subject = `${shopId.toString(36)}.${memberId.toString(36)}`;
  return `1.${subject}.${mac(key, subject).toString("base64url")}`;
}

/** Whom a token is about. null: not one of ours. */
export function readUnsubscribeToken(token: string): { shopId: ShopId; memberId: number } | null {
  const [form, shop, member, given] = token.split(".");
  if (form !== "1" || !shop || !member || !given || token.length > 100) return null;
  const received = Buffer.from(given, "base64url");
  const isOurs = derivedKeys("unsubscribe").some((key) => {
    const expected = mac(key, `${shop}.${member}`);
    return received.length === expected.length && timingSafeEqual(received, expected);
  });
  return isOurs ? { shopId: Number.parseInt(shop, 36), memberId: Number.parseInt(member, 36) } : null;
}

/** Where a message's one-click end leads. */
export function unsubscribeUrl(shopId: ShopId, memberId: number): string {
  return new URL(`/unsubscribe/${unsubscribeToken(shopId, memberId)}`, env().SHOPIFY_APP_URL).toString();
}

// Whom a referral is about, remembered without remembering them: keyed hashes of a friend's address and of
// a visitor's network. Keys are derived from KIZUNA_TOKEN_KEYS, newest first; every listed key still reads.
import { createHmac, hkdfSync, randomInt } from "node:crypto";

import type { ShopId } from "../../db.server";
import { env } from "../../env.server";
import { friendForm } from "./friend-address";

type Purpose = "friend" | "network";
const MAC_BYTES = 18;

function macs(purpose: Purpose, shopId: ShopId, text: string): string[] {
  return env()
    .KIZUNA_TOKEN_KEYS.split(",")
    .map((entry) => Buffer.from(entry.slice(entry.indexOf(":") + 1), "base64"))
    .map((secret) => Buffer.from(hkdfSync("sha256", secret, "", `kizuna/referral-${purpose}`, 32)))
    .map((key) => createHmac("sha256", key).update(`${shopId}/${text}`).digest().subarray(0, MAC_BYTES))
    .map((mac) => mac.toString("base64url"));
}

/** What a friend's address is remembered by, under the newest key first. */
export function friendKeys(shopId: ShopId, email: string): string[] {
  return macs("friend", shopId, friendForm(email));
}
/** What a visitor's network (or a browser's own request key) is remembered by. */
export function networkKey(shopId: ShopId, text: string): string {
  return macs("network", shopId, text)[0] ?? "";
}

/** No letters or digits that are mistaken for each other, and no vowels that make words. */
const ALPHABET = "23456789BCDFGHJKLMNPQRSTVWXYZ";
function randomText(length: number): string {
  return Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");
}
/** A member's own code: 9 of 29 characters are 43 bits, in three groups that can be read out. */
export function newReferralCode(): string {
  return [randomText(3), randomText(3), randomText(3)].join("-");
}
/** What every friend's code begins with. */
export const FRIEND_CODE_PREFIX = "FRIEND-";
/** A friend's discount code: 17 of 29 characters are 82 bits. */
export function newFriendCode(): string {
  return `${FRIEND_CODE_PREFIX}${randomText(17)}`;
}

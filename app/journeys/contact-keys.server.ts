// Keys of contact: an address as we remember it after it is gone, and the token behind "stop these messages".
import type { ShopId } from "../db.server";
import { isMacOf, macsOf } from "../derived-keys.server";
import { env } from "../env.server";

/** What an address is remembered by, under the newest key first. Two shops remember it differently. */
export function addressKeys(shopId: ShopId, email: string): string[] {
  const normal = email.trim().normalize("NFC").toLowerCase();
  return macsOf("address", `${shopId}/${normal}`).map((mac) => mac.toString("base64url"));
}

/** Whose mail a token stops: a member's, or that of whoever stands behind an order's request or a review. */
export type MailSubject = { memberId: number } | { requestId: number } | { reviewId: number };

const TOKEN_MAX = 100;
// Members: form 1. Whoever is no member: form 2, with a letter for what they are known by. No token holds an address.
const LETTERS = { q: "requestId", r: "reviewId" } as const;

function formOf(subject: MailSubject): { form: "1" | "2"; who: string; signed: (shop: string) => string } {
  if ("memberId" in subject) {
    const who = subject.memberId.toString(36);
    return { form: "1", who, signed: (shop) => `${shop}.${who}` };
  }
  const who = "requestId" in subject ? `q${subject.requestId.toString(36)}` : `r${subject.reviewId.toString(36)}`;
  return { form: "2", who, signed: (shop) => `2/${shop}.${who}` };
}

/** The token that lets whoever holds a message stop the next one, and nothing else. */
export function unsubscribeToken(shopId: ShopId, subject: MailSubject): string {
  const { form, who, signed } = formOf(subject);
  const shop = shopId.toString(36);
  return `${form}.${shop}.${who}.${macsOf("unsubscribe", signed(shop))[0].toString("base64url")}`;
}

/** Whom a token is about. null: not one of ours. */
export function readUnsubscribeToken(token: string): { shopId: ShopId; subject: MailSubject } | null {
  const [form, shop, who, given] = token.split(".");
  if (!shop || !who || !given || token.length > TOKEN_MAX) return null;
  const subject = subjectOf(form ?? "", who);
  if (!subject || !isMacOf("unsubscribe", formOf(subject).signed(shop), given)) return null;
  return { shopId: Number.parseInt(shop, 36), subject };
}
function subjectOf(form: string, who: string): MailSubject | null {
  if (!/^[0-9a-z]+$/.test(who)) return null;
  if (form === "1") return { memberId: Number.parseInt(who, 36) };
  const kind = Object.entries(LETTERS).find(([letter]) => who.startsWith(letter))?.[1];
  const id = Number.parseInt(who.slice(1), 36);
  if (form !== "2" || !kind || !Number.isSafeInteger(id)) return null;
  return kind === "requestId" ? { requestId: id } : { reviewId: id };
}

/** Where a message's one-click end leads. */
export function unsubscribeUrl(shopId: ShopId, subject: MailSubject): string {
  return new URL(`/unsubscribe/${unsubscribeToken(shopId, subject)}`, env().SHOPIFY_APP_URL).toString();
}

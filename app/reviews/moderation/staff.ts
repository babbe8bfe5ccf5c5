// People who work here may write, and it is said beside what they write (16 CFR 465.5). Pure.
import type { Finding } from "./findings";

export interface AuthorFacts {
  email: string | null;
  /** Addresses of the shop and of people who work there. */
  shopEmails: readonly string[];
  /** The shop's own domains: an address there is one of theirs. */
  shopDomains: readonly string[];
}

// Whoever has an address at one of these does not own the domain.
const PUBLIC_MAIL = new Set([
  "gmail.com",
  "googlemail.com",
  "yahoo.com",
  "yahoo.co.jp",
  "ymail.ne.jp",
  "outlook.com",
  "outlook.jp",
  "hotmail.com",
  "hotmail.co.jp",
  "live.com",
  "live.jp",
  "icloud.com",
  "me.com",
  "mac.com",
  "aol.com",
  "proton.me",
  "protonmail.com",
  "gmx.net",
  "gmx.de",
  "web.de",
  "docomo.ne.jp",
  "ezweb.ne.jp",
  "au.com",
  "softbank.ne.jp",
  "i.softbank.jp",
  "rakuten.jp",
  "nifty.com",
  "biglobe.ne.jp",
  "so-net.ne.jp",
  "ocn.ne.jp",
  "myshopify.com",
]);

/** A finding when the author's address is one of the shop's, its staff's or its domain's. */
export function findStaff({ email, shopEmails, shopDomains }: AuthorFacts): Finding[] {
  if (email === null) return [];
  const author = mailbox(email);
  const own = shopEmails.map(mailbox);
  if (own.some((address) => address === author)) return [staff("address")];
  const host = hostOf(author);
  const domains = [...shopDomains.map(registrable), ...own.map(hostOf)].filter((domain) => !PUBLIC_MAIL.has(domain));
  const isTheirs = domains.some((domain) => domain !== "" && (host === domain || host.endsWith(`.${domain}`)));
  return isTheirs ? [staff("domain")] : [];
}

function staff(detail: string): Finding {
  return { kind: "staff", field: null, from: 0, to: 0, detail };
}

// taro+shop@example.com is taro's mailbox.
function mailbox(email: string): string {
  const normal = email.trim().normalize("NFKC").toLowerCase();
  const at = normal.lastIndexOf("@");
  if (at < 0) return normal;
  const host = normal.slice(at + 1);
  const name = normal.slice(0, at).replace(/\+.*$/, "");
  const isGmail = host === "gmail.com" || host === "googlemail.com";
  return `${isGmail ? name.replaceAll(".", "") : name}@${isGmail ? "gmail.com" : host}`;
}

function hostOf(mailboxText: string): string {
  return mailboxText.slice(mailboxText.lastIndexOf("@") + 1);
}

function registrable(domain: string): string {
  return domain
    .trim()
    .toLowerCase()
    .replace(/^www\./, "");
}

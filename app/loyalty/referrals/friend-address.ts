// Addresses as a signal: which two of them are likely one person's. Never an identity. Pure.

const EMAIL = /^[^\s@<>(),;:"\\[\]]{1,64}@[^\s@<>(),;:"\\[\]]+\.[^\s@<>(),;:"\\[\].]{2,}$/u;
const EMAIL_LENGTH_MAX = 254;
/** Providers that ignore dots, under all their names. */
const DOTLESS = new Map([
  ["gmail.com", "gmail.com"],
  ["googlemail.com", "gmail.com"],
]);

/** Whether the text looks like an address at all. */
export function isEmail(text: string): boolean {
  return text.length <= EMAIL_LENGTH_MAX && EMAIL.test(text.trim());
}

/** The address without what many providers ignore: case, "+anything", and dots where dots mean nothing. */
export function friendForm(email: string): string {
  const text = email.trim().normalize("NFKC").toLowerCase();
  const at = text.lastIndexOf("@");
  const domain = text.slice(at + 1);
  const name = text.slice(0, at).replace(/\+.*$/u, "");
  const dotless = DOTLESS.get(domain);
  return dotless ? `${name.replaceAll(".", "")}@${dotless}` : `${name}@${domain}`;
}

/** A postal address as Shopify gives it. */
export interface PostalAddress {
  address1: string | null;
  address2: string | null;
  zip: string | null;
  country: string | null;
}
/** Street, number, flat and code without spaces, marks and widths; null: too little to compare. */
export function addressForm({ address1, address2, zip, country }: PostalAddress): string | null {
  // Between digits the long-vowel mark is a hyphen somebody typed.
  const plain = (text: string | null) =>
    (text ?? "")
      .normalize("NFKC")
      .toLowerCase()
      .replace(/(?<=\p{N})ー(?=\p{N})|[^\p{L}\p{N}]/gu, "");
  const [street, code] = [`${plain(address1)}${plain(address2)}`, plain(zip)];
  return street === "" || code === "" ? null : `${plain(country)}/${code}/${street}`;
}

// How people are found: normal forms for search, never for identity. Pure.

/** An address as we store and compare it: trimmed, NFC, lower case. Dots and plus signs are someone's own. */
export function normalEmail(email: string | null): string | null {
  const normal = email?.trim().normalize("NFC").toLowerCase();
  return normal ? normal : null;
}

/** A name as we store it: one space between parts, NFC. */
export function normalName(name: string): string {
  return name.trim().replace(/\s+/gu, " ").normalize("NFC");
}

/** What is searched: without spaces and marks of width or case, so that ﾀﾅｶ finds タナカ. */
function searchForm(text: string): string {
  return text.normalize("NFKC").toLowerCase().replace(/\s+/gu, "");
}
function bigrams(text: string): string[] {
  const characters = [...text];
  return characters.slice(1).map((character, index) => `${characters[index] ?? ""}${character}`);
}

/**
 * What a name is found by, each prefixed by the shop: its bigrams ("12:田中"), because two Japanese
 * characters are a whole search, and how its parts begin ("12:^田").
 */
export function searchGrams(shopId: number, name: string): string[] {
  const beginnings = name
    .split(/\s+/u)
    .flatMap((part) => [...searchForm(part)].slice(0, 1).map((first) => `^${first}`));
  return [...new Set([...bigrams(searchForm(name)), ...beginnings])].map((gram) => `${shopId}:${gram}`);
}

/** The grams a search text needs. A single character asks for names that begin with it. */
export function gramsOfSearch(shopId: number, text: string): string[] {
  const words = text.trim().split(/\s+/u).map(searchForm);
  const grams = words.flatMap(bigrams);
  const beginnings = words.filter((word) => [...word].length === 1).map((word) => `^${word}`);
  // Text without any letter finds nobody; no gram at all would find everybody.
  const wanted = grams.length + beginnings.length === 0 ? [""] : [...grams, ...beginnings];
  return [...new Set(wanted)].map((gram) => `${shopId}:${gram}`);
}

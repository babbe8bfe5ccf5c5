// Codes nobody can guess: 90 random bits in letters and digits that cannot be mistaken for each other.
import { randomBytes } from "node:crypto";

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CHARACTERS = 18;

/** "KZ-7QF2…" for a checkout; gift cards take letters and digits only. */
export function newRedemptionCode(kind: "discount" | "gift_card"): string {
  // Each byte has eight values for each of the 32 characters: no character is likelier than another.
  const random = [...randomBytes(CHARACTERS)].map((byte) => ALPHABET[byte % ALPHABET.length]).join("");
  return kind === "gift_card" ? random : `KZ-${random}`;
}

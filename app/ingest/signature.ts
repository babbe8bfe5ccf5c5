// The one thing a delivery proves: that whoever sent these bytes knows the app's secret.
import { createHmac, timingSafeEqual, type Hmac } from "node:crypto";

/** base64 of 32 bytes: anything else cannot be an HMAC-SHA-256 and is refused before the body is read. */
const SIGNATURE_SHAPE = /^[A-Za-z0-9+/]{43}=$/;

/** Whether a header could be a signature at all. */
export function looksLikeSignature(signature: string): boolean {
  return SIGNATURE_SHAPE.test(signature);
}

/** Hashes a body chunk by chunk, so that a refused or oversized one is never held whole. */
export class SignatureCheck {
  readonly #hmac: Hmac;
  constructor(secret: string) {
    this.#hmac = createHmac("sha256", secret);
  }

  update(chunk: Uint8Array): void {
    this.#hmac.update(chunk);
  }

  /** Compares in constant time; usable once. */
  matches(signature: string): boolean {
    const expected = this.#hmac.digest();
    const given = Buffer.from(signature, "base64");
    return given.length === expected.length && timingSafeEqual(given, expected);
  }
}

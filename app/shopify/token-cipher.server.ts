// Tokens at rest: AES-256-GCM under the newest of KIZUNA_TOKEN_KEYS; every listed key still opens.
// Form: keyId.iv.tag.data in base64url. The row's id is authenticated too, so a ciphertext moved to
// another row does not open.
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

import { env } from "../env.server";

interface TokenKey {
  id: string;
  secret: Buffer;
}

function keys(): TokenKey[] {
  return env()
    .KIZUNA_TOKEN_KEYS.split(",")
    .map((entry) => {
      const colon = entry.indexOf(":");
      return { id: entry.slice(0, colon), secret: Buffer.from(entry.slice(colon + 1), "base64") };
    });
}

/** Encrypts `text` for the row `rowId` under the newest key. */
export function seal(text: string, rowId: string): string {
  const key = keys()[0];
  if (!key) throw new Error("KIZUNA_TOKEN_KEYS holds no key");
  const iv = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key.secret, iv).setAAD(Buffer.from(rowId));
  const data = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return [key.id, ...[iv, cipher.getAuthTag(), data].map((part) => part.toString("base64url"))].join(".");
}

/** Opens what `seal` made. @throws when the key is gone or the text was altered */
export function unseal(sealed: string, rowId: string): string {
  const [keyId, iv, tag, data] = sealed.split(".");
  const key = keys().find((each) => each.id === keyId);
  if (!key || !iv || !tag || data === undefined) throw new Error(`no key to open a session (key id ${keyId ?? "?"})`);
  const decipher = createDecipheriv("aes-256-gcm", key.secret, Buffer.from(iv, "base64url"), { authTagLength: 16 });
  decipher.setAAD(Buffer.from(rowId)).setAuthTag(Buffer.from(tag, "base64url"));
  return Buffer.concat([decipher.update(Buffer.from(data, "base64url")), decipher.final()]).toString("utf8");
}

/** Whether `sealed` is already under the newest key. */
export function isNewestKey(sealed: string): boolean {
  return sealed.startsWith(`${keys()[0]?.id ?? ""}.`);
}

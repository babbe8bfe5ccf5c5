// New keys in front of old ones: what was remembered and handed out under the old one still holds.
import { createHmac, hkdfSync } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";

import { inShop } from "../../../app/db.server";
import { addressKeys, readUnsubscribeToken, unsubscribeToken } from "../../../app/journeys/contact-keys.server";
import { isSuppressed } from "../../../app/journeys/suppress.server";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";

const database = useTestDatabase();
const OLD = Buffer.alloc(32, 7);
beforeAll(() => {
  process.env["KIZUNA_TOKEN_KEYS"] = `new:${Buffer.alloc(32, 9).toString("base64")},old:${OLD.toString("base64")}`;
});
const underOld = (purpose: string, text: string) =>
  createHmac("sha256", Buffer.from(hkdfSync("sha256", OLD, "", `kizuna/${purpose}`, 32)))
    .update(text)
    .digest()
    .subarray(0, 18)
    .toString("base64url");

describe("F10 after a rotation of keys", () => {
  it("F10 a link from an old mail still stops the messages", () => {
    const subject = `${(12).toString(36)}.${(3456).toString(36)}`;
    const token = `1.${subject}.${underOld("unsubscribe", subject)}`;
    expect(readUnsubscribeToken(token)).toEqual({ shopId: 12, subject: { memberId: 3456 } });
    expect(unsubscribeToken(12, { memberId: 3456 })).not.toBe(token);
  });

  it("F10 who asked for nothing more is still known, and is remembered under the newest key", async () => {
    const shopId = await createTestShop();
    const email = "Hanako@Example.jp ";
    await database
      .owner()
      .query(
        "INSERT INTO suppression (shop_id, address_key, reason, at) VALUES ($1, $2, 'unsubscribed', '2026-01-01')",
        [shopId, underOld("address", `${shopId}/hanako@example.jp`)],
      );
    expect(await inShop(shopId, (tx) => isSuppressed(tx, email))).toBe(true);
    const { rows } = await database
      .owner()
      .query("SELECT address_key AS key FROM suppression WHERE shop_id = $1", [shopId]);
    expect(rows.map(({ key }: { key: string }) => key)).toContain(addressKeys(shopId, email)[0]);
    expect(await inShop(shopId, (tx) => isSuppressed(tx, "other@example.jp"))).toBe(false);
    const other = await createTestShop();
    expect(await inShop(other, (tx) => isSuppressed(tx, email))).toBe(false);
  });
});

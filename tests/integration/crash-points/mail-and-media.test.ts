// The mail server and the media store, whatever they answer and wherever we die: every mail goes out, at most
// once more than it should and then under the same Message-ID; no file stays without a row that knows of it.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import sharp from "sharp";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { inShop, queryShop, type ShopId } from "../../../app/db.server";
import { announceEvents } from "../../../app/journeys/announce-events.server";
import { sendMessages } from "../../../app/journeys/send-messages.server";
import { announceEvent } from "../../../app/loyalty/announce-event.server";
import { closeMail } from "../../../app/mail/smtp.server";
import { receiveMedia } from "../../../app/reviews/media/receive-media.server";
import { tidyMedia } from "../../../app/reviews/media/tidy-media.server";
import { openUpload } from "../../../app/reviews/media/upload-ticket.server";
import { DEFAULT_REVIEW_SETTINGS } from "../../../app/reviews/review-settings";
import { createTestMember } from "../../builders/member";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";
import { useTestMailbox } from "../journeys/test-mailbox";
import { endLeases, plantCrash, type CrashPlan } from "./crash";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "kizuna-crash-media-"));
const database = useTestDatabase();
const mailbox = useTestMailbox();
const NOW = new Date("2026-06-10T02:00:00Z");
const HOUR_MS = 3_600_000;
const { signal } = new AbortController();
let crash: CrashPlan;

beforeAll(async () => {
  process.env.KIZUNA_MEDIA_FOLDER = folder;
  crash = await plantCrash(database.owner());
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

describe("a mail", () => {
  let shopId: ShopId;
  beforeEach(async () => {
    shopId = await createTestShop();
    await inShop(shopId, (tx) =>
      tx.query(
        "UPDATE shop_profile SET email = 'shop@example.jp', primary_domain = 'kinari.example.jp' WHERE shop_id = $1",
        [shopId],
      ),
    );
    const { memberId } = await createTestMember(shopId, { email: "hanako@example.jp", emailConsent: "subscribed" });
    const params = { redemptionId: 1, title: "500円引き", code: "KZ-ABC" };
    await inShop(shopId, (tx) =>
      announceEvent(tx, { memberId, kind: "reward_issued", key: "redemption/1", params }, NOW),
    );
    await announceEvents(shopId, (_kind, each) => each, NOW, signal);
  });

  async function resume(): Promise<{ status: string; why: string | null }> {
    mailbox.refuse(null);
    mailbox.beforeAnswer(null);
    for (let round = 1; round <= 4; round++) {
      await endLeases(database.owner());
      await sendMessages(shopId, new Date(NOW.getTime() + round * HOUR_MS), signal);
    }
    const rows = await queryShop<{ status: string; why: string | null }>(
      shopId,
      "SELECT status, why FROM message WHERE shop_id = $1",
      [shopId],
    );
    expect(rows).toHaveLength(1);
    return rows[0] ?? { status: "", why: null };
  }
  const ids = () => new Set(mailbox.received.map(({ headers }) => headers.get("message-id")));

  it("C04 F10 dies at each of our writes: it goes out, and a second copy bears the same id", async () => {
    for (let write = 1; write <= 8; write++) {
      await crash.arm(write);
      await sendMessages(shopId, NOW, signal).catch(() => undefined);
      const tried = await crash.disarm();
      expect(await resume()).toEqual({ status: "sent", why: null });
      expect(mailbox.received.length).toBeGreaterThanOrEqual(1);
      expect(mailbox.received.length).toBeLessThanOrEqual(2);
      expect(ids().size).toBe(1);
      if (tried < write) return;
      mailbox.received.length = 0;
      await inShop(shopId, (tx) =>
        tx.query("UPDATE message SET status = 'queued', due_at = $2, sent_at = NULL, attempts = 0 WHERE shop_id = $1", [
          shopId,
          NOW,
        ]),
      );
    }
    throw new Error("it never came to its end");
  });

  it.each([
    ["the server is busy", { at: "data", code: 451, text: "4.3.0 try again" }, "sent"],
    ["the mailbox does not exist", { at: "rcpt", code: 550, text: "5.1.1 no such user" }, "failed"],
    ["the mail is refused", { at: "data", code: 554, text: "5.7.1 refused" }, "failed"],
  ] as const)("F10 %s, and we die before we note it", async (_title, refusal, ends) => {
    for (const isCrash of [false, true]) {
      mailbox.received.length = 0;
      await inShop(shopId, async (tx) => {
        await tx.query(
          "UPDATE message SET status = 'queued', due_at = $2, sent_at = NULL, attempts = 0, why = NULL WHERE shop_id = $1",
          [shopId, NOW],
        );
        await tx.query("DELETE FROM suppression WHERE shop_id = $1", [shopId]);
      });
      mailbox.refuse(refusal);
      // The first write is the claim; the second would be what we learnt.
      if (isCrash) await crash.arm(2);
      await sendMessages(shopId, NOW, signal).catch(() => undefined);
      await crash.disarm();
      // What we forgot, we ask again, and then nothing stands in its way.
      expect((await resume()).status).toBe(isCrash ? "sent" : ends);
      expect(mailbox.received.length).toBeLessThanOrEqual(1);
    }
  });

  it("C04 the server takes it and the connection breaks before it says so", async () => {
    mailbox.beforeAnswer(() => {
      closeMail();
      return Promise.resolve();
    });
    await sendMessages(shopId, NOW, signal);
    expect((await resume()).status).toBe("sent");
    expect(mailbox.received.length).toBeGreaterThanOrEqual(1);
    expect(mailbox.received.length).toBeLessThanOrEqual(2);
    expect(ids().size).toBe(1);
  });
});

describe("an upload", () => {
  const settings = DEFAULT_REVIEW_SETTINGS.media;
  const stored = (shopId: ShopId) => {
    const root = path.join(folder, String(shopId));
    return fs.existsSync(root) ? fs.readdirSync(root) : [];
  };
  const known = async (shopId: ShopId) =>
    (
      await queryShop<{ key: string }>(
        shopId,
        "SELECT storage_key AS key FROM review_media WHERE shop_id = $1 AND erased_at IS NULL",
        [shopId],
      )
    ).map(({ key }) => key);

  it("C06 dies at each of our writes, or the disk fails: no file without a row, and nothing stays for ever", async () => {
    const shopId = await createTestShop();
    const photo = await sharp({ create: { width: 64, height: 64, channels: 3, background: "#345" } })
      .jpeg()
      .toBuffer();
    const upload = () =>
      receiveMedia(
        shopId,
        Readable.from([photo]),
        { ticket: openUpload(shopId), alt: "", posterOf: null, settings },
        NOW,
      );
    for (let write = 1; write <= 3; write++) {
      await crash.arm(write);
      await upload().catch(() => undefined);
      await crash.disarm();
      for (const found of stored(shopId)) expect(await known(shopId)).toContain(found);
    }
    const shopFolder = path.join(folder, String(shopId));
    fs.rmSync(shopFolder, { recursive: true, force: true });
    fs.writeFileSync(shopFolder, "not a folder");
    await expect(upload()).rejects.toThrow();
    fs.rmSync(shopFolder);
    expect((await upload()).outcome).toBe("ready");
    const later = new Date(NOW.getTime() + 49 * HOUR_MS);
    await crash.arm(2);
    await tidyMedia(shopId, later, signal).catch(() => undefined);
    await crash.disarm();
    await tidyMedia(shopId, later, signal);
    expect(stored(shopId)).toEqual([]);
    expect(await known(shopId)).toEqual([]);
  });
});

// From what happened to a member to a mail in a mailbox, over a real SMTP server.
import { beforeEach, describe, expect, it } from "vitest";

import { inShop, queryShop, routerPool, type ShopId } from "../../../app/db.server";
import { announceEvents } from "../../../app/journeys/announce-events.server";
import { unsubscribe } from "../../../app/journeys/suppress.server";
import { saveMailSettings } from "../../../app/journeys/message-log.server";
import { sendMessages } from "../../../app/journeys/send-messages.server";
import { announceEvent, type LoyaltyEvent } from "../../../app/loyalty/announce-event.server";
import { mergeMembers } from "../../../app/loyalty/merge-members.server";
import { exportCustomerData } from "../../../app/privacy/export-customer-data.server";
import { redactCustomer } from "../../../app/privacy/redact-customer.server";
import { createTestMember, type TestMember } from "../../builders/member";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";
import { useTestMailbox } from "./test-mailbox";

const database = useTestDatabase();
const mailbox = useTestMailbox();
/** 11:00 in Tokyo. */
const NOW = new Date("2026-06-10T02:00:00Z");
const EMAIL = "hanako@example.jp";
const signal = new AbortController().signal;
const minutes = (count: number, from = NOW) => new Date(from.getTime() + count * 60_000);

let shopId: ShopId;
let member: TestMember;
beforeEach(async () => {
  shopId = await createTestShop();
  await inShop(shopId, (tx) =>
    tx.query(
      "UPDATE shop_profile SET email = 'shop@example.jp', primary_domain = 'kinari.example.jp' WHERE shop_id = $1",
      [shopId],
    ),
  );
  member = await createTestMember(shopId, { email: EMAIL, emailConsent: "subscribed" });
  await inShop(shopId, (tx) =>
    tx.query("UPDATE member SET available = 1240, locale = 'ja' WHERE shop_id = $1", [shopId]),
  );
});

type Event = Partial<LoyaltyEvent> & Pick<LoyaltyEvent, "kind" | "key">;
const happen = (event: Event, now = NOW) =>
  inShop(shopId, (tx) => announceEvent(tx, { memberId: member.memberId, params: {}, ...event }, now));
const expiring = (key = "points-expiring/1") =>
  happen({ kind: "points_expiring", key, params: { points: 1_240, on: "2026-07-10", daysBefore: 30 } });
const reward = (key = "redemption/1", title = "500円引き") =>
  happen({ kind: "reward_issued", key, params: { redemptionId: 1, title, code: "KZ-ABC" } });
const announce = (now = NOW) => announceEvents(shopId, (_kind, params) => params, now, signal);
const send = (now = NOW) => sendMessages(shopId, now, signal);
const messages = () =>
  queryShop<{ kind: string; status: string; why: string | null; dueAt: Date; attempts: number; memberId: number }>(
    shopId,
    `SELECT kind, status, why, due_at AS "dueAt", attempts, member_id AS "memberId" FROM message ORDER BY id`,
  );
const change = (sql: string) =>
  inShop(shopId, (tx) => tx.query(`UPDATE member SET ${sql} WHERE shop_id = $1`, [shopId]));

describe("a mail to a member", () => {
  it("F10 comes once, in the member's language, with one-click headers and both parts", async () => {
    await reward();
    expect(await announce()).toEqual({ announced: 1, queued: 1 });
    expect(await announce()).toEqual({ announced: 0, queued: 0 });
    expect(await send()).toEqual({ sent: 1, skipped: 0, failed: 0 });
    expect(await send(minutes(60))).toEqual({ sent: 0, skipped: 0, failed: 0 });
    expect(mailbox.received).toHaveLength(1);
    const [mail] = mailbox.received;
    expect(mail).toMatchObject({ from: "points@mail.kizuna.test", to: [EMAIL] });
    expect(mail?.headers.get("list-unsubscribe")).toMatch(/^<https:\/\/kizuna\.test\/unsubscribe\/1\.[\w.-]+>$/);
    expect(mail?.headers.get("list-unsubscribe-post")).toBe("List-Unsubscribe=One-Click");
    expect(mail?.headers.get("auto-submitted")).toBe("auto-generated");
    expect(mail?.headers.get("reply-to")).toBe("shop@example.jp");
    expect(mail?.headers.get("message-id")).toMatch(/^<[0-9a-f]{40}@mail\.kizuna\.test>$/);
    expect(mail?.raw).toContain("text/plain");
    expect(mail?.raw).toContain("text/html");
    expect(await messages()).toMatchObject([{ kind: "reward_issued", status: "sent", attempts: 1 }]);
  });

  it("needs the opt-in where nobody asked for it, and says why it was not sent", async () => {
    await change("email_consent = 'not_subscribed'");
    await expiring();
    await reward();
    expect(await announce()).toEqual({ announced: 2, queued: 1 });
    expect(await messages()).toMatchObject([
      { kind: "points_expiring", status: "skipped", why: "no_consent" },
      { kind: "reward_issued", status: "queued" },
    ]);
  });

  it("is not sent when consent, address or points have gone since it was queued", async () => {
    await expiring("a");
    await announce();
    await change("email_consent = 'unsubscribed'");
    expect(await send()).toEqual({ sent: 0, skipped: 1, failed: 0 });
    await change("email_consent = 'subscribed', available = 0");
    await expiring("b");
    await announce();
    await change("available = 10");
    await expiring("c");
    await announce();
    await change("available = 0");
    await send();
    expect((await messages()).map(({ why }) => why)).toEqual(["no_consent", "out_of_date", "out_of_date"]);
    expect(mailbox.received).toEqual([]);
  });

  it("waits for the morning when nobody asked for it; what was asked for does not", async () => {
    const night = new Date("2026-06-10T13:30:00Z"); // 22:30 in Tokyo
    await expiring();
    await reward();
    await announce(night);
    expect(await send(night)).toMatchObject({ sent: 1 });
    expect((await messages())[0]).toMatchObject({ status: "queued", dueAt: new Date("2026-06-10T23:00:00Z") });
    expect(await send(new Date("2026-06-10T23:00:00Z"))).toMatchObject({ sent: 1 });
  });

  it("follows a merge and stops at an erasure", async () => {
    const kept = await createTestMember(shopId, { email: "kept@example.jp", emailConsent: "subscribed" });
    await reward("r1");
    await inShop(shopId, (tx) => mergeMembers(tx, kept.customerGid, member.customerGid, NOW));
    await announce();
    await send();
    expect(mailbox.received.map(({ to }) => to)).toEqual([["kept@example.jp"]]);
    await inShop(shopId, (tx) =>
      announceEvent(tx, { memberId: kept.memberId, kind: "reward_issued", key: "r2", params: { title: "A" } }, NOW),
    );
    await announce();
    await inShop(shopId, (tx) =>
      redactCustomer(tx, { customerGid: kept.customerGid, email: null, orderGids: [] }, NOW),
    );
    await send();
    expect(mailbox.received).toHaveLength(1);
    const { rows } = await database
      .owner()
      .query("SELECT params, status, why FROM message WHERE shop_id = $1 ORDER BY id", [shopId]);
    expect(rows).toEqual([
      { params: {}, status: "sent", why: null },
      { params: {}, status: "skipped", why: "member_gone" },
    ]);
  });

  it("does not go out while a kind is switched off, or without a channel", async () => {
    const off = { kinds: { points_expiring: false } };
    expect(await saveMailSettings(shopId, off)).toEqual({ outcome: "saved" });
    await expiring();
    await announce();
    expect(await messages()).toMatchObject([{ status: "skipped", why: "kind_off" }]);
    expect(await saveMailSettings(shopId, { senderName: "A\r\nBcc: x" })).toEqual({
      outcome: "invalid",
      fields: ["senderName"],
    });
  });
});

describe("F11 caps and crashes", () => {
  it("F11 eight parallel announcers keep one unasked message a day; the others take the next days", async () => {
    for (const each of [1, 2, 3, 4, 5, 6]) await expiring(`k${each}`);
    await Promise.all(Array.from({ length: 8 }, () => announce()));
    const rows = await messages();
    expect(rows.filter(({ status }) => status === "queued")).toHaveLength(4);
    expect(rows.filter(({ why }) => why === "capped")).toHaveLength(2);
    const days = rows.filter(({ status }) => status === "queued").map(({ dueAt }) => dueAt.getTime());
    expect(new Set(days).size).toBe(4);
    await Promise.all(Array.from({ length: 8 }, () => send()));
    expect(mailbox.received).toHaveLength(1);
  });

  it("F11 eight parallel senders send each message once", async () => {
    await saveMailSettings(shopId, { oneADay: false });
    for (let each = 0; each < 30; each++) await reward(`r${each}`);
    await announce();
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => send()));
    expect(outcomes.reduce((sum, { sent }) => sum + sent, 0)).toBe(30);
    expect(new Set(mailbox.received.map(({ headers }) => headers.get("message-id"))).size).toBe(30);
    expect(mailbox.received).toHaveLength(30);
  });

  it("F11 a crash between sending and marking makes at most one copy, with the same id", async () => {
    await reward();
    await announce();
    await send();
    // As if the process had died before the mark: the lease runs out.
    await database
      .owner()
      .query(
        "UPDATE message SET status = 'sending', sent_at = NULL, lease_until = now() - interval '1 s', due_at = $2 WHERE shop_id = $1",
        [shopId, NOW],
      );
    expect(await send(minutes(5))).toMatchObject({ sent: 1 });
    const ids = mailbox.received.map(({ headers }) => headers.get("message-id"));
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
    expect(await send(minutes(10))).toMatchObject({ sent: 0 });
  });

  it("tries again with growing pauses, then gives up; a refused mailbox is remembered at once", async () => {
    await reward("a");
    await announce();
    mailbox.refuse({ at: "data", code: 451, text: "4.3.0 try later" });
    let at = NOW;
    for (let attempt = 1; attempt <= 8; attempt++) {
      await send(at);
      const [row] = await messages();
      expect(row?.attempts).toBe(attempt);
      if (row?.status === "failed") break;
      expect(row?.dueAt.getTime()).toBeGreaterThan(at.getTime());
      at = row?.dueAt ?? at;
    }
    expect(await messages()).toMatchObject([{ status: "failed", why: "refused_451", attempts: 8 }]);
    mailbox.refuse({ at: "rcpt", code: 550, text: "5.1.1 no such user" });
    await reward("b");
    await announce();
    await send();
    mailbox.refuse(null);
    await reward("c");
    await announce();
    expect((await messages()).map(({ status, why }) => [status, why])).toEqual([
      ["failed", "refused_451"],
      ["failed", "refused_550"],
      ["skipped", "suppressed"],
    ]);
  });
});

describe("D02 a shop that goes", () => {
  it("D02 stops mail at once, in the middle of a batch", async () => {
    for (let each = 0; each < 5; each++) await reward(`r${each}`);
    await announce();
    mailbox.beforeAnswer(async () => {
      await routerPool().query("UPDATE shop SET uninstalled_at = now() WHERE id = $1", [shopId]);
    });
    expect(await send()).toEqual({ sent: 1, skipped: 0, failed: 0 });
    expect(mailbox.received).toHaveLength(1);
    expect((await messages()).map(({ status }) => status).sort()).toEqual([
      "queued",
      "queued",
      "queued",
      "queued",
      "sent",
    ]);
  });
});

describe("F13 hostile names", () => {
  it("F13 never make a header, a recipient or an advertisement", async () => {
    const evil = "Hi\r\nBcc: victim@example.com http://evil.example/win";
    await change(`name = $$${evil}$$`);
    await inShop(shopId, (tx) =>
      tx.query("UPDATE shop_profile SET name = $2 WHERE shop_id = $1", [shopId, `店\r\nBcc: victim@example.com <x>`]),
    );
    await reward("r", `A\r\nBcc: victim@example.com`);
    await announce();
    await send();
    const [mail] = mailbox.received;
    expect(mail?.to).toEqual([EMAIL]);
    expect(mail?.headers.has("bcc")).toBe(false);
    expect([...(mail?.headers.keys() ?? [])].filter((name) => !/^[a-z-]+$/.test(name))).toEqual([]);
    const decoded =
      (mail?.raw.match(/[A-Za-z0-9+/=\r\n]{60,}/g) ?? [])
        .map((part) => Buffer.from(part, "base64").toString("utf8"))
        .join("") + (mail?.raw ?? "");
    expect(decoded).not.toContain("evil.example");
  });
});

describe("F10 unsubscribing", () => {
  it("F10 takes effect on what is queued already, for one shop only", async () => {
    const other = await createTestShop();
    await reward();
    await announce();
    expect(await unsubscribe(shopId, { memberId: member.memberId }, NOW)).toEqual({ outcome: "unsubscribed" });
    expect(await unsubscribe(shopId, { memberId: member.memberId }, NOW)).toEqual({ outcome: "unsubscribed" });
    expect(await unsubscribe(other, { memberId: member.memberId }, NOW)).toEqual({ outcome: "unknown" });
    await send();
    expect(mailbox.received).toEqual([]);
    const { rows } = await database
      .owner()
      .query("SELECT shop_id, reason, address_key FROM suppression WHERE shop_id = ANY ($1)", [[shopId, other]]);
    expect(rows).toMatchObject([{ shop_id: shopId, reason: "unsubscribed" }]);
    expect(JSON.stringify(rows)).not.toContain("hanako");
  });
});

describe("D06 privacy", () => {
  it("D06 an export names what was written; an erasure leaves an address only as a keyed hash", async () => {
    await reward("r", "紅茶のギフト");
    await announce();
    await send();
    await unsubscribe(shopId, { memberId: member.memberId }, NOW);
    const request = { customerGid: member.customerGid, email: null, requestKey: "1" };
    expect(await inShop(shopId, (tx) => exportCustomerData(tx, request, NOW))).toEqual({ outcome: "exported" });
    const content = await database.owner().query("SELECT content FROM data_export WHERE shop_id = $1", [shopId]);
    expect(content.rows[0]).toMatchObject({
      content: { members: [{ messages: [{ kind: "reward_issued", status: "sent", channel: "email" }] }] },
    });
    await inShop(shopId, (tx) => redactCustomer(tx, { ...request, orderGids: [] }, NOW));
    for (const table of ["message", "suppression", "loyalty_event", "member", "data_export"]) {
      const { rows } = await database
        .owner()
        .query(`SELECT to_jsonb(t)::text AS row FROM ${table} t WHERE shop_id = $1`, [shopId]);
      const text = rows.map(({ row }: { row: string }) => row).join("\n");
      expect(text, table).not.toContain("hanako");
      expect(text, table).not.toContain("花子");
    }
    const { rows } = await database.owner().query("SELECT FROM suppression WHERE shop_id = $1", [shopId]);
    expect(rows).toHaveLength(1);
  });
});

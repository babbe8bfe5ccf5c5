import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { DateTime } from "luxon";

import { judgeContact, outsideQuietHours, type Contact, type GateSetting } from "../../../app/journeys/contact-gate";
import { mailSettingsSchema } from "../../../app/journeys/mail-settings";
import { readContent, type MessageContent } from "../../../app/journeys/messages";

const NOW = new Date("2026-06-10T03:00:00Z");
const gate: GateSetting = { hasChannel: true, settings: mailSettingsSchema.parse({}), timeZone: "Asia/Tokyo" };
const contact: Contact = {
  status: "active",
  email: "hanako@example.jp",
  emailConsent: "subscribed",
  isSuppressed: false,
  available: 100,
  tierId: "gold",
  toldTierId: null,
  isConfirmed: true,
  isSubjectCurrent: true,
};
const expiring: MessageContent = { kind: "points_expiring", params: { points: 10, on: "2026-06-30", daysBefore: 30 } };
const reward: MessageContent = { kind: "reward_issued", params: { title: { en: "A", ja: "あ" } } };
const tier: MessageContent = { kind: "tier_changed", params: { toTierId: "gold", isUp: true } };
const judge = (
  content: MessageContent,
  change: Partial<Contact> = {},
  setting: Partial<GateSetting> = {},
  now = NOW,
) => {
  const answer = judgeContact(content, { ...contact, ...change }, { ...gate, ...setting }, now);
  return answer.decision === "skip" ? answer.why : answer.decision;
};

describe("the contact gate", () => {
  it("sends what was asked for without consent to marketing, and nothing else", () => {
    for (const emailConsent of [null, "not_subscribed", "unsubscribed", "pending", "redacted", "invalid"]) {
      expect(judge(reward, { emailConsent })).toBe("send");
      expect(judge(expiring, { emailConsent })).toBe("no_consent");
      expect(judge(tier, { emailConsent })).toBe("no_consent");
      expect(judge({ kind: "referral_rewarded", params: { points: 1 } }, { emailConsent })).toBe("no_consent");
    }
  });

  it("lets nothing past a suppression, an erasure, a missing address or a switch", () => {
    for (const content of [reward, expiring, tier]) {
      expect(judge(content, { isSuppressed: true })).toBe("suppressed");
      for (const status of ["merged", "deleted", "redacted"] as const)
        expect(judge(content, { status })).toBe("member_gone");
      for (const email of [null, "", "no address", "a@b\r\nBcc: c@d", "<a@b>", "a@b,c@d", '"x"@y'])
        expect(judge(content, { email })).toBe("no_address");
      const kinds = { ...gate.settings.kinds, [content.kind]: false };
      expect(judge(content, {}, { settings: { ...gate.settings, kinds } })).toBe("kind_off");
      expect(judge(content, {}, { hasChannel: false })).toBe("no_channel");
    }
  });

  it("does not tell what is not true any more, or what was told", () => {
    expect(judge(expiring, { available: 0 })).toBe("out_of_date");
    expect(judge(expiring, {}, {}, new Date("2026-06-30T14:59:59Z"))).toBe("send");
    expect(judge(expiring, {}, {}, new Date("2026-06-30T15:00:00Z"))).toBe("out_of_date");
    expect(judge(tier, { tierId: "silver" })).toBe("out_of_date");
    expect(judge(tier, { toldTierId: "gold" })).toBe("told_already");
    const ended: MessageContent = {
      kind: "reward_issued",
      params: { title: { en: "A", ja: "" }, expiresAt: "2026-06-10T03:00:00Z" },
    };
    expect(judge(ended)).toBe("out_of_date");
  });

  it("reads only events it can tell", () => {
    expect(readContent("tier_changed", { fromTierId: null, toTierId: "gold", until: null })).toMatchObject({
      kind: "tier_changed",
    });
    expect(readContent("something_else", {})).toBeNull();
    expect(readContent("points_expiring", { points: 0, on: "2026-06-30", daysBefore: 7 })).toBeNull();
    expect(readContent("reward_issued", { redemptionId: 1, title: "A", code: null, expiresAt: null })).toMatchObject({
      params: { title: { en: "A", ja: "A" } },
    });
  });
});

describe("quiet hours", () => {
  it.each([
    ["2026-06-10T03:00:00Z", "Asia/Tokyo", "2026-06-10T03:00:00.000Z"],
    ["2026-06-10T12:00:00Z", "Asia/Tokyo", "2026-06-10T23:00:00.000Z"],
    ["2026-06-10T22:59:59Z", "Asia/Tokyo", "2026-06-10T23:00:00.000Z"],
    ["2026-06-10T23:00:00Z", "Asia/Tokyo", "2026-06-10T23:00:00.000Z"],
    ["2026-03-08T02:30:00Z", "America/New_York", "2026-03-08T12:00:00.000Z"],
    ["2026-11-01T02:30:00Z", "America/New_York", "2026-11-01T13:00:00.000Z"],
  ])("C12 of %s in %s end at %s", (at, zone, due) => {
    expect(outsideQuietHours(new Date(at), zone).toISOString()).toBe(due);
  });

  it("C12 are never broken, never move anything back, and never wait a whole day", () => {
    const zones = ["Asia/Tokyo", "America/New_York", "Europe/London", "Australia/Lord_Howe", "Pacific/Apia", "UTC"];
    fc.assert(
      fc.property(
        fc.date({ min: new Date("2024-01-01"), max: new Date("2030-01-01"), noInvalidDate: true }),
        fc.constantFrom(...zones),
        (at, zone) => {
          const due = outsideQuietHours(at, zone);
          const { hour } = DateTime.fromJSDate(due, { zone });
          expect(hour).toBeGreaterThanOrEqual(8);
          expect(hour).toBeLessThan(21);
          expect(due.getTime()).toBeGreaterThanOrEqual(at.getTime());
          expect(due.getTime() - at.getTime()).toBeLessThanOrEqual(13 * 3_600_000);
        },
      ),
    );
  });
});

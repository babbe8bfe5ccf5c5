import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { MESSAGE_KINDS, type MessageContent } from "../../../app/journeys/messages";
import { renderMessage, type Letter } from "../../../app/journeys/render-message";
import { sampleContent } from "../../../app/journeys/sample-content";
import { unsubscribePage } from "../../../app/journeys/unsubscribe-page";
import { greetingName, headerName } from "../../../app/mail/address";

const NOW = new Date("2026-11-22T03:00:00Z");
const letter: Letter = {
  locale: "en",
  shopName: "Kinari",
  timeZone: "Asia/Tokyo",
  primaryDomain: "kinari.example.jp",
  recipientName: "Hanako",
  unsubscribeUrl: "https://kizuna.test/unsubscribe/1.1.1.abc",
};
const place = { locale: "en" as const, timeZone: "Asia/Tokyo", primaryDomain: "kinari.example.jp" };
const ASKS = new Set<string>(["review_request", "review_reminder"]);
const JAPANESE = /[ぁ-んァ-ヶ一-龠]/;

describe("every mail", () => {
  const all = MESSAGE_KINDS.flatMap((kind) => (["en", "ja"] as const).map((locale) => [kind, locale] as const));

  it.each(all)("%s in %s: one idea, one button, why it came, how to stop, and a text part", async (kind, locale) => {
    const shopName = locale === "ja" ? "生成り" : "Kinari";
    const { subject, html, text } = await renderMessage(sampleContent(kind, NOW, { ...place, locale }), {
      ...letter,
      locale,
      shopName,
      recipientName: "",
    });
    expect(html.match(/<h1/g)).toHaveLength(1);
    expect(html.match(/class="kz-button"/g)).toHaveLength(1);
    // The button and the way to stop; a question has its five stars beside them.
    expect(html.match(/<a\s/g)).toHaveLength(ASKS.has(kind) ? 7 : 2);
    expect(html).toContain(letter.unsubscribeUrl);
    expect(text).toContain(letter.unsubscribeUrl);
    expect(text).toContain("https://kinari.example.jp/");
    expect(html).toContain(`lang="${locale}"`);
    expect(html).toContain("prefers-color-scheme:dark");
    expect(html).not.toMatch(/<img|<script|<link|background-image/i);
    expect(subject).not.toMatch(/[!\r\n]/);
    expect(subject.length).toBeLessThan(80);
    expect(JAPANESE.test(`${subject}${text}`)).toBe(locale === "ja");
    if (locale === "en") expect(`${subject}${text}`).not.toContain("!");
    else expect(text.replace(/https?:\S+/g, "")).not.toMatch(/[ぁ-んァ-ヶ一-龠][,.!?]/);
  });

  it("leads to the page the shop names", async () => {
    const content = sampleContent("referral_rewarded", NOW, place);
    const { html, text } = await renderMessage(content, { ...letter, linkPath: "/pages/points" });
    for (const part of [html, text]) expect(part).toContain("https://kinari.example.jp/pages/points");
  });

  it("writes days as each language does", async () => {
    const say = async (locale: "en" | "ja") => {
      const content = { kind: "points_expiring", params: { points: 1_240, on: "2026-12-31", daysBefore: 30 } } as const;
      return (await renderMessage(content, { ...letter, locale })).subject;
    };
    expect(await say("ja")).toBe("1,240ポイントの有効期限は2026年12月31日です");
    expect(await say("en")).toBe("1,240 points to use by December 31, 2026");
  });

  it("E12 F13 keeps every text inert, whatever people and shops are called", async () => {
    const nasty = fc.oneof(
      fc.string(),
      fc.constantFrom(
        "</style><script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "a\r\nBcc: x@y.z",
        "{{7*7}}",
        "javascript:alert(1)",
        "\u202egnp.exe",
      ),
    );
    const url = "https://kinari.example.jp/apps/kizuna/review?t=abc";
    const contents = (text: string): MessageContent[] => [
      { kind: "reward_issued", params: { title: { en: text, ja: text }, code: text } },
      {
        kind: "review_request",
        params: { generation: 1, offer: { review: 50 }, subscribersOnly: true, products: [text, text], url },
      },
      { kind: "review_replied", params: { product: text, reply: text, url } },
      { kind: "review_message", params: { product: text, text, noteId: 1, url } },
      { kind: "review_rejected", params: { product: text, reason: text, canAppeal: true, edit: false, url } },
    ];
    await fc.assert(
      fc.asyncProperty(nasty, nasty, nasty, async (shopName, recipientName, text) => {
        for (const content of contents(text)) {
          const mail = await renderMessage(content, { ...letter, shopName, recipientName });
          expect(mail.html.match(/<script/gi)).toBeNull();
          expect(mail.html.match(/<[a-z][^>]*\son\w+=/gi)).toBeNull();
          expect(mail.html.match(/<a\s/g)).toHaveLength(ASKS.has(content.kind) ? 7 : 2);
          expect(mail.html.match(/<img/gi)).toBeNull();
          expect(mail.subject).not.toMatch(/[\r\n\u202e]/);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe("F13 names", () => {
  it.each([
    ["田中 花子", "田中 花子"],
    ["O'Brien", "O'Brien"],
    ["Hi http://evil.example", null],
    ["www.evil.example wins", null],
    ["evil.com ", null],
    ["mail me@evil.jp", null],
    ["\r\n", null],
    ["x".repeat(61), null],
  ])("F13 greets %s as %s", (name, greeting) => {
    expect(greetingName(name)).toBe(greeting);
  });

  it("F13 leaves one plain line for a header", () => {
    expect(headerName('店\r\nBcc: a@b.c <x>, "y"; z\\')).toBe("店 Bcc a b.c x y z");
    fc.assert(
      fc.property(fc.string(), (name) => {
        expect(headerName(name)).not.toMatch(/[\r\n<>"@\\,;:]/);
      }),
    );
  });
});

describe("the page behind the foot of a mail", () => {
  it("E12 escapes the shop's name and runs nothing", () => {
    for (const state of ["ask", "done", "unknown"] as const) {
      const page = unsubscribePage(state, "en", "<script>x</script>$&");
      expect(page).not.toContain("<script");
    }
  });
});

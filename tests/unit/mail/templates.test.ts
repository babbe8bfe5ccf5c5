import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { MESSAGE_KINDS } from "../../../app/journeys/messages";
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
const JAPANESE = /[ぁ-んァ-ヶ一-龠]/;

describe("every mail", () => {
  const all = MESSAGE_KINDS.flatMap((kind) => (["en", "ja"] as const).map((locale) => [kind, locale] as const));

  it.each(all)("%s in %s: one idea, one button, why it came, how to stop, and a text part", (kind, locale) => {
    const shopName = locale === "ja" ? "生成り" : "Kinari";
    const { subject, html, text } = renderMessage(sampleContent(kind, NOW, "Asia/Tokyo"), {
      ...letter,
      locale,
      shopName,
      recipientName: "",
    });
    expect(html.match(/<h1/g)).toHaveLength(1);
    expect(html.match(/class="kz-button"/g)).toHaveLength(1);
    expect(html.match(/<a /g)).toHaveLength(2);
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

  it("writes days as each language does", () => {
    const say = (locale: "en" | "ja") =>
      renderMessage(
        { kind: "points_expiring", params: { points: 1_240, on: "2026-12-31", daysBefore: 30 } },
        { ...letter, locale },
      ).subject;
    expect(say("ja")).toBe("1,240ポイントの有効期限は2026年12月31日です");
    expect(say("en")).toBe("1,240 points to use by December 31, 2026");
  });

  it("E12 F13 keeps every text inert, whatever people and shops are called", () => {
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
    fc.assert(
      fc.property(nasty, nasty, nasty, (shopName, recipientName, title) => {
        const mail = renderMessage(
          { kind: "reward_issued", params: { title: { en: title, ja: title }, code: title } },
          { ...letter, shopName, recipientName },
        );
        expect(mail.html.match(/<script/gi)).toBeNull();
        expect(mail.html.match(/<[a-z][^>]*\son\w+=/gi)).toBeNull();
        expect(mail.html.match(/<a /g)).toHaveLength(2);
        expect(mail.subject).not.toMatch(/[\r\n\u202e]/);
      }),
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

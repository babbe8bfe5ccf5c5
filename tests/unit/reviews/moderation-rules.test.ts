// What each rule notices, what it leaves alone, and what follows from it.
import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { contactDataIn } from "../../../app/reviews/moderation/contact-data";
import { comparable, findDuplicate } from "../../../app/reviews/moderation/duplicate";
import { FINDING_KINDS, HOLD_END, type Finding, type FindingKind } from "../../../app/reviews/moderation/findings";
import { foldText } from "../../../app/reviews/moderation/fold-text";
import { holdAfterConfirmation, holdOf } from "../../../app/reviews/moderation/hold";
import { judgeReview, type ReviewFacts } from "../../../app/reviews/moderation/judge-review";
import { linksIn } from "../../../app/reviews/moderation/links";
import { findMalware } from "../../../app/reviews/moderation/malware";
import { isByStaff, maskText, shownTexts } from "../../../app/reviews/moderation/mask-text";
import { findStaff } from "../../../app/reviews/moderation/staff";
import type { ReviewTexts } from "../../../app/reviews/moderation/texts";
import { findThreats } from "../../../app/reviews/moderation/threats";
import { findVelocity, isTooMuch } from "../../../app/reviews/moderation/velocity";
import { DEFAULT_REVIEW_SETTINGS } from "../../../app/reviews/review-settings";
import { ORDINARY_ENGLISH, ORDINARY_JAPANESE } from "./ordinary-reviews";

const texts = (fields: Partial<ReviewTexts>): ReviewTexts => ({
  title: "",
  body: "",
  pros: "",
  cons: "",
  authorName: "",
  ...fields,
});
const facts = (fields: Partial<ReviewFacts> = {}): ReviewFacts => ({
  author: { email: null, shopEmails: [], shopDomains: [] },
  isConfirmed: true,
  isVerified: true,
  recent: { byAuthor: 0, byPlace: 0, ofProduct: 0 },
  othersWords: [],
  hasUnviewedMedia: false,
  ...fields,
});
const judge = (fields: Partial<ReviewTexts>, around: Partial<ReviewFacts> = {}) =>
  judgeReview(texts(fields), facts(around), DEFAULT_REVIEW_SETTINGS);
const kinds = (findings: Finding[]) => [...new Set(findings.map(({ kind }) => kind))];

describe("ordinary reviews, good and bad", () => {
  it("are held by nothing, in English and Japanese", () => {
    expect(ORDINARY_ENGLISH.length + ORDINARY_JAPANESE.length).toBeGreaterThan(200);
    for (const body of [...ORDINARY_ENGLISH, ...ORDINARY_JAPANESE]) expect([body, judge({ body })]).toEqual([body, []]);
  });
});

describe("links", () => {
  it.each([
    "http://example.com/a?b=c",
    "HTTPS://EXAMPLE.COM",
    "hxxp://bad.example.com",
    "www.example.com",
    "visit example.com today",
    "example.co.jp",
    "ｅｘａｍｐｌｅ．ｃｏｍ",
    "exam\u200Bple.com",
    "shop-tokyo.shop/items",
    "bit.ly/3xYz",
    "t.me/joinchat",
    "lin.ee/AbCd",
    "例え.jp",
    "日本語.com",
    "xn--r8jz45g.jp",
    "http://93.184.216.34/x",
    "93.184.216.34/x",
    "example dot com",
    "example [dot] com",
    "example(.)com",
    "example ドット com",
    "example。com",
    "example . com",
    "ここexample.comを見て",
    "//example.com/pixel.gif",
    '<a href="https://x.example.com">x</a>',
    "[url=http://x.example.com]x[/url]",
    "[here](http://x.example.com)",
    '<img src="//t.example.com/p.gif">',
    "ftp://files.example.org",
    "line://ti/p/abc",
  ])("E20 finds %s", (text) => {
    expect(linksIn(text).length).toBeGreaterThan(0);
  });

  it.each([
    "It works.Really well",
    "3.5 kg",
    "e.g. this",
    "v2.0.1",
    "12.05.2026",
    "Nice.It fits",
    "So good.So soft",
    "a.m.",
    "end.The",
    "10.000,00",
    "No.1",
    "Mt.Fuji",
    "St.Ives",
    "ver.2",
    "。com",
    "C.O.D.",
  ])("leaves %s alone", (text) => expect(linksIn(text)).toEqual([]));

  it("says where the address lies in the text as it was written", () => {
    const text = "見て → ｅｘａｍｐｌｅ．ｃｏｍ です";
    expect(linksIn(text).map(({ from, to }) => text.slice(from, to))).toEqual(["ｅｘａｍｐｌｅ．ｃｏｍ"]);
  });
});

describe("contact data", () => {
  it.each([
    ["email", "taro@example.com"],
    ["email", "taro.yamada+tea@mail.example.co.jp"],
    ["email", "ｔａｒｏ＠ｅｘａｍｐｌｅ．ｃｏｍ"],
    ["email", "taro(at)example.com"],
    ["email", "taro [at] example [dot] com"],
    ["email", "taro at example dot com"],
    ["email", "taro☆example.com"],
    ["phone", "090-1234-5678"],
    ["phone", "09012345678"],
    ["phone", "０９０−１２３４−５６７８"],
    ["phone", "03-1234-5678"],
    ["phone", "(03) 1234-5678"],
    ["phone", "0120-123-456"],
    ["phone", "+81 90 1234 5678"],
    ["phone", "+81-(0)3-1234-5678"],
    ["phone", "0467-12-3456"],
    ["phone", "(555) 123-4567"],
    ["phone", "555-123-4567"],
    ["phone", "+1 555 123 4567"],
    ["phone", "+44 20 7946 0958"],
    ["phone", "+33 1 23 45 67 89"],
    ["handle", "LINE ID: taro_123"],
    ["handle", "ラインIDはtaro123です"],
    ["handle", "インスタ @taro.yamada"],
    ["handle", "Instagram: taro.yamada"],
    ["handle", "telegram @tea_seller"],
    ["handle", "DM @taro_yamada99"],
    ["address", "〒150-0041 東京都渋谷区神南1-2-3"],
    ["address", "東京都渋谷区神南1-2-3"],
    ["address", "大阪府大阪市北区梅田3丁目1番1号"],
    ["address", "42 Main Street"],
    ["address", "1600 Pennsylvania Avenue"],
    ["card", "4111 1111 1111 1111"],
    ["card", "5555555555554444"],
  ])("finds %s in %s", (detail, text) => {
    expect(contactDataIn(`I say ${text} here`).map((span) => span.detail)).toContain(detail);
  });

  it.each([
    "order #0901234567",
    "2026-11-22",
    "10:30-12:00",
    "1,234,567円",
    "JAN 4901234567894",
    "KX-2041-99",
    "30x40x12",
    "5-7 days",
    "100-200-300",
    "@cosme",
    "@home",
    "ratio 1:10",
    "0.5-1.5 kg",
    "line of 12 items",
    "Instagram",
    "at home dot matrix",
    "4111 1111 1111 1112",
    "3丁目の角",
    "12 happy days on the road",
    "市区町村",
    "0-0-0",
    "12345",
  ])("leaves %s alone", (text) => expect(contactDataIn(text)).toEqual([]));

  it("publishes masked, in every field, and never as a link of its own", () => {
    const findings = judge({ body: "Mail me at hanako@example.org or 090-1234-5678.", authorName: "taro@example.com" });
    expect(kinds(findings)).toEqual(["contact_data"]);
    expect(holdOf(findings, new Date())).toBeNull();
    expect(
      shownTexts(
        texts({ body: "Mail me at hanako@example.org or 090-1234-5678.", authorName: "taro@example.com" }),
        findings,
      ),
    ).toMatchObject({
      body: "Mail me at •••••••••••••••••• or •••••••••••••.",
      authorName: "••••••••••••••••",
    });
  });
});

describe("E20 what would harm whoever follows it", () => {
  it.each([
    "javascript:alert(1)",
    "java\u0000script:alert(1)".replace("\u0000", " "),
    "JaVaScRiPt:alert(1)",
    "jav\u200Bascript:alert(1)",
    "vbscript:msgbox(1)",
    "data:text/html;base64,PHNjcmlwdD4=",
    "data:image/svg+xml,<svg>",
    "file:///etc/passwd",
    "<script>alert(1)</script>",
    "<svg onload=alert(1)>",
    "<img src=x onerror=alert(1)>",
    "<iframe src=//x>",
    "https://x.example.com/setup.exe",
    "http://x.example.com/app.apk?x=1",
    "ms-msdt:/id PCWDiagnostic",
    "ｊａｖａｓｃｒｉｐｔ：alert(1)",
  ])("%s waits for a person", (body) => {
    const findings = judge({ body });
    expect(kinds(findings)).toContain("malware");
    expect(holdOf(findings, new Date())).toMatchObject({ ending: "person", until: null });
  });

  it.each([
    "I know some JavaScript: it is fun.",
    "The data: all good.",
    "file under gifts",
    "a <3 for you",
    "5 < 6 and 7 > 6",
    "the .exe did not start",
    "on = off",
  ])("%s does not", (body) => {
    expect(findMalware(texts({ body }))).toEqual([]);
  });
});

describe("threats", () => {
  it.each([
    "I will kill you",
    "I'm going to burn down your shop",
    "we know where you live",
    "kill yourself",
    "you should die",
    "watch your back",
    "殺すぞ",
    "ぶっ殺してやる",
    "店に火をつけてやる",
    "家族がどうなっても知らない",
    "夜道に気をつけろ",
    "住所は特定したぞ",
    "死ね",
    "早く死ねよ",
    "首を吊れ",
  ])("%s waits for a person", (body) => {
    expect(holdOf(findThreats(texts({ body })), new Date())).toMatchObject({ ending: "person" });
  });

  it.each([
    "死ぬほどおいしい",
    "殺菌効果のあるまな板",
    "虫を殺すスプレー",
    "It kills germs",
    "to die for",
    "I could kill for this cake",
    "この香りは殺人的に良い",
    "火をつけると香る",
    "ストーブに火をつける",
    "死ねない理由がある猫の本",
  ])("%s does not", (body) => {
    expect(findThreats(texts({ body }))).toEqual([]);
  });
});

describe("the same words again", () => {
  const body = "This kettle boils a litre of water in three minutes and keeps it warm for half an hour.";
  it("are found through case, width, marks and small changes", () => {
    for (const other of [
      body.toUpperCase(),
      body.replace("three", "3"),
      `${body}!!`,
      body.replaceAll(" ", "  "),
      body.replace("kettle", "pot"),
    ])
      expect(findDuplicate(texts({ body }), ["Something else entirely.", other])).toHaveLength(1);
    expect(
      findDuplicate(texts({ body: "ﾄﾃﾓｲｲｼﾅﾃﾞｼﾀ。マタカイタイトオモイマス。カンシャシテイマス" }), [
        "トテモイイシナデシタ、マタカイタイトオモイマス！カンシャシテイマス",
      ]),
    ).toHaveLength(1);
  });
  it("are not found in short texts, other texts, or a sentence they share", () => {
    expect(findDuplicate(texts({ body: "Great product" }), ["Great product"])).toEqual([]);
    expect(
      findDuplicate(texts({ body }), ["This kettle is loud, heavy and far too dear for what it does in my kitchen."]),
    ).toEqual([]);
    expect(
      findDuplicate(texts({ body }), [
        `${body} But then it began to leak, and the shop took two weeks to answer, and the lid came off, and I gave it to my neighbour.`,
      ]),
    ).toEqual([]);
    expect(comparable("Ｇｒｅａｔ, TEA！")).toBe("greattea");
  });
});

describe("staff", () => {
  const shop = {
    shopEmails: ["Owner@Kizuna.example", "kizuna.shop@gmail.com"],
    shopDomains: ["www.kizuna-tea.example", "kizuna.myshopify.com"],
  };
  it.each([
    "owner@kizuna.example",
    "OWNER+x@kizuna.example",
    "anybody@kizuna.example",
    "a@mail.kizuna-tea.example",
    "kizunashop+1@googlemail.com",
  ])("%s is one of them", (email) => {
    expect(isByStaff(findStaff({ email, ...shop }))).toBe(true);
  });
  it.each(["somebody@gmail.com", "owner@kizuna.example.org", "a@notkizuna-tea.example", "x@other.myshopify.com", null])(
    "%s is not",
    (email) => {
      expect(findStaff({ email, ...shop })).toEqual([]);
    },
  );
});

it("velocity counts authors, places and products, and lets purchases through", () => {
  const busy = { byAuthor: 3, byPlace: 9, ofProduct: 10 };
  expect(findVelocity(busy, false).map(({ detail }) => detail)).toEqual(["author", "place", "product"]);
  expect(findVelocity(busy, true)).toEqual([]);
  expect(findVelocity({ byAuthor: 2, byPlace: 2, ofProduct: 9 }, false)).toEqual([]);
  expect([isTooMuch(busy), isTooMuch({ ...busy, byPlace: 10 })]).toEqual([false, true]);
});

describe("holds", () => {
  const at = new Date("2026-06-20T00:00:00Z");
  const until = new Date("2026-07-04T00:00:00Z");
  const of = (...found: FindingKind[]) => found.map((kind) => ({ kind, field: null, from: 0, to: 0, detail: "" }));

  it("the strictest finding wins", () => {
    expect(holdOf(of("contact_data", "media"), at)).toBeNull();
    expect(holdOf(of("link", "media"), at)).toEqual({ ending: "expires", reasons: ["link"], until });
    expect(holdOf(of("link", "velocity"), at)).toEqual({ ending: "confirms", reasons: ["link", "velocity"], until });
    expect(holdOf(of("velocity", "claim", "spam"), at)).toEqual({
      ending: "person",
      reasons: ["velocity", "claim", "spam"],
      until: null,
    });
    expect(holdAfterConfirmation(of("unverified", "spam"), at)).toMatchObject({ ending: "expires", reasons: ["spam"] });
    expect(holdAfterConfirmation(of("unverified"), at)).toBeNull();
  });

  it("every kind has an end, and opinions always end by themselves", () => {
    for (const kind of FINDING_KINDS) expect(HOLD_END[kind]).toBeDefined();
    for (const kind of ["profanity", "shop_word", "spam", "duplicate", "first_look", "staff", "link"] as const)
      expect(HOLD_END[kind]).toBe("expires");
  });
});

describe("properties", () => {
  const anyText = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 120 }),
    fc
      .array(
        fc.constantFrom(
          "taro@example.com",
          "090-1234-5678",
          " ",
          "です",
          "ｶﾞ",
          "か\u3099",
          "👩‍👩‍👧",
          "\u200B",
          "www.example.com",
          "〒150-0041 東京都渋谷区神南1-2-3",
          "fuck",
          "x",
          "シミが消えました",
          "\n",
        ),
        { maxLength: 14 },
      )
      .map((parts) => parts.join("")),
  );

  it("no rule depends on the stars: all five ratings are judged alike", () => {
    fc.assert(
      fc.property(anyText, anyText, (title, body) => {
        const judged = [1, 2, 3, 4, 5].map((rating) =>
          JSON.stringify(
            judgeReview({ rating, ...texts({ title, body }) } as ReviewTexts, facts(), DEFAULT_REVIEW_SETTINGS),
          ),
        );
        expect(new Set(judged).size).toBe(1);
      }),
      { numRuns: 60 },
    );
  });

  it("findings lie inside their field, and a mask changes what it covers and nothing else", () => {
    fc.assert(
      fc.property(anyText, (body) => {
        const findings = judge({ body });
        for (const { field, from, to } of findings) {
          expect(from).toBeGreaterThanOrEqual(0);
          expect(to).toBeLessThanOrEqual(field === null ? 0 : body.length);
          if (field !== null) expect(from).toBeLessThan(to);
        }
        const covering = findings.filter(({ field }) => field === "body");
        const masked = maskText(body, covering);
        expect(masked.length).toBe(body.length);
        for (let at = 0; at < body.length; at += 1)
          if (!covering.some(({ from, to }) => from <= at && at < to)) expect(masked[at]).toBe(body[at]);
        expect(shownTexts(texts({ body }), findings).body.length).toBe(body.length);
      }),
      { numRuns: 150 },
    );
  });

  it("what is masked cannot be read any more", () => {
    fc.assert(
      fc.property(
        anyText,
        anyText,
        fc.constantFrom("taro@example.com", "090-1234-5678", "(555) 123-4567"),
        (before, after, secret) => {
          const body = `${before} ${secret} ${after}`;
          expect(shownTexts(texts({ body }), judge({ body })).body).not.toContain(secret);
        },
      ),
      { numRuns: 100 },
    );
  });

  it("folding keeps every place inside the original", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const folded = foldText(text);
        for (let at = 0; at < folded.text.length; at += 1) {
          const { from, to } = folded.span(at, at + 1);
          expect(from).toBeLessThan(to);
          expect(to).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: 150 },
    );
  });
});

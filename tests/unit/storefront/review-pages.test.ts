import { Script } from "node:vm";

import fc from "fast-check";
import { JSDOM } from "jsdom";
import { describe, expect, it } from "vitest";

import {
  contentOf,
  isTouched,
  NO_VALUES,
  readSection,
  toEmail,
  toRating,
  typedTexts,
} from "../../../app/storefront/pages/form-model";
import { markup } from "../../../app/storefront/pages/html";
import { CLEAR_SCRIPT, REVIEW_SCRIPT } from "../../../app/storefront/pages/review-script";
import { chooseLocale, textsOf } from "../../../app/storefront/pages/texts";

describe("the template of the pages", () => {
  it("E12 gives every text back as it was, between tags and in attributes, and makes nothing else of it", () => {
    // What a document cannot hold, and line ends, which a parser makes one of.
    const text = fc.string({ unit: "grapheme" }).map((raw) => raw.replace(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, ""));
    const parser = new new JSDOM("").window.DOMParser();
    fc.assert(
      fc.property(text, text, (inside, attribute) => {
        const page = markup`<p id="p" title="${attribute}">${inside}</p>`.toString();
        const document = parser.parseFromString(page, "text/html");
        const paragraph = document.querySelector("p");
        expect(paragraph?.textContent).toBe(inside);
        expect(paragraph?.getAttribute("title")).toBe(attribute);
        expect(paragraph?.getAttributeNames()).toEqual(["id", "title"]);
        expect(document.body.children).toHaveLength(1);
      }),
      { numRuns: 200 },
    );
  });

  it("takes only its own pieces for markup, whatever they look like", () => {
    const lookalike = { toString: () => "<b>x</b>" } as unknown as string;
    expect(markup`${markup`<i>${"<"}</i>`}${["<", markup`<br>`]}${lookalike}${false}${null}${0}`.toString()).toBe(
      "<i>&lt;</i>&lt;<br>&lt;b&gt;x&lt;/b&gt;0",
    );
  });
});

describe("what comes back from the form", () => {
  const question = {
    id: "fit",
    kind: "choice",
    label: { en: "Fit", ja: "" },
    options: [{ id: "a", label: { en: "A", ja: "" } }],
    productTypes: [],
    aboutAuthor: false,
  } as const;
  const read = (fields: Record<string, string[]>) =>
    readSection(new Map(Object.entries(fields)), "7", [
      { ...question, options: [...question.options], productTypes: [] },
    ]);

  it("reads only the fields of its own section and answers that the shop asks for", () => {
    const values = read({
      "rating.7": ["5", "4"],
      "rating.70": ["1"],
      "body.7": [" x "],
      "answer.fit.7": ["b"],
      "answer.other.7": ["a"],
    });
    expect(values).toEqual({ ...NO_VALUES, rating: 4, texts: { ...NO_VALUES.texts, body: " x " } });
    expect(read({ "answer.fit.7": ["a"] }).answers).toEqual({ fit: "a" });
  });

  it("knows what was filled in, and what is wrong with it", () => {
    expect(isTouched(NO_VALUES)).toBe(false);
    expect(isTouched(read({ "title.7": [" \n"] }))).toBe(false);
    expect(isTouched(read({ "cons.7": ["Small"] }))).toBe(true);
    const long = read({ "title.7": ["x".repeat(151)], "body.7": ["ok"] });
    expect(contentOf(long, "n".repeat(61))).toEqual({
      outcome: "errors",
      errors: { rating: "missing", title: "too_long", authorName: "too_long" },
    });
    expect(contentOf(read({ "rating.7": ["1"], "body.7": ["a\r\nb\u0000"] }), "Jane")).toMatchObject({
      outcome: "content",
      content: { rating: 1, body: "a\nb" },
    });
    expect(["0", "6", "1.5", " 3", "", null].map(toRating)).toEqual([null, null, null, null, null, null]);
  });

  it("takes addresses that mail can reach, without line ends or several in one", () => {
    expect(toEmail(" Momo@例え.jp ")).toBe("Momo@例え.jp");
    for (const wrong of [
      "",
      "a",
      "a@b",
      "a@b.c d@e.fg",
      "a@b.jp\r\nBcc: x@y.zz",
      "<a@b.jp>",
      "a,b@c.jp",
      `${"a".repeat(250)}@b.jp`,
    ])
      expect(toEmail(wrong), wrong).toBeNull();
  });

  it("gives back what was typed, and neither tokens nor addresses", () => {
    expect(
      typedTexts(
        new Map([
          ["t", ["secret"]],
          ["email", ["a@b.jp"]],
          ["body.7", [" kept "]],
          ["title.7", [""]],
        ]),
      ),
    ).toEqual(["kept"]);
  });
});

describe("languages and scripts of the pages", () => {
  it("follows the first language that we write", () => {
    expect(chooseLocale(null, "fr-FR,ja;q=0.9,en;q=0.8", "en")).toBe("ja");
    expect(chooseLocale("xx", "", "ja")).toBe("ja");
    expect(chooseLocale("EN-us", "ja")).toBe("en");
    expect(chooseLocale(undefined, null)).toBe("en");
  });

  it("has the same texts in both languages, in the manner of each", () => {
    const flat = (value: unknown, path = ""): [string, string][] =>
      typeof value === "function"
        ? [[path, String((value as (part: unknown) => string)("1"))]]
        : typeof value === "object" && value !== null
          ? Object.entries(value).flatMap(([key, inner]) => flat(inner, `${path}.${key}`))
          : [[path, String(value)]];
    const [english, japanese] = [flat(textsOf("en")), flat(textsOf("ja"))];
    expect(japanese.map(([key]) => key)).toEqual(english.map(([key]) => key));
    expect(english.filter(([, text]) => text.includes("!"))).toEqual([]);
    expect(japanese.filter(([, text]) => /[!?]|[ぁ-ん一-龠][,:;(]/.test(text))).toEqual([]);
  });

  it("runs scripts that any parser of the language accepts, and that make no markup of texts", () => {
    for (const script of [REVIEW_SCRIPT, CLEAR_SCRIPT]) {
      const source = script.toString();
      expect(() => new Script(source)).not.toThrow();
      expect(source).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|<\//);
    }
  });
});

import { createInstance } from "i18next";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

import { loadCatalogue } from "../../../app/i18n/catalogues";
import { toLocale } from "../../../app/i18n/locales";
import { i18nOptions } from "../../../app/i18n/options";

type Texts = { [key: string]: string | Texts };

/** Every text by its path, plural endings apart. */
function flatten(texts: Texts, path = ""): Map<string, string> {
  const flat = new Map<string, string>();
  for (const [key, value] of Object.entries(texts)) {
    const here = path ? `${path}.${key}` : key;
    if (typeof value === "string") flat.set(here, value);
    else for (const [below, text] of flatten(value, here)) flat.set(below, text);
  }
  return flat;
}
/** Every area's texts of one language, as the pages see them. */
function readAreas(locale: "en" | "ja"): { area: string; texts: Texts }[] {
  const folder = join(import.meta.dirname, "../../../app/i18n", locale);
  return readdirSync(folder)
    .sort()
    .map((area) => ({ area, texts: JSON.parse(readFileSync(join(folder, area), "utf8")) as Texts }));
}
const areas = { en: readAreas("en"), ja: readAreas("ja") };
const base = (key: string) => key.replace(/_(zero|one|other)$/, "");
const parameters = (text: string) => [...new Set([...text.matchAll(/\{\{(\w+)/g)].map((match) => match[1]))].sort();

const english = new Map(areas.en.flatMap(({ texts }) => [...flatten(texts)]));
const japanese = new Map(areas.ja.flatMap(({ texts }) => [...flatten(texts)]));

describe("the catalogues", () => {
  it("have the same texts in both languages", () => {
    const keys = (texts: Map<string, string>) => [...new Set([...texts.keys()].map(base))].sort();
    expect(keys(japanese)).toEqual(keys(english));
  });

  it("are split into areas whose texts never overlap, all of them shown", async () => {
    expect(areas.ja.map(({ area }) => area)).toEqual(areas.en.map(({ area }) => area));
    for (const locale of ["en", "ja"] as const) {
      const heads = areas[locale].flatMap(({ texts }) => Object.keys(texts));
      expect(heads).toEqual([...new Set(heads)]);
      const shown = (await loadCatalogue(locale))[locale]?.["admin"] as Texts;
      expect(Object.keys(shown).sort()).toEqual([...heads].sort());
    }
  });

  it("leave no text empty", () => {
    const empty = [...english, ...japanese].filter(([, text]) => text.trim() === "");
    expect(empty).toEqual([]);
  });

  it("have a singular and a plural in English, one form in Japanese", () => {
    const ones = [...english.keys()].filter((key) => key.endsWith("_one")).map(base);
    const others = [...english.keys()].filter((key) => key.endsWith("_other")).map(base);
    expect(ones).toEqual(others);
    expect([...japanese.keys()].filter((key) => key.endsWith("_one"))).toEqual([]);
  });

  it("use the same parameters in both languages", () => {
    const wrong = [...japanese].filter(([key, text]) => {
      const twin = english.get(key);
      if (twin === undefined) return true;
      // A singular may be spelled out in English; the plural names every parameter.
      return parameters(text).join() !== parameters(twin).join();
    });
    expect(wrong.map(([key]) => key)).toEqual([]);
  });

  it("write English calmly and Japanese with its own punctuation", () => {
    expect([...english].filter(([, text]) => text.includes("!"))).toEqual([]);
    const halfWidth = [...japanese].filter(([, text]) => /[ぁ-んァ-ヶ一-龠][,.!?:;]|[(][ぁ-んァ-ヶ一-龠]/.test(text));
    expect(halfWidth).toEqual([]);
  });

  it("never leave a text unwritten in Japanese", () => {
    const latin = [...japanese].filter(([, text]) => !/[ぁ-んァ-ヶ一-龠]/.test(text.replace(/\{\{[^}]*\}\}/g, "")));
    expect(latin.map(([key]) => key).sort()).toEqual(["members.never_ordered"]);
  });

  it("count and group numbers as each language does", async () => {
    for (const [locale, expected] of [
      ["en", ["1 point", "13,780 points"]],
      ["ja", ["1ポイント", "13,780ポイント"]],
    ] as const) {
      const i18n = createInstance();
      await i18n.init(await i18nOptions(locale));
      expect([1, 13_780].map((count) => i18n.t("common.points", { count }))).toEqual(expected);
    }
  });
});

describe("the language of a page", () => {
  it.each([
    ["ja", "ja"],
    ["ja-JP", "ja"],
    ["JA", "ja"],
    ["en-GB", "en"],
    ["fr", "en"],
    ["", "en"],
    [undefined, "en"],
  ])("reads %s as %s", (tag, locale) => {
    expect(toLocale(tag)).toBe(locale);
  });
});

// How an author is named in public. Never an e-mail address, never more than the shop's setting allows. Pure.
//
// setting    Jane Smith   山田 花子    山田花子   はなこ     jane
// full       Jane Smith   山田 花子    山田花子   はなこ     jane
// short      Jane S.      山田さん     山○さん   はなこ     jane
// initials   J. S.        山○さん     山○さん   は○さん   J.
//
// A Japanese name begins with the family's, and its first letters alone say nothing: a ring stands for the rest.
// Without a space nobody can tell where a name written in kanji ends; one in kana alone is what its owner is called.
import type { ReviewSettings } from "../review-settings";

const ADDRESS = /\S*@\S*/gu;
const JAPANESE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;
const KANJI_ONLY = /^[\p{Script=Han}々〆ヶ]{3,}$/u;

/** The public form of a name; empty: there is none, and the page says "anonymous". */
export function displayName(name: string, how: ReviewSettings["names"]): string {
  const clean = name.replace(ADDRESS, " ").replace(/\s+/gu, " ").trim();
  if (clean === "") return "";
  if (how === "full") return clean;
  return JAPANESE.test(clean) ? japanese(clean, how) : western(clean, how);
}

function japanese(name: string, how: "short" | "initials"): string {
  const [family = name, ...given] = name.split(/[\s・]/u).filter(Boolean);
  const ringed = `${first(family)}○さん`;
  if (how === "initials") return ringed;
  if (given.length > 0) return `${family}さん`;
  return KANJI_ONLY.test(family) ? ringed : family;
}

function western(name: string, how: "short" | "initials"): string {
  const parts = name.split(" ");
  const last = parts.at(-1) ?? "";
  if (how === "initials")
    return parts
      .map((part) => `${first(part).toUpperCase()}.`)
      .slice(0, 3)
      .join(" ");
  return parts.length === 1 ? name : `${parts.slice(0, -1).join(" ")} ${first(last)}.`;
}

const letters = new Intl.Segmenter("en", { granularity: "grapheme" });
function first(text: string): string {
  const [letter] = letters.segment(text);
  return letter?.segment ?? "";
}

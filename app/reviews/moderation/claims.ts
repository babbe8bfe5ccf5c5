// Claims about health and beauty in a review. The shop that shows one makes it its own, so a person decides; the
// shopper's opinion is not in question. Pure.
//
// "シミが消えました"          a claim: held for a person
// "シミは消えませんでした"     no claim: it says that the product did not do it, and must not be harder to publish
// "消えるといいな" "治りますか？"  a hope or a question: no claim
// "服のシミが落ちて消えた"     about cloth, not about skin: no claim
// "毛穴が目立たなくなった"      how it looks, which make-up may say: no claim
import { CLAIMS_EN } from "./claims-en";
import { CLAIMS_JA, type ClaimGroup } from "./claims-ja";
import type { Finding } from "./findings";
import { foldText } from "./fold-text";
import { outermost } from "./links";
import { findInEach, type ReviewTexts, type Span } from "./texts";

interface Rule {
  detail: string;
  pattern: RegExp;
  /** Parts without which the pattern cannot match: looked for first, because most texts have none of them. */
  needs: string[];
  isClaim: (before: string, after: string, matched: string) => boolean;
}

const NOT_JA =
  /^[ぁ-ん]{0,5}?(?:ない|なかった|なく|なさそう|ません|ませ|ず(?:に|、|。|$)|ぬ|こと(?:は|も|が)(?:な|あり)|わけ(?:では|じゃ|が|も)|とは(?:思|言|限)|気配|感じは(?:な|し)|(?:た|る)?(?:気|感じ|様子)(?:が|は)?(?:し|あり)?(?:ない|ません|なかった)|には(?:至ら|程遠)|ほどでは|までは)/u;
const HOPE_JA =
  /^[ぁ-ん]{0,6}?(?:といい|ように(?:祈|願|期待)|ますように|たらいい|たら嬉|たらうれ|ればいい|れば嬉|ればうれ|ことを(?:祈|願|期待)|のを期待|のを願|ほしい|欲しい|かな|か(?:どうか)?(?:は|も)?(?:わか|分か|不明|心配|微妙|疑問)|のでしょうか|でしょうか|ますか|ですか|の[?？]|[?？]|(?:と|って)(?:いう|言う|書い|聞い|期待|思って(?:買|購入)))/u;
/** Stains and creases of things, hair of pets. */
const THINGS_JA =
  /(?:犬|猫|ペット|ワンコ|わんこ|ニャンコ|にゃんこ|掃除機|浴槽|風呂|目地|パッキン|カビ|シンク|銀|シルバー|アクセサリー|指輪|スニーカー|ソール|鏡|窓|キッチン|トイレ|スチーマー|服|シャツ|洗濯|衣類|布|生地|カーペット|絨毯|ソファ|畳|壁|床|タオル|シーツ|靴|バッグ|革|洗剤|漂白|染み抜き|シミ抜き|コーヒー|ワイン|醤油|血液?|油|汗|アイロン|スチーム|ハンガー|画面|液晶|服の|皿|鍋|車)[^。！!？?\n]{0,16}$/u;
const OF_THINGS = /^(?:シミ|しみ|シワ|しわ|くすみ|黒ずみ|抜け毛|傷跡)/u;
const NOT_EN =
  /(?:\b(?:not|never|no|didn'?t|doesn'?t|don'?t|won'?t|hasn'?t|haven'?t|isn'?t|wasn'?t|can'?t|couldn'?t|without|nothing|hardly|barely|neither|if it|hoping|hope|wish(?:ed)?|supposed to|claims? to|expect(?:ed|ing)?)\b[^.!?\n]{0,30})$/iu;

const STRETCH_JA = "[^。！!？?\\n]{0,8}?";
const STRETCH_EN = "(?:\\s+[\\w'-]+){0,4}?\\s+";

// A part with a look-around is a pattern already.
const escape = (text: string) => (text.includes("(?") ? text : text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
const japanese = (phrase: string) =>
  new RegExp(
    phrase
      .split("~")
      .map((part) => escape(part.normalize("NFKC")))
      .join(STRETCH_JA),
    "giu",
  );
const english = (phrase: string) =>
  new RegExp(`\\b(?:${phrase.replaceAll(" ~ ", STRETCH_EN).replaceAll(" ", "\\s+")})(?![\\w])`, "giu");

function rulesOf(
  groups: readonly ClaimGroup[],
  toPattern: (phrase: string) => RegExp,
  isClaim: Rule["isClaim"],
): Rule[] {
  return groups.flatMap(({ id, article, phrases }) =>
    phrases.map((phrase) => ({
      detail: `${article}:${id}`,
      pattern: toPattern(phrase),
      needs: needsOf(phrase),
      isClaim,
    })),
  );
}
function needsOf(phrase: string): string[] {
  return phrase
    .normalize("NFKC")
    .toLowerCase()
    .split("~")
    .filter((part) => part !== "" && !/[()?|\\ ]/u.test(part));
}
const RULES: readonly Rule[] = [
  ...rulesOf(
    CLAIMS_JA,
    japanese,
    (before, after, matched) =>
      !NOT_JA.test(after) &&
      !HOPE_JA.test(after) &&
      !(OF_THINGS.test(matched) && THINGS_JA.test(before)) &&
      !matched.includes("目立た"),
  ),
  ...rulesOf(CLAIMS_EN, english, (before, after) => !NOT_EN.test(before) && !/^[^.!\n]{0,20}\?/u.test(after)),
];

/** A finding per claim; detail: the article and the group, yakkiho-66:cosmetic-beyond. */
export function findClaims(texts: ReviewTexts): Finding[] {
  return findInEach(texts, "claim", claimsIn);
}

/** The claims in one text. */
export function claimsIn(text: string): Span[] {
  const folded = foldText(text);
  const lower = folded.text.toLowerCase();
  return outermost(
    RULES.filter(({ needs }) => needs.every((part) => lower.includes(part))).flatMap(({ detail, pattern, isClaim }) =>
      [...folded.text.matchAll(pattern)]
        .filter(({ index, 0: matched }) =>
          isClaim(
            folded.text.slice(Math.max(0, index - 40), index),
            folded.text.slice(index + matched.length, index + matched.length + 24),
            matched,
          ),
        )
        .map(({ index, 0: matched }) => ({ ...folded.span(index, index + matched.length), detail })),
    ),
  );
}

/** Why a claim is held, for staff; null: a code of an earlier list. */
export function explainClaim(detail: string): { article: ClaimGroup["article"]; why: ClaimGroup["why"] } | null {
  const [article, id] = detail.split(":");
  const group = [...CLAIMS_JA, ...CLAIMS_EN].find((each) => each.id === id && each.article === article);
  return group ? { article: group.article, why: group.why } : null;
}

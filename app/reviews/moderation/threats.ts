// Threats against people. Anger is not one: "this product is killing me" and 死ぬほど stay what they are. Pure.
import type { Finding } from "./findings";
import { foldText } from "./fold-text";
import { outermost } from "./links";
import { findInEach, type ReviewTexts, type Span } from "./texts";

const PEOPLE =
  "(?:you|u|y'?all|your (?:family|kids|children|staff|boss|owner)|him|her|them|the (?:owner|staff|seller|manager|boss|ceo))";
const PATTERNS: readonly (readonly [detail: string, pattern: RegExp])[] = [
  [
    "violence",
    new RegExp(
      `\\b(?:i(?:'?ll| will| am going to|'?m going to|'?m gonna| gonna)|we(?:'?ll| will| are going to)) (?:\\w+ )?(?:kill|murder|stab|shoot|strangle|beat up|hurt|bomb|rape|slaughter|behead) ${PEOPLE}\\b`,
      "giu",
    ),
  ],
  [
    "violence",
    /\b(?:i(?:'?ll| will|'?m going to)|we(?:'?ll| will)) (?:burn down|blow up|bomb|set fire to) (?:your|the|this) (?:shop|store|house|home|office|place|warehouse)\b/giu,
  ],
  ["violence", /\b(?:i|we) (?:know|found out) where (?:you|u) (?:live|sleep)\b/giu],
  [
    "violence",
    /\b(?:you|u)(?:'re| are| will be|'ll be)? (?:gonna be |going to be )?(?:a )?dead (?:man|men|woman|meat)\b|\bwatch your back\b/giu,
  ],
  ["self_harm", /\b(?:go )?(?:kill yourself|kys|hang yourself)\b|\b(?:you|u) should (?:just )?die\b/giu],
  [
    "violence",
    /(?:ぶっ?|ブッ?)?(?:殺|ころ|コロ)(?:して?(?:や(?:る|んぞ|ろうか)|みせる)|してやりたい|すぞ|すからな|しに(?:行|い)く(?:ぞ|から)?|されたいか)/gu,
  ],
  [
    "violence",
    /(?:刺|撃ち?)(?:し)?(?:殺|てやる|すぞ)|(?:ぶん|ブン)?殴り?(?:り込|に(?:行|い)くぞ|ってやる|り殺)|ボコ(?:ボコ)?に(?:して(?:やる|やろうか)|するぞ)/gu,
  ],
  [
    "violence",
    /(?:店|家|会社|自宅|本社|事務所|倉庫)(?:に|を)(?:火(?:を(?:つけ|付け|放))|放火|爆破|燃や)(?:て?(?:やる|る|します|す|する)(?:ぞ|から)?)|爆破(?:予告|してやる|するぞ|します)/gu,
  ],
  ["violence", /(?:家族|子供|子ども|娘|息子)(?:が|も)?(?:どうなっても|無事では?|ただでは)/gu],
  [
    "violence",
    /(?:夜道|背後|帰り道)に(?:は)?気をつけろ|住所(?:は)?(?:特定|割れて|知って)(?:した|する|い)(?:ぞ|から(?:な|覚悟))|覚悟しておけ|ただで(?:は)?済むと思うな|痛い目に(?:あ|遭)わ(?:せて?|す)/gu,
  ],
  [
    "self_harm",
    /(?<![\p{L}])(?:早く|さっさと|今すぐ)?(?:死ね|しね|タヒね|氏ね)(?:よ|や|ば(?:いい|良い)|$|[!！。、\s])|自殺しろ|首(?:を)?吊れ/gu,
  ],
];

/** A finding per threat; detail: violence or self_harm. */
export function findThreats(texts: ReviewTexts): Finding[] {
  return findInEach(texts, "threat", threatsIn);
}

function threatsIn(text: string): Span[] {
  const folded = foldText(text);
  return outermost(
    PATTERNS.flatMap(([detail, pattern]) =>
      [...folded.text.matchAll(pattern)].map((match) => ({
        ...folded.span(match.index, match.index + match[0].length),
        detail,
      })),
    ),
  );
}

// Contact data of people: addresses, numbers and names on other networks. Masked at output; the rest is shown. Pure.
import type { Finding } from "./findings";
import { foldText } from "./fold-text";
import { outermost } from "./links";
import { findInEach, type ReviewTexts, type Span } from "./texts";

const HOST = "[a-z0-9-]+(?:\\.[a-z0-9-]+)*\\.[a-z]{2,24}";
const NETWORK =
  "line|ライン|instagram|insta|インスタ(?:グラム)?|ig|twitter|ツイッター|tiktok|telegram|テレグラム|whatsapp|wechat|微信|kakao(?:talk)?|カカオ(?:トーク)?|discord|skype|スカイプ|facebook|messenger|snapchat|signal|viber";
const HANDLE = "@?[a-z0-9](?:[a-z0-9._-]{2,28})[a-z0-9_]";
const PREFECTURE = "(?:北海道|東京都|(?:京都|大阪)府|[\\p{Script=Han}]{2,3}県)";
const STREET =
  "street|st\\.|avenue|ave\\.?|road|rd\\.|boulevard|blvd\\.?|lane|ln\\.|drive|dr\\.|court|ct\\.|square|terrace|parkway|pkwy";

const PATTERNS: readonly (readonly [detail: string, pattern: RegExp, isIt?: (text: string) => boolean])[] = [
  ["email", new RegExp(`[a-z0-9][a-z0-9._%+-]{0,63}\\s?@\\s?${HOST}`, "giu")],
  [
    "email",
    new RegExp(
      `[a-z0-9][a-z0-9._%+-]{0,63}\\s*(?:\\(at\\)|\\[at\\]|\\{at\\}|\\(アット\\)|\\(あっと\\)|★|☆|アットマーク)\\s*${HOST}`,
      "giu",
    ),
  ],
  [
    "email",
    /[a-z0-9][a-z0-9._%+-]{0,63}(?:\s+at\s+|\s*[([]\s*at\s*[)\]]\s*)[a-z0-9-]{2,}(?:\s+dot\s+|\s*[([]\s*(?:dot|\.)\s*[)\]]\s*)(?:com|net|org|jp|co\s*\.?\s*jp|io)\b/giu,
  ],
  // Japan: a leading 0, ten or eleven digits in two to four groups, or +81 instead of the 0.
  [
    "phone",
    /(?<![\d#-])(?:\+?81[-\s.]?\(?0?\)?|\(?0)\d{1,4}\)?[-‐‑‒–—―−ー\s.]?\d{1,4}[-‐‑‒–—―−ー\s.]?\d{3,4}(?![\d-])/gu,
    isJapanesePhone,
  ],
  ["phone", /(?<![\d#-])(?:\+?1[-\s.]?)?(?:\(\d{3}\)\s?|\d{3}[-.\s])\d{3}[-.\s]\d{4}(?![\d-])/gu],
  ["phone", /(?<![\d#])\+\d{1,3}[-\s.]?\(?\d{1,4}\)?(?:[-\s.]?\d{2,4}){2,4}(?!\d)/gu],
  ["phone", /(?:tel|phone|電話|携帯|☎|📞|📱)\s*(?:番号)?\s*[:：はが]?\s*\+?\d[\d\s.-]{6,16}\d/giu],
  [
    "handle",
    new RegExp(
      `(?<![a-z])(?:${NETWORK})\\s*(?:の)?\\s*(?:id|アカウント|account|handle|垢)\\s*(?:[:：=]|は|is|→)?\\s*${HANDLE}`,
      "giu",
    ),
  ],
  ["handle", new RegExp(`(?<![a-z])(?:${NETWORK})\\s*(?:[:：=→]|は)?\\s*@${HANDLE}`, "giu")],
  ["handle", new RegExp(`(?<![a-z])(?:${NETWORK})\\s*[:：=→]\\s*${HANDLE}`, "giu")],
  ["handle", /(?<![\p{L}\p{N}.@_-])@(?=[a-z0-9._]*[._\d])[a-z0-9][a-z0-9._]{2,28}[a-z0-9_]/giu],
  ["address", /〒\s*\d{3}\s*[-‐‑‒–—―−ー]?\s*\d{4}(?:[ \t]*[^\n。!?]{0,60})?/gu],
  [
    "address",
    new RegExp(
      `${PREFECTURE}?[\\p{L}\\p{N}ヶケ]{1,12}[市区町村郡][\\p{L}ヶケ]{0,14}?\\d{1,4}(?:丁目|番地?|号|[-‐‑‒–—―−ー]\\d{1,4})(?:[-‐‑‒–—―−ー番の]?\\d{1,4}(?:号|番地?)?)*`,
      "gu",
    ),
  ],
  [
    "address",
    new RegExp(`(?<![\\d.])\\d{1,5}\\s+(?:[NSEW]\\.?\\s+)?(?:[A-Z][a-z]+\\s+){1,3}(?:${STREET})(?![a-z])`, "giu"),
    looksLikeStreet,
  ],
  ["card", /(?<!\d)(?:\d[ -]?){13,19}(?!\d)/gu, isCardNumber],
];

/** A finding per datum; detail: email, phone, handle, address or card. */
export function findContactData(texts: ReviewTexts): Finding[] {
  return findInEach(texts, "contact_data", contactDataIn);
}

/** The data in one text. */
export function contactDataIn(text: string): Span[] {
  const folded = foldText(text);
  const found = PATTERNS.flatMap(([detail, pattern, isIt]) =>
    [...folded.text.matchAll(pattern)]
      .filter((match) => isIt?.(match[0]) ?? true)
      .map((match) => ({ ...folded.span(match.index, match.index + match[0].trimEnd().length), detail })),
  );
  return outermost(found);
}

function isJapanesePhone(text: string): boolean {
  const digits = text.replace(/\D/g, "");
  const national = text.startsWith("+") || digits.startsWith("81") ? digits.replace(/^81\(?0?/, "0") : digits;
  return /^0[1-9]\d{8,9}$/.test(national);
}

// "12 happy days on the road": only capitalised words are a street's name.
function looksLikeStreet(text: string): boolean {
  return /^\d+\s+(?:[NSEW]\.?\s+)?(?:[A-Z][a-z]+\s+)+[A-Z]/.test(text);
}

/** Luhn's check digit, and a length and first digit that cards have. */
function isCardNumber(text: string): boolean {
  const digits = [...text.replace(/\D/g, "")].map(Number);
  if (digits.length < 14 || digits.length > 19 || ![3, 4, 5, 6].includes(digits[0] ?? 0)) return false;
  const sum = digits.reverse().reduce((total, digit, index) => {
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
}

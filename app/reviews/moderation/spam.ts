// Advertising that has nothing to do with the product: a score of what such texts have in common. The features
// and weights are set by hand; the text corpora of the tests were never used to fit them. Pure.
import { foldText } from "./fold-text";
import type { Finding } from "./findings";
import { linksIn } from "./links";
import { allWords, type ReviewTexts } from "./texts";

/** From here on a text is held. */
export const SPAM_FROM = 4;

interface Feature {
  name: string;
  weight: number;
  /** Counted so often at most. */
  most: number;
  pattern: RegExp;
}
const FEATURES: readonly Feature[] = [
  // Numbers to call or to text.
  {
    name: "premium_number",
    weight: 3,
    most: 1,
    pattern: /(?<!\d)(?:0?9\d{9}|08[47]\d[\s-]?\d{3}[\s-]?\d{3,4}|087\d{7,9}|0[89]00[\s-]?\d{6,7})(?!\d)/gu,
  },
  {
    name: "short_code",
    weight: 3,
    most: 1,
    pattern: /\b(?:txt|text|send|reply|sms|to|on|code)\b[^.!?\n]{0,40}?\b(?:to|2|on|no:?)?\s?\d{4,6}\b/giu,
  },
  {
    name: "call_now",
    weight: 2,
    most: 1,
    pattern:
      /\b(?:call|ring|text|txt|reply|whatsapp|dm|msg|sms|contact|visit|click)\b[^.!?\n]{0,24}\b(?:now|today|free|\d{6,}|here|me|us|below|link)\b/giu,
  },
  { name: "phone", weight: 1, most: 2, pattern: /(?<!\d)\+?\d[\d\s-]{9,13}\d(?!\d)/gu },
  // Money and prizes.
  {
    name: "winner",
    weight: 3,
    most: 1,
    pattern:
      /\b(?:you(?:'ve| have| r| are)?|u(?:'ve| have)?|ur?)\b[^.!?\n]{0,24}\b(?:won|winner|been (?:selected|chosen|awarded)|awarded|win)\b|\b(?:congrat\w*|congratulations)\b[^\n]{0,60}\b(?:won|win|prize|award|selected|voucher|gift)|\bwinner\b/giu,
  },
  {
    name: "prize",
    weight: 2,
    most: 2,
    pattern:
      /\b(?:prize|jackpot|lottery|lotto|cash (?:prize|award|reward)|guaranteed (?:£|\$|€|cash|prize)|bonus caller|un-?redeemed|claim (?:your|ur|yr|code|now|it|by|this)|to claim|voucher code|free (?:gift|iphone|phone|entry|msg|ringtone|trial|tones?|spins?|bets?|camera|mobile|nokia))\b/giu,
  },
  {
    name: "money",
    weight: 1,
    most: 3,
    pattern:
      /(?:[£$€]\s?\d[\d,.]*(?:k|m)?|\b\d[\d,.]*\s?(?:pounds|dollars|usd|gbp|eur|btc|usdt)\b|\b\d+p(?:\/|\s?per\s?)?(?:min|msg|text|txt)?\b)/giu,
  },
  {
    name: "per_minute",
    weight: 2,
    most: 1,
    pattern:
      /\b(?:\d+(?:\.\d+)?(?:ppm|p?\/(?:min|msg)|p?\s?per\s?(?:min|msg|text|wk|week))|\d+p\b|std (?:txt|rate|chg)|T\s?&\s?C'?s?|terms apply|opt[- ]?out|unsub\w*|18\s?\+|over 18|custcare|po ?box)/giu,
  },
  // Words of trades that advertise everywhere.
  {
    name: "trade",
    weight: 2,
    most: 2,
    pattern:
      /\b(?:casino|poker online|betting|forex|crypto(?:currency)?|bitcoin|btc|investment (?:plan|platform|opportunity)|trading (?:signals|platform|expert)|binary options?|passive income|work from home|earn (?:up to )?[£$€]?\d|make money|get rich|payday|loan offer|debt relief|credit repair|hacker|recover(?:ed|y)? (?:my )?(?:funds|money|bitcoin)|spell caster|love spell|seo services?|backlinks?|web traffic|followers for|buy (?:followers|likes|reviews|backlinks)|replica (?:watch|bag)\w*|viagra|cialis|pharmacy online|weight loss pills?|keto gummies|cbd gummies|escort service|dating (?:site|service)|ringtones?|polyphonic|chat ?line|sexy ?chat|hot (?:girls|singles)|adult (?:video|chat)|onlyfans)\b/giu,
  },
  {
    name: "offer",
    weight: 1,
    most: 2,
    pattern:
      /\b(?:free|limited (?:time|offer)|act now|order now|buy now|subscribe|subscription|special offer|exclusive offer|best price|cheap(?:est)?|discount code|promo code|use (?:my )?code|sign ?up|join (?:us|now|today)|hurry|urgent|offer ends|private!|your (?:account|mobile|number|phone)|ur (?:mobile|phone|mob))\b/giu,
  },
  { name: "address", weight: 2, most: 1, pattern: /\b(?:www\.|https?:\/\/|bit\.ly|t\.me|wa\.me|tinyurl)\S*/giu },
  // The same in Japanese.
  {
    name: "trade_ja",
    weight: 2,
    most: 3,
    pattern:
      /副業|不労所得|(?:誰でも|スマホだけで|簡単に)(?:簡単に)?(?:稼げ|稼ぐ|儲か)|(?:月収|日給|月)\d+万(?:円)?(?:稼|可能|以上)?|高額(?:報酬|収入|バイト)|即日(?:融資|入金|払い)|ブラックでもOK|闇バイト|オンラインカジノ|ブックメーカー|仮想通貨(?:で|の)|バイナリーオプション|FX(?:で|自動)|投資(?:案件|話|セミナー)|情報商材|給付金(?:の)?(?:受け取り|受取)|当選(?:しました|おめでとう|金)|(?:現金|ギフト券|ポイント)(?:を)?プレゼント(?:中|します)|出会い系|セフレ募集|パパ活|人妻(?:と|が)|裏アカ|フォロワー(?:購入|販売)|レビュー(?:代行|募集)|SEO(?:対策|業者)|格安(?:で)?販売|正規品激安|スーパーコピー|ブランドコピー|N級品|コピー品(?:販売|通販)/gu,
  },
  {
    name: "act_ja",
    weight: 2,
    most: 2,
    pattern:
      /(?:詳しく|詳細|続き|登録|お問い?合わせ)は(?:こちら|プロフ|LINE|下記|コチラ)|(?:LINE|ライン)(?:を)?(?:追加|登録|友だち追加)|今すぐ(?:登録|クリック|アクセス|チェック|お電話|申し?込)|プロフ(?:ィール)?(?:の)?(?:リンク|URL)|(?:期間|人数|先着\d*名?)限定(?:で)?(?:公開|募集|配布|無料)|無料(?:で)?(?:登録|配布|プレゼント|相談|公開)|DM(?:ください|下さい|待って)|検索(?:してください|して下さい|!|！)/gu,
  },
];

export interface SpamScore {
  score: number;
  /** Names of the features that count. */
  features: string[];
}

/** The score of a text; numbers and symbols in any width. */
export function spamScore(text: string): SpamScore {
  const folded = foldText(text).text;
  const counted = FEATURES.flatMap(({ name, weight, most, pattern }) => {
    const times = Math.min(most, folded.match(pattern)?.length ?? 0);
    return times > 0 ? [{ name, points: times * weight }] : [];
  });
  const shape = [...shapeOf(folded), ...(linksIn(text).length > 1 ? [{ name: "links", points: 2 }] : [])];
  const all = [...counted, ...shape];
  return { score: all.reduce((sum, { points }) => sum + points, 0), features: all.map(({ name }) => name) };
}

// How a text looks, whatever it says.
function shapeOf(text: string): { name: string; points: number }[] {
  const shape: { name: string; points: number }[] = [];
  const words = text.match(/\p{Script=Latin}+/gu) ?? [];
  const shouted = words.filter((word) => word.length > 2 && word === word.toUpperCase()).length;
  if (words.length >= 6 && shouted * 2 > words.length) shape.push({ name: "capitals", points: 1 });
  if (/!{3,}|！{3,}|[$£€¥]{3,}/u.test(text)) shape.push({ name: "marks", points: 1 });
  if (isRepetition(words.map((word) => word.toLowerCase()))) shape.push({ name: "repetition", points: 3 });
  if (isGibberish(text)) shape.push({ name: "gibberish", points: 4 });
  return shape;
}

// One word or two over and over.
function isRepetition(words: readonly string[]): boolean {
  if (words.length < 12) return false;
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return Math.max(...counts.values()) * 2 > words.length;
}

// Keys struck at random: long words without vowels, or hardly any different letters in a long text.
function isGibberish(text: string): boolean {
  const letters = [...text.replace(/[^\p{L}]/gu, "")];
  const long = text.match(/(?<![\p{L}\p{N}.@/_-])[a-z]{9,}(?![\p{L}\p{N}.@/_-])/giu) ?? [];
  const isMash = (word: string) =>
    (word.match(/[aeiouy]/giu)?.length ?? 0) * 6 < word.length || /[bcdfghjklmnpqrstvwxz]{7,}/iu.test(word);
  const mashed = long.filter(isMash).length;
  const all = text.match(/\p{Script=Latin}+/gu)?.length ?? 0;
  if (mashed > 0 && mashed * 3 >= all) return true;
  return letters.length >= 60 && new Set(letters).size <= 4;
}

/** One finding when the score is reached; detail: the score and what made it. */
export function findSpam(texts: ReviewTexts): Finding[] {
  const { score, features } = spamScore(allWords(texts));
  if (score < SPAM_FROM) return [];
  return [{ kind: "spam", field: null, from: 0, to: 0, detail: `${score}: ${features.join(", ")}` }];
}

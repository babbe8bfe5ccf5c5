// Links: addresses of other places, also where they are written so that filters miss them. Pure.
import type { Finding } from "./findings";
import { foldText } from "./fold-text";
import { findInEach, type ReviewTexts, type Span } from "./texts";

// Endings that are no word people write after a full stop without a space.
const SURE_ENDINGS =
  "com|net|org|info|biz|jp|xyz|shop|store|online|site|website|club|vip|app|dev|page|link|click|live|life|world|space|icu|buzz|tokyo|osaka|cn|ru|kr|tw|hk|sg|uk|fr|ch|au|ca|eu|nz|br|mx|pl|cz|se|vn|th|ph|tv|cc|io|ai|gg|ly|gl|ee|tk|ml|ga|cf|gq|pw|su|ws|bz|fm|mobi|asia|name|tel|pro|edu|gov|top|win|bid|loan|men|date|trade|review|stream|download|party|science|racing|accountant|faith|webcam|cricket|rocks|agency|email|support|money|blog|wiki|news|media|video|photos|social|chat|xn--[a-z0-9-]+";
// Endings that are words, too: only with a path, a "www." or a second label they are addresses.
const WORD_ENDINGS =
  "me|co|it|so|is|in|to|my|no|be|am|at|us|de|do|la|as|by|or|id|es|pt|nl|li|st|sh|im|at|us|one|art|fun|work|today|best|new|gift|sale|deals|cheap|free|bar|run|zip|mov";
const LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
const TAIL = "(?::\\d{2,5})?(?:[/?#][^\\s<>\"'、。「」（）]*)?";

const PATTERNS: readonly (readonly [detail: string, pattern: RegExp])[] = [
  ["url", /\b(?:h[tx]{2}ps?|ftp|sftp|ssh|tg|line|intent|market|itms-apps):\/{1,2}[^\s<>"'、。「」]+/giu],
  ["url", /(?<![\w:/])\/\/[a-z0-9-]+(?:\.[a-z0-9-]+)+[^\s<>"'、。「」]*/giu],
  ["domain", new RegExp(`(?<![\\w@.-])(?:${LABEL}\\.)+(?:${SURE_ENDINGS})(?![a-z0-9-])${TAIL}`, "giu")],
  ["domain", new RegExp(`(?<![\\w@.-])(?:${LABEL}\\.)+(?:${WORD_ENDINGS})\\/[^\\s<>"'、。「」（）]+`, "giu")],
  ["domain", new RegExp(`(?<![\\w@.-])www\\.(?:${LABEL}\\.)*[a-z]{2,24}(?![a-z0-9-])${TAIL}`, "giu")],
  ["domain", new RegExp(`(?<![\\w@.-])${LABEL}\\.co\\.(?:jp|uk|kr|nz|za|id|th|in)(?![a-z0-9-])${TAIL}`, "giu")],
  [
    "idn",
    /(?<![\w@.-])[\p{L}\p{N}-]{1,63}\.(?:com|net|org|jp|info|shop|xyz|みんな|コム|ネット|ストア|セール|世界|中国|рф|한국)(?![\p{L}\p{N}-])(?:\/[^\s]*)?/giu,
  ],
  ["ip", /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?::\d{2,5})?\/[^\s]*/gu],
  [
    "obfuscated",
    /[a-z0-9-]{2,63}\s*(?:\[\s*(?:dot|\.|ドット)\s*\]|\(\s*(?:dot|\.|ドット)\s*\)|\{\s*(?:dot|\.)\s*\}|\s(?:dot|ドット)\s|ドット|。)\s*(?:com|net|org|jp|co\s*(?:\.|dot|ドット)\s*jp|info|shop|store|xyz|io|biz|ru|cn|tv|app)(?![a-z0-9])/giu,
  ],
  ["obfuscated", /\b[a-z0-9-]{2,63}(?:\s+\.\s*|\s*\.\s+)(?:com|net|org|co\.jp)\b(?![a-z0-9])/giu],
  [
    "markup",
    /<\s*a\s[^>]*>?|\[\s*url\s*[=\]]|\[[^\]\n]{1,80}\]\(\s*[a-z/][^)\n]*\)|<\s*(?:img|iframe|form|link|meta|object|embed|base)\b[^>]*>?/giu,
  ],
];

/** A finding per address; detail: url, domain, idn, ip, obfuscated or markup. */
export function findLinks(texts: ReviewTexts): Finding[] {
  return findInEach(texts, "link", linksIn);
}

/** The addresses in one text, first to last, none inside another. */
export function linksIn(text: string): Span[] {
  const folded = foldText(text);
  const found = PATTERNS.flatMap(([detail, pattern]) =>
    [...folded.text.matchAll(pattern)].map((match) => ({
      ...folded.span(match.index, match.index + match[0].length),
      detail,
    })),
  );
  return outermost(found);
}

/** Stretches in order; of overlapping ones the longer, of equal ones the first. */
export function outermost(spans: Span[]): Span[] {
  const kept: Span[] = [];
  for (const span of [...spans].sort((a, b) => b.to - b.from - (a.to - a.from)))
    if (!kept.some((other) => span.from < other.to && other.from < span.to)) kept.push(span);
  return kept.sort((a, b) => a.from - b.from);
}

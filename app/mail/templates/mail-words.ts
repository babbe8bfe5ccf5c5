// What a mail says, and the plain-text part made of it. Templates hand over plain text only; whoever renders
// escapes. Pure.
import { oneLine } from "../address";

export type MailLocale = "en" | "ja";

/** What a template says; plain text throughout. */
export interface MailWords {
  subject: string;
  /** The one idea. */
  headline: string;
  /** A line or two below it. */
  paragraphs: string[];
  /** What it is about, one a line. */
  items?: string[];
  /** Somebody's words, in their own lines. */
  quote?: { by: string; text: string } | null;
  /** Five links, one to five stars; each only fills in the page it opens. */
  stars?: { label: string; links: { name: string; url: string }[] } | null;
  /** A condition that must not be missed. */
  note?: string | null;
  /** A code to copy, shown large. */
  code?: string | null;
  button: { text: string; url: string } | null;
  /** Why this came. */
  because: string;
}
/** Who writes, and how to stop it. */
export interface MailFrame {
  locale: MailLocale;
  shopName: string;
  greeting: string | null;
  unsubscribeUrl: string;
}

export const STOP: Record<MailLocale, string> = { en: "Stop these messages", ja: "配信を停止する" };

/** The lines of a text that came with line ends of its own. */
export function linesOf(text: string): string[] {
  return text.split("\n").map(oneLine);
}

/** The plain-text part. */
export function plainText(words: MailWords, { locale, shopName, greeting, unsubscribeUrl }: MailFrame): string {
  const colon = locale === "ja" ? "：" : ":";
  const lines = [
    ...(greeting ? [oneLine(greeting), ""] : []),
    oneLine(words.headline),
    "",
    ...words.paragraphs.flatMap((paragraph) => [oneLine(paragraph), ""]),
    ...(words.items?.length ? [...words.items.map((item) => `- ${oneLine(item)}`), ""] : []),
    ...(words.quote ? [...linesOf(words.quote.text).map((line) => `> ${line}`.trimEnd()), ""] : []),
    ...(words.code ? [oneLine(words.code), ""] : []),
    ...(words.note ? [oneLine(words.note), ""] : []),
    ...(words.button ? [`${oneLine(words.button.text)}${colon}`, words.button.url, ""] : []),
    "--",
    oneLine(shopName),
    oneLine(words.because),
    `${STOP[locale]}${colon}`,
    unsubscribeUrl,
    "",
  ];
  return lines.join("\n");
}

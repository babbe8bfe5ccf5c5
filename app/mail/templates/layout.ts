// The frame of every mail: one idea, one button, why it came and how to stop it. Everything is escaped here;
// a template hands over plain text only. Readable without pictures, in dark mode and as plain text. Pure.
import { oneLine } from "../address";

export type MailLocale = "en" | "ja";

/** What a template says; plain text throughout. */
export interface MailWords {
  subject: string;
  /** The one idea. */
  headline: string;
  /** A line or two below it. */
  paragraphs: string[];
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
export interface RenderedMail {
  subject: string;
  html: string;
  text: string;
}

const STOP: Record<MailLocale, string> = { en: "Stop these messages", ja: "配信を停止する" };

/** Makes text inert inside HTML, attributes included. */
export function escapeHtml(text: string): string {
  const marks: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return text.replace(/[&<>"']/g, (mark) => marks[mark] ?? mark);
}

/** Subject, HTML part and plain-text part. */
export function renderMail(words: MailWords, frame: MailFrame): RenderedMail {
  return { subject: oneLine(words.subject), html: html(words, frame), text: text(words, frame) };
}

function text(words: MailWords, { locale, shopName, greeting, unsubscribeUrl }: MailFrame): string {
  const colon = locale === "ja" ? "：" : ":";
  const lines = [
    ...(greeting ? [oneLine(greeting), ""] : []),
    oneLine(words.headline),
    "",
    ...words.paragraphs.flatMap((paragraph) => [oneLine(paragraph), ""]),
    ...(words.code ? [oneLine(words.code), ""] : []),
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

// Both schemes are declared and the colours hold in both; a client that inverts finds nothing to break.
const STYLE = `:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (prefers-color-scheme:dark){.kz-page{background:#14161a!important}.kz-card{background:#1f2228!important}.kz-ink{color:#f3f4f6!important}.kz-quiet{color:#b6bcc6!important}.kz-code{border-color:#b6bcc6!important}.kz-button{background:#f3f4f6!important;color:#14161a!important}}`;
const FONT = "-apple-system,'Segoe UI','Hiragino Sans','Noto Sans JP',Roboto,sans-serif";

function html(words: MailWords, { locale, shopName, greeting, unsubscribeUrl }: MailFrame): string {
  const paragraph = (content: string) =>
    `<p class="kz-ink" style="margin:0 0 16px;color:#1f2328;font-size:16px;line-height:1.7">${escapeHtml(content)}</p>`;
  const code = words.code
    ? `<p class="kz-ink kz-code" style="margin:0 0 24px;padding:12px 16px;border:1px dashed #57606a;border-radius:8px;color:#1f2328;font-family:ui-monospace,Menlo,monospace;font-size:20px;letter-spacing:.04em;word-break:break-all">${escapeHtml(words.code)}</p>`
    : "";
  const button = words.button
    ? `<p style="margin:0 0 24px"><a class="kz-button" href="${escapeHtml(words.button.url)}" style="display:inline-block;padding:14px 24px;border-radius:8px;background:#1f2328;color:#ffffff;font-size:16px;font-weight:600;text-decoration:none">${escapeHtml(words.button.text)}</a></p>`
    : "";
  return `<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(words.subject)}</title>
<style>${STYLE}</style>
</head>
<body class="kz-page" style="margin:0;padding:0;background:#f3f4f6">
<div class="kz-page" style="background:#f3f4f6;padding:24px 12px;font-family:${FONT}">
<div class="kz-card" style="max-width:560px;margin:0 auto;background:#ffffff;border-radius:12px;padding:32px 28px">
<p class="kz-quiet" style="margin:0 0 24px;color:#57606a;font-size:14px">${escapeHtml(shopName)}</p>
${greeting ? paragraph(greeting) : ""}
<h1 class="kz-ink" style="margin:0 0 16px;color:#1f2328;font-size:22px;line-height:1.4">${escapeHtml(words.headline)}</h1>
${words.paragraphs.map(paragraph).join("\n")}
${code}
${button}
<p class="kz-quiet" style="margin:24px 0 0;color:#57606a;font-size:13px;line-height:1.6">${escapeHtml(words.because)}<br><a class="kz-quiet" href="${escapeHtml(unsubscribeUrl)}" style="color:#57606a">${STOP[locale]}</a></p>
</div>
</div>
</body>
</html>
`;
}

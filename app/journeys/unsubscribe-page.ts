// The page behind "stop these messages": one question, one button, no script. Pure.
import type { Locale } from "../i18n/locales";
import { escapeHtml } from "../mail/escape-html";

export type UnsubscribeState = "ask" | "done" | "unknown";

const TEXTS = {
  en: {
    ask: {
      title: "Stop these messages",
      body: "You will get no more e-mail about points, rewards, tiers and reviews from {shop}. Your points and reviews stay as they are.",
      button: "Stop these messages",
    },
    done: {
      title: "Done: no more messages",
      body: "{shop} will not e-mail you about points, rewards, tiers and reviews any more. You can close this page.",
    },
    unknown: {
      title: "This link does not work",
      body: "It may have been cut short. Please use the link in the newest message.",
    },
  },
  ja: {
    ask: {
      title: "メールの配信を停止します",
      body: "{shop}からのポイント・特典・会員ランク・レビューに関するメールを停止します。お持ちのポイントと投稿済みのレビューはそのまま残ります。",
      button: "配信を停止する",
    },
    done: {
      title: "配信を停止しました",
      body: "今後、{shop}からポイント・特典・会員ランク・レビューに関するメールをお送りすることはありません。このページは閉じていただいて構いません。",
    },
    unknown: {
      title: "このリンクはご利用いただけません",
      body: "リンクが途中で切れている可能性があります。最新のメールのリンクからお試しください。",
    },
  },
} as const;

/** The page's only style; the door allows exactly this one by its hash. */
export const PAGE_STYLE =
  ":root{color-scheme:light dark}body{margin:0;font-family:system-ui,'Hiragino Sans','Noto Sans JP',sans-serif;line-height:1.7}main{max-width:32rem;margin:12vh auto;padding:0 1.5rem}h1{font-size:1.5rem;line-height:1.4}button{min-height:44px;padding:0 1.5rem;border:0;border-radius:8px;background:#1f2328;color:#fff;font:inherit;font-weight:600;cursor:pointer}button:focus-visible{outline:3px solid #0969da;outline-offset:2px}@media (prefers-color-scheme:dark){body{background:#14161a;color:#f3f4f6}button{background:#f3f4f6;color:#14161a}}";

/** The whole document. Posting it back to its own address does what it says. */
export function unsubscribePage(state: UnsubscribeState, locale: Locale, shopName: string): string {
  const texts = TEXTS[locale][state];
  const body = texts.body.replace("{shop}", () => shopName);
  const form =
    "button" in texts
      ? `<form method="post"><input type="hidden" name="List-Unsubscribe" value="One-Click"><button>${escapeHtml(texts.button)}</button></form>`
      : "";
  return `<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex">
<title>${escapeHtml(texts.title)}</title>
<style>${PAGE_STYLE}</style>
</head>
<body><main><h1>${escapeHtml(texts.title)}</h1><p>${escapeHtml(body)}</p>${form}</main></body>
</html>
`;
}

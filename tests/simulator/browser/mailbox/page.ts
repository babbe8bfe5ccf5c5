// What the app has mailed to shoppers and merchants, as the demo's inbox.
import type { Context, Router } from "../../router";
import type { Simulator } from "../../simulator";
import type { SimMail } from "../../state";
import { html, type Html } from "../html";
import { icon } from "../shell/icons";
import { page } from "../shell/layout";
import { chooseLocale } from "../shell/mount-shell";

const WORDS = {
  en: {
    title: "Mailbox",
    lead: "Every message the app sends in this demo lands here instead of in somebody's inbox.",
    empty: "No mail yet",
    how: "When the app writes to a shopper, the message shows here as its reader would see it.",
    back: "Start page",
    all: "All messages",
    from: "From",
    to: "To",
    received: "Received",
    subject: "Subject",
    asHtml: "Message",
    asText: "Plain text",
    headers: "Headers",
    noSubject: "(no subject)",
    missing: "There is no such message.",
  },
  ja: {
    title: "メールボックス",
    lead: "このデモでアプリが送信したメールは、実際の宛先には届かず、すべてここに表示されます。",
    empty: "メールはまだありません",
    how: "アプリがお客様にメールを送信すると、受信者が見るとおりにここへ表示されます。",
    back: "最初のページ",
    all: "すべてのメール",
    from: "差出人",
    to: "宛先",
    received: "受信日時",
    subject: "件名",
    asHtml: "本文",
    asText: "テキスト形式",
    headers: "ヘッダー",
    noSubject: "（件名なし）",
    missing: "このメールは見つかりません。",
  },
} as const;
type Locale = keyof typeof WORDS;

/** Mail is a stranger's markup: it runs no script, loads nothing but pictures, and its links open elsewhere. */
const MAIL_POLICY =
  "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src http: https: data:; style-src 'unsafe-inline'";

/** Mounts /mailbox. */
export function mountMailbox(router: Router, sim: Simulator): void {
  const localeOf = (ctx: Context): Locale => chooseLocale(ctx, Object.values(sim.state.shops)[0]?.locale ?? "en");
  const find = (ctx: Context): SimMail | undefined => sim.state.mail?.find(({ id }) => id === ctx.params.id);
  router.on("GET", "/mailbox", (ctx) => {
    const locale = localeOf(ctx);
    const mail = [...(sim.state.mail ?? [])].reverse();
    ctx.send(200, page({ locale, title: WORDS[locale].title }, listPage(locale, mail)));
  });
  router.on("GET", "/mailbox/:id", (ctx) => {
    const locale = localeOf(ctx);
    const mail = find(ctx);
    const body = mail ? messagePage(locale, mail) : frame(locale, "/mailbox", html`<p>${WORDS[locale].missing}</p>`);
    ctx.send(mail ? 200 : 404, page({ locale, title: mail?.subject || WORDS[locale].title }, body));
  });
  router.on("GET", "/mailbox/:id/html", (ctx) => {
    const mail = find(ctx);
    const content = withLocalLinks(sim, mail?.html ?? "");
    ctx.send(mail ? 200 : 404, `<base target="_blank">${content}`, {
      "content-security-policy": MAIL_POLICY,
      "x-content-type-options": "nosniff",
    });
  });
}

function frame(locale: Locale, back: string, content: Html): Html {
  const words = WORDS[locale];
  return html`<main class="start">
    <p><a href="${back}">${back === "/" ? words.back : words.all}</a></p>
    ${content}
  </main>`;
}

function listPage(locale: Locale, mail: SimMail[]): Html {
  const words = WORDS[locale];
  const rows = mail.map(
    (one) =>
      html`<tr>
        <td><a href="/mailbox/${one.id}">${one.subject || words.noSubject}</a></td>
        <td class="address">${one.envelope.to.join(", ")}</td>
        <td class="moment"><time datetime="${one.receivedAt}">${whenText(locale, one.receivedAt)}</time></td>
      </tr>`,
  );
  const list = html`<section class="card flush">
    <table data-mails>
      <thead>
        <tr>
          <th scope="col">${words.subject}</th>
          <th scope="col">${words.to}</th>
          <th scope="col">${words.received}</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </section>`;
  const none = html`<section class="card empty" data-empty>
    <p aria-hidden="true">${icon("mailbox")}</p>
    <h2>${words.empty}</h2>
    <p>${words.how}</p>
  </section>`;
  return frame(
    locale,
    "/",
    html`<h1>${words.title}</h1>
      <p class="lead">${words.lead}</p>
      ${mail.length > 0 ? list : none}`,
  );
}

function messagePage(locale: Locale, mail: SimMail): Html {
  const words = WORDS[locale];
  const fact = (name: string, value: string) =>
    html`<dt>${name}</dt>
      <dd>${value}</dd>`;
  const text = html`<pre class="mail-text">${mail.text}</pre>`;
  const part = (title: string, content: Html) =>
    html`<section class="card">
      <h2>${title}</h2>
      ${content}
    </section>`;
  return frame(
    locale,
    "/mailbox",
    html`<h1>${mail.subject || words.noSubject}</h1>
      <dl class="facts mail-facts">
        ${fact(words.from, mail.from)} ${fact(words.to, mail.to)}
        ${fact(words.received, whenText(locale, mail.receivedAt))}
      </dl>
      ${
        mail.html !== null &&
        part(
          words.asHtml,
          html`<iframe
            class="mail-html"
            title="${words.asHtml}"
            src="/mailbox/${mail.id}/html"
            sandbox="allow-popups allow-popups-to-escape-sandbox"
          ></iframe>`,
        )
      }
      ${mail.text !== null && part(words.asText, text)}
      ${part(
        words.headers,
        html`<dl class="facts mail-headers">
          ${Object.entries(mail.headers).map(([name, value]) => fact(name, value))}
        </dl>`,
      )}`,
  );
}

/** Links to a shop's own domain lead to its storefront here; the kept message stays as it was sent. */
function withLocalLinks(sim: Simulator, content: string): string {
  return Object.entries(sim.addresses.storefronts).reduce(
    (text, [domain, address]) => text.replaceAll(`href="https://${domain}/`, `href="${address}/`),
    content,
  );
}

const whenText = (locale: Locale, instant: string): string =>
  new Date(instant).toLocaleString(locale, {
    dateStyle: locale === "ja" ? "long" : "medium",
    timeStyle: "short",
    timeZone: "UTC",
  }) + " UTC";

// What the app has mailed to shoppers and merchants, as the demo's inbox.
import type { Router } from "../../router";
import type { Simulator } from "../../simulator";
import { html } from "../html";
import { icon } from "../shell/icons";
import { page } from "../shell/layout";
import { chooseLocale } from "../shell/mount-shell";

const WORDS = {
  en: {
    title: "Mailbox",
    lead: "Every message the app sends in this demo lands here instead of in somebody's inbox.",
    empty: "No mail yet",
    how: "The app does not send mail so far. When it does, each message shows here as its reader would see it.",
    back: "Start page",
  },
  ja: {
    title: "メールボックス",
    lead: "このデモでアプリが送信したメールは、実際の宛先には届かず、すべてここに表示されます。",
    empty: "メールはまだありません",
    how: "アプリにはまだメール送信機能がありません。送信されるようになると、受信者が見るとおりにここへ表示されます。",
    back: "最初のページ",
  },
} as const;

/** Mounts /mailbox. */
export function mountMailbox(router: Router, sim: Simulator): void {
  router.on("GET", "/mailbox", (ctx) => {
    const locale = chooseLocale(ctx, Object.values(sim.state.shops)[0]?.locale ?? "en");
    const words = WORDS[locale];
    const body = html`<main class="start">
      <p><a href="/">${words.back}</a></p>
      <h1>${words.title}</h1>
      <p class="lead">${words.lead}</p>
      <section class="card empty" data-empty>
        <p aria-hidden="true">${icon("mailbox")}</p>
        <h2>${words.empty}</h2>
        <p>${words.how}</p>
      </section>
    </main>`;
    ctx.send(200, page({ locale, title: words.title }, body));
  });
}

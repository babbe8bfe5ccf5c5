// The page at the root of the shell port: every door of the simulator.
import type { Simulator } from "../../simulator";
import { shopHandle } from "../app-identity";
import { html } from "../html";
import { icon } from "./icons";
import { page } from "./layout";
import { wordsIn } from "./words";
import type { Locale } from "./words";

export function startPage(sim: Simulator, locale: Locale): string {
  const words = wordsIn(locale);
  const shops = Object.values(sim.state.shops).map(
    (shop) =>
      html`<section class="card">
        <h2>${shop.name}</h2>
        <ul>
          <li><a href="/store/${shopHandle(shop)}">${icon("knot")}${words.admin}</a></li>
          <li><a href="${sim.addresses.storefronts[shop.domain]}">${icon("store")}${words.storefront}</a></li>
        </ul>
      </section>`,
  );
  return page(
    { locale, title: words.simulator },
    html`<main class="start">
      <h1>${words.startTitle}</h1>
      <p class="lead">${words.startLead}</p>
      <div class="doors">
        ${shops}
        <section class="card">
          <h2>${words.simulator}</h2>
          <ul>
            <li><a href="/control">${icon("control")}${words.control}</a></li>
            <li><a href="/mailbox">${icon("mailbox")}${words.mailbox}</a></li>
          </ul>
        </section>
      </div>
      <p>
        ${locale === "ja" ? html`<a href="?locale=en" lang="en">English</a>` : html`<a href="?locale=ja" lang="ja">日本語</a>`}
      </p>
    </main>`,
  );
}

// The frame around every page of the admin: navigation on the left, one title bar, the page.
import { html } from "../html";
import type { Html, HtmlValue } from "../html";
import type { Simulator } from "../../simulator";
import type { SimShop } from "../../state";
import { APP, shopHandle } from "../app-identity";
import { icon } from "./icons";
import { staffCookie, staffFor } from "./staff";
import type { Icon } from "./icons";
import { wordsIn } from "./words";
import type { Locale, Word } from "./words";

export interface PageOptions {
  title: string;
  current: "orders" | "customers" | "products" | "online-store" | "app";
  /** Over the whole width and height, without padding. */
  bare?: boolean;
  actions?: HtmlValue;
  back?: string;
  script?: string;
  data?: Html;
}

/** One page of a shop's admin. */
export function adminPage(sim: Simulator, shop: SimShop, locale: Locale, options: PageOptions, content: Html): string {
  const words = wordsIn(locale);
  const base = `/store/${shopHandle(shop)}`;
  const entry = (current: PageOptions["current"], word: Word, path: string, name: Icon) =>
    html`<li>
      <a href="${base}${path}" ${options.current === current ? html`aria-current="page"` : ""}
        >${icon(name)}<span>${words[word]}</span></a
      >
    </li>`;
  const elsewhere = (word: Word, href: string, name: Icon) =>
    html`<li>
      <a href="${href}">${icon(name)}<span>${words[word]}</span></a>
    </li>`;
  return page(
    { locale, title: `${options.title} · ${shop.name}`, script: options.script, data: options.data },
    html`<a class="skip" href="#content">${words.skip}</a>
      <div class="shell">
        <button class="menu-button" type="button" aria-expanded="false" aria-controls="side" data-menu>
          ${icon("menu")}<span class="visually-hidden">${words.menu}</span>
        </button>
        <div class="side" id="side">
          <a class="shop-name" href="${base}"
            ><span class="shop-mark" aria-hidden="true">${[...shop.name][0] ?? ""}</span
            ><span>${shop.name}<small>${shopHandle(shop)}</small></span></a
          >
          <nav aria-label="${words.menu}">
            <ul>
              ${entry("orders", "orders", "/orders", "orders")}
              ${entry("customers", "customers", "/customers", "customers")}
              ${entry("products", "products", "/products", "products")}
              ${entry("online-store", "onlineStore", "/online-store", "store")}
            </ul>
            <p class="nav-heading">${words.apps}</p>
            <ul>
              <li>
                <a
                  href="${base}/apps/${APP.handle}${APP.homePath}"
                  data-app-home
                  ${options.current === "app" ? html`aria-current="page"` : ""}
                  >${icon("knot")}<span>${APP.name}</span></a
                >
                <ul class="app-nav" data-app-nav hidden></ul>
              </li>
            </ul>
            <p class="nav-heading">${words.simulator}</p>
            <ul>
              ${elsewhere("storefront", sim.addresses.storefronts[shop.domain] ?? "#", "store")}
              ${elsewhere("control", `/control?shop=${encodeURIComponent(shop.domain)}`, "control")}
              ${elsewhere("mailbox", "/mailbox", "mailbox")}
            </ul>
          </nav>
          ${switches(sim, shop, locale, words)}
        </div>
        <div class="scrim" data-scrim hidden></div>
        <div class="main">
          <header class="title-bar" data-title-bar>
            ${options.back ? html`<a class="back" href="${options.back}">${icon("back")}<span class="visually-hidden">${words.back}</span></a>` : ""}
            <h1 data-title>${options.title}</h1>
            <div class="title-actions" data-title-actions>${options.actions}</div>
            <div class="progress" data-progress hidden></div>
          </header>
          <main id="content" class="${options.bare ? "bare" : "content"}" tabindex="-1">${content}</main>
        </div>
      </div>`,
  );
}

function switches(sim: Simulator, shop: SimShop, locale: Locale, words: Record<Word, string>): Html {
  const others = Object.values(sim.state.shops);
  const languages: [Locale, string][] = [
    ["en", "English"],
    ["ja", "日本語"],
  ];
  return html`<div class="switches">
    <label
      >${words.shop}
      <select data-shop-switch>
        ${others.map((other) => html`<option value="/store/${shopHandle(other)}" ${other === shop ? html`selected` : ""}>${other.name}</option>`)}
      </select>
    </label>
    ${
      shop.staff.length > 1
        ? html`<label
            >${words.staff}
            <select data-staff-switch="${staffCookie(shop)}">
              ${shop.staff.map(
                (member) =>
                  html`<option value="${member.id}" ${member === staffFor(shop, locale) ? html`selected` : ""}>
                    ${member.name}
                  </option>`,
              )}
            </select>
          </label>`
        : ""
    }
    <div class="languages" role="group" aria-label="${words.language}">
      ${languages.map(([code, label]) => html`<a href="?locale=${code}" lang="${code}" hreflang="${code}" ${code === locale ? html`aria-current="true"` : ""} data-locale="${code}">${label}</a>`)}
    </div>
    <label
      >${words.storage}
      <select data-storage-switch>
        <option value="browser">${words.storageBrowser}</option>
        <option value="partitioned">${words.storagePartitioned}</option>
        <option value="denied">${words.storageDenied}</option>
      </select>
    </label>
  </div>`;
}

/** The bare document: also for pages outside a shop (control panel, mailbox, start page). */
export function page(
  options: { locale: Locale; title: string; script?: string; data?: Html; style?: string },
  body: Html,
): string {
  return html`<!doctype html>
    <html lang="${options.locale}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${options.title}</title>
        <link rel="icon" href="/shell/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/shell/shell.css" />
        ${options.style ? html`<link rel="stylesheet" href="${options.style}" />` : ""}
      </head>
      <body>
        ${body}
        ${
          options.data
            ? html`<script type="application/json" id="page-data">
                ${options.data}
              </script>`
            : ""
        }
        ${options.script ? html`<script src="${options.script}"></script>` : ""}
      </body>
    </html>`.text;
}

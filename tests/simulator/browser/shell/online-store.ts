// The admin's stand-in for the theme editor: which block stands in which template.
import type { Simulator } from "../../simulator";
import type { SimShop } from "../../state";
import { shopHandle } from "../app-identity";
import { html } from "../html";
import type { Html } from "../html";
import { editorLabel, readBlocks } from "../liquid/extension";
import { EMBEDS, TEMPLATES, mayStandIn } from "../liquid/placement";
import { adminPage } from "./layout";
import { wordsIn } from "./words";
import type { Locale } from "./words";

const NAMES: Record<string, { en: string; ja: string; path: string }> = {
  index: { en: "Home page", ja: "ホームページ", path: "/" },
  collection: { en: "Collections", ja: "コレクション", path: "/collections/all" },
  product: { en: "Products", ja: "商品", path: "/collections/all" },
  "product.below": { en: "Products, below", ja: "商品（下部）", path: "/collections/all" },
  cart: { en: "Cart", ja: "カート", path: "/cart" },
  search: { en: "Search", ja: "検索", path: "/search" },
  "page.points": { en: "Points page", ja: "ポイントページ", path: "/pages/points" },
  "page.reviews": { en: "Reviews page", ja: "レビューページ", path: "/pages/reviews" },
  [EMBEDS]: { en: "App embeds (every page)", ja: "アプリ埋め込み（全ページ）", path: "/" },
};

/** Switches for every block in every template it may stand in. */
export function onlineStorePage(sim: Simulator, shop: SimShop, locale: Locale): string {
  const words = wordsIn(locale);
  const blocks = readBlocks(sim.extensionDir);
  const storefront = sim.addresses.storefronts[shop.domain] ?? "";
  const group = (template: string): Html => {
    const offered = blocks.filter((block) => mayStandIn(block, template));
    const name = NAMES[template];
    if (offered.length === 0) return html``;
    return html`<fieldset>
      <legend>${name?.[locale] ?? template} <a href="${storefront}${name?.path}">${words.viewStore}</a></legend>
      ${offered.map((block) => {
        const placed = shop.placedBlocks[template]?.includes(block.handle);
        return html`<label
          ><input
            type="checkbox"
            name="${template}"
            value="${block.handle}"
            ${placed ? html`checked` : ""}
          />${editorLabel(sim.extensionDir, block.schema.name, locale)}</label
        >`;
      })}
    </fieldset>`;
  };
  return adminPage(
    sim,
    shop,
    locale,
    {
      title: words.onlineStore,
      current: "online-store",
      script: "/shell/admin.js",
      actions: html`<a class="button" href="${storefront}">${words.viewStore}</a>`,
    },
    html`<p class="lead">${words.onlineStoreLead}</p>
      <form class="card placing" method="post" action="/shell/${shopHandle(shop)}/blocks">
        ${blocks.length === 0 ? html`<p class="empty">${words.noBlocks}</p>` : [...TEMPLATES, EMBEDS].map(group)}
        ${blocks.length === 0 ? "" : html`<button class="button primary">${words.save}</button>`}
      </form>`,
  );
}

/** Takes the form above. */
export function placeBlocks(sim: Simulator, shop: SimShop, form: URLSearchParams): void {
  const known = new Set(readBlocks(sim.extensionDir).map(({ handle }) => handle));
  for (const template of [...TEMPLATES, EMBEDS]) {
    const wanted = form.getAll(template).filter((handle) => known.has(handle));
    const kept = (shop.placedBlocks[template] ?? []).filter((handle) => wanted.includes(handle));
    shop.placedBlocks[template] = [...kept, ...wanted.filter((handle) => !kept.includes(handle))];
  }
  sim.changed();
}

// The pages of the theme.
import type { SimProduct } from "../../state";
import { allCollection, collectionObject, orderObject, productObject } from "../liquid/objects";
import type { View } from "../liquid/objects";
import type { ThemeRenderer } from "../liquid/render";
import { findVariant, priceOf } from "./cart";
import { cartObject } from "../liquid/cart-object";
import { globals, redirect, viewOf, word } from "./visit";
import type { Visit } from "./visit";

type Props = Record<string, unknown>;
type Handle = (method: string, path: string, handler: (visit: Visit) => Promise<void> | void) => void;

const PER_PAGE = 24;

export interface Page {
  template: string;
  title: string;
  status?: number;
  layout?: "theme" | "checkout";
  selectedVariantId?: string;
  objects?: (view: View) => Props;
}

/** Renders one page of the theme and answers with it. */
export async function sendPage(renderer: ThemeRenderer, visit: Visit, page: Page): Promise<void> {
  const html = await renderer.page(contextFor(visit, page));
  visit.ctx.send(page.status ?? 200, html, { "cache-control": "private, no-store", "content-language": visit.locale });
}

/** What a page is rendered with. */
export function contextFor(visit: Visit, page: Page): Parameters<ThemeRenderer["page"]>[0] {
  return {
    template: page.template,
    layout: page.layout ?? "theme",
    objects(reader) {
      const view = viewOf(visit, reader, page.selectedVariantId);
      return Object.assign(globals(visit, view, page), page.objects?.(view));
    },
  };
}

/** Mounts home, collections, products, search, the points page and the order page. */
export function mountPages(on: Handle, renderer: ThemeRenderer): void {
  const send = (visit: Visit, page: Page) => sendPage(renderer, visit, page);
  on("GET", "/", (visit) => send(visit, { template: "index", title: visit.shop.name }));
  on("GET", "/collections", (visit) =>
    send(visit, {
      template: "list-collections",
      title: word(visit, "collections.title"),
      objects: (view) => ({
        all_collections: Object.values(visit.shop.collections).map((one) => collectionObject(view, one)),
      }),
    }),
  );
  on("GET", "/collections/:handle", (visit) => send(visit, collectionPage(visit)));
  on("GET", "/collections/:handle/products/:product", (visit) =>
    redirect(visit, `${visit.prefix}/products/${visit.ctx.params.product ?? ""}`, 301),
  );
  on("GET", "/products/:handle", (visit) => product(visit, send));
  on("GET", "/search", (visit) => send(visit, searchPage(visit)));
  on("GET", "/cart", (visit) => send(visit, { template: "cart", title: word(visit, "cart.title") }));
  on("GET", "/pages/points", (visit) =>
    send(visit, {
      template: "page.points",
      title: word(visit, "points.title"),
      objects: () => ({ page: { title: word(visit, "points.title"), handle: "points", content: "" } }),
    }),
  );
  on("GET", "/pages/reviews", (visit) =>
    send(visit, {
      template: "page.reviews",
      title: word(visit, "reviews.title"),
      objects: () => ({ page: { title: word(visit, "reviews.title"), handle: "reviews", content: "" } }),
    }),
  );
  on("GET", "/orders/:token", (visit) => send(visit, orderStatusPage(visit)));
  // The long form of the same address, as payloads carry it.
  on("GET", `/:shop/orders/:token/authenticate`, (visit) =>
    redirect(visit, `${visit.prefix}/orders/${visit.ctx.params.token ?? ""}`),
  );
  on("GET", `/:shop/orders/:token`, (visit) =>
    redirect(visit, `${visit.prefix}/orders/${visit.ctx.params.token ?? ""}`),
  );
}

/** The page for addresses that lead nowhere. */
export function notFoundPage(visit: Visit): Page {
  return { template: "404", title: word(visit, "not_found.title"), status: 404 };
}

function collectionPage(visit: Visit): Page {
  const handle = visit.ctx.params.handle ?? "";
  const record = Object.values(visit.shop.collections).find((one) => one.handle === handle);
  if (!record && handle !== "all") return notFoundPage(visit);
  const title = record?.title[visit.locale] ?? word(visit, "collections.all");
  return {
    template: "collection",
    title,
    objects(view) {
      const collection = record ? collectionObject(view, record) : allCollection(view, title);
      return { collection, paging: paging(visit, collection.products as Props[]) };
    },
  };
}

function paging(visit: Visit, items: Props[]): Props {
  const pages = Math.max(1, Math.ceil(items.length / PER_PAGE));
  const at = Math.min(pages, Math.max(1, Number(visit.ctx.url.searchParams.get("page")) || 1));
  const link = (page: number) => {
    const params = new URLSearchParams(visit.ctx.url.searchParams);
    params.set("page", String(page));
    return `?${params.toString()}`;
  };
  return {
    items: items.slice((at - 1) * PER_PAGE, at * PER_PAGE),
    current: at,
    pages,
    previous_url: at > 1 ? link(at - 1) : null,
    next_url: at < pages ? link(at + 1) : null,
  };
}

async function product(visit: Visit, send: (visit: Visit, page: Page) => Promise<void>): Promise<void> {
  const asked = visit.ctx.params.handle ?? "";
  const handle = asked.replace(/\.(js|json)$/, "");
  const record = Object.values(visit.shop.products).find((one) => one.handle === handle);
  if (!record) return send(visit, notFoundPage(visit));
  const wanted = visit.ctx.url.searchParams.get("variant") ?? "";
  const selectedVariantId = findVariant(visit.shop, wanted)?.product === record ? wanted : undefined;
  if (asked !== handle) {
    visit.ctx.send(200, productJson(viewOf(visit), record));
    return;
  }
  return send(visit, {
    template: "product",
    title: record.title[visit.locale],
    selectedVariantId,
    objects: (view) => ({ product: productObject(view, record), related: related(view, record) }),
  });
}

function productJson(view: View, record: SimProduct): Props {
  const object = productObject(view, record);
  return { ...object, variants: (object.variants as Props[]).map((variant) => ({ ...variant })) };
}

function related(view: View, record: SimProduct): Props[] {
  const home = Object.values(view.shop.collections).find(({ productIds }) => productIds.includes(record.id));
  const ids = (home?.productIds ?? Object.keys(view.shop.products)).filter((id) => id !== record.id).slice(0, 4);
  return ids.flatMap((id) => {
    const other = view.shop.products[id];
    return other ? [productObject({ ...view, selectedVariantId: undefined }, other)] : [];
  });
}

function searchPage(visit: Visit): Page {
  const terms = (visit.ctx.url.searchParams.get("q") ?? "").trim();
  const words = terms.toLowerCase().split(/\s+/).filter(Boolean);
  const text = (one: SimProduct) =>
    [one.title.en, one.title.ja, one.description.en, one.description.ja, one.vendor, one.productType, ...one.tags]
      .join(" ")
      .toLowerCase();
  const found =
    words.length === 0
      ? []
      : Object.values(visit.shop.products).filter((one) => words.every((part) => text(one).includes(part)));
  return {
    template: "search",
    title: word(visit, "search.title"),
    objects(view) {
      const results = found.map((one) => ({ ...productObject(view, one), object_type: "product" }));
      return {
        search: { terms, performed: terms !== "", results, results_count: results.length },
        paging: paging(visit, results),
      };
    },
  };
}

function orderStatusPage(visit: Visit): Page {
  const order = Object.values(visit.shop.orders).find(
    ({ token, deletedAt }) => token === visit.ctx.params.token && !deletedAt,
  );
  if (!order) return notFoundPage(visit);
  return {
    template: "order",
    layout: "checkout",
    title: order.name,
    objects: (view) => ({ order: orderObject(view, order), just_placed: visit.ctx.url.searchParams.has("thanks") }),
  };
}

/** Objects of the checkout: the cart priced with shipping and tax. */
export function checkoutObjects(visit: Visit, view: View): Props {
  const priced = priceOf(visit.sim, visit.shop, visit.cart, visit.customer?.id ?? null, true);
  const cart = cartObject(view, visit.shop, visit.cart, priced);
  return { cart, priced };
}

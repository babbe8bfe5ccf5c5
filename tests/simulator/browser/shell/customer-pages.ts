// Customers and products of a shop: plain lists, and a customer's page.
import { totals } from "../../order-math";
import type { Simulator } from "../../simulator";
import type { SimCustomer, SimShop } from "../../state";
import { shopHandle } from "../app-identity";
import { html } from "../html";
import { money, personName } from "./figures";
import { adminPage } from "./layout";
import { pager, searchBox } from "./lists";
import { orderTable } from "./order-pages";
import { wordsIn } from "./words";
import type { Locale } from "./words";

const PER_PAGE = 50;

/** By name, searchable by name, e-mail and tag. */
export function customerListPage(sim: Simulator, shop: SimShop, locale: Locale, url: URL): string {
  const words = wordsIn(locale);
  const query = (url.searchParams.get("q") ?? "").trim().toLowerCase();
  const orderCounts = new Map<string, number>();
  for (const order of Object.values(shop.orders)) {
    if (order.customerId) orderCounts.set(order.customerId, (orderCounts.get(order.customerId) ?? 0) + 1);
  }
  const customers = Object.values(shop.customers)
    .filter((c) =>
      `${c.firstName} ${c.lastName} ${c.lastName}${c.firstName} ${c.email} ${c.tags.join(" ")}`
        .toLowerCase()
        .includes(query),
    )
    .sort((a, b) => personName(a, locale).localeCompare(personName(b, locale), locale));
  const at = Math.max(1, Number(url.searchParams.get("page")) || 1);
  const rows = customers.slice((at - 1) * PER_PAGE, at * PER_PAGE).map(
    (customer) =>
      html`<tr>
        <td><a href="/store/${shopHandle(shop)}/customers/${customer.id}">${personName(customer, locale)}</a></td>
        <td>${customer.email}</td>
        <td>${customer.tags.map((tag) => html`<span class="badge">${tag}</span> `)}</td>
        <td class="number">${orderCounts.get(customer.id) ?? 0}</td>
      </tr>`,
  );
  return adminPage(
    sim,
    shop,
    locale,
    { title: words.customers, current: "customers", script: "/shell/admin.js" },
    html`${searchBox(words, query)}
      <div class="card flush">
        <table>
          <thead>
            <tr>
              <th scope="col">${words.name}</th>
              <th scope="col">${words.email}</th>
              <th scope="col">${words.tags}</th>
              <th scope="col" class="number">${words.orders}</th>
            </tr>
          </thead>
          <tbody>
            ${rows}
          </tbody>
        </table>
      </div>
      ${pager(words, url, at, Math.ceil(customers.length / PER_PAGE))}`,
  );
}

/** One customer and their orders. */
export function customerPage(sim: Simulator, shop: SimShop, locale: Locale, customer: SimCustomer): string {
  const words = wordsIn(locale);
  const orders = Object.values(shop.orders)
    .filter(({ customerId }) => customerId === customer.id)
    .sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
  const spent = orders.reduce((sum, order) => sum + totals(order).currentTotalMinor, 0);
  return adminPage(
    sim,
    shop,
    locale,
    {
      title: personName(customer, locale),
      current: "customers",
      back: `/store/${shopHandle(shop)}/customers`,
      script: "/shell/admin.js",
    },
    html`<div class="two">
      <div class="card flush">${orderTable(shop, orders, locale)}</div>
      <section class="card">
        <h2>${words.customer}</h2>
        <dl class="facts">
          <dt>${words.email}</dt>
          <dd>${customer.email}</dd>
          <dt>${words.tags}</dt>
          <dd>${customer.tags.join(", ") || "–"}</dd>
          <dt>${words.orders}</dt>
          <dd>${orders.length}</dd>
          <dt>${words.spent}</dt>
          <dd>${money(spent, shop.currency, locale)}</dd>
        </dl>
      </section>
    </div>`,
  );
}

/** The catalogue with pictures. */
export function productListPage(sim: Simulator, shop: SimShop, locale: Locale): string {
  const words = wordsIn(locale);
  const storefront = sim.addresses.storefronts[shop.domain] ?? "";
  const inCollections = (id: string) =>
    Object.values(shop.collections)
      .filter(({ productIds }) => productIds.includes(id))
      .map(({ title }) => title[locale])
      .join(", ");
  const rows = Object.values(shop.products).map((product) => {
    const prices = product.variants.map(({ priceMinor }) => priceMinor);
    const low = Math.min(...prices);
    const high = Math.max(...prices);
    const range =
      low === high
        ? money(low, shop.currency, locale)
        : `${money(low, shop.currency, locale)} – ${money(high, shop.currency, locale)}`;
    return html`<tr>
      <td><a href="${storefront}/products/${product.handle}">${product.title[locale]}</a></td>
      <td>${inCollections(product.id)}</td>
      <td>${product.tags.map((tag) => html`<span class="badge">${tag}</span> `)}</td>
      <td class="number">${range}</td>
    </tr>`;
  });
  return adminPage(
    sim,
    shop,
    locale,
    { title: words.products, current: "products", script: "/shell/admin.js" },
    html`<div class="card flush">
      <table>
        <thead>
          <tr>
            <th scope="col">${words.name}</th>
            <th scope="col">${words.collection}</th>
            <th scope="col">${words.tags}</th>
            <th scope="col" class="number">${words.price}</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>`,
  );
}

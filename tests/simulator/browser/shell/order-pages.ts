// Orders of a shop: the list, and the page the app's links to an order lead to.
import { lineFigures, totals } from "../../order-math";
import type { Simulator } from "../../simulator";
import type { SimOrder, SimShop } from "../../state";
import { shopHandle } from "../app-identity";
import { html } from "../html";
import type { Html } from "../html";
import { instant, money, orderBadges, personName } from "./figures";
import { adminPage } from "./layout";
import { pager, searchBox } from "./lists";
import { wordsIn } from "./words";
import type { Locale } from "./words";

const PER_PAGE = 50;

function who(shop: SimShop, order: SimOrder, locale: Locale): string {
  const customer = order.customerId ? shop.customers[order.customerId] : undefined;
  return customer ? personName(customer, locale) : (order.email ?? wordsIn(locale).guest);
}

/** Newest first, searchable by number, name and e-mail. */
export function orderListPage(sim: Simulator, shop: SimShop, locale: Locale, url: URL): string {
  const words = wordsIn(locale);
  const query = (url.searchParams.get("q") ?? "").trim().toLowerCase();
  const fits = (order: SimOrder) =>
    `${order.name} ${order.email ?? ""} ${who(shop, order, locale)}`.toLowerCase().includes(query);
  const orders = Object.values(shop.orders)
    .filter(fits)
    .sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
  const at = Math.max(1, Number(url.searchParams.get("page")) || 1);
  const shown = orders.slice((at - 1) * PER_PAGE, at * PER_PAGE);
  return adminPage(
    sim,
    shop,
    locale,
    { title: words.orders, current: "orders", script: "/shell/admin.js" },
    html`${searchBox(words, query)}
      <div class="card flush">${orderTable(shop, shown, locale)}</div>
      ${pager(words, url, at, Math.ceil(orders.length / PER_PAGE))}`,
  );
}

/** Orders as a table. */
export function orderTable(shop: SimShop, orders: SimOrder[], locale: Locale): Html {
  const words = wordsIn(locale);
  if (orders.length === 0) return html`<p class="empty">${words.noOrders}</p>`;
  return html`<table>
    <thead>
      <tr>
        <th scope="col">${words.order}</th>
        <th scope="col">${words.date}</th>
        <th scope="col">${words.customer}</th>
        <th scope="col" class="number">${words.total}</th>
        <th scope="col">${words.payment}</th>
        <th scope="col">${words.fulfillment}</th>
      </tr>
    </thead>
    <tbody>
      ${orders.map((order) => {
        const badges = orderBadges(order, locale);
        return html`<tr>
          <td><a href="/store/${shopHandle(shop)}/orders/${order.id}">${order.name}</a> ${badges.gone}</td>
          <td>${instant(order.createdAt, shop, locale)}</td>
          <td>${who(shop, order, locale)}</td>
          <td class="number">${money(totals(order).currentTotalMinor, order.currency, locale)}</td>
          <td>${badges.payment}</td>
          <td>${badges.fulfillment}</td>
        </tr>`;
      })}
    </tbody>
  </table>`;
}

/** One order with its lines, sums and history. */
export function orderPage(sim: Simulator, shop: SimShop, locale: Locale, order: SimOrder): string {
  const words = wordsIn(locale);
  const base = `/store/${shopHandle(shop)}`;
  const badges = orderBadges(order, locale);
  const customer = order.customerId ? shop.customers[order.customerId] : undefined;
  const control = `/control?shop=${encodeURIComponent(shop.domain)}&order=${order.id}`;
  return adminPage(
    sim,
    shop,
    locale,
    {
      title: `${order.name} · ${instant(order.createdAt, shop, locale)}`,
      current: "orders",
      back: `${base}/orders`,
      script: "/shell/admin.js",
    },
    html`<p>${badges.payment} ${badges.fulfillment} ${badges.gone} <a href="${control}">${words.actInControl}</a></p>
      <div class="two">
        <div>
          <section class="card" aria-label="${words.items}">
            <h2>${words.items}</h2>
            ${order.lines.map((line) => lineRow(shop, order, line, locale))}
          </section>
          <section class="card">
            <h2>${words.timeline}</h2>
            ${timeline(shop, order, locale)}
          </section>
        </div>
        <div>
          <section class="card">
            <h2>${words.customer}</h2>
            <p>
              ${customer ? html`<a href="${base}/customers/${customer.id}">${personName(customer, locale)}</a><br />${customer.email}` : (order.email ?? words.guest)}
            </p>
            <p>${words.channel}: ${order.sourceName}</p>
          </section>
          <section class="card">
            <h2>${words.total}</h2>
            ${sums(order, locale)}
          </section>
        </div>
      </div>`,
  );
}

function lineRow(shop: SimShop, order: SimOrder, line: SimOrder["lines"][number], locale: Locale): Html {
  const figures = lineFigures(order, line);
  const product = line.productId ? shop.products[line.productId] : undefined;
  const removed = line.quantity - figures.currentQuantity;
  return html`<div class="line-item">
    ${product ? html`<img src="${product.image}" alt="" width="48" height="48" />` : ""}
    <div>${product?.title[locale] ?? line.title}<small>${line.variantTitle} ${line.sku}</small></div>
    <div>
      ${money(line.unitPriceMinor, order.currency, locale)} ×
      ${figures.currentQuantity}${removed > 0 ? html`<small>−${removed}</small>` : ""}
    </div>
    <div>${money(figures.currentNetMinor, order.currency, locale)}</div>
  </div>`;
}

function sums(order: SimOrder, locale: Locale): Html {
  const words = wordsIn(locale);
  const t = totals(order);
  const show = (minor: number) => money(minor, order.currency, locale);
  return html`<dl class="facts">
    <dt>${words.subtotal}</dt>
    <dd>${show(t.subtotalMinor)}</dd>
    ${
      t.discountsMinor > 0
        ? html`<dt>${words.discounts} ${order.discountCodes.map(({ code }) => code).join(", ")}</dt>
            <dd>−${show(t.discountsMinor)}</dd>`
        : ""
    }
    <dt>${words.shipping}</dt>
    <dd>${show(t.totalShippingMinor)}</dd>
    <dt>${order.taxesIncluded ? words.taxIncluded : words.tax}</dt>
    <dd>${show(t.totalTaxMinor)}</dd>
    <dt class="sum">${words.total}</dt>
    <dd class="sum">${show(t.totalMinor)}</dd>
    ${
      t.totalMinor === t.currentTotalMinor
        ? ""
        : html`<dt>${words.refunded}</dt>
            <dd>−${show(t.refundedMinor)}</dd>
            <dt class="sum">${words.net}</dt>
            <dd class="sum">${show(t.currentTotalMinor)}</dd>`
    }
  </dl>`;
}

function timeline(shop: SimShop, order: SimOrder, locale: Locale): Html {
  const ja = locale === "ja";
  const events: { at: string; text: string }[] = [
    { at: order.createdAt, text: ja ? "注文が作成されました" : "Order placed" },
  ];
  for (const payment of order.payments) {
    events.push({
      at: payment.at,
      text: `${payment.kind} · ${money(payment.amountMinor, order.currency, locale)} · ${payment.gateway} · ${payment.status}`,
    });
  }
  for (const fulfillment of order.fulfillments) {
    events.push({ at: fulfillment.createdAt, text: ja ? "発送されました" : "Fulfilled" });
    for (const event of fulfillment.events) events.push({ at: event.at, text: event.status.replaceAll("_", " ") });
  }
  for (const refund of order.refunds)
    events.push({ at: refund.createdAt, text: `${ja ? "返金" : "Refund"} ${refund.note}` });
  if (order.cancelledAt)
    events.push({
      at: order.cancelledAt,
      text: ja ? "キャンセルされました" : `Cancelled: ${order.cancelReason ?? ""}`,
    });
  events.sort((a, b) => (a.at < b.at ? 1 : -1));
  return html`<ol class="timeline" reversed>
    ${events.map(({ at, text }) => html`<li>${text}<time datetime="${at}">${instant(at, shop, locale)}</time></li>`)}
  </ol>`;
}

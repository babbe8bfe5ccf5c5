// What the tests do to the simulated platform: the control API of one shop, as typed calls.
import { setTimeout as sleep } from "node:timers/promises";

import type { StackShop } from "../../demo/stack";
import { SHOP_TOPICS } from "../../../app/shopify/topics";
import { STACK } from "./running-stack";

export interface ControlOrder {
  id: string;
  name: string;
  customerId: string | null;
  email: string | null;
  createdAt: string;
  cancelledAt: string | null;
  sourceName: string;
  riskLevel: string;
  isB2b: boolean;
  test: boolean;
  lines: { id: string; quantity: number; unitPriceMinor: number; isGiftCard: boolean; removedByEdit: number }[];
  refunds: unknown[];
  discountCodes: { code: string; amountMinor: number }[];
  disputes: unknown[];
  totals: { subtotalMinor: number; totalMinor: number; financialStatus: string };
}
export interface ControlCustomer {
  id: string;
  email: string;
  firstName: string;
  lastName: string;
}
export interface ControlProduct {
  id: string;
  handle: string;
  title: { en: string; ja: string };
  variants: { id: string; title: string; priceMinor: number }[];
}
export interface ControlMail {
  id: string;
  subject: string;
  text: string | null;
  html: string | null;
  headers: Record<string, string>;
}
interface LogEntry {
  at: string;
  summary: string;
  status: number;
}

/** The shop of the running stack that sells in this currency. */
export function shopIn(currency: "JPY" | "USD"): StackShop {
  const shop = STACK.shops.find((each) => each.currency === currency);
  if (!shop) throw new Error(`the stack has no ${currency} shop`);
  return shop;
}

/** Calls the control API. @throws Error with the API's own words */
async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${STACK.shell}/control/${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

/** One shop's half of the control API. */
export class Control {
  constructor(readonly shop: StackShop) {}

  private in<T>(method: string, path: string, body?: unknown): Promise<T> {
    return call<T>(method, `shops/${this.shop.domain}/${path}`, body);
  }

  async isInstalled(): Promise<boolean> {
    const { shops } = await call<{ shops: { domain: string; installed: boolean }[] }>("GET", "shops");
    return shops.some(({ domain, installed }) => domain === this.shop.domain && installed);
  }

  /** The app hears of everything: right after an install its subscriptions are still being made. */
  async listened(): Promise<void> {
    const all = async () => (await this.in<{ subscriptions: unknown[] }>("GET", "subscriptions")).subscriptions.length;
    if ((await eventually(async () => (await all()) >= SHOP_TOPICS.length, true)) !== true)
      throw new Error("the app did not subscribe to every topic");
  }

  /** The app gone from the shop, so that the install page shows. */
  async uninstall(): Promise<void> {
    if (!(await this.isInstalled())) return;
    await this.in("POST", "app/uninstall");
    await this.settled();
  }

  /** What Shopify sends 48 hours after an uninstall, now. */
  async redactShop(): Promise<void> {
    await this.in("POST", "redact");
    await this.settled();
  }

  async createCustomer(customer: Record<string, unknown>): Promise<ControlCustomer> {
    const made = await this.in<{ customer: ControlCustomer }>("POST", "customers", { state: "enabled", ...customer });
    return made.customer;
  }

  async products(): Promise<ControlProduct[]> {
    return (await this.in<{ products: ControlProduct[] }>("GET", "products")).products;
  }

  async createOrder(order: Record<string, unknown>): Promise<ControlOrder> {
    return (await this.in<{ order: ControlOrder }>("POST", "orders", order)).order;
  }

  async orders(): Promise<ControlOrder[]> {
    return (await this.in<{ orders: ControlOrder[] }>("GET", "orders?limit=5000")).orders;
  }

  async ordersOf(email: string): Promise<ControlOrder[]> {
    const { orders } = await this.in<{ orders: ControlOrder[] }>("GET", `orders?email=${encodeURIComponent(email)}`);
    return orders;
  }

  /** Ships the whole order, and says that it arrived. */
  async deliver(orderId: string): Promise<void> {
    await this.in("POST", `orders/${orderId}/fulfil`);
    await this.in("POST", `orders/${orderId}/deliver`);
  }

  async refund(orderId: string, refund: Record<string, unknown>): Promise<ControlOrder> {
    return (await this.in<{ order: ControlOrder }>("POST", `orders/${orderId}/refunds`, refund)).order;
  }

  async edit(orderId: string, edit: Record<string, unknown>): Promise<ControlOrder> {
    return (await this.in<{ order: ControlOrder }>("POST", `orders/${orderId}/edit`, edit)).order;
  }

  /** What the storefront would show of a customer's points; null while nothing was published. */
  async publishedBalance(customerId: string): Promise<number | null> {
    const owner = encodeURIComponent(`gid://shopify/Customer/${customerId}`);
    const { metafields } = await this.in<{ metafields: { key: string; value: string }[] }>(
      "GET",
      `metafields?owner=${owner}`,
    );
    const loyalty = metafields.find(({ key }) => key === "loyalty");
    return loyalty ? (JSON.parse(loyalty.value) as { balance: number }).balance : null;
  }

  /** What the app mailed to an address, oldest first. */
  async mailTo(email: string): Promise<ControlMail[]> {
    return (await call<{ mail: ControlMail[] }>("GET", `mail?to=${encodeURIComponent(email)}`)).mail;
  }

  /** What the storefront asked the app for so far, oldest first. */
  async proxyRequests(): Promise<string[]> {
    const { entries } = await call<{ entries: LogEntry[] }>("GET", `log?direction=proxy&shop=${this.shop.domain}`);
    return entries.map(({ at, summary, status }) => `${summary} ${status} ${at}`);
  }

  /** Every webhook that is due has been answered. */
  async settled(): Promise<void> {
    const { drained } = await call<{ drained: boolean }>("GET", "webhooks/drained?timeoutMs=120000");
    if (!drained) throw new Error("webhooks are still under way after two minutes");
  }
}

/** Asks again until the answer is this, for what crosses webhook, drain and publishing on its way; gives up late. */
export async function eventually<T>(ask: () => Promise<T>, expected: T, timeoutMs = 90_000): Promise<T> {
  const until = Date.now() + timeoutMs;
  let answer = await ask();
  while (answer !== expected && Date.now() < until) {
    await sleep(200);
    answer = await ask();
  }
  return answer;
}

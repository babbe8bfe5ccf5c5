// The cart: its page's forms and the Ajax API that themes use.
import { BadRequest } from "../../router";
import { cartJson } from "../liquid/cart-object";
import { addItem, CartError, changeItem, lineKey, priceOf } from "./cart";
import type { CartItem } from "./cart";
import { readForm } from "./form";
import type { FormBody } from "./form";
import { keepCart, redirect, viewOf } from "./visit";
import type { Visit } from "./visit";

type Handle = (method: string, path: string, handler: (visit: Visit) => Promise<void> | void) => void;

/** Mounts /cart/* and /discount/*. */
export function mountCart(on: Handle): void {
  on("GET", "/cart.js", sendCart);
  on("GET", "/cart.json", sendCart);
  for (const ajax of [false, true]) {
    const tail = ajax ? ".js" : "";
    on("POST", `/cart/add${tail}`, (visit) => answer(visit, ajax, add));
    on("POST", `/cart/change${tail}`, (visit) => answer(visit, ajax, change));
    on("POST", `/cart/update${tail}`, (visit) => answer(visit, ajax, update));
    on("POST", `/cart/clear${tail}`, (visit) => answer(visit, ajax, clear));
  }
  on("POST", "/cart", (visit) => answer(visit, false, update));
  on("GET", "/discount/:code", (visit) => {
    const code = visit.ctx.params.code ?? "";
    addCode(visit, code);
    keepCart(visit);
    redirect(visit, visit.ctx.url.searchParams.get("redirect") ?? (visit.prefix || "/"));
  });
}

/** A code once, as last typed. */
export function addCode(visit: Visit, code: string): void {
  const others = visit.cart.discountCodes.filter((other) => other.toLowerCase() !== code.toLowerCase());
  visit.cart.discountCodes = code.trim() === "" ? others : [...others, code.trim()];
}

function sendCart(visit: Visit): void {
  visit.ctx.send(200, json(visit), { "cache-control": "private, no-store" });
}

function json(visit: Visit): Record<string, unknown> {
  const priced = priceOf(visit.sim, visit.shop, visit.cart, visit.customer?.id ?? null, false);
  return cartJson(viewOf(visit), visit.shop, visit.cart, priced);
}

async function answer(visit: Visit, ajax: boolean, act: (visit: Visit, form: FormBody) => unknown): Promise<void> {
  const form = await readForm(visit.ctx);
  const wantsJson = ajax || (visit.ctx.req.headers.accept ?? "").includes("application/json");
  try {
    const result = act(visit, form);
    keepCart(visit);
    if (wantsJson) visit.ctx.send(200, result ?? json(visit));
    else redirect(visit, afterwards(visit, form), 303);
  } catch (error) {
    if (!(error instanceof CartError)) throw error;
    if (!wantsJson) throw new BadRequest(error.message);
    visit.ctx.send(422, { status: 422, message: "Cart Error", description: error.message });
  }
}

function afterwards(visit: Visit, form: FormBody): string {
  if (form.text("checkout") !== undefined) return `${visit.prefix}/checkout`;
  return form.text("return_to") ?? `${visit.prefix}/cart`;
}

function add(visit: Visit, form: FormBody): unknown {
  const many = form.raw("items");
  const items = Array.isArray(many) ? many.map((item) => toItem(item as Record<string, unknown>)) : [fromForm(form)];
  const keys = items.map((item) => lineKey(addItem(visit.shop, visit.cart, item)));
  const lines = (json(visit).items as Record<string, unknown>[]).filter(({ key }) => keys.includes(String(key)));
  return Array.isArray(many) ? { items: lines } : lines[0];
}

function toItem(item: Record<string, unknown>): CartItem {
  const properties = Object.entries((item.properties ?? {}) as Record<string, unknown>).map(([name, value]) => [
    name,
    String(value),
  ]);
  return {
    variantId: String(item.id),
    quantity: Number(item.quantity ?? 1),
    properties: Object.fromEntries(properties) as Record<string, string>,
  };
}

function fromForm(form: FormBody): CartItem {
  return {
    variantId: form.text("id") ?? "",
    quantity: Number(form.text("quantity") ?? 1),
    properties: form.map("properties"),
  };
}

function change(visit: Visit, form: FormBody): void {
  const line = form.text("line");
  changeItem(
    visit.cart,
    line === undefined ? { key: form.text("id") } : { line: Number(line) },
    Number(form.text("quantity") ?? 0),
  );
}

function update(visit: Visit, form: FormBody): void {
  const { cart } = visit;
  for (const [key, quantity] of Object.entries(form.map("updates"))) changeItem(cart, { key }, Number(quantity));
  cart.note = form.text("note") ?? cart.note;
  Object.assign(cart.attributes, form.map("attributes"));
  const codes = form.text("discount");
  if (codes !== undefined)
    cart.discountCodes = codes
      .split(",")
      .map((code) => code.trim())
      .filter(Boolean);
}

function clear(visit: Visit): void {
  visit.cart.items = [];
}

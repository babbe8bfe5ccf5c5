// The storefront of one shop: a theme of our own, cart, checkout, accounts and the app proxy.
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import type { createContext } from "../../router";
import { Router } from "../../router";
import type { Simulator } from "../../simulator";
import { assetPath } from "../assets";
import { findAsset } from "../liquid/extension";
import { createRenderer } from "../liquid/render";
import { servePicture } from "../pictures";
import { mountAccounts } from "./account-routes";
import { forwardToApp } from "./app-proxy";
import { CartStore } from "./cart";
import { mountCart } from "./cart-routes";
import { mountCheckout } from "./checkout-routes";
import { readForm } from "./form";
import { mountPages, notFoundPage, sendPage } from "./pages";
import { chooseCurrency, openVisit, redirect, splitLocale } from "./visit";
import type { Visit } from "./visit";

const TYPES: Record<string, string> = {
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  json: "application/json; charset=utf-8",
  svg: "image/svg+xml",
  png: "image/png",
  jpg: "image/jpeg",
};

/** The storefront server of a shop. */
export function createStorefront(sim: Simulator, domain: string): Server {
  const carts = new CartStore();
  const shop = () => sim.shop(domain);
  const renderer = createRenderer(sim, shop);
  const router = new Router();
  const visits = new WeakMap<IncomingMessage, string>();
  const on = (method: string, path: string, handler: (visit: Visit) => Promise<void> | void) =>
    router.on(method, path, (ctx) =>
      handler(openVisit(sim, shop(), withUrl(ctx, visits), carts, visits.get(ctx.req) ?? ctx.url.pathname)),
    );
  mountFiles(router, sim);
  on("*", "/apps/kizuna", (visit) => forwardToApp(visit, renderer));
  on("*", "/apps/kizuna/*", (visit) => forwardToApp(visit, renderer));
  mountPages(on, renderer);
  mountCart(on);
  mountCheckout(on, renderer);
  mountAccounts(on, renderer);
  on("POST", "/localization", localize);
  on("*", "*", (visit) => sendPage(renderer, visit, notFoundPage(visit)));
  return createServer((req, res) => void dispatch(router, visits, shop, req, res));
}

/** Routes know no languages: the prefix is cut off before, and remembered. */
async function dispatch(
  router: Router,
  visits: WeakMap<IncomingMessage, string>,
  shop: () => Visit["shop"],
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const url = new URL(req.url ?? "/", `http://${req.headers.host ?? "localhost"}`);
  visits.set(req, url.pathname);
  req.url = splitLocale(shop(), url.pathname).path + url.search;
  try {
    await router.handle(req, res);
  } catch (error) {
    console.error("simulator:", error);
    res.destroy();
  }
}

/** The context with the address as the visitor wrote it. */
function withUrl(ctx: ReturnType<typeof createContext>, visits: WeakMap<IncomingMessage, string>): typeof ctx {
  ctx.url.pathname = visits.get(ctx.req) ?? ctx.url.pathname;
  return ctx;
}

async function localize(visit: Visit): Promise<void> {
  const form = await readForm(visit.ctx);
  chooseCurrency(visit, form.text("currency_code") ?? "");
  redirect(visit, form.text("return_to") ?? (visit.prefix || "/"), 303);
}

function mountFiles(router: Router, sim: Simulator): void {
  router.on("GET", "/images/*", (ctx) => servePicture(sim, ctx));
  router.on("GET", "/favicon.ico", (ctx) => ctx.send(204));
  router.on("GET", "/robots.txt", (ctx) =>
    ctx.send(200, "User-agent: *\nDisallow: /checkout\nDisallow: /cart\n", {
      "content-type": "text/plain; charset=utf-8",
    }),
  );
  const serve = (prefix: string, find: (name: string) => string | null) =>
    router.on("GET", `${prefix}/:name`, async (ctx) => {
      const name = basename(ctx.params.name ?? "");
      const path = find(name);
      const content = path ? await readFile(path).catch(() => null) : null;
      if (!content) {
        ctx.send(404, "");
        return;
      }
      const type = TYPES[name.split(".").at(-1) ?? ""] ?? "application/octet-stream";
      ctx.send(200, content, { "content-type": type, "cache-control": "public, max-age=31536000, immutable" });
    });
  serve("/cdn/theme", (name) => assetPath(`theme/assets/${name}`));
  serve("/cdn/extension", (name) => findAsset(sim.extensionDir, name));
}

// The control panel: every event one click, every fault a switch, the request log searchable. The page
// is drawn in the browser over the HTTP control API, so that whatever it does, a script can do too.
import type { Router } from "../../router";
import type { Simulator } from "../../simulator";
import { shopHandle } from "../app-identity";
import type { PanelData } from "../client/control/api";
import { html, jsonForScript } from "../html";
import { page } from "../shell/layout";

/** Mounts GET /control. */
export function mountControlPanel(router: Router, sim: Simulator): void {
  router.on("GET", "/control", (ctx) => {
    const shops = Object.values(sim.state.shops).map((shop) => ({
      domain: shop.domain,
      name: shop.name,
      currency: shop.currency,
      locale: shop.locale,
      handle: shopHandle(shop),
      storefront: sim.addresses.storefronts[shop.domain] ?? "",
    }));
    const asked = shops.find(({ domain }) => domain === ctx.url.searchParams.get("shop"));
    const data: PanelData = {
      shops,
      shop: (asked ?? shops[0])?.domain ?? "",
      order: ctx.url.searchParams.get("order"),
    };
    const body = html`<a class="skip" href="#panel">Skip to content</a>
      <header class="control-head">
        <a class="brand" href="/">Simulator</a>
        <label class="inline"
          ><span class="visually-hidden">Shop</span
          ><select data-shops>
            ${shops.map(({ domain, name }) => html`<option value="${domain}">${name}</option>`)}
          </select></label
        >
        <nav aria-label="Shop">
          <a data-admin href="/">Admin</a> <a data-storefront href="/">Storefront</a> <a href="/mailbox">Mailbox</a>
        </nav>
        <div class="clock" data-clock role="group" aria-label="Virtual clock"><strong data-now></strong></div>
      </header>
      <main class="control">
        <h1 class="visually-hidden">Control panel</h1>
        <div class="tabs" role="tablist" aria-label="Control panel" data-tabs></div>
        <div id="panel" role="tabpanel" tabindex="-1" data-panel></div>
      </main>
      <div class="toasts" data-toasts role="status" aria-live="polite"></div>`;
    const files = { script: "/shell/control.js", style: "/shell/control.css" };
    ctx.send(200, page({ locale: "en", title: "Control panel", data: jsonForScript(data), ...files }, body));
  });
}

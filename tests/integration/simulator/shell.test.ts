// The admin shell and the App Bridge stand-in in a real browser, around a tiny embedded app: with the
// frame's storage denied (Playwright's default) and partitioned (as browsers do).
import type { IncomingMessage, ServerResponse } from "node:http";
import { createHmac } from "node:crypto";
import { decodeJwt, jwtVerify } from "jose";
import { createOrder } from "../../simulator/order-engine";
import type { Browser, BrowserContext, FrameLocator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { violationsOn } from "../../setup/axe";
import { launchBrowser, openContext } from "../../setup/chromium";
import { startPages, TOKYO, type Pages } from "./pages";

const API_SECRET = "test-api-secret-0123456789";

let pages: Pages;
/** Requests of the app to its own server, as "path → bearer's audience". */
let calls: { path: string; shop: string | null }[] = [];
let refuseNext = false;
/** The address of an order in the admin. */
let orderPath = "";

function bearer(req: IncomingMessage): string | null {
  const token = /^Bearer (.+)$/.exec(req.headers.authorization ?? "")?.[1];
  return token ? String(decodeJwt(token).dest) : null;
}

const SCRIPT = `
  const log = (text) => { document.querySelector("#log").textContent += text + ";"; };
  addEventListener("shopify:navigate", async (event) => {
    const href = event.target.getAttribute("href");
    history.pushState({}, "", href);
    document.querySelector("h1").textContent = href;
    document.querySelector("ui-title-bar").setAttribute("title", "Page " + href);
    log("navigate " + href);
  });
  let storage = "allowed";
  try { sessionStorage.setItem("a", "b"); } catch { storage = "denied"; }
  log("storage " + storage);
  document.querySelector("#fetch").onclick = async () => log("fetch " + (await (await fetch("/app/data")).text()));
  document.querySelector("#toast").onclick = () => shopify.toast.show("Saved it", { action: "Undo", onAction: () => log("undone") });
  document.querySelector("#dirty").oninput = () => shopify.saveBar.show("bar");
  document.querySelector("#save").onclick = () => { log("saved"); shopify.saveBar.hide("bar"); };
  document.querySelector("#discard").onclick = () => { log("discarded"); shopify.saveBar.hide("bar"); };
  document.querySelector("#primary").onclick = () => log("primary pressed");
  document.querySelector("#confirm").onclick = () => { log("confirmed"); shopify.modal.hide("modal"); };
  document.querySelector("#open-modal").onclick = () => shopify.modal.show("modal");
  document.querySelector("#pick").onclick = async () => log("picked " + ((await shopify.resourcePicker({ type: "product", multiple: true })) ?? []).map((one) => one.handle).join());
  document.querySelector("#user").onclick = async () => log("user " + (await shopify.user()).name);
  document.querySelector("#leave").onclick = () => { location.href = "/app/again"; };
`;

function appPage(bridge: string, path: string): string {
  return `<!doctype html><html lang="en"><head><title>Fake app</title><meta name="shopify-api-key" content="test-api-key-0001">
    <script src="${bridge}" data-api-key="test-api-key-0001"></script></head><body><main><h1>${path}</h1>
    <ui-nav-menu><a href="/app" rel="home">Home</a><a href="/app/members">Members</a><a href="/app/rules">Rules</a></ui-nav-menu>
    <ui-title-bar title="Hello"><button id="primary" variant="primary">Create</button></ui-title-bar>
    <ui-save-bar id="bar" discardConfirmation><button id="save" variant="primary"></button><button id="discard"></button></ui-save-bar>
    <ui-modal id="modal"><p>Modal text</p><ui-title-bar title="Really?"><button variant="primary" id="confirm">Yes</button></ui-title-bar></ui-modal>
    <label>Text <input id="dirty"></label>
    ${["fetch", "toast", "open-modal", "pick", "user", "leave"].map((id) => `<button id="${id}">${id}</button>`).join("")}
    <a id="order" href="shopify:admin/${orderPath}" target="_top">Order</a>
    <p id="log"></p></main><script>${SCRIPT}</script></body></html>`;
}

/** Behaves like the Shopify library's embedded pages: no id token leads to the bounce page. */
function app(req: IncomingMessage, res: ServerResponse): void {
  const url = new URL(req.url ?? "/", "http://app");
  const bridge = `${pages.sim.addresses.shell}/app-bridge.js`;
  const html = (body: string) => {
    res.writeHead(200, {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": `frame-ancestors https://${TOKYO} https://admin.shopify.com;`,
    });
    res.end(body);
  };
  if (url.pathname === "/auth/session-token") {
    html(`<!doctype html><title>Bounce</title><script data-api-key="test-api-key-0001" src="${bridge}"></script>`);
    return;
  }
  if (url.pathname === "/app/data") {
    calls.push({ path: url.pathname, shop: bearer(req) });
    if (refuseNext) {
      refuseNext = false;
      res.writeHead(401, { "X-Shopify-Retry-Invalid-Session-Request": "1" });
      res.end();
      return;
    }
    res.end("for " + String(bearer(req)));
    return;
  }
  calls.push({ path: url.pathname, shop: url.searchParams.get("id_token") && url.searchParams.get("shop") });
  if (!url.searchParams.get("id_token")) {
    url.searchParams.set("shop", TOKYO);
    const reload = `${pages.sim.addresses.tunnel}${url.pathname}${url.search}`;
    res.writeHead(302, { location: `/auth/session-token?shop=${TOKYO}&shopify-reload=${encodeURIComponent(reload)}` });
    res.end();
    return;
  }
  html(appPage(bridge, url.pathname));
}

beforeAll(async () => {
  pages = await startPages(app, "");
  const [product] = Object.values(pages.tokyo.products);
  const lines = [{ variantId: product?.variants[0]?.id, quantity: 2 }];
  const made = createOrder(pages.sim, TOKYO, { lines, email: "guest@example.com" });
  orderPath = `orders/${made.id}`;
});
afterAll(() => pages.stop());

describe.each([
  { storage: "denied", partitioned: false },
  { storage: "allowed", partitioned: true },
])("the embedded app with third-party storage $storage", ({ storage, partitioned }) => {
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let frame: FrameLocator;
  const errors: string[] = [];
  const logged = (text: string) => frame.locator("#log", { hasText: text }).waitFor();

  beforeAll(async () => {
    browser = await launchBrowser({ partitioned });
    context = await openContext(browser);
    page = await context.newPage();
    page.on("pageerror", (error) => errors.push(error.message));
    await page.goto(`${pages.sim.addresses.shell}/store/kinari-tokyo?locale=en`);
    frame = page.frameLocator("iframe[data-app]");
    await frame.locator("#log").waitFor();
  });
  afterAll(async () => {
    expect(errors).toEqual([]);
    await browser.close();
  });

  it("loads through the tunnel into the shell, with its storage as the browser has it", async () => {
    await logged(`storage ${storage}`);
    expect(await frame.locator("h1").textContent()).toBe("/app");
  });

  it("draws the menu and the title bar, and their buttons press the app's", async () => {
    await page.getByRole("link", { name: "Members" }).waitFor();
    expect(await page.locator("[data-title]").textContent()).toBe("Hello");
    await page.getByRole("button", { name: "Create" }).click();
    await logged("primary pressed");
  });

  it("navigates the app from the menu and keeps the address in step", async () => {
    await page.getByRole("link", { name: "Members" }).click();
    await logged("navigate /app/members");
    await page.waitForURL("**/store/kinari-tokyo/apps/kizuna/app/members");
    expect(await page.locator("[data-title]").textContent()).toBe("Page /app/members");
    expect(await page.getByRole("link", { name: "Members" }).getAttribute("aria-current")).toBe("page");
  });

  it("sends a signed id token with the app's own requests and once more after a 401", async () => {
    calls = [];
    refuseNext = true;
    await frame.locator("#fetch").click();
    await logged(`fetch for https://${TOKYO}`);
    expect(calls).toEqual([
      { path: "/app/data", shop: `https://${TOKYO}` },
      { path: "/app/data", shop: `https://${TOKYO}` },
    ]);
  });

  it("shows a toast whose action reaches the app", async () => {
    await frame.locator("#toast").click();
    await page.getByText("Saved it").waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await logged("undone");
  });

  it("shows the save bar, guards navigation, saves and discards", async () => {
    await frame.locator("#dirty").fill("x");
    await page.getByRole("region", { name: "Unsaved changes" }).waitFor();
    await page.getByRole("link", { name: "Rules" }).click();
    await page.getByRole("button", { name: "Stay" }).click();
    expect(page.url()).toContain("/app/members");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await logged("saved");
    await page.getByRole("region", { name: "Unsaved changes" }).waitFor({ state: "detached" });
    await frame.locator("#dirty").fill("y");
    await page.getByRole("button", { name: "Discard" }).click();
    await page.locator("dialog").getByRole("button", { name: "Discard" }).click();
    await logged("discarded");
  });

  it("opens a modal over the app, dims the shell, and its button is the app's", async () => {
    await frame.locator("#open-modal").click();
    await frame.getByRole("dialog", { name: "Really?" }).waitFor();
    await frame.getByText("Modal text").waitFor();
    expect(await page.locator("html.overlay-on").count()).toBe(1);
    await frame.getByRole("dialog").getByRole("button", { name: "Yes" }).click();
    await logged("confirmed");
    expect(await page.locator("html.overlay-on").count()).toBe(0);
  });

  it("picks products of the shop, and says who is signed in", async () => {
    await frame.locator("#pick").click();
    await page.getByRole("searchbox").fill("Yuzu Rice");
    await page.getByRole("checkbox").first().check();
    await page.getByRole("button", { name: "Add" }).click();
    await logged("picked yuzu-rice-bran-soap");
    await frame.locator("#user").click();
    await logged("user Alex Carter");
  });

  it("comes back through the bounce page after a load without a token", async () => {
    calls = [];
    await frame.locator("#leave").click();
    await frame.locator("h1", { hasText: "/app/again" }).waitFor();
    expect(calls.map(({ path, shop }) => [path, shop])).toEqual([
      ["/app/again", null],
      ["/app/again", TOKYO],
    ]);
    await page.waitForURL("**/apps/kizuna/app/again");
  });

  it("opens the app at the address of a page, and a link to an order in the admin", async () => {
    await page.goto(`${pages.sim.addresses.shell}/store/kinari-tokyo/apps/kizuna/app/members`);
    await frame.locator("h1", { hasText: "/app/members" }).waitFor();
    await frame.locator("#order").click();
    await page.waitForURL(`**/store/kinari-tokyo/${orderPath}`);
    await page.getByText("guest@example.com").waitFor();
  });
});

describe("the storage switches", () => {
  it("deny the frame its storage, or give it an empty one of its own, in a browser that would allow it", async () => {
    const browser = await launchBrowser({ partitioned: true });
    try {
      const page = await (await openContext(browser)).newPage();
      const seen: Record<string, string | null> = {};
      const open = async (name: string, query: string) => {
        await page.goto(`${pages.sim.addresses.shell}/store/kinari-tokyo?locale=en${query}`);
        const log = page.frameLocator("iframe[data-app]").locator("#log", { hasText: "storage" });
        await log.waitFor();
        seen[name] = await log.textContent();
      };
      await open("browser", "");
      await open("denied", "&storage=denied");
      await open("partitioned", "&storage=partitioned");
      expect(await page.locator("iframe[credentialless]").count()).toBe(1);
      pages.sim.faults.storagePartitioning = false;
      await open("fault", "");
      expect(seen).toEqual({
        browser: "storage allowed;",
        denied: "storage denied;",
        partitioned: "storage allowed;",
        fault: "storage denied;",
      });
    } finally {
      pages.sim.faults.storagePartitioning = true;
      await browser.close();
    }
  });
});

describe("the control panel", () => {
  it(
    "makes events with one click, switches faults and moves the clock, without accessibility violations",
    { timeout: 180_000 },
    async () => {
      const browser = await launchBrowser();
      try {
        const page = await (await openContext(browser)).newPage();
        await page.goto(`${pages.sim.addresses.shell}/control`);
        await page.getByRole("button", { name: "One random order" }).click();
        await page.getByText("An order was placed").waitFor();
        const order = Object.values(pages.tokyo.orders).find(({ email }) => email !== "guest@example.com");
        if (!order) throw new Error("no order was made");
        await page.getByRole("heading", { name: order.name }).waitFor();
        // In this order: of an order with a single unit nothing is left to ship after its refund.
        await page.getByRole("button", { name: "Fulfil all" }).click();
        await page.getByText(`${order.name}: fulfilled`).waitFor();
        await page.getByRole("button", { name: "Delivered" }).click();
        await page.getByText(`${order.name}: delivered`).waitFor();
        expect(order.fulfillments[0]?.events.map(({ status }) => status)).toEqual(["delivered"]);
        await page.getByRole("button", { name: "Refund 1" }).first().click();
        await page.getByText("one unit refunded").waitFor();
        expect(order.refunds.flatMap(({ lines }) => lines.map(({ quantity }) => quantity))).toEqual([1]);
        const before = pages.sim.now().getTime();
        await page.getByRole("button", { name: "+1 day" }).click();
        await page.getByText("The clock moved").waitFor();
        expect(pages.sim.now().getTime() - before).toBeGreaterThanOrEqual(86_400_000);
        await page.getByRole("tab", { name: "Faults" }).click();
        await page.getByLabel("Sent twice").selectOption("0.2");
        await page.getByText("Webhooks: sent twice").waitFor();
        expect(pages.sim.faults.webhooks.duplicateRate).toBe(0.2);
        await page.getByRole("button", { name: "Switch everything off" }).click();
        await page.getByText("The platform behaves again").waitFor();
        expect(pages.sim.faults.webhooks.duplicateRate).toBe(0);
        await page.getByRole("tab", { name: "Customers and app" }).click();
        await page.getByRole("button", { name: "Uninstall" }).waitFor();
        for (const tab of ["Orders", "Customers and app", "Faults", "Webhooks", "Request log"]) {
          await page.getByRole("tab", { name: tab }).click();
          await page.locator("[data-panel] > *").first().waitFor();
          expect([tab, await violationsOn(page)]).toEqual([tab, []]);
        }
      } finally {
        await browser.close();
      }
    },
  );

  it("finds requests in the log by what they say", async () => {
    const browser = await launchBrowser();
    try {
      for (const summary of ["ProductsQuery", "OrdersQuery"]) {
        pages.sim.requestLog.add({
          at: pages.sim.now().toISOString(),
          direction: "admin-api",
          shop: TOKYO,
          summary,
          status: 200,
          ms: 3,
        });
      }
      const page = await (await openContext(browser)).newPage();
      await page.goto(`${pages.sim.addresses.shell}/control#log`);
      await page.getByText("OrdersQuery").waitFor();
      await page.getByRole("searchbox").fill("products");
      await page.getByText("OrdersQuery").waitFor({ state: "detached" });
      expect(await page.getByText("ProductsQuery").count()).toBe(1);
    } finally {
      await browser.close();
    }
  });
});

describe("the shell's own pages", () => {
  it("answer 200 without cookies, in the shop's language or the one asked for", async () => {
    const { shell } = pages.sim.addresses;
    const paths = [
      "/",
      "/store/kinari-tokyo",
      "/store/kinari-tokyo/orders",
      "/store/kinari-tokyo/customers",
      "/store/kinari-tokyo/online-store",
      "/control",
      "/mailbox",
    ];
    for (const path of paths) {
      const response = await fetch(shell + path, { redirect: "manual" });
      expect([path, response.status]).toEqual([path, 200]);
    }
    expect(await (await fetch(`${shell}/store/kinari-tokyo/orders`)).text()).toContain('<html lang="ja">');
    expect(await (await fetch(`${shell}/store/kinari-tokyo/orders?locale=en`)).text()).toContain('<html lang="en">');
    expect((await fetch(`${shell}/store/nobody`)).status).toBe(404);
  });

  it("sign the frame's address and issue tokens the library would accept", async () => {
    const text = await (await fetch(`${pages.sim.addresses.shell}/store/kinari-tokyo`)).text();
    const src = /data-app="([^"]+)"/.exec(text)?.[1]?.replaceAll("&amp;", "&") ?? "";
    const url = new URL(src);
    expect(url.origin).toBe(pages.sim.addresses.tunnel);
    const { payload } = await jwtVerify(url.searchParams.get("id_token") ?? "", new TextEncoder().encode(API_SECRET), {
      audience: "test-api-key-0001",
    });
    expect(payload.dest).toBe(`https://${TOKYO}`);
    const hmac = url.searchParams.get("hmac");
    url.searchParams.delete("hmac");
    const message = [...url.searchParams]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => `${name}=${value}`)
      .join("&");
    expect(hmac).toBe(createHmac("sha256", API_SECRET).update(message).digest("hex"));
    expect(Buffer.from(url.searchParams.get("host") ?? "", "base64").toString()).toBe(
      "admin.shopify.com/store/kinari-tokyo",
    );
  });

  it("let only the shell frame the app: its origin is added to frame-ancestors, nothing else changes", async () => {
    const response = await fetch(`${pages.sim.addresses.tunnel}/app?id_token=x`);
    expect(response.headers.get("content-security-policy")).toBe(
      `frame-ancestors ${pages.sim.addresses.shell} https://${TOKYO} https://admin.shopify.com;`,
    );
  });

  it("have no accessibility violation, in both languages and at phone width", { timeout: 240_000 }, async () => {
    const browser = await launchBrowser();
    try {
      for (const width of [1280, 390]) {
        const context = await openContext(browser, { viewport: { width, height: 844 } });
        const page = await context.newPage();
        for (const path of [
          "/",
          "/store/kinari-tokyo/orders?locale=ja",
          `/store/kinari-tokyo/${orderPath}?locale=en`,
          "/store/kinari-tokyo/customers?locale=ja",
          "/store/kinari-tokyo/products?locale=en",
          "/mailbox",
          "/store/kinari-tokyo?locale=ja",
        ]) {
          await page.goto(pages.sim.addresses.shell + path);
          expect([path, width, await violationsOn(page, { in: "document" })]).toEqual([path, width, []]);
          const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
          expect([path, width, overflow <= 0]).toEqual([path, width, true]);
        }
        await context.close();
      }
    } finally {
      await browser.close();
    }
  });
});

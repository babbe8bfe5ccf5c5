// A stand-in for Shopify's App Bridge script, typed by Shopify's own declarations. What it does not
// imitate says so when called, never with a made-up answer.
import type { ShopifyGlobal } from "@shopify/app-bridge-types";
import { navigate, press, watchBars } from "./bars";
import { AppWindowElement, ModalElement, modal } from "./modal";
import { interceptLinks, leaveBouncePage, patchFetch, redirectToAdmin } from "./network";
import { resourcePicker, picker } from "./pickers";
import { SaveBarElement, pressDiscard, pressSave, saveBar, watchForms } from "./save-bar";
import { call, onCommand, shellOrigin, tell } from "./rpc";
import { denyStorage, idToken, readFrameName } from "./session";

const frame = readFrameName();
const query = new URL(location.href).searchParams;
const script = document.currentScript;
const apiKey =
  script?.getAttribute("data-api-key") ??
  document.querySelector('meta[name="shopify-api-key"]')?.getAttribute("content") ??
  "";

const config: ShopifyGlobal["config"] = {
  apiKey,
  shop: query.get("shop") ?? frame?.shop,
  host: query.get("host") ?? frame?.host,
  locale: query.get("locale") ?? frame?.locale ?? "en",
  appOrigins: [],
  disabledFeatures: [],
};

function notSimulated(name: string): (...args: unknown[]) => never {
  return () => {
    throw new Error(`App Bridge stand-in: shopify.${name} is not simulated`);
  };
}

const toastCallbacks = new Map<string, { onAction?: () => void; onDismiss?: () => void }>();
const toast: ShopifyGlobal["toast"] = {
  show(message, options = {}) {
    const id = `toast-${toastCallbacks.size + 1}`;
    toastCallbacks.set(id, { onAction: options.onAction, onDismiss: options.onDismiss });
    const { duration = 5000, isError = false, action } = options;
    tell("toastShow", { id, message, durationMs: duration, isError, action: action ?? null });
    return id;
  },
  hide(id) {
    tell("toastHide", { id });
  },
};

const scopes: ShopifyGlobal["scopes"] = {
  query: () => call("scopesQuery", null),
  async request(wanted) {
    const { granted, detail } = await call("scopesRequest", { scopes: wanted });
    return { result: granted ? "granted-all" : "declined-all", detail };
  },
  async revoke(unwanted) {
    return { detail: await call("scopesRevoke", { scopes: unwanted }) };
  },
};

let reportVitals: ((report: { metrics: never[] }) => unknown) | null = null;

const shopify: ShopifyGlobal = {
  config,
  origin: shellOrigin,
  ready: Promise.resolve(),
  setSignals: notSimulated("setSignals"),
  environment: { mobile: false, embedded: window.parent !== window, pos: false, intent: false },
  loading: (on = true) => tell("loading", { on }),
  idToken,
  user: () => call("user", null),
  toast,
  resourcePicker,
  scanner: { capture: notSimulated("scanner.capture") },
  modal,
  saveBar,
  pos: {
    cart: new Proxy({} as ShopifyGlobal["pos"]["cart"], { get: (_, name) => notSimulated(`pos.cart.${String(name)}`) }),
    close: notSimulated("pos.close"),
    device: notSimulated("pos.device"),
    location: notSimulated("pos.location"),
  },
  intents: {
    register: notSimulated("intents.register"),
    request: { value: null, subscribe: () => () => undefined },
    invoke: notSimulated("intents.invoke"),
  },
  webVitals: {
    async onReport(callback) {
      reportVitals = callback;
      await Promise.resolve(reportVitals);
    },
  },
  support: { registerHandler: notSimulated("support.registerHandler") },
  reviews: { request: notSimulated("reviews.request") },
  scopes,
  picker,
  app: { extensions: notSimulated("app.extensions") },
  shopifyQL: { available: () => Promise.resolve(false) },
  tools: {
    register: notSimulated("tools.register"),
    unregister: notSimulated("tools.unregister"),
    clear: notSimulated("tools.clear"),
  },
};

function reportPath(): void {
  tell("path", { path: location.pathname + withoutSession(location.search) + location.hash, title: document.title });
}

/** The parameters of embedding say nothing about the page: the shell's address leaves them out. */
function withoutSession(search: string): string {
  const params = new URLSearchParams(search);
  for (const name of ["embedded", "shop", "host", "id_token", "locale", "timestamp", "hmac", "session"])
    params.delete(name);
  return params.size > 0 ? `?${params.toString()}` : "";
}

function watchHistory(): void {
  for (const name of ["pushState", "replaceState"] as const) {
    const plain = history[name].bind(history);
    history[name] = (...args: Parameters<History["pushState"]>) => {
      plain(...args);
      reportPath();
    };
  }
  window.addEventListener("popstate", reportPath);
  reportPath();
}

function obeyShell(): void {
  onCommand((command) => {
    switch (command.name) {
      case "navigate":
        return navigate(command.path);
      case "press":
        return press(command.key);
      case "save":
        return pressSave(command.id);
      case "discard":
        return pressDiscard(command.id);
      case "toastAction":
        return toastCallbacks.get(command.id)?.onAction?.();
      case "toastDismiss":
        return toastCallbacks.get(command.id)?.onDismiss?.();
    }
  });
}

/** By an adopted sheet: a style element would disturb the hydration of the app's document. */
function hideElements(): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("ui-nav-menu, s-app-nav, ui-title-bar, ui-save-bar { display: none !important }");
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}

if (frame?.storage === "denied") denyStorage();
Object.defineProperty(window, "shopify", { value: shopify, configurable: true, writable: true });
if (!leaveBouncePage() && !redirectToAdmin()) {
  patchFetch(() => config.appOrigins ?? []);
  interceptLinks();
  hideElements();
  customElements.define("ui-save-bar", SaveBarElement);
  customElements.define("ui-modal", ModalElement);
  customElements.define("s-app-window", AppWindowElement);
  obeyShell();
  watchBars();
  watchForms();
  watchHistory();
  tell("hello", { path: location.pathname, title: document.title });
}

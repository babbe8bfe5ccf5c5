// The navigation menu and the title bar: written by the app as custom elements, drawn by the shell.
import type { BarAction, NavItem, TitleBarState } from "../protocol";
import { tell } from "./rpc";

let actions = new Map<string, HTMLElement>();
let sentNav = "";
let sentTitle = "";

/** Presses the app's own button or link behind one of the title bar's. */
export function press(key: string): void {
  const element = actions.get(key);
  if (element instanceof HTMLAnchorElement) navigate(element.getAttribute("href") ?? "");
  else element?.click();
}

const NAVIGATE = "shopify:navigate";
let listening = false;
let waitingPath: string | null = null;

/** The shell draws the menu before the app's scripts ran: a press until then waits for the app's router. */
function watchNavigateListener(): void {
  const plain = EventTarget.prototype.addEventListener;
  EventTarget.prototype.addEventListener = function (type, listener, options) {
    plain.call(this, type, listener, options);
    if (type !== NAVIGATE) return;
    listening = true;
    const path = waitingPath;
    waitingPath = null;
    if (path !== null) queueMicrotask(() => navigate(path));
  };
}

/** Has the app's router go somewhere, as a click in the shell's menu does. */
export function navigate(path: string): void {
  if (!listening) {
    waitingPath = path;
    return;
  }
  const link = document.createElement("a");
  link.href = path;
  link.hidden = true;
  document.body.append(link);
  link.dispatchEvent(new CustomEvent(NAVIGATE, { bubbles: true }));
  link.remove();
}

/** Watches the page and tells the shell whenever menu or title bar change. */
export function watchBars(): void {
  watchNavigateListener();
  let planned = false;
  const plan = () => {
    if (planned) return;
    planned = true;
    queueMicrotask(() => {
      planned = false;
      sendNav();
      sendTitleBar();
    });
  };
  new MutationObserver(plan).observe(document, {
    subtree: true,
    childList: true,
    characterData: true,
    attributes: true,
  });
  plan();
}

function sendNav(): void {
  const menu = document.querySelector("ui-nav-menu, s-app-nav");
  if (!menu) return;
  const items: NavItem[] = [...menu.querySelectorAll("a, s-link")]
    .filter((link) => link.getAttribute("rel") !== "home")
    .map((link) => ({ label: link.textContent.trim(), href: link.getAttribute("href") ?? "" }));
  const text = JSON.stringify(items);
  if (text !== sentNav) tell("navMenu", { items });
  sentNav = text;
}

function sendTitleBar(): void {
  const bars = [...document.querySelectorAll("ui-title-bar")].filter((bar) => !bar.closest("ui-modal, s-app-window"));
  const bar = bars.at(-1);
  const found = new Map<string, HTMLElement>();
  const state = readTitleBar(bar, found);
  actions = found;
  const text = JSON.stringify(state);
  if (text !== sentTitle) tell("titleBar", state);
  sentTitle = text;
}

/** What a title bar element says; the elements behind its actions go into `found`. */
export function readTitleBar(bar: Element | undefined, found: Map<string, HTMLElement>): TitleBarState {
  const action = (element: Element): BarAction => {
    const key = String(found.size);
    if (element instanceof HTMLElement) found.set(key, element);
    return readAction(element, key);
  };
  const direct = bar ? [...bar.children].filter((child) => child.matches("button, a")) : [];
  const variant = (name: string) => direct.find((child) => child.getAttribute("variant") === name);
  const breadcrumb = variant("breadcrumb");
  const primary = variant("primary");
  return {
    title: bar?.getAttribute("title") ?? document.title,
    breadcrumb: breadcrumb ? action(breadcrumb) : null,
    primary: primary ? action(primary) : null,
    secondary: direct.filter((child) => child !== breadcrumb && child !== primary).map(action),
    groups: [...(bar?.querySelectorAll(":scope > section") ?? [])].map((section) => ({
      label: section.getAttribute("label") ?? "",
      actions: [...section.querySelectorAll("button, a")].map(action),
    })),
  };
}

function readAction(element: Element, key: string): BarAction {
  return {
    key,
    label: element.textContent.trim(),
    href: element.getAttribute("href"),
    tone: element.getAttribute("tone") === "critical" ? "critical" : "default",
    disabled: isOn(element, "disabled"),
    loading: isOn(element, "loading"),
  };
}

/** Boolean attributes as React 18 writes them on elements it does not know: "", "true" or "false". */
export function isOn(element: Element, attribute: string): boolean {
  const value = element.getAttribute(attribute);
  return value !== null && value !== "false";
}

// What the shell draws for the app: menu, title bar, save bar, toasts.
import type { BarAction, Command, NavItem, SaveBarState, TitleBarState } from "../protocol";
import type { Words } from "./dialogs";
import { make, need } from "./page";

type Send = (command: Command) => void;

/** The app's menu below its name; `go` is asked to navigate. */
export function drawNav(items: NavItem[], path: string, base: string, go: (path: string) => void): void {
  const list = need("[data-app-nav]");
  list.hidden = items.length === 0;
  list.replaceChildren(
    ...items.map((item) => {
      const link = make("a", { href: base + item.href }, item.label);
      if (isCurrent(item, items, path)) link.setAttribute("aria-current", "page");
      link.addEventListener("click", (event) => {
        if (event.metaKey || event.ctrlKey) return;
        event.preventDefault();
        go(item.href);
      });
      return make("li", {}, link);
    }),
  );
  const home = need<HTMLAnchorElement>("[data-app-home]");
  if (items.some((item) => isCurrent(item, items, path))) home.removeAttribute("aria-current");
  else home.setAttribute("aria-current", "page");
}

/** The longest entry that the path begins with is the current one. */
function isCurrent(item: NavItem, items: NavItem[], path: string): boolean {
  const at = path.split(/[?#]/)[0] ?? "";
  const fits = (href: string) => at === href || at.startsWith(`${href}/`);
  return fits(item.href) && !items.some((other) => other.href.length > item.href.length && fits(other.href));
}

export function drawTitleBar(state: TitleBarState, words: Words, fallback: string, send: Send): void {
  need("[data-title]").textContent = state.title || fallback;
  document.title = `${state.title || fallback} · ${document.title.split(" · ").at(-1) ?? ""}`;
  const bar = need("[data-title-bar]");
  bar.querySelector(".back")?.remove();
  if (state.breadcrumb) {
    const back = make(
      "button",
      { type: "button", className: "back", ariaLabel: state.breadcrumb.label || (words.back ?? "") },
      "‹",
    );
    const { key } = state.breadcrumb;
    back.addEventListener("click", () => send({ name: "press", key }));
    need("[data-title]").before(back);
  }
  const button = (action: BarAction, className: string) => {
    const element = make(
      "button",
      { type: "button", className, disabled: action.disabled || action.loading },
      action.label,
    );
    element.addEventListener("click", () => send({ name: "press", key: action.key }));
    return element;
  };
  const groups = state.groups.map((group) => {
    const menu = make("div", { className: "menu" }, ...group.actions.map((action) => button(action, "")));
    return make(
      "details",
      { className: "more" },
      make("summary", { className: "button" }, group.label || (words.moreActions ?? "")),
      menu,
    );
  });
  need("[data-title-actions]").replaceChildren(
    ...groups,
    ...state.secondary.map((action) => button(action, action.tone === "critical" ? "button critical" : "button")),
    ...(state.primary ? [button(state.primary, "button primary")] : []),
  );
}

/** Draws the save bar; `discard` runs after the person agreed, if agreement is asked for. */
export function drawSaveBar(
  state: SaveBarState | null,
  words: Words,
  actions: { save: () => void; discard: () => void },
): void {
  const old = document.querySelector("[data-save-bar]");
  if (!state) {
    old?.remove();
    return;
  }
  const save = make(
    "button",
    { type: "button", className: "button primary", disabled: blocked(state.save) },
    state.save?.label || (words.save ?? ""),
  );
  const discard = make(
    "button",
    { type: "button", className: "button quiet", disabled: blocked(state.discard) },
    state.discard?.label || (words.discard ?? ""),
  );
  save.addEventListener("click", actions.save);
  discard.addEventListener("click", actions.discard);
  const bar = make("div", { className: "save-bar" }, make("strong", {}, words.unsaved ?? ""), discard, save);
  bar.dataset.saveBar = state.id;
  bar.setAttribute("role", "region");
  bar.setAttribute("aria-label", words.unsaved ?? "");
  if (old) old.replaceWith(bar);
  else document.body.append(bar);
}

function blocked(button: SaveBarState["save"]): boolean {
  return button !== null && (button.disabled || button.loading);
}

export function showToast(
  toast: { id: string; message: string; durationMs: number; isError: boolean; action: string | null },
  words: Words,
  send: Send,
): void {
  const element = make("div", { className: toast.isError ? "toast error" : "toast" }, make("span", {}, toast.message));
  element.dataset.toast = toast.id;
  const gone = () => element.remove();
  if (toast.action) {
    const action = make("button", { type: "button", className: "action" }, toast.action);
    action.addEventListener("click", () => {
      send({ name: "toastAction", id: toast.id });
      gone();
    });
    element.append(action);
  }
  const close = make("button", { type: "button", ariaLabel: words.close ?? "" }, "×");
  close.addEventListener("click", () => {
    send({ name: "toastDismiss", id: toast.id });
    gone();
  });
  element.append(close);
  need("[data-toasts]").append(element);
  setTimeout(gone, toast.durationMs);
}

export function hideToast(id: string): void {
  document.querySelector(`[data-toast="${CSS.escape(id)}"]`)?.remove();
}

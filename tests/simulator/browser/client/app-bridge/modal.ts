// ui-modal and s-app-window: drawn inside the app's own frame while the shell dims around it, so that
// the app's styles and event handlers simply apply.
import type { ShopifyGlobal } from "@shopify/app-bridge-types";
import { readTitleBar } from "./bars";
import { tell } from "./rpc";

const WIDTH_PX: Record<string, string> = { small: "24rem", base: "38rem", large: "58rem", max: "100vw" };
const STYLE = `
  :host { display: contents }
  dialog { border: 0; padding: 0; border-radius: 14px; width: min(var(--width), calc(100vw - 2rem)); max-height: calc(100vh - 4rem);
    box-shadow: 0 24px 70px rgb(20 24 33 / .35); font: 14px/1.5 system-ui, "Hiragino Sans", "Noto Sans JP", "Noto Sans CJK JP", sans-serif; color: #1f2430; background: #fff }
  dialog[open] { display: flex; flex-direction: column }
  dialog.max { width: 100vw; max-width: 100vw; height: 100vh; max-height: 100vh; border-radius: 0 }
  dialog::backdrop { background: rgb(20 24 33 / .45) }
  header, footer { display: flex; align-items: center; gap: .75rem; padding: .85rem 1.1rem; background: #f6f5f2 }
  header { justify-content: space-between; border-bottom: 1px solid #e4e1da } footer { justify-content: flex-end; border-top: 1px solid #e4e1da }
  h2 { font-size: 1rem; margin: 0 } .body { overflow: auto; flex: 1 } iframe { border: 0; width: 100%; height: min(70vh, 36rem); display: block }
  .max iframe { height: 100% }
  ::slotted(ui-title-bar), ::slotted(ui-save-bar) { display: none }
  button { font: inherit; border: 1px solid #c9c4b8; background: #fff; border-radius: 8px; padding: .35rem .85rem; min-height: 32px; cursor: pointer }
  button.primary { background: #23405c; border-color: #23405c; color: #fff } button.critical { background: #a32020; border-color: #a32020; color: #fff }
  button:disabled { opacity: .5; cursor: default } button.close { border: 0; background: none; font-size: 1.2rem; padding: .1rem .5rem }
  button:focus-visible { outline: 2px solid #2f6fb0; outline-offset: 2px }`;

/** The modal element: children stay where the app put them and show through a slot. */
export class ModalElement extends HTMLElement {
  #dialog = document.createElement("dialog");
  #heading = document.createElement("h2");
  #footer = document.createElement("footer");
  #frame: HTMLIFrameElement | null = null;
  #content: HTMLElement | null = null;
  #observer = new MutationObserver(() => this.#draw());

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    const style = document.createElement("style");
    style.textContent = STYLE;
    const header = document.createElement("header");
    const close = document.createElement("button");
    close.className = "close";
    close.textContent = "×";
    close.setAttribute("aria-label", document.documentElement.lang.startsWith("ja") ? "閉じる" : "Close");
    close.addEventListener("click", () => void this.hide());
    this.#heading.id = "heading";
    this.#dialog.setAttribute("aria-labelledby", "heading");
    header.append(this.#heading, close);
    const body = document.createElement("div");
    body.className = "body";
    body.append(document.createElement("slot"));
    this.#dialog.append(header, body, this.#footer);
    this.#dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      void this.hide();
    });
    root.append(style, this.#dialog);
  }
  get variant(): "small" | "base" | "large" | "max" {
    const value = this.getAttribute("variant");
    return value === "small" || value === "large" || value === "max" ? value : "base";
  }
  set variant(value: "small" | "base" | "large" | "max") {
    this.setAttribute("variant", value);
    this.#draw();
  }
  get src(): string | undefined {
    return this.getAttribute("src") ?? undefined;
  }
  set src(value: string | undefined) {
    if (value === undefined) this.removeAttribute("src");
    else this.setAttribute("src", value);
    if (this.#frame && value) this.#frame.src = value;
  }
  /** Made when first asked for: an element added earlier would disturb hydration. */
  get content(): HTMLElement {
    if (!this.#content) {
      this.#content = document.createElement("div");
      this.append(this.#content);
    }
    return this.#content;
  }
  set content(element: HTMLElement) {
    if (this.#content) this.#content.replaceWith(element);
    else this.append(element);
    this.#content = element;
  }
  get contentWindow(): Window | null {
    return this.#frame?.contentWindow ?? null;
  }
  disconnectedCallback(): void {
    void this.hide();
  }
  async show(): Promise<void> {
    if (this.#dialog.open) return;
    this.#observer.observe(this, { subtree: true, childList: true, characterData: true, attributes: true });
    this.#draw();
    this.#dialog.showModal();
    tell("overlay", { open: true });
    if (this.#frame) await new Promise((resolve) => this.#frame?.addEventListener("load", resolve, { once: true }));
    this.dispatchEvent(new Event("show"));
  }
  async hide(): Promise<void> {
    if (!this.#dialog.open) return;
    this.#observer.disconnect();
    this.#dialog.close();
    this.#frame?.remove();
    this.#frame = null;
    tell("overlay", { open: false });
    this.dispatchEvent(new Event("hide"));
  }
  toggle(): Promise<void> {
    return this.#dialog.open ? this.hide() : this.show();
  }
  #draw(): void {
    this.#dialog.style.setProperty("--width", WIDTH_PX[this.variant] ?? "");
    const fullScreen = this.variant === "max" || this.localName === "s-app-window";
    this.#dialog.classList.toggle("max", fullScreen);
    const found = new Map<string, HTMLElement>();
    const bar = this.querySelector("ui-title-bar") ?? undefined;
    const state = readTitleBar(bar, found);
    this.#heading.textContent = bar ? state.title : "";
    const actions = [...state.secondary, ...(state.primary ? [state.primary] : [])];
    this.#footer.hidden = actions.length === 0;
    this.#footer.style.display = actions.length === 0 ? "none" : "";
    this.#footer.replaceChildren(
      ...actions.map((action) => {
        const button = document.createElement("button");
        button.textContent = action.label;
        button.disabled = action.disabled || action.loading;
        button.className = action.tone === "critical" ? "critical" : action === state.primary ? "primary" : "";
        button.addEventListener("click", () => found.get(action.key)?.click());
        return button;
      }),
    );
    if (this.src && !this.#frame) {
      this.#frame = document.createElement("iframe");
      this.#frame.title = state.title;
      this.#frame.src = this.src;
      this.#dialog.querySelector(".body")?.append(this.#frame);
    }
  }
}

/** s-app-window: the same, over the whole frame. */
export class AppWindowElement extends ModalElement {}

/** shopify.modal */
export const modal: ShopifyGlobal["modal"] = {
  show: (id) => need(id).show(),
  hide: (id) => need(id).hide(),
  toggle: (id) => need(id).toggle(),
};

function need(id: string): ModalElement {
  const element = document.getElementById(id);
  if (!(element instanceof ModalElement)) throw new Error(`App Bridge: there is no ui-modal with the id "${id}"`);
  return element;
}

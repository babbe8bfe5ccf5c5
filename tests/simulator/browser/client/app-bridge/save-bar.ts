// ui-save-bar, and forms marked data-save-bar: what has not been saved shows in the shell.
import type { SaveBarState } from "../protocol";
import { isOn } from "./bars";
import type { ShopifyGlobal } from "@shopify/app-bridge-types";
import { call, tell } from "./rpc";

/** The bar element; its buttons are the app's, drawn and pressed in the shell. */
export class SaveBarElement extends HTMLElement {
  #showing = false;
  #observer = new MutationObserver(() => this.#update());

  static get observedAttributes(): string[] {
    return ["discardconfirmation"];
  }
  get showing(): boolean {
    return this.#showing;
  }
  get discardConfirmation(): boolean {
    return isOn(this, "discardconfirmation");
  }
  set discardConfirmation(on: boolean) {
    this.toggleAttribute("discardconfirmation", on);
  }
  connectedCallback(): void {
    this.#observer.observe(this, { subtree: true, childList: true, characterData: true, attributes: true });
  }
  disconnectedCallback(): void {
    this.#observer.disconnect();
    void this.hide();
  }
  attributeChangedCallback(): void {
    this.#update();
  }
  async show(): Promise<void> {
    if (this.#showing) return;
    this.#showing = true;
    await call("saveBarShow", this.#state());
    this.dispatchEvent(new Event("show"));
  }
  async hide(): Promise<void> {
    if (!this.#showing) return;
    this.#showing = false;
    await call("saveBarHide", { id: this.id });
    this.dispatchEvent(new Event("hide"));
  }
  toggle(): Promise<void> {
    return this.#showing ? this.hide() : this.show();
  }
  pressSave(): void {
    this.#button("primary")?.click();
  }
  pressDiscard(): void {
    this.#button(null)?.click();
  }
  #button(variant: "primary" | null): HTMLButtonElement | undefined {
    return [...this.querySelectorAll("button")].find(
      (button) => (button.getAttribute("variant") === "primary") === (variant === "primary"),
    );
  }
  #update(): void {
    if (this.#showing) tell("saveBarShow", this.#state());
  }
  #state(): SaveBarState {
    const read = (button: HTMLButtonElement | undefined) =>
      button ? { label: button.textContent.trim(), disabled: button.disabled, loading: isOn(button, "loading") } : null;
    return {
      id: this.id,
      discardConfirmation: this.discardConfirmation,
      save: read(this.#button("primary")),
      discard: read(this.#button(null)),
    };
  }
}

const forms = new Map<string, HTMLFormElement>();

/** Forms marked data-save-bar show the bar when touched, submit on Save and reset on Discard. */
export function watchForms(): void {
  const touched = (event: Event) => {
    const form = event.target instanceof Element ? event.target.closest("form[data-save-bar]") : null;
    if (!(form instanceof HTMLFormElement) || [...forms.values()].includes(form)) return;
    const id = `form-${Date.now()}`;
    forms.set(id, form);
    const discardConfirmation = form.hasAttribute("data-discard-confirmation");
    const plain = { label: "", disabled: false, loading: false };
    tell("saveBarShow", { id, discardConfirmation, save: plain, discard: plain });
  };
  document.addEventListener("input", touched);
  document.addEventListener("change", touched);
  for (const type of ["submit", "reset"]) {
    document.addEventListener(type, (event) => {
      for (const [id, form] of forms) if (form === event.target) hideForm(id);
    });
  }
}

function hideForm(id: string): void {
  forms.delete(id);
  tell("saveBarHide", { id });
}

/** The bar with this id, or the only one when ids are not used. */
function find(id: string): SaveBarElement | null {
  const bars = [...document.querySelectorAll("ui-save-bar")].filter((bar) => bar instanceof SaveBarElement);
  return bars.find((bar) => bar.id === id) ?? (id === "" ? bars[0] : undefined) ?? null;
}

export function pressSave(id: string): void {
  const form = forms.get(id);
  if (form) form.requestSubmit();
  else find(id)?.pressSave();
}

export function pressDiscard(id: string): void {
  const form = forms.get(id);
  if (form) form.reset();
  else find(id)?.pressDiscard();
}

/** shopify.saveBar */
export const saveBar: ShopifyGlobal["saveBar"] = {
  show: (id) => need(id).show(),
  hide: async (id) => find(id)?.hide(),
  toggle: (id) => need(id).toggle(),
  leaveConfirmation: async () => {
    await call("leaveConfirmation", null);
  },
};

function need(id: string): SaveBarElement {
  const bar = find(id);
  if (!bar) throw new Error(`App Bridge: there is no ui-save-bar with the id "${id}"`);
  return bar;
}

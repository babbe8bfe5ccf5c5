// @ts-check
// The member's own link: made when they first want it, then copied, or selected where copying is not allowed.
import { ask, copy } from "./kizuna-door.js";

class KizunaCopy extends HTMLElement {
  connectedCallback() {
    this.button.addEventListener("click", this.take);
  }
  disconnectedCallback() {
    this.button.removeEventListener("click", this.take);
  }
  get button() {
    return /** @type {HTMLButtonElement} */ (this.querySelector("button"));
  }
  get field() {
    return /** @type {HTMLInputElement} */ (this.querySelector("input"));
  }

  take = async () => {
    const { field } = this;
    if (field.value === "") return this.make();
    if (await copy(field.value)) this.say(this.dataset.copied);
    else field.select();
  };

  async make() {
    const answer = await ask(this, "invite", {});
    if (answer.outcome !== "code") return this.say(this.dataset.failed);
    this.field.value = (this.dataset.link ?? "") + encodeURIComponent(answer.code);
    this.field.closest("label")?.removeAttribute("hidden");
    this.button.textContent = this.dataset.copy ?? "";
    this.say("");
    this.field.select();
  }

  /** @param {string | undefined} text */
  say(text) {
    const said = this.querySelector("[data-said]");
    if (said) said.textContent = text ?? "";
  }
}

if (!customElements.get("kizuna-copy")) customElements.define("kizuna-copy", KizunaCopy);

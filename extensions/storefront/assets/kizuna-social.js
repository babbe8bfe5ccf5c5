// @ts-check
// The link opens as links do; coming to it is believed, and the points are on their way.
import { ask } from "./kizuna-door.js";

class KizunaSocial extends HTMLElement {
  asked = false;

  connectedCallback() {
    this.addEventListener("kizuna:opened", this.claim);
    this.querySelector("a")?.addEventListener("click", this.claim);
  }
  disconnectedCallback() {
    this.removeEventListener("kizuna:opened", this.claim);
    this.querySelector("a")?.removeEventListener("click", this.claim);
  }

  claim = async () => {
    if (this.asked) return;
    this.asked = true;
    const answer = await ask(this, "social", { wayId: this.dataset.way ?? "" });
    const { done, already, failed } = this.dataset;
    const text = answer.outcome === "granted" ? done : answer.outcome === "already_granted" ? already : failed;
    // What failed may be tried again.
    this.asked = answer.outcome === "granted" || answer.outcome === "already_granted";
    const said = this.querySelector("[data-said]");
    if (said) said.textContent = text ?? "";
  };
}

if (!customElements.get("kizuna-social")) customElements.define("kizuna-social", KizunaSocial);

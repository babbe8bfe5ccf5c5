// @ts-check
// A friend who followed a member's link takes the welcome gift.
import { applyUrl, ask, keyFor, problem, word } from "./kizuna-door.js";

class KizunaFriend extends HTMLElement {
  connectedCallback() {
    this.addEventListener("submit", this.onSubmit);
  }
  disconnectedCallback() {
    this.removeEventListener("submit", this.onSubmit);
  }

  /** @param {SubmitEvent} event */
  onSubmit = async (event) => {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    const email = String(new FormData(form).get("email") ?? "");
    const code = new URLSearchParams(location.search).get("ref") ?? "";
    const wish = `friend/${code}/${email}`;
    const answer = await ask(this, "referral", { code, email, requestKey: keyFor(wish) });
    const text = word(this, answer.outcome) || problem(this, answer.outcome);
    const said = this.querySelector("[data-said]");
    if (said) said.textContent = text;
    if (!answer.code) return;
    form.hidden = true;
    for (const part of this.querySelectorAll("[data-part=code]")) part.removeAttribute("hidden");
    const shown = this.querySelector("[data-slot=code]");
    if (shown) shown.textContent = answer.code;
    this.querySelector("[data-slot=apply]")?.setAttribute("href", applyUrl(this, answer.code));
  };
}

if (!customElements.get("kizuna-friend")) customElements.define("kizuna-friend", KizunaFriend);

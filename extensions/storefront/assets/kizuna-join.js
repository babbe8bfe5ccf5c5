// @ts-check
// Joins the program where the shopper stands.
import { ask, digits, showBalance } from "./kizuna-door.js";

class KizunaJoin extends HTMLElement {
  busy = false;

  connectedCallback() {
    this.button.addEventListener("click", this.join);
  }
  disconnectedCallback() {
    this.button.removeEventListener("click", this.join);
  }
  get button() {
    return /** @type {HTMLButtonElement} */ (this.querySelector("button"));
  }

  join = async () => {
    if (this.busy) return;
    this.busy = true;
    this.button.setAttribute("aria-disabled", "true");
    const answer = await ask(this, "join", { how: "click" });
    this.busy = false;
    this.button.removeAttribute("aria-disabled");
    const joined = answer.outcome === "joined" || answer.outcome === "already_joined";
    const said = this.querySelector("[data-said]");
    const text = joined ? this.dataset.done : answer.outcome === "unverified" ? this.dataset.unverified : undefined;
    if (said)
      said.textContent = (text ?? this.dataset.failed ?? "").replace("%n", digits(undefined, answer.points ?? 0));
    if (!joined) return;
    this.button.hidden = true;
    const row = document.querySelector('kizuna-panel [data-kind="join"] .kizuna-row__points');
    const badge = document.createElement("span");
    badge.className = "kizuna-badge";
    badge.textContent = row?.closest("kizuna-panel")?.getAttribute("data-done") ?? "";
    row?.replaceChildren(badge);
    const shown = document.querySelector("kizuna-panel [data-kizuna-balance]");
    const before = Number(shown?.getAttribute("data-kizuna-balance") ?? 0);
    if (answer.outcome === "joined" && answer.state === "available") showBalance(before + answer.points);
  };
}

if (!customElements.get("kizuna-join")) customElements.define("kizuna-join", KizunaJoin);

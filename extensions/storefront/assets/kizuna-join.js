// @ts-check
// Joins the program where the shopper stands, or by their first visit.
import { ask, digits, showBalance } from "./kizuna-door.js";

class KizunaJoin extends HTMLElement {
  busy = false;

  connectedCallback() {
    this.button?.addEventListener("click", this.join);
  }
  disconnectedCallback() {
    this.button?.removeEventListener("click", this.join);
  }
  get button() {
    return this.querySelector("button");
  }

  // Unasked: nothing on the page may move. The welcome lies over it, and the button's place stays.
  visit = async () => {
    const answer = await ask(this, "join", { how: "visit" });
    const said = this.querySelector("[data-said]");
    if (answer.outcome === "joined" && said) {
      this.hidden = false;
      said.className = "kizuna-toast";
      said.textContent = this.dataset.done ?? "";
      for (const button of document.querySelectorAll("kizuna-join button"))
        if (button instanceof HTMLElement) button.style.visibility = "hidden";
    }
    return answer.outcome;
  };

  join = async () => {
    if (this.busy || !this.button) return;
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

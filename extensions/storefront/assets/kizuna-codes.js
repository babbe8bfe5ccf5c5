// @ts-check
// The member's own rewards that are not used yet: code, last day, into the cart, or give the points back.
import { applyUrl, ask, copy, lastDay, problem, showBalance, textIn, word } from "./kizuna-door.js";

/** @typedef {{ id: number, kind: string, title: { en: string, ja: string }, code: string | null, status: string, expiresAt: string | null, points: number, cancellable: boolean }} Own */

class KizunaCodes extends HTMLElement {
  connectedCallback() {
    this.toggle.addEventListener("click", this.onToggle);
  }
  disconnectedCallback() {
    this.toggle.removeEventListener("click", this.onToggle);
  }
  get toggle() {
    return /** @type {HTMLButtonElement} */ (this.querySelector("button[aria-controls]"));
  }
  get panel() {
    return /** @type {HTMLElement} */ (this.querySelector(".kizuna-codes"));
  }

  onToggle = () => {
    const open = this.panel.hidden;
    this.panel.hidden = !open;
    this.toggle.setAttribute("aria-expanded", String(open));
    this.toggle.textContent = (open ? this.dataset.hide : this.dataset.show) ?? "";
    if (open) void this.load();
  };

  async load() {
    this.panel.replaceChildren(this.line(word(this, "loading"), "status"));
    const answer = await ask(this, "panel", null);
    if (answer.outcome !== "found")
      return this.panel.replaceChildren(this.line(problem(this, answer.outcome), "alert"));
    showBalance(answer.balance?.available);
    /** @type {Own[]} */
    const own = answer.redemptions;
    if (own.length === 0) return this.panel.replaceChildren(this.line(word(this, "empty"), "status"));
    const list = document.createElement("ul");
    list.className = "kizuna-list";
    list.append(...own.map((each) => this.item(each)));
    this.panel.replaceChildren(list);
  }

  /** @param {Own} own */
  item(own) {
    const item = document.createElement("li");
    item.className = "kizuna-row";
    const title = document.createElement("span");
    title.className = "kizuna-row__text";
    title.textContent = textIn(this.dataset.locale, own.title);
    item.append(title);
    const said = this.line("", "status");
    if (own.code && own.status !== "returning") item.append(this.code(own.code), this.buttons(own, said));
    else item.append(this.line(word(this, own.status === "returning" ? "returning" : "waiting"), "note"));
    if (own.expiresAt) {
      const on = lastDay(this.dataset.locale, own.expiresAt);
      item.append(this.line(word(this, "until", { d: on }), "note"));
    }
    item.append(said);
    return item;
  }

  /** @param {string} text */
  code(text) {
    const code = document.createElement("code");
    code.textContent = text;
    return code;
  }

  /** @param {Own} own @param {HTMLElement} said */
  buttons(own, said) {
    const line = document.createElement("p");
    line.className = "kizuna-buttons kizuna-row__act";
    const code = own.code ?? "";
    if (own.kind !== "gift_card" && own.kind !== "voucher") {
      const link = document.createElement("a");
      link.className = "kizuna-button";
      link.href = applyUrl(this, code);
      link.textContent = word(this, "apply");
      line.append(link);
    }
    line.append(
      this.button("copy", own, async () => {
        if (await copy(code)) said.textContent = word(this, "copied");
      }),
    );
    if (own.cancellable) line.append(this.button("cancel", own, (button) => this.cancel(own, button, said)));
    return line;
  }

  /** @param {string} name @param {Own} own @param {(button: HTMLButtonElement) => Promise<void>} onClick */
  button(name, own, onClick) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "kizuna-button";
    button.textContent = word(this, name);
    button.setAttribute("aria-label", `${word(this, name)} ${textIn(this.dataset.locale, own.title)}`);
    button.addEventListener("click", () => void onClick(button));
    return button;
  }

  // Asked twice: the second press is the answer.
  /** @param {Own} own @param {HTMLButtonElement} button @param {HTMLElement} said */
  async cancel(own, button, said) {
    if (button.dataset.sure !== "yes") {
      button.dataset.sure = "yes";
      button.textContent = word(this, "sure");
      button.setAttribute("aria-label", `${word(this, "sure")} ${textIn(this.dataset.locale, own.title)}`);
      return;
    }
    button.disabled = true;
    const answer = await ask(this, "redeem-cancel", { redemptionId: own.id });
    const isGone = answer.outcome === "returning" || answer.outcome === "voided";
    said.textContent = isGone ? word(this, "cancelled") : problem(this, answer.outcome);
    button.disabled = isGone;
    if (isGone) button.parentElement?.remove();
  }

  /** @param {string} text @param {"status" | "alert" | "note"} kind */
  line(text, kind) {
    const line = document.createElement("span");
    line.className = kind === "note" ? "kizuna-note kizuna-row__act" : "kizuna-row__act";
    if (kind !== "note") line.setAttribute("role", kind);
    line.textContent = text;
    return line;
  }
}

if (!customElements.get("kizuna-codes")) customElements.define("kizuna-codes", KizunaCodes);

// @ts-check
// Chooses a reward: how many points, what that is worth, and the code that comes of it.
import {
  applyUrl,
  ask,
  copy,
  digits,
  forget,
  keyFor,
  lastDay,
  plural,
  problem,
  showBalance,
  word,
} from "./kizuna-door.js";

/** @typedef {{ id: string, kind: string, points: number, step: number, minor: number, least: number, most: number }} Choice */

/** Asked again so often when the shop is still making the code. */
const LOOKS = [1500, 2500, 4000, 8000];

class KizunaRedeem extends HTMLElement {
  /** @type {Choice | null} */
  choice = null;
  /** @type {HTMLElement | null} */
  opener = null;
  busy = false;

  connectedCallback() {
    this.addEventListener("click", this.onClick);
    this.addEventListener("input", this.onInput);
    this.addEventListener("keydown", this.onKey);
    this.dialog?.addEventListener("close", () => this.opener?.focus());
  }

  get dialog() {
    return /** @type {HTMLDialogElement | null} */ (this.querySelector("dialog"));
  }
  /** @param {string} name */
  slotOf(name) {
    return /** @type {HTMLElement} */ (this.querySelector(`[data-slot="${name}"]`));
  }
  /** @param {string} name */
  part(name) {
    return /** @type {HTMLElement} */ (this.querySelector(`[data-part="${name}"]`));
  }
  /** @param {string} name */
  field(name) {
    return /** @type {HTMLInputElement} */ (this.querySelector(`[data-field="${name}"]`));
  }
  get locale() {
    return this.dataset.locale;
  }

  /** @param {MouseEvent} event */
  onClick = (event) => {
    const target = /** @type {Element} */ (event.target);
    const button = /** @type {HTMLElement | null} */ (target.closest("[data-choose]"));
    if (button) this.open(button);
    const what = target.closest("[data-do]")?.getAttribute("data-do");
    if (what === "confirm") void this.confirm();
    if (what === "copy") void this.copyCode();
  };

  /** @param {Event} event */
  onInput = (event) => {
    const input = /** @type {HTMLInputElement} */ (event.target);
    if (!this.choice || !input.dataset.field) return;
    if (input.dataset.field === "range") this.field("number").value = input.value;
    else if (input.value !== "") this.field("range").value = input.value;
    this.choice.points = Number(this.field("number").value);
    this.showEffect();
  };

  // Enter in the number confirms; a dialog's form would close instead.
  /** @param {KeyboardEvent} event */
  onKey = (event) => {
    if (event.key !== "Enter" || !(/** @type {HTMLElement} */ (event.target).dataset.field)) return;
    event.preventDefault();
    void this.confirm();
  };

  /** @param {HTMLElement} button */
  open(button) {
    const { choose = "", title = "", kind = "", points, step, minor, max } = button.dataset;
    const size = Number(step ?? 1) || 1;
    const have = Number(this.dataset.balance ?? 0);
    const least = Math.ceil(Number(points) / size) * size;
    const most = Math.floor(Math.min(have, Number(max) || have) / size) * size;
    this.opener = button;
    this.choice = { id: choose, kind, points: least, step: size, minor: Number(minor ?? 0), least, most };
    this.slotOf("title").textContent = title;
    this.part("amount").hidden = kind !== "points_off";
    this.part("choose").hidden = false;
    this.part("done").hidden = true;
    this.say("");
    if (kind === "points_off") this.offer(least, most, size);
    this.showEffect();
    if (!this.dialog?.open) this.dialog?.showModal();
    this.slotOf("title").focus();
  }

  /** @param {number} least @param {number} most @param {number} step */
  offer(least, most, step) {
    for (const name of ["range", "number"]) {
      const input = this.field(name);
      Object.assign(input, { min: String(least), max: String(Math.max(least, most)), step: String(step) });
      input.value = String(most >= least ? most : least);
    }
    const { locale } = this;
    const marks = { l: digits(locale, least), m: digits(locale, Math.max(least, most)), s: digits(locale, step) };
    this.slotOf("hint").textContent = word(this, step === 1 ? "hint_plain" : "hint", marks);
    if (this.choice) this.choice.points = Number(this.field("number").value);
  }

  showEffect() {
    const { choice, locale } = this;
    if (!choice) return;
    const { kind, points, step, minor } = choice;
    const cost = word(this, `cost.${plural(locale, points)}`, { n: digits(locale, points) });
    this.slotOf("cost").textContent = Number.isFinite(points) && points > 0 ? cost : "";
    if (kind === "points_off") {
      const worth = Math.floor(points / step) * minor;
      this.slotOf("effect").textContent = worth > 0 ? word(this, "effect", { a: this.money(worth) }) : "";
    }
    this.field("range").setAttribute("aria-valuetext", cost);
  }

  /** @param {number} minor */
  money(minor) {
    const { currency = "JPY", digits: places = "0" } = this.dataset;
    const format = {
      style: /** @type {const} */ ("currency"),
      currency,
      currencyDisplay: /** @type {const} */ ("narrowSymbol"),
    };
    return new Intl.NumberFormat(this.locale, format).format(minor / 10 ** Number(places)).replace("￥", "¥");
  }

  isPossible() {
    const { choice } = this;
    if (!choice || choice.kind !== "points_off") return true;
    const { points, step, least, most } = choice;
    return Number.isSafeInteger(points) && points >= least && points <= most && points % step === 0;
  }

  async confirm() {
    const { choice } = this;
    if (!choice || this.busy) return;
    if (!this.isPossible()) {
      this.say(problem(this, choice.points > choice.most ? "insufficient_points" : "bad_points"));
      return this.field("number").focus();
    }
    const free = choice.kind === "points_off";
    const what = `${choice.id}/${free ? choice.points : ""}`;
    this.wait(true);
    const subtotal = choice.kind === "percentage_off" ? await this.subtotal() : undefined;
    const wish = { rewardId: Number(choice.id), requestKey: keyFor(what) };
    const answer = await ask(this, "redeem", {
      ...wish,
      ...(free ? { points: choice.points } : {}),
      ...(subtotal ? { cart: { subtotalMinor: subtotal } } : {}),
    });
    this.wait(false);
    // Without an answer the key stays: asking again is the same wish, never a second one.
    if (!["offline", "unavailable", "too_many", "other"].includes(answer.outcome)) forget(what);
    if (answer.outcome !== "issued" && answer.outcome !== "reserved") return this.say(problem(this, answer.outcome));
    const balance = answer.balance?.available ?? Number(this.dataset.balance ?? 0) - answer.redemption.points;
    showBalance(balance);
    this.done(answer.redemption, answer.outcome);
  }

  /** @param {any} redemption @param {string} outcome */
  done(redemption, outcome) {
    const ready = outcome === "issued";
    const code = ready ? redemption.code : null;
    this.part("choose").hidden = true;
    this.part("done").hidden = false;
    this.part("code").hidden = !code;
    this.slotOf("said").textContent = word(this, !ready ? "reserved" : code ? "issued" : "issued_plain");
    if (code) {
      this.slotOf("code").textContent = code;
      this.slotOf("expires").textContent = redemption.expiresAt
        ? word(this, "expires", { d: lastDay(this.locale, redemption.expiresAt) })
        : "";
      const apply = /** @type {HTMLAnchorElement} */ (this.slotOf("apply"));
      apply.hidden = redemption.kind === "gift_card" || redemption.kind === "voucher";
      apply.href = applyUrl(this, code);
    }
    this.slotOf("title").focus();
    if (!ready) void this.look(redemption.id, 0);
  }

  // The shop makes the code a moment later: look a few times, then leave it to "My codes".
  /** @param {string | number} id @param {number} round */
  async look(id, round) {
    const pause = LOOKS[round];
    if (pause === undefined) return;
    await new Promise((resolve) => setTimeout(resolve, pause));
    if (!this.dialog?.open || this.part("done").hidden) return;
    const answer = await ask(this, "panel", null);
    const found = (answer.redemptions ?? []).find((/** @type {any} */ each) => String(each.id) === String(id));
    if (found && found.status !== "reserved") return this.done(found, "issued");
    return this.look(id, round + 1);
  }

  async subtotal() {
    try {
      const cart = await (await fetch("/cart.js", { headers: { Accept: "application/json" } })).json();
      if (cart.currency !== this.dataset.currency) return undefined;
      // Carts speak in hundredths whatever the currency.
      return Math.floor((cart.items_subtotal_price * 10 ** Number(this.dataset.digits ?? 0)) / 100);
    } catch {
      return undefined;
    }
  }

  async copyCode() {
    const code = this.slotOf("code");
    if (await copy(code.textContent ?? "")) this.slotOf("said").textContent = word(this, "copied");
    else getSelection()?.selectAllChildren(code);
  }

  /** @param {string} text */
  say(text) {
    this.slotOf("problem").textContent = text;
  }
  /** @param {boolean} busy */
  wait(busy) {
    this.busy = busy;
    const button = this.querySelector('[data-do="confirm"]');
    button?.setAttribute("aria-disabled", String(busy));
    this.say(busy ? word(this, "working") : "");
  }
}

if (!customElements.get("kizuna-redeem")) customElements.define("kizuna-redeem", KizunaRedeem);

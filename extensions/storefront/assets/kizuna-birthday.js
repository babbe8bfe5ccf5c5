// @ts-check
// Tells the shop a birthday: month and day.
import { ask, day } from "./kizuna-door.js";

class KizunaBirthday extends HTMLElement {
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
    const fields = new FormData(form);
    const [month, date] = ["month", "day"].map((name) => String(fields.get(name) ?? "").padStart(2, "0"));
    const answer = await ask(this, "birthday", { birthday: `${month}-${date}` });
    const locale = document.documentElement.lang;
    const { saved = "", locked = "", invalid = "", failed = "" } = this.dataset;
    const isSaved = answer.outcome === "set" || answer.outcome === "unchanged";
    const text = isSaved
      ? saved.replace("%d", answer.nextAt ? day(locale, answer.nextAt) : "")
      : answer.outcome === "locked"
        ? locked.replace("%d", answer.until ? day(locale, answer.until) : "")
        : answer.outcome === "invalid"
          ? invalid
          : failed;
    const said = this.querySelector("[data-said]");
    if (said) said.textContent = text;
    if (isSaved) form.hidden = true;
  };
}

if (!customElements.get("kizuna-birthday")) customElements.define("kizuna-birthday", KizunaBirthday);

// @ts-check
// A list of reviews: filters, search, order, more; votes and reports. Texts of people become text nodes only.
import { ask, digits } from "./kizuna-door.js";
import { fill, kept, mark } from "./kizuna-review-card.js";

const browser = () => kept("browser", kept("browser") ?? crypto.randomUUID());

class KizunaReviews extends HTMLElement {
  /** @type {string | null} */
  next = null;
  asked = 0;

  connectedCallback() {
    this.addEventListener("click", this.onClick);
    this.addEventListener("change", () => this.load(false));
    this.addEventListener("submit", this.onSubmit);
    for (const card of this.querySelectorAll("li[data-review]")) mark(card);
  }
  /** @template {Element} T @param {string} selector */
  one(selector) {
    return /** @type {T | null} */ (this.querySelector(selector));
  }

  /** @param {Event} event */
  onClick = (event) => {
    const target = /** @type {Element} */ (event.target);
    const button = target.closest("button");
    const card = /** @type {HTMLElement | null} */ (target.closest("li[data-review]"));
    if (!button) return;
    const { do: what, stars, topic } = button.dataset;
    if (stars || topic) {
      const isOn = button.getAttribute("aria-pressed") !== "true";
      if (topic) for (const other of this.querySelectorAll("[data-topic]")) other.setAttribute("aria-pressed", "false");
      button.setAttribute("aria-pressed", String(isOn));
      this.load(false);
    } else if (what === "more") this.load(true);
    else if (what === "clear") this.clear();
    else if (!card) return;
    else if (what === "full") this.full(card);
    else if (what) this.vote(card, what === "yes");
  };
  /** @param {Event} event */
  onSubmit = (event) => {
    event.preventDefault();
    this.load(false);
  };
  /** @param {Element | null} card @param {string} name */
  say(card, name) {
    const said = card?.querySelector("[data-said]");
    if (said) said.textContent = this.dataset[name] ?? "";
  }

  clear() {
    this.one("form[data-filters]")?.reset();
    for (const button of this.querySelectorAll("[aria-pressed][data-stars], [data-topic]"))
      button.setAttribute("aria-pressed", "false");
    this.load(false);
  }

  /** The address of what is chosen. @param {boolean} isMore */
  question(isMore) {
    const { root = "", product, sort = "newest" } = this.dataset;
    const url = new URL(`${root}reviews`, location.origin);
    const put = (/** @type {string} */ name, /** @type {unknown} */ value) =>
      value && url.searchParams.set(name, String(value));
    put(product ? "product" : "list", product ?? "shop");
    const form = /** @type {HTMLFormElement | null} */ (this.one("form[data-filters]"));
    const data = form ? new FormData(form) : null;
    put("sort", data?.get("sort") ?? sort);
    put("q", String(data?.get("q") ?? "").trim());
    put("media", data?.get("media"));
    put("answers", data?.getAll("answer").filter(Boolean).join(","));
    const pressed = /** @type {NodeListOf<HTMLElement>} */ (
      this.querySelectorAll("[aria-pressed=true]:is([data-stars], [data-topic])")
    );
    put(
      "stars",
      [...pressed]
        .flatMap(({ dataset }) => dataset.stars ?? [])
        .sort()
        .join(","),
    );
    put("topic", [...pressed].find(({ dataset }) => dataset.topic)?.dataset.topic);
    const isChosen = url.searchParams.size > 2;
    const clear = this.one("[data-do=clear]");
    if (clear) clear.toggleAttribute("hidden", !isChosen);
    if (isMore) put("cursor", this.next);
    return url;
  }

  /** @param {boolean} isMore */
  async load(isMore) {
    const turn = ++this.asked;
    const list = this.one("[data-list]");
    const status = this.one("[data-status]");
    // The first page came with Liquid, without its end: what stands there already is passed over.
    const answer = await this.read(this.question(isMore));
    if (turn !== this.asked || !list || !status) return;
    // What is said stands where the reader looks: beside the button, or above the list.
    this.one(isMore ? "[data-do=more]" : "[data-list]")?.parentElement?.before(status);
    if (answer?.outcome !== "found") {
      status.textContent = this.dataset.failed ?? "";
      return;
    }
    if (isMore) status.textContent = "";
    this.next = answer.next;
    const known = new Set(isMore ? [...list.children].map((card) => card.getAttribute("data-review")) : []);
    const cards = answer.reviews
      .filter((/** @type {any} */ { id }) => !known.has(id))
      .map((/** @type {any} */ review) => fill(this, review));
    if (isMore) list.append(...cards);
    else list.replaceChildren(...cards);
    this.one("[data-do=more]")?.toggleAttribute("hidden", !answer.next);
    if (answer.total) status.textContent = this.count(answer.total);
    if (isMore && cards.length === 0 && answer.next) await this.load(true);
    else if (isMore) cards[0]?.querySelector("h3, b")?.scrollIntoView({ block: "nearest" });
  }
  /** @param {{ count: number, isExact: boolean }} total */
  count({ count, isExact }) {
    const { locale, one = "", other = "", over = "", empty = "" } = this.dataset;
    const text =
      count === 0 ? empty : !isExact ? over : new Intl.PluralRules(locale).select(count) === "one" ? one : other;
    return text.replace("%n", digits(locale, count));
  }
  /** @param {URL} url */
  async read(url) {
    try {
      return await (await fetch(url, { headers: { Accept: "application/json" } })).json();
    } catch {
      return null;
    }
  }

  /** @param {HTMLElement} card */
  async full(card) {
    const answer = await this.read(
      new URL(`${this.dataset.root}reviews?review=${card.dataset.review}`, location.origin),
    );
    if (answer?.reviews?.[0]) card.replaceWith(fill(this, answer.reviews[0]));
    else this.say(card, "failed");
  }

  /** @param {HTMLElement} card @param {boolean} isYes */
  async vote(card, isYes) {
    const { review: reviewId = "" } = card.dataset;
    const name = isYes ? "yes" : "no";
    const isBack = kept(`vote-${reviewId}`) === name;
    const answer = await ask(this, "review-vote", { reviewId, helpful: isBack ? null : isYes, browser: browser() });
    if (answer.outcome !== "voted") return this.say(card, answer.outcome === "offline" ? "failed" : "uncounted");
    kept(`vote-${reviewId}`, isBack ? "" : name);
    const helped = card.querySelector("[data-part=helped]");
    if (helped) helped.textContent = String(answer.helpful + answer.helpfulAnon);
    mark(card);
    this.say(card, "thanks");
  }
}

if (!customElements.get("kizuna-reviews")) customElements.define("kizuna-reviews", KizunaReviews);

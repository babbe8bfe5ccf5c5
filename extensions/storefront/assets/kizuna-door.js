// @ts-check
// What the panel's elements share: asking the app, the shopper's words, and the balance on the page.

/** @typedef {{ outcome: string, [field: string]: any }} Answer */

/**
 * Asks the app. What it could not be asked, or would not answer, is an outcome like any other.
 * @param {HTMLElement} host @param {string} path @param {object | null} body null: a reading
 * @returns {Promise<Answer>}
 */
export async function ask(host, path, body) {
  const url = new URL((host.dataset.root ?? "/apps/kizuna/") + path, location.origin);
  url.searchParams.set("locale", host.dataset.locale ?? document.documentElement.lang);
  /** @type {RequestInit} */
  const init = { headers: { Accept: "application/json" } };
  if (body) {
    init.method = "POST";
    init.headers = { ...init.headers, "Content-Type": "application/json", "X-Kizuna": "1" };
    init.body = JSON.stringify(body);
  }
  try {
    const response = await fetch(url, init);
    const answer = await response.json();
    return typeof answer?.outcome === "string" ? answer : { outcome: "other" };
  } catch {
    return { outcome: "offline" };
  }
}

/** A text that Liquid translated, its places filled. @param {Element} host @param {string} name @param {Record<string, string>} [values] */
export function word(host, name, values = {}) {
  const template = /** @type {HTMLTemplateElement | null} */ (host.querySelector(`template[data-word="${name}"]`));
  let text = template?.content.textContent ?? "";
  for (const [mark, value] of Object.entries(values)) text = text.replaceAll(`%${mark}`, value);
  return text;
}

/** What went wrong, in the shopper's words. @param {Element} host @param {string} outcome */
export function problem(host, outcome) {
  const known = host.querySelector(`template[data-problem="${CSS.escape(outcome)}"]`);
  const template = known ?? host.querySelector('template[data-problem="other"]');
  return /** @type {HTMLTemplateElement | null} */ (template)?.content.textContent ?? "";
}

/** @param {string | undefined} locale @param {number} number */
export const digits = (locale, number) => new Intl.NumberFormat(locale).format(number);

/** @param {string | undefined} locale @param {number} number */
export const plural = (locale, number) => (new Intl.PluralRules(locale).select(number) === "one" ? "one" : "other");

/** Puts a new balance wherever the page shows it; live regions read it out. @param {number | undefined} balance */
export function showBalance(balance) {
  if (typeof balance !== "number") return;
  for (const panel of document.querySelectorAll("kizuna-panel")) {
    const { locale, balanceOne = "", balanceOther = "" } = /** @type {HTMLElement} */ (panel).dataset;
    const text = plural(locale, balance) === "one" ? balanceOne : balanceOther;
    const shown = panel.querySelector("[data-kizuna-balance]");
    if (shown?.getAttribute("data-kizuna-balance") === String(balance)) continue;
    if (shown) {
      shown.textContent = text.replace("%n", digits(locale, balance));
      shown.setAttribute("data-kizuna-balance", String(balance));
    }
    // What follows from the old balance is no longer true.
    for (const stale of panel.querySelectorAll("[data-kizuna-stale], [data-kizuna-worth]")) stale.remove();
    for (const redeem of panel.querySelectorAll("kizuna-redeem")) redeem.setAttribute("data-balance", String(balance));
  }
}

/** @param {string} text */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** Where a code is put into the cart. @param {HTMLElement} host @param {string} code */
export function applyUrl(host, code) {
  const { discount = host.dataset.apply ?? "/discount/", cart = "/cart" } = host.dataset;
  return `${discount}${encodeURIComponent(code)}?redirect=${encodeURIComponent(cart)}`;
}

/** A day in the shopper's language, as the shop's calendar has it. @param {string | undefined} locale @param {string | number} instant */
export function day(locale, instant) {
  const zone = /** @type {HTMLElement | null} */ (document.querySelector("kizuna-panel"))?.dataset.zone;
  const format = { dateStyle: /** @type {const} */ ("long"), ...(zone ? { timeZone: zone } : {}) };
  return new Intl.DateTimeFormat(locale, format).format(new Date(instant));
}

/** The last day before an instant at which something ends. @param {string | undefined} locale @param {string} end */
export const lastDay = (locale, end) => day(locale, Date.parse(end) - 1);

/** A text the merchant wrote. @param {string | undefined} locale @param {{ en: string, ja: string }} text */
export function textIn(locale, text) {
  return (locale?.startsWith("ja") ? text.ja : text.en) || text.en || text.ja;
}

/** @type {Record<string, string>} */
const memory = {};

/** The key of a wish, kept until it is answered, over a reload too. @param {string} what */
export function keyFor(what) {
  try {
    const kept = sessionStorage.getItem(`kizuna-wish-${what}`);
    if (kept) return kept;
    const key = crypto.randomUUID();
    sessionStorage.setItem(`kizuna-wish-${what}`, key);
    return key;
  } catch {
    return (memory[what] ??= crypto.randomUUID());
  }
}
/** @param {string} what */
export function forget(what) {
  delete memory[what];
  try {
    sessionStorage.removeItem(`kizuna-wish-${what}`);
  } catch {
    // Then it was never kept there.
  }
}

// @ts-check
// Brings an element's script when somebody first uses it, and then does what they asked for.
// The launcher and a friend's gift are shown here, because only the browser knows whether they should be.

if (!customElements.get("kizuna-panel")) {
  customElements.define("kizuna-panel", class extends HTMLElement {});

  /** @param {string} name */
  const remembered = (name) => {
    try {
      return localStorage.getItem(name);
    } catch {
      return null;
    }
  };

  /** @param {Event} event */
  const bring = async (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const host = /** @type {HTMLElement | null} */ (target?.closest("[data-kizuna-script]") ?? null);
    const actor = target?.closest(host?.dataset.kizunaWhen ?? "button, a, input") ?? null;
    if (!target || !host || customElements.get(host.localName)) return;
    const isSubmit = event.type === "submit";
    if (!isSubmit && (!actor || actor.closest("form:not([method=dialog])"))) return;
    // A link to another page opens as always; the script hears of it.
    const opens = actor instanceof HTMLAnchorElement;
    if (!opens) event.preventDefault();
    actor?.setAttribute("aria-busy", "true");
    try {
      await import(host.dataset.kizunaScript ?? "");
      if (isSubmit && target instanceof HTMLFormElement) target.requestSubmit();
      else if (opens) host.dispatchEvent(new CustomEvent("kizuna:opened"));
      else if (actor instanceof HTMLElement) actor.click();
    } catch {
      const said = host.querySelector("[data-said]");
      if (said) said.textContent = host.dataset.failed ?? "";
    } finally {
      actor?.removeAttribute("aria-busy");
    }
  };
  document.addEventListener("click", (event) => void bring(event));
  document.addEventListener("submit", (event) => void bring(event));

  // Never over a button that buys: while one passes where the launcher is, the launcher steps aside.
  /** @type {Map<Element, DOMRect>} */
  const near = new Map();
  const watch = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target, boundingClientRect } of entries) {
        if (isIntersecting) near.set(target, boundingClientRect);
        else near.delete(target);
      }
      for (const launcher of document.querySelectorAll("kizuna-launcher")) {
        const { left, right } = launcher.getBoundingClientRect();
        const isInTheWay = [...near.values()].some((button) => button.left < right && button.right > left);
        launcher.toggleAttribute("data-aside", isInTheWay && !launcher.querySelector("dialog[open]"));
      }
    },
    { rootMargin: "-82% 0px 0px 0px" },
  );

  const show = () => {
    for (const launcher of document.querySelectorAll("kizuna-launcher")) {
      if (remembered("kizuna-launcher") !== "hidden") launcher.removeAttribute("hidden");
    }
    if (document.querySelector("kizuna-launcher")) {
      const buttons =
        'form[action*="/cart/add"] :is([type="submit"], button:not([type])), [name="add"], [name="checkout"]';
      for (const button of document.querySelectorAll(buttons)) watch.observe(button);
    }
    if (!new URLSearchParams(location.search).get("ref")) return;
    for (const friend of document.querySelectorAll("kizuna-friend")) friend.removeAttribute("hidden");
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", show);
  else show();
  document.addEventListener("shopify:section:load", show);
}

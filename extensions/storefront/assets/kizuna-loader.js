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
    const isChange = event.type === "change";
    const isSubmit = event.type === "submit";
    // Elements lie in each other: the innermost that waits for this is meant.
    let host = /** @type {HTMLElement | null} */ (target?.closest("[data-kizuna-script]") ?? null);
    const wanted = () =>
      target?.closest((isChange ? host?.dataset.kizunaChange : host?.dataset.kizunaWhen) ?? "button, a, input");
    while (host && !isSubmit && !host.contains(wanted() ?? null))
      host = host.parentElement?.closest("[data-kizuna-script]") ?? null;
    const actor = wanted() ?? null;
    if (!target || !host || customElements.get(host.localName) || (isChange && !host.dataset.kizunaChange)) return;
    if (!isSubmit && !isChange && (!actor || actor.closest("form:not([method=dialog])"))) return;
    // A link to another page opens as always; the script hears of it.
    const opens = actor instanceof HTMLAnchorElement && !host.hasAttribute("data-kizuna-takes-links");
    if (!opens) event.preventDefault();
    actor?.setAttribute("aria-busy", "true");
    try {
      await import(host.dataset.kizunaScript ?? "");
      if (isChange) target.dispatchEvent(new Event("change", { bubbles: true }));
      else if (isSubmit && target instanceof HTMLFormElement) target.requestSubmit();
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
  document.addEventListener("change", (event) => void bring(event));

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

  /** Whoever the program welcomes by their first visit, once in this browser. @param {HTMLElement & { visit?: () => Promise<string> }} host */
  const greet = async (host) => {
    const { visit = "", kizunaScript = "" } = host.dataset;
    const key = `kizuna-visit-${visit}`;
    if (remembered(key)) return;
    try {
      localStorage.setItem(key, "asked");
      await import(kizunaScript);
      if ((await host.visit?.()) === "offline") localStorage.removeItem(key);
    } catch {
      // Without storage nobody knows the first visit from the next; without the script nothing was asked.
      if (remembered(key)) localStorage.removeItem(key);
    }
  };

  const show = () => {
    /** @type {HTMLElement | null} */
    const guest = document.querySelector("kizuna-join[data-visit]");
    if (guest) void greet(guest);
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

// @ts-check
// "You will earn N" follows the cart: when the theme says that it changed, the page's own line is read again.

if (!customElements.get("kizuna-cart-earn")) {
  // What themes fire; none of them is a standard.
  const EVENTS = [
    "cart:updated",
    "cart:update",
    "cart:change",
    "cart:refresh",
    "cart-updated",
    "ajaxProduct:added",
    "shopify:cart:lines-update",
  ];
  const CART_CALL = /\/cart\/(add|change|update|clear)(\.js)?([?#]|$)/;

  class KizunaCartEarn extends HTMLElement {
    /** @type {AbortController | null} */
    listening = null;
    /** @type {PerformanceObserver | null} */
    watching = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    waiting = undefined;
    round = 0;

    connectedCallback() {
      this.listening = new AbortController();
      const { signal } = this.listening;
      for (const name of EVENTS) document.addEventListener(name, this.changed, { signal });
      // Many themes fire nothing: a finished call of the cart's Ajax API says the same, without wrapping fetch.
      try {
        this.watching = new PerformanceObserver((list) => {
          if (list.getEntries().some((entry) => CART_CALL.test(entry.name))) this.changed();
        });
        this.watching.observe({ type: "resource" });
      } catch {
        // The events above are what is left.
      }
    }

    disconnectedCallback() {
      this.listening?.abort();
      this.watching?.disconnect();
      clearTimeout(this.waiting);
    }

    // A theme makes several calls for one change: one reading is enough.
    changed = () => {
      clearTimeout(this.waiting);
      this.waiting = setTimeout(() => void this.read(), 250);
    };

    async read() {
      const round = ++this.round;
      try {
        const response = await fetch(location.href, { headers: { Accept: "text/html" } });
        if (!response.ok) return;
        const page = new DOMParser().parseFromString(await response.text(), "text/html");
        const fresh = page.querySelector(`kizuna-cart-earn[data-block="${CSS.escape(this.dataset.block ?? "")}"] p`);
        const line = this.querySelector("p");
        if (!fresh || !line || round !== this.round || fresh.textContent === line.textContent) return;
        line.replaceChildren(...[...fresh.childNodes].map((node) => document.importNode(node, true)));
      } catch {
        // The line of the page as it was loaded stays.
      }
    }
  }

  customElements.define("kizuna-cart-earn", KizunaCartEarn);
}

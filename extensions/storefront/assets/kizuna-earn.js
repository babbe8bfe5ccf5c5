// @ts-check
// Shows the line of the variant that is chosen. Every line is already in the page: no request.

if (!customElements.get("kizuna-earn")) {
  class KizunaEarn extends HTMLElement {
    /** @type {AbortController | null} */
    listening = null;
    /** @type {MutationObserver | null} */
    watching = null;

    connectedCallback() {
      this.listening = new AbortController();
      document.addEventListener("change", this.follow, { signal: this.listening.signal });
      // Many themes set the hidden id field by script, which fires no event.
      this.watching = new MutationObserver(this.follow);
      for (const field of this.fields) this.watching.observe(field, { attributes: true, attributeFilter: ["value"] });
      this.follow();
    }

    disconnectedCallback() {
      this.listening?.abort();
      this.watching?.disconnect();
    }

    /** The variant fields of every add-to-cart form on the page. */
    get fields() {
      return /** @type {NodeListOf<HTMLInputElement>} */ (
        document.querySelectorAll('form[action*="/cart/add"] [name="id"]')
      );
    }

    follow = () => {
      const known = new Set([...this.children].map((line) => line.getAttribute("data-variant")));
      const field = [...this.fields].find(
        (input) => known.has(input.value) && (input.type !== "radio" || input.checked),
      );
      const chosen = field?.value ?? new URLSearchParams(location.search).get("variant");
      if (!chosen || !known.has(chosen)) return;
      for (const line of this.children) {
        const shown = line.getAttribute("data-variant") === chosen && Number(line.getAttribute("data-points")) > 0;
        line.toggleAttribute("hidden", !shown);
      }
    };
  }

  customElements.define("kizuna-earn", KizunaEarn);
}

// @ts-check
// The shopper's points history, asked for only when they want to see it.

if (!customElements.get("kizuna-history")) {
  /** @typedef {{ id: string, on: string, points: number, text: string, order: { name: string, url: string } | null }} Line */

  class KizunaHistory extends HTMLElement {
    /** @type {string | null} */
    next = null;

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
      return /** @type {HTMLElement} */ (this.querySelector(".kizuna-history"));
    }

    onToggle = () => {
      const open = this.panel.hidden;
      this.panel.hidden = !open;
      this.toggle.setAttribute("aria-expanded", String(open));
      this.toggle.textContent = (open ? this.dataset.hide : this.dataset.show) ?? "";
      if (open && !this.panel.querySelector("ul")) this.load(null);
    };

    /** @param {string | null} before */
    async load(before) {
      this.panel.querySelector("[data-foot]")?.remove();
      const status = this.foot(this.dataset.loading ?? "");
      status.setAttribute("role", "status");
      if (!before) await this.claim();
      try {
        const url = new URL(this.dataset.url ?? "", location.origin);
        url.searchParams.set("locale", this.dataset.locale ?? "en");
        if (before) url.searchParams.set("before", before);
        const response = await fetch(url, { headers: { Accept: "application/json" } });
        if (!response.ok) throw new Error(String(response.status));
        /** @type {{ entries: Line[], next: string | null }} */
        const page = await response.json();
        status.remove();
        this.show(page);
      } catch {
        status.remove();
        this.offerRetry(before);
      }
    }

    // Orders placed as a guest with the same address become this shopper's, asked for once a visit.
    async claim() {
      try {
        if (sessionStorage.getItem("kizuna-claimed")) return;
        const response = await fetch(new URL("claim", new URL(this.dataset.url ?? "", location.origin)), {
          method: "POST",
          headers: { "Content-Type": "application/json", "X-Kizuna": "1" },
          body: "{}",
          // The history must not wait long for what Shopify may be slow to answer.
          signal: AbortSignal.timeout(3000),
        });
        if (response.ok) sessionStorage.setItem("kizuna-claimed", "1");
      } catch {
        // The history is shown all the same; the next visit asks again.
      }
    }

    /** @param {{ entries: Line[], next: string | null }} page */
    show(page) {
      let list = this.panel.querySelector("ul");
      if (!list) {
        list = document.createElement("ul");
        list.setAttribute("aria-label", this.dataset.caption ?? "");
        this.panel.append(list);
      }
      list.append(...page.entries.map((entry) => this.line(entry)));
      if (!list.children.length) this.foot(this.dataset.empty ?? "");
      if (page.next) {
        const foot = this.foot("");
        foot.append(this.button(this.dataset.more ?? "", () => this.load(page.next)));
      }
    }

    /** @param {Line} entry */
    line(entry) {
      const item = document.createElement("li");
      const points = new Intl.NumberFormat(this.dataset.locale, { signDisplay: "exceptZero" }).format(entry.points);
      item.append(this.span("reason", entry.text), this.span("points", points));
      const when = this.span("when", entry.on);
      if (entry.order) when.append(" · ", entry.order.name);
      item.append(when);
      return item;
    }

    /** @param {string | null} before */
    offerRetry(before) {
      const foot = this.foot(this.dataset.error ?? "");
      foot.setAttribute("role", "alert");
      foot.append(
        document.createElement("br"),
        this.button(this.dataset.retry ?? "", () => this.load(before)),
      );
    }

    /** @param {string} text */
    foot(text) {
      const foot = document.createElement("div");
      foot.dataset.foot = "";
      foot.textContent = text;
      this.panel.append(foot);
      return foot;
    }

    /** @param {string} part @param {string} text */
    span(part, text) {
      const span = document.createElement("span");
      span.className = `kizuna-history__${part}`;
      span.textContent = text;
      return span;
    }

    /** @param {string} label @param {() => void} onClick */
    button(label, onClick) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "kizuna-button";
      button.textContent = label;
      button.addEventListener("click", onClick);
      return button;
    }
  }

  customElements.define("kizuna-history", KizunaHistory);
}

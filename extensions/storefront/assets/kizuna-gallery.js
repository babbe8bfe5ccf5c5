// @ts-check
// Photos and videos seen large, and rows that move by buttons.
class KizunaGallery extends HTMLElement {
  /** @type {HTMLAnchorElement | null} */
  shown = null;

  connectedCallback() {
    this.addEventListener("click", this.onClick);
    this.addEventListener("keydown", this.onKey);
  }
  get dialog() {
    return /** @type {HTMLDialogElement} */ (this.querySelector(".kizuna-lightbox"));
  }
  get links() {
    return /** @type {HTMLAnchorElement[]} */ ([...this.querySelectorAll("a.kizuna-thumb")]);
  }

  /** @param {Event} event */
  onClick = (event) => {
    const target = /** @type {Element} */ (event.target);
    const link = /** @type {HTMLAnchorElement | null} */ (target.closest("a.kizuna-thumb"));
    if (link) {
      event.preventDefault();
      this.show(link);
      return;
    }
    const what = target.closest("button")?.dataset.do;
    if (what === "close" || target === this.dialog) this.dialog.close();
    else if (what === "next") this.step(1);
    else if (what === "previous") this.step(-1);
  };
  /** @param {KeyboardEvent} event */
  onKey = ({ key, target }) => {
    if (!this.dialog.open || target instanceof HTMLVideoElement) return;
    if (key === "ArrowRight") this.step(1);
    if (key === "ArrowLeft") this.step(-1);
  };
  /** @param {number} by */
  step(by) {
    const { links } = this;
    const at = this.shown ? links.indexOf(this.shown) : 0;
    const next = links[(at + by + links.length) % links.length];
    if (next) this.show(next);
  }

  /** @param {HTMLAnchorElement} link */
  show(link) {
    this.shown = link;
    const { large = "", film = "", width, height, caption } = link.dataset;
    const picture = link.querySelector("img");
    const media = film ? document.createElement("video") : new Image();
    if (media instanceof HTMLVideoElement) Object.assign(media, { src: film, poster: large, controls: true });
    else Object.assign(media, { src: large, alt: picture?.alt ?? "" });
    if (Number(width)) Object.assign(media, { width, height });
    this.querySelector("[data-stage]")?.replaceChildren(media);
    const words = caption ? document.getElementById(`kizuna-${caption}`) : link.closest(".kizuna-review");
    const parts = caption
      ? [...(words?.children ?? [])]
      : [...(words?.querySelectorAll(".kizuna-review__head, .kizuna-review__by, .kizuna-labels") ?? [])];
    this.querySelector("[data-said-caption]")?.replaceChildren(...parts.map((part) => part.cloneNode(true)));
    if (!this.dialog.open) {
      this.dialog.showModal();
      this.dialog.addEventListener("close", () => this.querySelector("[data-stage]")?.replaceChildren(), {
        once: true,
      });
    }
  }
}

class KizunaCarousel extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", ({ target }) => {
      const what = /** @type {Element} */ (target).closest("button")?.dataset.do;
      const row = this.querySelector("ol");
      if (!what || !row) return;
      const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
      row.scrollBy({ left: row.clientWidth * (what === "next" ? 0.9 : -0.9), behavior: isStill ? "auto" : "smooth" });
    });
  }
}

if (!customElements.get("kizuna-gallery")) {
  customElements.define("kizuna-gallery", KizunaGallery);
  customElements.define("kizuna-carousel", KizunaCarousel);
}

// @ts-check
// The small button at the edge: opens what the member has, or goes away and stays away.

class KizunaLauncher extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this.onClick);
    this.dialog.addEventListener("close", this.onClose);
  }
  disconnectedCallback() {
    this.removeEventListener("click", this.onClick);
    this.dialog.removeEventListener("close", this.onClose);
  }
  get dialog() {
    return /** @type {HTMLDialogElement} */ (this.querySelector("dialog"));
  }

  /** @param {MouseEvent} event */
  onClick = (event) => {
    const target = /** @type {Element} */ (event.target);
    const what = target.closest("[data-do]")?.getAttribute("data-do");
    if (what === "open" && !this.dialog.open) {
      this.dialog.showModal();
      /** @type {HTMLElement | null} */ (this.dialog.querySelector("[tabindex]"))?.focus();
    }
    // A press beside the dialog is one on its backdrop.
    if (what === "close" || target === this.dialog) this.dialog.close();
    if (what === "hide") this.dismiss();
  };

  onClose = () => /** @type {HTMLElement | null} */ (this.querySelector("[data-do=open]"))?.focus();

  dismiss() {
    try {
      localStorage.setItem("kizuna-launcher", "hidden");
    } catch {
      // Without storage it is gone for this page only.
    }
    this.hidden = true;
  }
}

if (!customElements.get("kizuna-launcher")) customElements.define("kizuna-launcher", KizunaLauncher);

// @ts-check
// The theme's own behaviour: choosing a variant, adding to the cart without leaving the page, and
// removing lines. Every page works without it.

const picker = document.querySelector("[data-product]");
const form = /** @type {HTMLFormElement | null} */ (document.querySelector("#product-form"));

/** @param {string} selector */
function within(selector) {
  return /** @type {HTMLElement} */ (picker?.querySelector(selector));
}

/** @param {HTMLInputElement} option */
function choose(option) {
  const field = /** @type {HTMLInputElement} */ (within("[data-variant-id]"));
  field.value = option.value;
  const address = new URL(location.href);
  address.searchParams.set("variant", option.value);
  history.replaceState(history.state, "", address);
  within("[data-price]").textContent = option.dataset.variantPrice ?? "";
  const compare = within("[data-compare]");
  compare.textContent = option.dataset.variantCompare ?? "";
  compare.hidden = !option.dataset.variantCompare;
  const add = /** @type {HTMLButtonElement} */ (within("[data-add]"));
  add.disabled = option.dataset.variantAvailable !== "true";
  add.textContent = (add.disabled ? add.dataset.soldOut : add.dataset.label) ?? "";
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

form?.addEventListener("change", (event) => {
  const option = event.target;
  if (option instanceof HTMLInputElement && option.name === "variant") choose(option);
});

async function showCount() {
  const response = await fetch("/cart.js", { headers: { Accept: "application/json" } });
  const cart = await response.json();
  const count = /** @type {HTMLElement | null} */ (document.querySelector("[data-cart-count]"));
  if (!count) return;
  count.textContent = String(cart.item_count);
  count.hidden = cart.item_count === 0;
}

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const body = new FormData(form);
  body.delete("variant");
  const response = await fetch(`${form.getAttribute("action")}.js`, { method: "POST", body, headers: { Accept: "application/json" } });
  if (!response.ok) return form.submit();
  const added = /** @type {HTMLElement | null} */ (form.querySelector("[data-added]"));
  if (added) added.hidden = false;
  await showCount();
});

for (const link of document.querySelectorAll("[data-remove]")) {
  link.addEventListener("click", async (event) => {
    event.preventDefault();
    const id = link.getAttribute("data-remove");
    await fetch("/cart/change.js", {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify({ id, quantity: 0 }),
    });
    location.reload();
  });
}

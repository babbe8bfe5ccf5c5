// What every page of the admin does in the browser: menu on narrow screens, switches.

/** Data the server left in the page. */
export function pageData<T>(): T {
  return JSON.parse(document.getElementById("page-data")?.textContent ?? "null") as T;
}

/** The element, or a clear error when a page and its script have drifted apart. */
export function need<T extends Element = HTMLElement>(selector: string, root: ParentNode = document): T {
  const element = root.querySelector<T>(selector);
  if (!element) throw new Error(`the page has no ${selector}`);
  return element;
}

/** An element with properties and children. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Partial<HTMLElementTagNameMap[K]> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

/** Menu button, shop and language switches. */
export function startPage(): void {
  const button = need<HTMLButtonElement>("[data-menu]");
  const scrim = need("[data-scrim]");
  const setOpen = (open: boolean) => {
    document.documentElement.classList.toggle("menu-open", open);
    button.setAttribute("aria-expanded", String(open));
    scrim.hidden = !open;
  };
  button.addEventListener("click", () => setOpen(button.getAttribute("aria-expanded") !== "true"));
  scrim.addEventListener("click", () => setOpen(false));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") setOpen(false);
  });
  document.addEventListener("shell:navigated", () => setOpen(false));
  const shops = need<HTMLSelectElement>("[data-shop-switch]");
  shops.addEventListener("change", () => location.assign(shops.value));
  const staff = document.querySelector<HTMLSelectElement>("[data-staff-switch]");
  if (staff) chooseStaff(staff, staff.dataset.staffSwitch ?? "");
  const storage = need<HTMLSelectElement>("[data-storage-switch]");
  storage.value = readCookie("shell_storage") ?? "browser";
  storage.addEventListener("change", () => {
    document.cookie = `shell_storage=${storage.value}; path=/; max-age=31536000; samesite=lax`;
    location.reload();
  });
}

function chooseStaff(select: HTMLSelectElement, cookie: string): void {
  const chosen = readCookie(cookie);
  if (chosen !== undefined) select.value = chosen;
  select.addEventListener("change", () => {
    document.cookie = `${cookie}=${select.value}; path=/; max-age=31536000; samesite=lax`;
    location.reload();
  });
}

function readCookie(name: string): string | undefined {
  return document.cookie
    .split("; ")
    .find((part) => part.startsWith(`${name}=`))
    ?.slice(name.length + 1);
}

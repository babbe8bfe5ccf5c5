// The control panel: tabs, the shop, the clock.
import { make, need, pageData } from "../shell/page";
import { attempt, button, clockTime, control } from "./api";
import type { PanelData } from "./api";
import { drawFaults } from "./faults";
import { drawOrders } from "./orders";
import { drawPeople } from "./people";
import { drawDeliveries, drawLog } from "./wire";

const data = pageData<PanelData>();
const REFRESH_MS = 2_000;
const HOUR_MS = 3_600_000;
let shop = data.shop;
let order = data.order;

const TABS = [
  { id: "orders", label: "Orders", live: false, draw: (root: HTMLElement) => drawOrders(root, shop, order) },
  { id: "people", label: "Customers and app", live: false, draw: (root: HTMLElement) => drawPeople(root, shop) },
  { id: "faults", label: "Faults", live: false, draw: (root: HTMLElement) => drawFaults(root) },
  { id: "webhooks", label: "Webhooks", live: true, draw: (root: HTMLElement) => drawDeliveries(root, shop) },
  { id: "log", label: "Request log", live: true, draw: (root: HTMLElement) => drawLog(root, shop) },
];
let current = TABS.find(({ id }) => `#${id}` === location.hash) ?? TABS[0];

async function draw(): Promise<void> {
  const panel = need("[data-panel]");
  panel.setAttribute("aria-labelledby", `tab-${current?.id ?? ""}`);
  try {
    await current?.draw(panel);
    order = null;
  } catch (error) {
    panel.replaceChildren(
      make("p", { className: "empty", role: "alert" }, error instanceof Error ? error.message : String(error)),
    );
  }
}

function choose(id: string): void {
  current = TABS.find((tab) => tab.id === id) ?? current;
  history.replaceState(null, "", `?shop=${encodeURIComponent(shop)}#${id}`);
  for (const tab of document.querySelectorAll<HTMLElement>("[role=tab]")) {
    const isCurrent = tab.id === `tab-${current?.id ?? ""}`;
    tab.setAttribute("aria-selected", String(isCurrent));
    tab.tabIndex = isCurrent ? 0 : -1;
  }
  need("[data-panel]").replaceChildren();
  void draw();
}

/** Someone reads an opened body or is about to press a button: nothing may move under their hands. */
function isBusy(): boolean {
  const panel = need("[data-panel]");
  return panel.querySelector("details[open]") !== null || (document.activeElement?.closest("table") ?? null) !== null;
}

function drawTabs(): void {
  const list = need("[data-tabs]");
  list.replaceChildren(
    ...TABS.map(({ id, label }) => {
      const tab = button(label, () => choose(id), "tab");
      tab.id = `tab-${id}`;
      tab.setAttribute("role", "tab");
      tab.setAttribute("aria-controls", "panel");
      return tab;
    }),
  );
  list.addEventListener("keydown", (event) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const next = TABS[(TABS.findIndex((tab) => tab === current) + step + TABS.length) % TABS.length];
    if (step === 0 || !next) return;
    choose(next.id);
    document.getElementById(`tab-${next.id}`)?.focus();
  });
}

function drawClock(): void {
  const show = async () => {
    const { now } = await control<{ now: string }>("GET", "/clock");
    need("[data-now]").textContent = `${clockTime(now)} UTC`;
  };
  const forward = (label: string, advanceMs: number) =>
    button(
      label,
      () =>
        void attempt(
          `The clock moved ${label.slice(1)} on`,
          () => control("POST", "/clock", { advanceMs }),
          () => Promise.all([show(), draw()]).then(() => undefined),
        ),
    );
  need("[data-clock]").append(
    forward("+1 hour", HOUR_MS),
    forward("+1 day", 24 * HOUR_MS),
    forward("+7 days", 168 * HOUR_MS),
    forward("+30 days", 720 * HOUR_MS),
  );
  void show();
  setInterval(() => void show().catch(() => undefined), 1_000);
}

function drawShops(): void {
  const select = need<HTMLSelectElement>("[data-shops]");
  const links = () => {
    const chosen = data.shops.find(({ domain }) => domain === shop);
    need<HTMLAnchorElement>("[data-admin]").href = `/store/${chosen?.handle ?? ""}`;
    need<HTMLAnchorElement>("[data-storefront]").href = chosen?.storefront ?? "#";
  };
  select.value = shop;
  select.addEventListener("change", () => {
    shop = select.value;
    links();
    choose(current?.id ?? "orders");
  });
  links();
}

drawShops();
drawTabs();
drawClock();
choose(current?.id ?? "orders");
setInterval(() => {
  if (current?.live && !document.hidden && !isBusy()) void draw();
}, REFRESH_MS);

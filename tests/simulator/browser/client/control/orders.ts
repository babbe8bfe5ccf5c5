// The order bench: recent orders, and every event of one order as a button.
import { make } from "../shell/page";
import { attempt, button, card, clockTime, control, money } from "./api";

interface Line {
  id: string;
  title: string;
  variantTitle: string | null;
  quantity: number;
  figures: { currentQuantity: number; fulfillableQuantity: number; currentNetMinor: number };
}
interface Order {
  id: string;
  name: string;
  email: string | null;
  customerId: string | null;
  createdAt: string;
  cancelledAt: string | null;
  currency: string;
  lines: Line[];
  refunds: { id: string }[];
  payments: { refundId: string | null; status: string; kind: string }[];
  fulfillments: { id: string; status: string }[];
  returns: { id: string; name: string; status: string }[];
  disputes: { id: string; type: string; status: string }[];
  totals: {
    currentTotalMinor: number;
    totalMinor: number;
    financialStatus: string;
    fulfillmentStatus: string | null;
    outstandingMinor: number;
  };
}

let chosen: string | null = null;

/** Draws the bench into a panel. */
export async function drawOrders(root: HTMLElement, domain: string, order: string | null): Promise<void> {
  chosen = order ?? chosen;
  const again = () => drawOrders(root, domain, null);
  const { orders } = await control<{ orders: Order[] }>("GET", `/shops/${domain}/orders?limit=40`);
  let current = orders.find(({ id }) => id === chosen) ?? null;
  if (!current && chosen) {
    current = await control<{ order: Order }>("GET", `/shops/${domain}/orders/${chosen}`).then(
      ({ order: one }) => one,
      () => null,
    );
  }
  current ??= orders[0] ?? null;
  const list = make(
    "ol",
    { className: "rows" },
    ...orders.map((one) => row(one, one.id === current?.id, (id) => void drawOrders(root, domain, id))),
  );
  root.replaceChildren(
    make(
      "div",
      { className: "bench" },
      make("div", {}, newOrders(domain, again), card("Recent orders", list)),
      current
        ? detail(domain, current, again)
        : card("Order", make("p", { className: "empty" }, "No orders yet. Make one on the left.")),
    ),
  );
}

function row(order: Order, isCurrent: boolean, choose: (id: string) => void): HTMLElement {
  const pick = make(
    "button",
    { type: "button", className: "row" },
    make("strong", {}, order.name),
    make("span", {}, money(order.totals.currentTotalMinor, order.currency)),
    make(
      "small",
      {},
      `${order.email ?? "no e-mail"} · ${order.totals.financialStatus.replaceAll("_", " ")} · ${order.totals.fulfillmentStatus ?? "unfulfilled"}`,
    ),
  );
  if (isCurrent) pick.setAttribute("aria-current", "true");
  pick.addEventListener("click", () => choose(order.id));
  return make("li", {}, pick);
}

function newOrders(domain: string, again: () => Promise<void>): HTMLElement {
  const place = (count: number) =>
    void attempt(
      count === 1 ? "An order was placed" : `${count} orders were placed`,
      () => control("POST", `/shops/${domain}/orders/bulk`, { count, seed: Date.now() % 1_000_000 }),
      () => {
        chosen = null;
        return again();
      },
    );
  return card(
    "New",
    make(
      "p",
      { className: "buttons" },
      button("One random order", () => place(1), "button primary"),
      button("Ten", () => place(10)),
      button("A hundred", () => place(100)),
    ),
  );
}

function detail(domain: string, order: Order, again: () => Promise<void>): HTMLElement {
  const path = `/shops/${domain}/orders/${order.id}`;
  const act = (label: string, done: string, where: string, body: () => unknown = () => ({}), className = "button") =>
    button(
      label,
      () => void attempt(`${order.name}: ${done}`, () => control("POST", path + where, body()), again),
      className,
    );
  const handle = domain.replace(".myshopify.com", "");
  const amount = make("input", {
    type: "number",
    min: "1",
    placeholder: "minor units",
    ariaLabel: "Amount in minor units",
  });
  const head = make(
    "p",
    { className: "muted" },
    `${clockTime(order.createdAt)} · ${order.email ?? "no e-mail"} · ${money(order.totals.currentTotalMinor, order.currency)} of ${money(order.totals.totalMinor, order.currency)} · `,
    make("a", { href: `/store/${handle}/orders/${order.id}` }, "see it in the admin"),
  );
  const group = (title: string, ...buttons: Node[]) =>
    make("div", { className: "group" }, make("h3", {}, title), make("p", { className: "buttons" }, ...buttons));
  return card(
    `${order.name}${order.cancelledAt ? " (cancelled)" : ""}`,
    head,
    lineTable(order, act),
    group(
      "Refund",
      act("Everything", "refunded in full", "/refunds", () => ({ lines: allLines(order), shippingMinor: "all" })),
      act("Shipping", "shipping refunded", "/refunds", () => ({ shippingMinor: "all" })),
      amount,
      act("This amount", "amount refunded", "/refunds", () => ({ amountMinor: Number(amount.value) })),
      act("All, still pending", "refund pending", "/refunds", () => ({ lines: allLines(order), status: "pending" })),
      ...pendingRefunds(order).flatMap((id) => [
        act("Pending refund succeeds", "refund settled", `/refunds/${id}/settle`, () => ({ status: "success" })),
        act("… fails", "refund failed", `/refunds/${id}/settle`, () => ({ status: "failure" })),
      ]),
    ),
    group(
      "Goods",
      act("Fulfil all", "fulfilled", "/fulfil"),
      act("In transit", "in transit", "/deliver", () => ({ status: "in_transit" })),
      act("Delivered", "delivered", "/deliver"),
      ...order.fulfillments
        .filter(({ status }) => status === "success")
        .map(({ id }) => act("Take fulfilment back", "fulfilment cancelled", `/fulfilments/${id}/cancel`)),
      act("Open a return of all", "return opened", "/returns", () => ({ lines: allLines(order), status: "open" })),
      ...order.returns.flatMap((one) =>
        ["approve", "decline", "cancel", "close", "reopen"]
          .filter((step) => fits(one.status, step))
          .map((step) => act(`${one.name}: ${step}`, `return ${step}`, `/returns/${one.id}/${step}`)),
      ),
    ),
    group(
      "Money",
      act("Pay what is open", "paid", "/pay"),
      act("Void", "voided", "/void"),
      act("Chargeback", "disputed", "/disputes", () => ({ type: "chargeback" })),
      ...order.disputes.flatMap(({ id }) =>
        ["won", "lost"].map((status) =>
          act(`Dispute ${status}`, `dispute ${status}`, `/disputes/${id}`, () => ({ status })),
        ),
      ),
    ),
    group(
      "The end",
      act("Cancel and refund", "cancelled and refunded", "/cancel", () => ({ refund: true }), "button critical"),
      act("Cancel", "cancelled", "/cancel", () => ({ refund: false }), "button critical"),
      button(
        "Delete",
        () => void attempt(`${order.name}: deleted`, () => control("DELETE", path), again),
        "button critical",
      ),
    ),
  );
}

function lineTable(
  order: Order,
  act: (label: string, done: string, where: string, body: () => unknown) => HTMLElement,
): HTMLElement {
  const rows = order.lines.map((line) => {
    const one = line.figures.currentQuantity;
    const cells = make(
      "div",
      { className: "buttons" },
      act("Refund 1", "one unit refunded", "/refunds", () => ({ lines: [{ lineId: line.id, quantity: 1 }] })),
      act("−1", "one unit less", "/edit", () => ({
        setQuantity: [{ lineId: line.id, quantity: one - 1 }],
        refundDifference: true,
      })),
      act("+1", "one unit more", "/edit", () => ({
        setQuantity: [{ lineId: line.id, quantity: one + 1 }],
        payDifference: true,
      })),
    );
    const title = make("td", {}, line.title, make("small", {}, line.variantTitle ?? ""));
    return make(
      "tr",
      {},
      title,
      make("td", { className: "number" }, `${one} / ${line.quantity}`),
      make("td", { className: "number" }, money(line.figures.currentNetMinor, order.currency)),
      make("td", {}, cells),
    );
  });
  const head = make(
    "tr",
    {},
    ...["Item", "Now / ordered", "Kept", "Refund or edit"].map((text) => make("th", { scope: "col" }, text)),
  );
  return make(
    "div",
    { className: "scroll", tabIndex: 0, role: "region", ariaLabel: "Lines" },
    make("table", {}, make("thead", {}, head), make("tbody", {}, ...rows)),
  );
}

function allLines(order: Order): { lineId: string; quantity: number }[] {
  return order.lines
    .filter(({ figures }) => figures.currentQuantity > 0)
    .map(({ id, figures }) => ({ lineId: id, quantity: figures.currentQuantity }));
}

function pendingRefunds(order: Order): string[] {
  return [
    ...new Set(
      order.payments.flatMap(({ refundId, status, kind }) =>
        refundId && kind === "refund" && status === "pending" ? [refundId] : [],
      ),
    ),
  ];
}

function fits(status: string, step: string): boolean {
  if (status === "requested") return step === "approve" || step === "decline";
  if (status === "open") return step === "cancel" || step === "close";
  return status === "closed" && step === "reopen";
}

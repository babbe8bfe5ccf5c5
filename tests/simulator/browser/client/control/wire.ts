// What went over the wire: webhook deliveries and the request log, searchable, newest first.
import { make } from "../shell/page";
import { attempt, button, clockTime, control } from "./api";

interface Delivery {
  id: string;
  topic: string;
  status: string;
  dueAt: string;
  attempts: { at: string; status?: number; error?: string }[];
  faults: string[];
}
interface Entry {
  at: string;
  direction: string;
  shop: string;
  summary: string;
  status: number;
  ms: number;
  body?: string;
}

const filters = { deliveries: "", log: "", direction: "" };

function tone(isGood: boolean, isWaiting = false): string {
  return `badge ${isWaiting ? "warn" : isGood ? "good" : "bad"}`;
}

function table(label: string, heads: string[], rows: HTMLElement[]): HTMLElement {
  const head = make("tr", {}, ...heads.map((text) => make("th", { scope: "col" }, text)));
  if (rows.length === 0) return make("p", { className: "empty" }, "Nothing here.");
  return make(
    "div",
    { className: "card flush scroll", tabIndex: 0, role: "region", ariaLabel: label },
    make("table", {}, make("thead", {}, head), make("tbody", {}, ...rows)),
  );
}

/** A search field that keeps what was typed while the table below is drawn anew. */
function search(
  root: HTMLElement,
  key: "deliveries" | "log",
  label: string,
  again: () => Promise<void>,
): HTMLInputElement {
  const known = root.querySelector<HTMLInputElement>(`input[data-key="${key}"]`);
  if (known) return known;
  const input = make("input", { type: "search", value: filters[key], placeholder: label, ariaLabel: label });
  input.dataset.key = key;
  input.addEventListener("input", () => {
    filters[key] = input.value;
    void again();
  });
  return input;
}

/** Keeps the toolbar in place, so that typing is not disturbed, and swaps what is below it. */
function redraw(root: HTMLElement, toolbar: () => HTMLElement, content: HTMLElement): void {
  const bar = root.querySelector(".toolbar") ?? toolbar();
  if (bar.parentElement !== root) root.replaceChildren(bar);
  root.replaceChildren(bar, content);
}

/** Draws the deliveries into a panel. */
export async function drawDeliveries(root: HTMLElement, domain: string): Promise<void> {
  const again = () => drawDeliveries(root, domain);
  const { deliveries } = await control<{ deliveries: Delivery[] }>(
    "GET",
    `/webhooks?limit=300&shop=${encodeURIComponent(domain)}`,
  );
  const wanted = filters.deliveries.toLowerCase();
  const shown = deliveries
    .filter((one) => `${one.topic} ${one.status} ${one.faults.join(" ")}`.toLowerCase().includes(wanted))
    .reverse();
  const rows = shown.slice(0, 100).map((one) => {
    const last = one.attempts.at(-1);
    const status = make(
      "span",
      { className: tone(one.status === "delivered", one.status === "waiting" || one.status === "sending") },
      one.status,
    );
    const resend = button(
      "Send again",
      () => void attempt(`${one.topic} sent again`, () => control("POST", `/webhooks/${one.id}/resend`, {}), again),
    );
    const body = button("Body", () => void showBody(one.id));
    return make(
      "tr",
      {},
      make("td", {}, clockTime(last?.at ?? one.dueAt)),
      make("td", {}, make("strong", {}, one.topic), make("small", {}, one.faults.join(", "))),
      make("td", {}, status),
      make(
        "td",
        {},
        `${one.attempts.length}${last?.status ? ` · ${last.status}` : ""}${last?.error ? ` · ${last.error}` : ""}`,
      ),
      make("td", {}, make("div", { className: "buttons" }, body, resend)),
    );
  });
  const toolbar = () => make("p", { className: "toolbar" }, search(root, "deliveries", "Topic, state or fault", again));
  redraw(root, toolbar, table("Deliveries", ["When", "Topic", "State", "Attempts", ""], rows));
}

async function showBody(id: string): Promise<void> {
  const { delivery } = await control<{ delivery: { topic: string; body: string } }>("GET", `/webhooks/${id}`);
  let text = delivery.body;
  try {
    text = JSON.stringify(JSON.parse(delivery.body), null, 2);
  } catch {
    // Shown as it was sent.
  }
  const close = make("button", { className: "button", type: "button" }, "Close");
  const dialog = make(
    "dialog",
    { className: "shell-dialog wide" },
    make("header", {}, make("h2", {}, delivery.topic), close),
    make("div", { className: "body", tabIndex: 0 }, make("pre", {}, text)),
  );
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

/** Draws the request log into a panel. */
export async function drawLog(root: HTMLElement, domain: string): Promise<void> {
  const again = () => drawLog(root, domain);
  const direction = filters.direction ? `&direction=${filters.direction}` : "";
  const { entries } = await control<{ entries: Entry[] }>(
    "GET",
    `/log?limit=1000&shop=${encodeURIComponent(domain)}${direction}`,
  );
  const wanted = filters.log.toLowerCase();
  const shown = entries
    .filter((one) => `${one.summary} ${one.status} ${one.direction} ${one.body ?? ""}`.toLowerCase().includes(wanted))
    .reverse();
  const rows = shown.slice(0, 150).map((one) => {
    const text = make("td", {}, make("strong", {}, one.summary));
    if (one.body) text.append(make("details", {}, make("summary", {}, "body"), make("pre", {}, one.body)));
    return make(
      "tr",
      {},
      make("td", {}, clockTime(one.at)),
      make("td", {}, one.direction),
      text,
      make("td", {}, make("span", { className: tone(one.status >= 200 && one.status < 400) }, String(one.status))),
      make("td", { className: "number" }, `${Math.round(one.ms)} ms`),
    );
  });
  redraw(root, () => logToolbar(root, again), table("Requests", ["When", "Way", "What", "Answer", "Took"], rows));
}

function logToolbar(root: HTMLElement, again: () => Promise<void>): HTMLElement {
  const ways = make(
    "select",
    { ariaLabel: "Way" },
    ...["", "admin-api", "webhook", "proxy", "oauth"].map((way) => make("option", { value: way }, way || "every way")),
  );
  ways.value = filters.direction;
  ways.addEventListener("change", () => {
    filters.direction = ways.value;
    void again();
  });
  const clear = button("Empty the log", () => void attempt("The log is empty", () => control("DELETE", "/log"), again));
  return make("p", { className: "toolbar" }, search(root, "log", "Operation, path, status, body", again), ways, clear);
}

// Every fault a switch.
import { make } from "../shell/page";
import { attempt, button, card, control } from "./api";

type FaultCount = number | "always";
interface Faults {
  webhooks: Record<string, number>;
  api: Record<string, FaultCount | null>;
  metafieldNamespace: string;
  proxyKeepsReserved: boolean;
  storagePartitioning: boolean;
}

const WEBHOOKS: Record<string, { label: string; unit: "share" | "ms" }> = {
  duplicateRate: { label: "Sent twice", unit: "share" },
  lossRate: { label: "Never sent", unit: "share" },
  staleRate: { label: "Body older than the state", unit: "share" },
  badSignatureRate: { label: "Wrong signature", unit: "share" },
  reorderWindowMs: { label: "Shuffled within", unit: "ms" },
  delayMs: { label: "Held back for", unit: "ms" },
};
const API: Record<string, string> = {
  throttle: "THROTTLED",
  status429: "429 Too Many Requests",
  status5xx: "5xx",
  htmlBody: "HTML in place of JSON",
  timeout: "No answer (hangs)",
  answerLost: "Done, but the answer is lost",
  tokenAnswerLost: "Token rotated, answer lost",
  tokenStatus5xx: "Token endpoint 5xx",
};

/** Draws the switches into a panel. */
export async function drawFaults(root: HTMLElement): Promise<void> {
  const { faults } = await control<{ faults: Faults }>("GET", "/faults");
  const again = () => drawFaults(root);
  const put = (what: string, change: unknown) => void attempt(what, () => control("PUT", "/faults", change), again);
  const off = button(
    "Switch everything off",
    () => void attempt("The platform behaves again", () => control("DELETE", "/faults"), again),
    "button primary",
  );
  root.replaceChildren(
    make("p", { className: "buttons" }, off),
    make("div", { className: "columns" }, webhookCard(faults, put), apiCard(faults, put), platformCard(faults, put)),
  );
}

type Put = (what: string, change: unknown) => void;

function setting(label: string, control: HTMLElement, isOn: boolean): HTMLElement {
  const element = make("label", { className: isOn ? "setting on" : "setting" }, make("span", {}, label), control);
  return element;
}

function choices(options: [string, string][], value: string, changed: (value: string) => void): HTMLSelectElement {
  const known = options.some(([key]) => key === value) ? options : [...options, [value, value] as [string, string]];
  const select = make(
    "select",
    {},
    ...known.map(([key, label]) => make("option", { value: key, selected: key === value }, label)),
  );
  select.addEventListener("change", () => changed(select.value));
  return select;
}

function webhookCard(faults: Faults, put: Put): HTMLElement {
  const shares: [string, string][] = [
    ["0", "off"],
    ["0.05", "5 %"],
    ["0.2", "20 %"],
    ["0.5", "half"],
    ["1", "all"],
  ];
  const spans: [string, string][] = [
    ["0", "off"],
    ["5000", "5 seconds"],
    ["60000", "1 minute"],
    ["3600000", "1 hour"],
    ["86400000", "1 day"],
  ];
  const rows = Object.entries(WEBHOOKS).map(([name, { label, unit }]) => {
    const value = faults.webhooks[name] ?? 0;
    const select = choices(unit === "share" ? shares : spans, String(value), (next) =>
      put(`Webhooks: ${label.toLowerCase()}`, { webhooks: { [name]: Number(next) } }),
    );
    return setting(label, select, value !== 0);
  });
  return card("Webhooks", ...rows);
}

function apiCard(faults: Faults, put: Put): HTMLElement {
  const options: [string, string][] = [
    ["0", "off"],
    ["1", "next call"],
    ["3", "next 3 calls"],
    ["10", "next 10 calls"],
    ["always", "always"],
  ];
  const rows = Object.entries(API).map(([name, label]) => {
    const value = faults.api[name] ?? 0;
    const select = choices(options, String(value), (next) =>
      put(`Admin API: ${label}`, { api: { [name]: next === "always" ? next : Number(next) } }),
    );
    return setting(label, select, value !== 0);
  });
  const states: [string, string][] = [
    ["null", "open"],
    ["402", "402 frozen"],
    ["403", "403 forbidden"],
    ["423", "423 locked"],
  ];
  const state = choices(states, String(faults.api.shopStatus ?? null), (next) =>
    put("Shop state changed", { api: { shopStatus: next === "null" ? null : Number(next) } }),
  );
  return card("Admin API", ...rows, setting("The shop is", state, faults.api.shopStatus !== null));
}

function platformCard(faults: Faults, put: Put): HTMLElement {
  const spellings: [string, string][] = [
    ["shorthand", "only $app:…"],
    ["resolved", "only app--id--…"],
  ];
  const namespaces = choices(spellings, faults.metafieldNamespace, (next) =>
    put("Liquid metafields changed", { metafieldNamespace: next }),
  );
  const storage = choices(
    [
      ["true", "partitioned (as browsers do)"],
      ["false", "denied"],
    ],
    String(faults.storagePartitioning),
    (next) => put("Storage changed", { storagePartitioning: next === "true" }),
  );
  const reserved = choices(
    [
      ["false", "dropped"],
      ["true", "passed on"],
    ],
    String(faults.proxyKeepsReserved),
    (next) => put("App proxy changed", { proxyKeepsReserved: next === "true" }),
  );
  return card(
    "Browser and Liquid",
    setting("A visitor's own signed parameters are", reserved, faults.proxyKeepsReserved),
    setting("App metafields in Liquid", namespaces, faults.metafieldNamespace !== "shorthand"),
    setting("Storage of the app's frame", storage, !faults.storagePartitioning),
  );
}

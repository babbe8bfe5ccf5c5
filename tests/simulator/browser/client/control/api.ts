// Calls of the control API, and how the panel says what came of them.
import { make, need } from "../shell/page";

const TOASTS_MAX = 2;

export interface ShopData {
  domain: string;
  name: string;
  currency: string;
  locale: "en" | "ja";
}
export interface PanelData {
  shops: (ShopData & { handle: string; storefront: string })[];
  shop: string;
  order: string | null;
}

/** @throws Error with the sentence the API answered */
export async function control<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`/control${path}`, {
    method,
    headers: body === undefined ? {} : { "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const answer = (await response.json()) as T & { error?: string };
  if (!response.ok) throw new Error(answer.error ?? `the control API answered ${response.status}`);
  return answer;
}

/** Says something at the foot of the page. */
export function say(message: string, isError = false): void {
  const toast = make("div", { className: isError ? "toast error" : "toast" }, message);
  const toasts = need("[data-toasts]");
  toasts.append(toast);
  if (toasts.children.length > TOASTS_MAX) toasts.firstElementChild?.remove();
  setTimeout(() => toast.remove(), 8_000);
}

/** Runs an act, draws anew, and says how it went: who has read that, finds the buttons where they will stay. */
export async function attempt(
  what: string,
  act: () => Promise<unknown>,
  after: () => Promise<void> | void,
): Promise<void> {
  let failure: string | null = null;
  try {
    await act();
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  }
  try {
    await after();
  } finally {
    say(failure ?? what, failure !== null);
  }
}

/** A button that does one thing. */
export function button(label: string, press: () => void, className = "button"): HTMLButtonElement {
  const element = make("button", { type: "button", className }, label);
  element.addEventListener("click", press);
  return element;
}

/** A card with a heading. */
export function card(title: string, ...children: (Node | string)[]): HTMLElement {
  return make("section", { className: "card" }, make("h2", {}, title), ...children);
}

export function money(minor: number, currency: string): string {
  const digits =
    new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
  return new Intl.NumberFormat("en", { style: "currency", currency }).format(minor / 10 ** digits);
}

export function clockTime(instant: string): string {
  return instant
    .replace("T", " ")
    .replace(/\.\d+Z$/, "")
    .replace("Z", "");
}

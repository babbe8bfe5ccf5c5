// What the tests of the extensions share: an app that answers as told, and texts as the host would show them.
import { readFileSync } from "node:fs";
import { join } from "node:path";

const EXTENSIONS = join(import.meta.dirname, "../../extensions");

/** Where the tester looks for an extension's toml. */
export function extensionFolder(name: string): string {
  return join(EXTENSIONS, name);
}

type Texts = { [key: string]: string | Texts };
/** An extension's texts of one language. */
export function readTexts(name: string, file: "en.default" | "ja"): Texts {
  return JSON.parse(readFileSync(join(EXTENSIONS, name, "locales", `${file}.json`), "utf8")) as Texts;
}

/**
 * Shopify's translate: plurals by Intl, values between double braces.
 * @throws Error for a key that is no text
 */
export function translator(name: string, file: "en.default" | "ja") {
  const texts = readTexts(name, file);
  const rules = new Intl.PluralRules(file === "ja" ? "ja" : "en");
  return (key: string, values: Record<string, unknown> = {}): string => {
    let found: string | Texts | undefined = texts;
    for (const part of key.split(".")) found = typeof found === "object" ? found[part] : undefined;
    if (typeof found === "object" && typeof values["count"] === "number")
      found = found[rules.select(values["count"])] ?? found["other"];
    if (typeof found !== "string") throw new Error(`no text: ${key}`);
    return found.replace(/\{\{(\w+)\}\}/g, (whole, value: string) => {
      if (!(value in values)) throw new Error(`no value for ${value} in ${key}`);
      return String(values[value] ?? whole);
    });
  };
}

export interface Asked {
  method: string;
  path: string;
  query: Record<string, string>;
  authorization: string | null;
  body: unknown;
}
type Reply = object | "away" | "nonsense";

/** An app that answers each path with its replies in turn, the last one for ever. */
export function appThatAnswers(replies: Record<string, Reply[]>): { fetch: typeof fetch; asked: Asked[] } {
  const asked: Asked[] = [];
  const left = new Map(Object.entries(replies).map(([path, list]) => [path, [...list]]));
  return {
    asked,
    fetch: async (input, init) => {
      const url = new URL(typeof input === "string" ? input : "", "https://kizuna.test");
      const headers = new Headers(init?.headers);
      asked.push({
        method: init?.method ?? "GET",
        path: url.pathname,
        query: Object.fromEntries(url.searchParams),
        authorization: headers.get("authorization"),
        body: typeof init?.body === "string" ? JSON.parse(init.body) : null,
      });
      const list = left.get(url.pathname) ?? [];
      const reply = list.length > 1 ? list.shift() : list[0];
      if (reply === undefined || reply === "away") throw new TypeError("Failed to fetch");
      if (reply === "nonsense") return new Response("<html>", { status: 502 });
      return Response.json(reply);
    },
  };
}

/** All text of the page, one line each. */
export function shownTexts(): string[] {
  return [...document.querySelectorAll("s-text, s-heading, s-button, s-banner, s-link, s-list-item")]
    .filter((element) => element.querySelector("s-text, s-heading, s-button") === null)
    .map((element) => element.textContent ?? "");
}

/** The button that says so. @throws Error when there is none */
export function button(label: string): Element {
  const found = Array.from<Element>(document.querySelectorAll("s-button")).find((each) => each.textContent === label);
  if (!found) throw new Error(`no button: ${label}`);
  return found;
}

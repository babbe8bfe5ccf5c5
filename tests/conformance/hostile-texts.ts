// Texts that were collected to break pages: the script injections and the "naughty strings" of KIZUNA_SHARED.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const folder = join(process.env.KIZUNA_SHARED ?? join(import.meta.dirname, "../../../shared"), "data/robustness/text");

/** Whether the texts are there; tests that need them say so where they are not. */
export const HAS_HOSTILE_TEXTS = existsSync(folder);

/** Every text that holds anything; `share`: only one in so many, always the same ones. */
export function hostileTexts(share = 1): string[] {
  if (!HAS_HOSTILE_TEXTS) return [];
  const scripts = readFileSync(join(folder, "xss/xss-payload-list.txt"), "utf8").split("\n");
  const naughty = JSON.parse(readFileSync(join(folder, "blns/blns.json"), "utf8")) as string[];
  const all = [...scripts, ...naughty, ...OWN].filter((text) => text.trim() !== "");
  return all.filter((_, index) => index % share === 0);
}

/** What the collections do not have: ends of our own pages' contexts, Liquid, directions, half characters. */
const OWN = [
  "</textarea><script>alert(1)</script>",
  "</title><img src=x onerror=alert(1)>",
  "</style><script>alert(1)</script>",
  "</script><script>alert(1)</script>",
  '" autofocus onfocus=alert(1) x="',
  "' onmouseover='alert(1)",
  "{{ shop.name }}{% assign x = 1 %}",
  "${alert(1)}`${alert(1)}`",
  "\u202Egnihton\u202C \u2066isolated\u2069 zero\u200Bwidth\uFEFF",
  "\uD800 half a pair \uDFFF",
  "\u0000\u0001\u001F<b>\u007F",
  "&lt;script&gt;alert(1)&lt;/script&gt;&amp;#x3C;",
  "javascript:alert(1)",
];

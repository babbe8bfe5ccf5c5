// @vitest-environment node
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { build } from "esbuild";
import { describe, expect, it } from "vitest";

import type {
  AccountNextTier,
  AccountRedemption,
  AccountReward,
  OrderAnswer,
  ReviewableProduct,
} from "../../app/storefront/account-answers";
import { extensionFolder, readTexts } from "./host";

const EXTENSIONS = ["account", "customer-block"];
const BYTES_MAX = 64 * 1024;

function toml(name: string): string {
  return readFileSync(join(extensionFolder(name), "shopify.extension.toml"), "utf8");
}
function modulesOf(name: string): string[] {
  return [...new Set([...toml(name).matchAll(/^module = "(.+)"$/gm)].map((match) => match[1] ?? ""))];
}

/** Bundles as Shopify's command line does: all targets of an extension in one file, JSX as its tsconfig says. */
async function bundle(name: string): Promise<{ code: string; inputs: string[] }> {
  const imports = modulesOf(name).map((module, index) => `import target${index} from "${module}"; target${index}();`);
  const { outputFiles, metafile } = await build({
    absWorkingDir: extensionFolder(name),
    stdin: { contents: imports.join("\n"), resolveDir: extensionFolder(name), loader: "tsx" },
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    legalComments: "none",
    target: "es6",
    jsx: "automatic",
    define: { "process.env.SHOPIFY_APP_URL": '"https://kizuna.test"', "process.env.NODE_ENV": '"production"' },
  });
  return { code: outputFiles[0]?.text ?? "", inputs: Object.keys(metafile.inputs) };
}

describe.each(EXTENSIONS)("the extension %s", (name) => {
  it("fits the platform's 64 KB with all its targets, and brings nothing of the app's", async () => {
    expect(modulesOf(name).length).toBeGreaterThan(0);
    const { code, inputs } = await bundle(name);
    expect(code.length).toBeGreaterThan(1_000);
    expect(Buffer.byteLength(code)).toBeLessThan(BYTES_MAX);
    expect(code).not.toMatch(/process\.env/);
    const own = /^(<stdin>|src\/|(\.\.\/)+node_modules\/(preact|@preact|@shopify\/ui-extensions)\/)/;
    expect(inputs.filter((file) => !own.test(file))).toEqual([]);
    expect(inputs.some((file) => file.includes("node_modules/preact/jsx-runtime"))).toBe(true);
  });

  it("names every text it shows, in English and Japanese with the same keys", () => {
    const keysOf = (file: "en.default" | "ja") => new Set(flatten(readTexts(name, file)));
    const english = keysOf("en.default");
    expect([...keysOf("ja")].sort()).toEqual([...english].sort());
    const source = sourcesOf(name);
    const named = [...source.matchAll(/\b(?:text|counted|translate)\(\s*"([\w.]+)"/g)].map((match) => match[1] ?? "");
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((key) => !english.has(key))).toEqual([]);
    const titles = [...toml(name).matchAll(/"t:(\w+)"/g)].map((match) => match[1] ?? "");
    expect(titles.filter((key) => !english.has(key))).toEqual([]);
  });

  it("writes English without exclamation marks and Japanese in full-width punctuation", () => {
    expect(valuesOf(readTexts(name, "en.default")).filter((value) => /!/.test(value))).toEqual([]);
    expect(valuesOf(readTexts(name, "ja")).filter((value) => /[!?(),]|[ぁ-ん一-龠]:/.test(value))).toEqual([]);
  });
});

/** Texts that are named by a state. */
const BY_STATE: Record<string, Record<string, string[]>> = {
  account: {
    order: ["waiting", "pending", "available", "none"] satisfies Extract<OrderAnswer, { outcome: "found" }>["state"][],
    codes: [
      "reserved",
      "issued",
      "posted",
      "returning",
      "voided",
      "needs_person",
    ] satisfies AccountRedemption["status"][],
    redeem: [
      "limit_reached",
      "out_of_stock",
      "tier_too_low",
      "not_open",
      "insufficient_points",
    ] satisfies AccountReward["availability"][],
    join: ["failed", "unverified", "not_open"],
    reviews: [
      ...(["published", "held", "closed"] satisfies NonNullable<ReviewableProduct["review"]>["state"][]),
      ...["star_1", "star_2", "star_3", "star_4", "star_5", "no_stars", "bad_text", "not_allowed", "failed"],
    ],
    "reviews.sent": ["published", "held", "already_reviewed"],
    "tier.left": ["spend", "points", "orders"] satisfies AccountNextTier["metric"][],
  },
  "customer-block": { bucket: ["pending", "reserved", "debt", "redeemed", "expired", "revoked"] },
};
it.each(EXTENSIONS)("has a text for each state that %s can show", (name) => {
  const english = new Set(flatten(readTexts(name, "en.default")));
  const wanted = Object.entries(BY_STATE[name] ?? {}).flatMap(([area, keys]) => keys.map((key) => `${area}.${key}`));
  expect(wanted.filter((key) => !english.has(key))).toEqual([]);
});

type Texts = ReturnType<typeof readTexts>;
// Plural branches differ between the languages; their parent is what the source names.
function flatten(texts: Texts, path = ""): string[] {
  return Object.entries(texts).flatMap(([key, value]) => {
    const here = path === "" ? key : `${path}.${key}`;
    return typeof value === "string" || "other" in value ? [here] : flatten(value, here);
  });
}
function valuesOf(texts: Texts): string[] {
  return Object.values(texts).flatMap((value) => (typeof value === "string" ? [value] : valuesOf(value)));
}
function sourcesOf(name: string): string {
  const folder = join(extensionFolder(name), "src");
  return readdirSync(folder)
    .map((file) => readFileSync(join(folder, file), "utf8"))
    .join("\n");
}

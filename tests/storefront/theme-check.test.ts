// The extension as Shopify's own linter sees it, and the block settings, which that linter does not check.
import { readFileSync, readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import { themeCheckRun } from "@shopify/theme-check-node";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";

import { wayToEarnSchema } from "../../app/loyalty/program-parts";

const EXTENSION = join(import.meta.dirname, "../../extensions/storefront");
const folder = (name: string) => readdirSync(join(EXTENSION, name));
const read = (...path: string[]) => readFileSync(join(EXTENSION, ...path), "utf8");

interface BlockSchema {
  name: string;
  target: string;
  stylesheet?: string;
  javascript?: string;
  settings: Record<string, unknown>[];
}
const blocks = folder("blocks").map((file) => {
  const source = read("blocks", file);
  const json = /{% schema %}([\s\S]*){% endschema %}/.exec(source)?.[1];
  if (json === undefined) throw new Error(`${file} has no schema`);
  return { file, source, schema: JSON.parse(json) as BlockSchema };
});

/** The names a snippet lists for scripts: assign words = 'a,b' | split: ','. */
function listed(snippet: string, variable: string): string[] {
  const names = new RegExp(`assign ${variable} = '([^']+)' \\| split`).exec(read("snippets", `${snippet}.liquid`))?.[1];
  if (names === undefined) throw new Error(`${snippet} lists no ${variable}`);
  return names.split(",");
}

/** Theme-check bundles the JSON Schema of one setting; its references point to themselves. */
function settingValidator(): (setting: unknown) => unknown[] {
  const bundle = dirname(createRequire(import.meta.url).resolve("@shopify/theme-check-docs-updater/package.json"));
  const schema = (name: string) => JSON.parse(readFileSync(join(bundle, "data", name), "utf8")) as object;
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
  for (const name of ["default_setting_values.json", "local_block_entry.json"]) ajv.addSchema(schema(name), name);
  const validate = ajv.compile(schema("setting.json"));
  return (setting) => (validate(setting) ? [] : [...(validate.errors ?? [])]);
}

describe("theme extension", () => {
  it("passes theme check without an offence", async () => {
    const { offenses } = await themeCheckRun(EXTENSION, "theme-check:theme-app-extension", () => undefined);
    expect(offenses.map((offense) => `${offense.check} ${offense.uri.split("/").at(-1)}: ${offense.message}`)).toEqual(
      [],
    );
  });

  it("has settings that Shopify's own schema accepts", () => {
    const errorsOf = settingValidator();
    for (const { file, schema } of blocks) {
      for (const setting of schema.settings) expect([file, setting, errorsOf(setting)]).toEqual([file, setting, []]);
    }
    // The validator itself can say no.
    expect(errorsOf({ type: "selectx", id: "x", label: "X" })).not.toEqual([]);
    expect(errorsOf({ type: "range", id: "x", label: "X" })).not.toEqual([]);
  });

  it("names known targets, files that exist and labels that are translated", () => {
    const words = JSON.parse(read("locales", "en.default.schema.json")) as Record<string, unknown>;
    const translated = (key: string) =>
      key.split(".").reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], words);
    for (const { schema } of blocks) {
      expect(["section", "head", "body", "compliance_head"]).toContain(schema.target);
      for (const asset of [schema.stylesheet, schema.javascript]) if (asset) expect(folder("assets")).toContain(asset);
      const keys = JSON.stringify(schema).match(/(?<="t:)[^"]+/g) ?? [];
      expect(keys.length).toBeGreaterThan(0);
      for (const key of keys) expect([key, typeof translated(key)]).toEqual([key, "string"]);
    }
  });

  it("stays within the platform's limits", () => {
    const bytes = (name: string) =>
      folder(name).reduce((sum, file) => sum + statSync(join(EXTENSION, name, file)).size, 0);
    expect(blocks.length).toBeLessThanOrEqual(30);
    expect(bytes("blocks") + bytes("snippets")).toBeLessThan(100_000);
    for (const file of folder("locales")) expect(statSync(join(EXTENSION, "locales", file)).size).toBeLessThan(15_000);
  });

  it("names assets that exist, and ends no key in the air", () => {
    const sources = [
      ...folder("blocks").map((file) => read("blocks", file)),
      ...folder("snippets").map((file) => read("snippets", file)),
    ].join("\n");
    const assets = [...sources.matchAll(/'([\w-]+\.(?:js|css|svg))' \| asset_url/g)].map(([, name]) => name);
    expect(assets.length).toBeGreaterThan(5);
    expect(assets.filter((name) => !folder("assets").includes(name ?? ""))).toEqual([]);
    const kinds = wayToEarnSchema.options.map(({ shape }) => shape.kind.value);
    const built = [
      ...kinds
        .flatMap((kind) => (kind === "social" ? ["social_follow", "social_share"] : [kind]))
        .map((kind) => `ways.${kind}`),
      ...["ways.nth_order_every", "ways.product_bonus_unit"],
      ...["spend", "points", "orders"].flatMap((metric) => [`tier.next_${metric}`, `tier.from_${metric}`]),
      ...["rewards", "ways", "tiers", "invite", "mine"].map((part) => `panel.${part}`),
      ...listed("kizuna-problems", "problems").map((name) => `problem.${name}`),
      ...listed("kizuna-redeem", "words").map((name) => `redeem.${name}`),
      ...listed("kizuna-mine", "words").map((name) => `codes.${name}`),
      ...listed("kizuna-friend", "words").map((name) => `friend.${name}`),
    ];
    for (const file of ["en.default.json", "ja.json"]) {
      const words = (JSON.parse(read("locales", file)) as { kizuna: unknown }).kizuna;
      const found = (key: string) =>
        key.split(".").reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], words);
      expect([file, built.filter((key) => found(key) === undefined)]).toEqual([file, []]);
    }
  });

  it("gives scripts every word they ask for", () => {
    const asked = (file: string, what: RegExp) =>
      [...read("assets", file).matchAll(what)].map(([, name]) => name ?? "");
    const words: [string, string][] = [
      ["kizuna-redeem.js", "kizuna-redeem"],
      ["kizuna-codes.js", "kizuna-mine"],
    ];
    for (const [script, snippet] of words) {
      const names = asked(script, /word\(this, "(\w+)"/g);
      expect(names.length).toBeGreaterThan(2);
      expect([script, names.filter((name) => !listed(snippet, "words").includes(name))]).toEqual([script, []]);
    }
    for (const file of folder("assets").filter((name) => name.endsWith(".js"))) {
      const problems = asked(file, /problem\(this, "(\w+)"/g);
      expect([file, problems.filter((name) => !listed("kizuna-problems", "problems").includes(name))]).toEqual([
        file,
        [],
      ]);
    }
  });

  it("escapes each output of text that a person typed", () => {
    const sources = [
      ...blocks.map(({ file, source }) => [file, source] as const),
      ...folder("snippets").map((file) => [file, read("snippets", file)] as const),
    ];
    const typed =
      /{{-?\s*(heading|block\.settings\.(?:heading|text)|customer\.(?!id)\w+|product\.(title|description)|loyalty\.\w*(?:name|text)\w*|title|words|name|held|alt|page\.title)[^}]*}}/g;
    for (const [file, source] of sources) {
      for (const [output] of source.matchAll(typed))
        expect([file, output, /\| (escape|json)\b/.test(output)]).toEqual([file, output, true]);
    }
    expect(sources.some(([, source]) => /heading \| escape/.test(source))).toBe(true);
  });
});

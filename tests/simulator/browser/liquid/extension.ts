// The theme app extension on disk: its blocks with their schemas, locale files and assets.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

export interface BlockSetting {
  type: string;
  id?: string;
  default?: unknown;
  autofill?: boolean;
}
export interface BlockSchema {
  name: string;
  target: "section" | "head" | "body" | "compliance_head";
  settings?: BlockSetting[];
  javascript?: string;
  stylesheet?: string;
  enabled_on?: { templates?: string[] };
  disabled_on?: { templates?: string[] };
  available_if?: string;
}
export interface ExtensionBlock {
  handle: string;
  schema: BlockSchema;
  /** Liquid without its schema. */
  source: string;
}

const SCHEMA = /\{%-?\s*schema\s*-?%\}([\s\S]*?)\{%-?\s*endschema\s*-?%\}/;

/**
 * The blocks of the extension, read anew so that edits show at once; none when there is no extension yet.
 * @throws Error when a block has no schema or one that is not JSON
 */
export function readBlocks(extensionDir: string): ExtensionBlock[] {
  return list(join(extensionDir, "blocks"))
    .filter((file) => file.endsWith(".liquid"))
    .map((file) => {
      const text = readFileSync(join(extensionDir, "blocks", file), "utf8");
      const schema = SCHEMA.exec(text)?.[1];
      if (schema === undefined) throw new Error(`extension block ${file} has no schema`);
      return { handle: file.replace(/\.liquid$/, ""), schema: parse(schema, file), source: text.replace(SCHEMA, "") };
    });
}

function parse(schema: string, file: string): BlockSchema {
  try {
    return JSON.parse(schema) as BlockSchema;
  } catch (error) {
    throw new Error(`the schema of extension block ${file} is not JSON: ${String(error)}`, { cause: error });
  }
}

export type Translations = { [key: string]: string | Translations };

/** Locale files by code: the default one, and for labels of the editor the schema one. */
export function readLocale(folder: string, code: string, kind: "" | ".schema" = ""): Translations {
  const files = list(folder);
  const own = files.find((file) => file === `${code}${kind}.json` || file === `${code}.default${kind}.json`);
  const fallback = files.find((file) => file.endsWith(`.default${kind}.json`));
  const read = (file: string | undefined) =>
    file ? (JSON.parse(readFileSync(join(folder, file), "utf8")) as Translations) : {};
  return merge(read(fallback), read(own));
}

function merge(base: Translations, over: Translations): Translations {
  const result: Translations = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const old = result[key];
    result[key] = typeof old === "object" && typeof value === "object" && !isPlural(value) ? merge(old, value) : value;
  }
  return result;
}

/** Plural forms are taken whole: Japanese has no "one" to inherit. */
function isPlural(value: Translations): boolean {
  return typeof value.other === "string";
}

/** The text at a dotted key; undefined when there is none. */
export function lookUp(translations: Translations, key: string): string | Translations | undefined {
  let at: string | Translations | undefined = translations;
  for (const part of key.split(".")) at = typeof at === "object" ? at[part] : undefined;
  return at;
}

/** A label of the theme editor: "t:…" keys are looked up, other text is itself. */
export function editorLabel(extensionDir: string, text: string, locale: string): string {
  if (!text.startsWith("t:")) return text;
  const found = lookUp(readLocale(join(extensionDir, "locales"), locale, ".schema"), text.slice(2));
  return typeof found === "string" ? found : text;
}

/** The path of an asset, or null when the extension has no such file. */
export function findAsset(extensionDir: string, name: string): string | null {
  return list(join(extensionDir, "assets")).includes(name) ? join(extensionDir, "assets", name) : null;
}

/** A number that changes when the file does: goes into its address. */
export function assetVersion(path: string): string {
  return String(Math.round(statSync(path).mtimeMs));
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

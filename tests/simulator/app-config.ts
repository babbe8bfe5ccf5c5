// Reads of shopify.app.toml what the platform needs: scopes and app-specific webhook subscriptions.
import { readFileSync } from "node:fs";

interface AppConfig {
  scopes: string[];
  /** Topic → endpoint as written (relative to the app's address or absolute). */
  webhooks: { topic: string; uri: string }[];
}

interface TomlTable {
  path: string;
  values: Record<string, string | string[]>;
}

/** @throws Error when the file cannot be read or subscribes without an address */
export function readAppConfig(tomlFile: string): AppConfig {
  const tables = parseToml(readFileSync(tomlFile, "utf8"));
  const scopes = text(tables.find(({ path }) => path === "access_scopes")?.values.scopes);
  const webhooks = tables
    .filter(({ path }) => path === "webhooks.subscriptions")
    .flatMap(({ values }) => {
      const uri = text(values.uri);
      if (!uri) throw new Error(`${tomlFile}: a webhook subscription has no uri`);
      return [...list(values.topics), ...list(values.compliance_topics)].map((topic) => ({ topic, uri }));
    });
  return {
    scopes: scopes
      .split(",")
      .map((scope) => scope.trim())
      .filter(Boolean),
    webhooks,
  };
}

const text = (value: string | string[] | undefined): string => (typeof value === "string" ? value : "");
const list = (value: string | string[] | undefined): string[] => (Array.isArray(value) ? value : []);

/** The subset of TOML that app configurations use: tables, arrays of tables, strings and string arrays. */
function parseToml(source: string): TomlTable[] {
  const tables: TomlTable[] = [{ path: "", values: {} }];
  const lines = source.split(/\r?\n/);
  for (let at = 0; at < lines.length; at++) {
    const line = withoutComment(lines[at] ?? "").trim();
    const header = /^\[{1,2}\s*([\w.-]+)\s*\]{1,2}$/.exec(line);
    if (header?.[1]) {
      tables.push({ path: header[1], values: {} });
      continue;
    }
    const assignment = /^([\w-]+)\s*=\s*(.*)$/.exec(line);
    if (!assignment?.[1]) continue;
    let value = assignment[2] ?? "";
    while (value.startsWith("[") && !value.endsWith("]") && at + 1 < lines.length) {
      value += ` ${withoutComment(lines[++at] ?? "").trim()}`;
    }
    const strings = [...value.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'/g)].map((match) => match[1] ?? match[2] ?? "");
    const table = tables.at(-1);
    if (table) table.values[assignment[1]] = value.startsWith("[") ? strings : (strings[0] ?? value);
  }
  return tables;
}

/** Cuts a comment that is not inside a string. */
function withoutComment(line: string): string {
  const match = /^((?:[^#"']|"(?:[^"\\]|\\.)*"|'[^']*')*)#/.exec(line);
  return match?.[1] ?? line;
}

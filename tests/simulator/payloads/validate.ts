// Checks bodies against the published JSON Schemas (shopify-webhook-schemas, inferred from the platform's
// samples). Where a schema says less than the platform's documentation, the difference is written down
// here with its reason; everything else must hold as published.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import Ajv from "ajv/dist/2020";
import type { ValidateFunction } from "ajv";
import addFormats from "ajv-formats";

import { API_VERSION } from "../graphql/version";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type JsonObject = { [key: string]: Json };

export interface Correction {
  topics: RegExp;
  /** Where in the schema. */
  at: string[];
  reason: string;
  apply: (schema: JsonObject) => void;
}

const ORDERS = /^orders\/(?!edited|delete)/;
const RETURNS = /^returns\/(request|approve)$/;

const nullable = (schema: JsonObject): void => {
  const types = Array.isArray(schema.type) ? schema.type : [schema.type ?? "object"];
  schema.type = [...types, "null"];
};
const anyItems = (schema: JsonObject): void => void (schema.items = { type: "object" });

/** Every difference between the published schemas and what is accepted here. */
export const CORRECTIONS: Correction[] = [
  { topics: ORDERS, at: ["customer"], reason: "orders may have no customer; every sample has one", apply: nullable },
  {
    topics: ORDERS,
    at: ["shipping_address"],
    reason: "nothing to ship (gift cards, POS) means no address",
    apply: nullable,
  },
  { topics: ORDERS, at: ["email"], reason: "orders without any contact exist (POS)", apply: nullable },
  { topics: ORDERS, at: ["contact_email"], reason: "orders without any contact exist (POS)", apply: nullable },
  {
    topics: ORDERS,
    at: ["refunds"],
    reason: "no sample was refunded, so the schema allows no refund at all; the one of refunds/create holds",
    apply: (schema) => void (schema.items = correctedSchema("refunds/create")),
  },
  {
    topics: ORDERS,
    at: ["shipping_lines", "[]", "discount_allocations"],
    reason: "no sample has a shipping discount; allocations look as on line items",
    apply: anyItems,
  },
  {
    topics: ORDERS,
    at: ["fulfillments", "[]", "line_items", "[]", "tax_lines", "[]", "rate"],
    reason: "the sample's rate happens to be a whole number",
    apply: (schema) => void (schema.type = "number"),
  },
  {
    topics: ORDERS,
    at: ["fulfillments", "[]", "line_items", "[]", "fulfillment_status"],
    reason: "null until fulfilled again, as on line items outside fulfilments",
    apply: nullable,
  },
  {
    topics: ORDERS,
    at: ["fulfillments", "[]", "line_items", "[]", "product_id"],
    reason: "custom items have no product",
    apply: nullable,
  },
  {
    topics: ORDERS,
    at: ["fulfillments", "[]", "line_items", "[]", "variant_id"],
    reason: "custom items have no variant",
    apply: nullable,
  },
  {
    topics: /^refunds\/create$/,
    at: ["duties"],
    reason: "no sample refunded duties, so none would be allowed",
    apply: anyItems,
  },
  {
    topics: /^refunds\/create$/,
    at: ["transactions", "[]", "payment_details"],
    reason: "only card payments carry details",
    apply: nullable,
  },
  {
    topics: /^refunds\/create$/,
    at: ["transactions", "[]", "payment_details", "credit_card_bin"],
    reason: "inferred as a required date from an anonymised digit string",
    apply: (schema) => void (delete schema.format, nullable(schema)),
  },
  ...[
    "avs_result_code",
    "cvv_result_code",
    "credit_card_name",
    "credit_card_wallet",
    "credit_card_expiration_month",
    "credit_card_expiration_year",
  ].map((name) => ({
    topics: /^refunds\/create$/,
    at: ["transactions", "[]", "payment_details", name],
    reason: "null in the sample of order_transactions/create",
    apply: nullable,
  })),
  {
    topics: /^refunds\/create$/,
    at: ["transactions", "[]", "error_code"],
    reason: "a failed refund names its error; no sample failed",
    apply: (schema) => void (schema.type = ["null", "string"]),
  },
  {
    topics: /^order_transactions\/create$/,
    at: ["payment_details"],
    reason: "only card payments carry details",
    apply: nullable,
  },
  {
    topics: /^order_transactions\/create$/,
    at: ["device_id"],
    reason: "null in the published sample itself, which the schema does not allow",
    apply: (schema) => void (delete schema.anyOf, (schema.type = ["null", "string", "integer"])),
  },
  {
    topics: RETURNS,
    at: ["name"],
    reason: "null in the sample only",
    apply: (schema) => void (schema.type = ["null", "string"]),
  },
  { topics: RETURNS, at: ["return_line_items"], reason: "empty in the sample only", apply: anyItems },
  {
    topics: /^customers\/(redact|data_request)$/,
    at: ["customer", "phone"],
    reason: "customers without a phone exist",
    apply: nullable,
  },
];

const folder = join(
  dirname(createRequire(import.meta.url).resolve("shopify-webhook-schemas/package.json")),
  "schemas",
  API_VERSION,
);
const ajv = addFormats(new Ajv({ strict: false, allErrors: true }));
const validators = new Map<string, ValidateFunction>();

/** @throws Error when a correction no longer fits the published schema */
function correctedSchema(topic: string): JsonObject {
  const schema = JSON.parse(readFileSync(join(folder, `${topic}.json`), "utf8")) as JsonObject;
  delete schema.$schema;
  for (const correction of CORRECTIONS) {
    if (correction.topics.test(topic)) correction.apply(find(schema, correction.at, topic));
  }
  return schema;
}

function find(schema: JsonObject, path: string[], topic: string): JsonObject {
  let at: Json | undefined = schema;
  for (const step of path) {
    const inside: JsonObject = at as JsonObject;
    at = step === "[]" ? inside.items : (inside.properties as JsonObject | undefined)?.[step];
    if (!at || typeof at !== "object") throw new Error(`${topic}: the schema has no ${path.join(".")}`);
  }
  return at as JsonObject;
}

/** What is wrong with a body; empty when it is valid. @throws Error when the topic has no schema */
export function payloadProblems(topic: string, body: string): string[] {
  let validate = validators.get(topic);
  if (!validate) {
    validate = ajv.compile(correctedSchema(topic));
    validators.set(topic, validate);
  }
  if (validate(JSON.parse(body))) return [];
  return (validate.errors ?? []).map((error) => `${error.instancePath || "/"} ${error.message ?? ""}`);
}

// Shopify's Admin GraphQL schema (2026-07) as graphql-js knows it.
import fs from "node:fs";
import { gunzipSync } from "node:zlib";
import { buildClientSchema, type GraphQLSchema, type IntrospectionQuery } from "graphql";

import { adminSchemaFile, fetchAdminSchema } from "./fetch-admin-schema.mjs";

let schema: GraphQLSchema | undefined;

/**
 * The real schema, deprecations included; built once per process.
 * @throws Error when `npm run prepare` has not fetched it
 */
export function loadAdminSchema(): GraphQLSchema {
  if (schema) return schema;
  if (!fs.existsSync(adminSchemaFile)) {
    throw new Error("Shopify's Admin schema is missing: run npm run prepare (it needs the npm registry once).");
  }
  const file = JSON.parse(gunzipSync(fs.readFileSync(adminSchemaFile)).toString("utf8")) as {
    data: IntrospectionQuery;
  };
  // It is Shopify's own; checking its 3,000 types again would cost a second at every start.
  return (schema = buildClientSchema(file.data, { assumeValid: true }));
}

/** Fetches the schema when it is not there yet. */
export async function ensureAdminSchema(): Promise<void> {
  await fetchAdminSchema();
}

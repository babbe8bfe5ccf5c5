// metafieldsSet (atomic, at most 25, compare-and-set), metafieldsDelete, metafieldDefinitionCreate.
import { createHash } from "node:crypto";

import { gid, parseGid } from "../ids";
import { hasScope, OWNER_WRITE_SCOPES } from "../scopes";
import type { SimMetafield } from "../state";
import { findMetafield, isForeign, ownerTypeOf, resolveNamespace } from "./metafield-types";
import { nodeExists } from "./node";
import { text, type Args, type GraphContext } from "./types";

const SET_MAX = 25;
const JSON_MAX_BYTES = 128 * 1024;
const TEXT_MAX_BYTES = 64 * 1024;
const TYPES = new Set([
  "json", "single_line_text_field", "multi_line_text_field", "number_integer", "number_decimal", "boolean", "date", "date_time",
  "url", "color", "id", "money", "rating", "list.single_line_text_field",
]); // prettier-ignore

interface UserError {
  field: string[] | null;
  message: string;
  code: string | null;
  elementIndex: number | null;
}
interface Wanted {
  at: number;
  ownerGid: string;
  namespace: string;
  key: string;
  type: string | null;
  value: string;
  /** undefined: no check; null: must not exist yet. */
  digest: string | null | undefined;
}

export function metafieldsSet(args: Args, ctx: GraphContext): unknown {
  const inputs = args.metafields as Args[];
  if (inputs.length > SET_MAX) {
    return failed([
      userError(
        null,
        ["metafields"],
        `Exceeded the maximum metafields input limit of ${SET_MAX}.`,
        "LESS_THAN_OR_EQUAL_TO",
      ),
    ]);
  }
  const wanted = inputs.map((input, at) => readInput(ctx, input, at));
  const errors = wanted.flatMap((one) => problemOf(ctx, one) ?? []);
  if (errors.length > 0) return failed(errors);
  const metafields = wanted.map((one) => put(ctx, one));
  ctx.sim.changed();
  return { metafields, userErrors: [] };
}

const failed = (userErrors: UserError[]) => ({ metafields: [], userErrors });

function userError(at: number | null, path: string[], message: string, code: string): UserError {
  return { field: at === null ? path : ["metafields", String(at), ...path], message, code, elementIndex: at };
}

function readInput(ctx: GraphContext, input: Args, at: number): Wanted {
  return {
    at,
    ownerGid: String(input.ownerId),
    namespace: resolveNamespace(ctx, input.namespace),
    key: String(input.key),
    type: text(input.type),
    value: String(input.value),
    digest: "compareDigest" in input ? text(input.compareDigest) : undefined,
  };
}

function definitionType(ctx: GraphContext, wanted: Wanted): string | null {
  const ownerType = ownerTypeOf(wanted.ownerGid);
  const definition = ctx.shop.metafieldDefinitions.find(
    (one) => one.ownerType === ownerType && one.namespace === wanted.namespace && one.key === wanted.key,
  );
  return definition ? text((definition.type as { name: unknown }).name) : null;
}

function problemOf(ctx: GraphContext, wanted: Wanted): UserError | null {
  const { at, ownerGid, namespace, key, value } = wanted;
  const ownerType = parseGid(ownerGid)?.type ?? "";
  if (!ownerTypeOf(ownerGid) || !nodeExists(ctx, ownerGid))
    return userError(at, ["ownerId"], "Owner does not exist.", "INVALID");
  const scope = OWNER_WRITE_SCOPES[ownerType];
  const denied = scope !== null && (scope === undefined || !hasScope(ctx.install.scopes, [scope]));
  if (denied || isForeign(ctx, namespace)) {
    return userError(
      at,
      ["namespace"],
      "Access to this namespace and key on Metafields for this resource type is not allowed.",
      "APP_NOT_AUTHORIZED",
    );
  }
  if (!/^[\w-]{3,255}$/.test(namespace)) return userError(at, ["namespace"], "Namespace is invalid.", "INVALID");
  if (!/^[\w-]{2,64}$/.test(key))
    return userError(
      at,
      ["key"],
      key.length < 2 ? "Key is too short (minimum is 2 characters)." : "Key is invalid.",
      "INVALID",
    );
  const existing = findMetafield(ctx, ownerGid, namespace, key);
  const type = wanted.type ?? definitionType(ctx, wanted) ?? existing?.type ?? null;
  if (type === null) return userError(at, ["type"], "Type can't be blank", "BLANK");
  if (!TYPES.has(type))
    return userError(at, ["type"], `Type must be one of the following: ${[...TYPES].join(", ")}.`, "INCLUSION");
  const defined = definitionType(ctx, wanted);
  if (defined !== null && defined !== type)
    return userError(
      at,
      ["type"],
      `Type '${type}' must be consistent with the definition's type: '${defined}'.`,
      "INVALID_TYPE",
    );
  if (value === "") return userError(at, ["value"], "Value can't be blank.", "BLANK");
  const wrong = valueProblem(type, value);
  if (wrong) return userError(at, ["value"], wrong.message, wrong.code);
  if (wanted.digest !== undefined && wanted.digest !== (existing?.compareDigest ?? null)) {
    return userError(
      at,
      [],
      "The resource has been updated since it was loaded. Try again with an updated `compareDigest` value.",
      "STALE_OBJECT",
    );
  }
  return null;
}

function valueProblem(type: string, value: string): { message: string; code: string } | null {
  const bytes = Buffer.byteLength(value);
  const most = type === "json" ? JSON_MAX_BYTES : TEXT_MAX_BYTES;
  if (bytes > most)
    return { message: `Value is too large (maximum is ${most / 1024} KB, got ${bytes} bytes).`, code: "TOO_LONG" };
  const invalid = (what: string) => ({ message: `Value must be ${what}.`, code: "INVALID_VALUE" });
  switch (type) {
    case "json":
    case "money":
    case "rating":
    case "list.single_line_text_field":
      try {
        JSON.parse(value);
        return null;
      } catch {
        return { message: "Value is invalid JSON.", code: "INVALID_VALUE" };
      }
    case "number_integer":
      return /^-?\d{1,19}$/.test(value) ? null : invalid("an integer");
    case "number_decimal":
      return /^-?\d{1,13}(\.\d{1,9})?$/.test(value) ? null : invalid("a decimal");
    case "boolean":
      return value === "true" || value === "false" ? null : invalid("true or false");
    case "date":
      return /^\d{4}-\d{2}-\d{2}$/.test(value) ? null : invalid('in "YYYY-MM-DD" format');
    case "date_time":
      return Number.isNaN(Date.parse(value)) ? invalid("a date and time in ISO 8601") : null;
    case "single_line_text_field":
      return /[\r\n]/.test(value) ? invalid("a single line of text") : null;
    default:
      return null;
  }
}

function put(ctx: GraphContext, wanted: Wanted): SimMetafield {
  const { ownerGid, namespace, key, value } = wanted;
  const now = ctx.sim.now().toISOString();
  const type = wanted.type ?? definitionType(ctx, wanted);
  const compareDigest = createHash("sha256").update(value).digest("hex");
  const existing = findMetafield(ctx, ownerGid, namespace, key);
  if (existing) {
    Object.assign(existing, { value, type: type ?? existing.type, compareDigest, updatedAt: now });
    return existing;
  }
  const created: SimMetafield = {
    id: ctx.sim.newId(), ownerGid, namespace, key, type: type ?? "json", value, compareDigest, createdAt: now, updatedAt: now,
  }; // prettier-ignore
  ctx.shop.metafields.push(created);
  return created;
}

export function metafieldsDelete(args: Args, ctx: GraphContext): unknown {
  const deleted = (args.metafields as Args[]).map((input) => {
    const ownerId = String(input.ownerId);
    const namespace = resolveNamespace(ctx, input.namespace);
    const found = findMetafield(ctx, ownerId, namespace, String(input.key));
    if (!found) return null;
    ctx.shop.metafields.splice(ctx.shop.metafields.indexOf(found), 1);
    return { ownerId, namespace, key: found.key };
  });
  ctx.sim.changed();
  return { deletedMetafields: deleted, userErrors: [] };
}

/** Templates of Shopify's own that the app asks for; others are not here. */
const STANDARD_DEFINITIONS = [
  { ownerType: "PRODUCT", namespace: "reviews", key: "rating", name: "Product rating", type: "rating" },
  {
    ownerType: "PRODUCT",
    namespace: "reviews",
    key: "rating_count",
    name: "Product rating count",
    type: "number_integer",
  },
];

export function standardMetafieldDefinitionEnable(args: Args, ctx: GraphContext): unknown {
  const { ownerType, namespace, key } = args;
  const template = STANDARD_DEFINITIONS.find(
    (one) => one.ownerType === ownerType && one.namespace === namespace && one.key === key,
  );
  const refuse = (message: string, code: string) => ({
    createdDefinition: null,
    userErrors: [{ field: null, message, code }],
  });
  if (!template)
    return refuse(
      "A standard definition wasn't found for the specified owner type, namespace, and key.",
      "TEMPLATE_NOT_FOUND",
    );
  if (!hasScope(ctx.install.scopes, ["write_products"])) return refuse("Access denied.", "INVALID");
  const taken = ctx.shop.metafieldDefinitions.some(
    (one) => one.ownerType === ownerType && one.namespace === namespace && one.key === key,
  );
  if (taken) return refuse("The standard definition is already enabled.", "TAKEN");
  return define(ctx, { ...template, access: { storefront: "PUBLIC_READ" } }, template.namespace);
}

export function metafieldDefinitionCreate(args: Args, ctx: GraphContext): unknown {
  const input = args.definition as Args;
  const namespace = resolveNamespace(ctx, input.namespace);
  const refuse = (field: string, message: string, code: string) => ({
    createdDefinition: null,
    userErrors: [{ field: ["definition", field], message, code, elementIndex: null, elementKey: null }],
  });
  const scope = Object.entries(OWNER_WRITE_SCOPES).find(
    ([type]) => ownerTypeOf(gid(type, "1")) === input.ownerType,
  )?.[1];
  if (scope === undefined)
    return refuse("ownerType", `simulator: definitions on ${String(input.ownerType)} are not implemented`, "INVALID");
  if (scope !== null && !hasScope(ctx.install.scopes, [scope]))
    return refuse("ownerType", `${String(input.ownerType)} is not authorized.`, "INVALID");
  const type = String(input.type);
  if (!TYPES.has(type)) return refuse("type", `Type name ${type} is not a valid type`, "INCLUSION");
  const taken = ctx.shop.metafieldDefinitions.some(
    (one) => one.ownerType === input.ownerType && one.namespace === namespace && one.key === input.key,
  );
  if (taken)
    return refuse(
      "key",
      `Key is in use for ${String(input.ownerType)} metafields on the '${namespace}' namespace.`,
      "TAKEN",
    );
  return define(ctx, input, namespace);
}

function define(ctx: GraphContext, input: Args, namespace: string): unknown {
  const type = String(input.type);
  const access = (input.access ?? {}) as Args;
  const created = {
    id: gid("MetafieldDefinition", ctx.sim.newId()),
    name: input.name,
    namespace,
    key: input.key,
    ownerType: input.ownerType,
    type: { name: type, category: type === "json" ? "JSON" : "TEXT" },
    description: input.description ?? null,
    access: {
      admin: access.admin ?? "MERCHANT_READ",
      storefront: access.storefront ?? "NONE",
      customerAccount: access.customerAccount ?? "NONE",
    },
    pinnedPosition: null,
    validations: input.validations ?? [],
  };
  ctx.shop.metafieldDefinitions.push(created);
  ctx.sim.changed();
  return { createdDefinition: created, userErrors: [] };
}

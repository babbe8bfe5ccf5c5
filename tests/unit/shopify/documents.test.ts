// Every document of the app against Shopify's real schema.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { executeCodegen } from "@graphql-codegen/cli";
import {
  getNamedType,
  getNullableType,
  isListType,
  isLeafType,
  NoDeprecatedCustomRule,
  parse,
  specifiedRules,
  TypeInfo,
  validate,
  visit,
  visitWithTypeInfo,
  type ArgumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLOutputType,
  type SelectionSetNode,
} from "graphql";
import { beforeAll, describe, expect, it } from "vitest";

import codegen from "../../../codegen";
import { bulkOrdersQuery } from "../../../app/shopify/documents/order";
import { APP_TOPICS, SHOP_TOPICS, topicToEnum } from "../../../app/shopify/topics";
import { API_VERSION } from "../../../app/shopify/api-version";
import { loadAdminSchema } from "../../setup/admin-schema";
import { adminSchemaFile } from "../../setup/fetch-admin-schema.mjs";

const ROOT = join(import.meta.dirname, "../../..");
const FOLDER = join(ROOT, "app/shopify/documents");
const schema = loadAdminSchema();
const toml = readFileSync(join(ROOT, "shopify.app.toml"), "utf8");

const documents = new Map<string, string>();
beforeAll(async () => {
  for (const file of readdirSync(FOLDER)) {
    const exports = (await import(join(FOLDER, file))) as Record<string, unknown>;
    for (const [name, value] of Object.entries(exports)) {
      if (typeof value === "object" && value !== null && "text" in value && typeof value.text === "string")
        documents.set(name, value.text);
    }
  }
  documents.set("bulkOrdersQuery", bulkOrdersQuery("processed_at:>='2026-01-01T00:00:00.000Z'"));
});

/** Sent only where media are kept in the shop's own files: the environment asks for their scope then. */
const OF_FILES = new Set(["createFilesMutation", "deleteFilesMutation", "findFilesQuery"]);

describe("documents", () => {
  it("all stand up to the real schema, deprecations included", () => {
    expect(documents.size).toBeGreaterThan(15);
    for (const [name, text] of documents) {
      const problems = validate(schema, parse(text), [...specifiedRules, NoDeprecatedCustomRule]);
      expect(
        problems.map((problem) => problem.message),
        name,
      ).toEqual([]);
    }
  });

  it("would notice a field that does not exist and a deprecated one", () => {
    const rules = [...specifiedRules, NoDeprecatedCustomRule];
    expect(validate(schema, parse("{ shop { points } }"), rules)).toHaveLength(1);
    expect(validate(schema, parse('{ order(id: "gid://shopify/Order/1") { totalPrice } }'), rules)).toHaveLength(1);
  });

  it("cost at most 1,000 points each, counting one for every object asked for", () => {
    for (const [name, text] of documents) {
      // A bulk operation has no cost limit; a list of ids counts as long as we make it.
      if (name === "bulkOrdersQuery") continue;
      expect(costOf(text), name).toBeLessThanOrEqual(1_000);
    }
  });

  it("keep to what a bulk query may hold: at most five connections, two deep, none inside a list", () => {
    const { connections, depth, insideList } = shapeOf(documents.get("bulkOrdersQuery") ?? "");
    expect(connections).toBeLessThanOrEqual(5);
    expect(depth).toBeLessThanOrEqual(2);
    expect(insideList).toEqual([]);
  });

  it("need no scope that shopify.app.toml does not ask for", () => {
    const asked = (/^scopes = "(.*)"$/m.exec(toml)?.[1] ?? "").split(",");
    expect(asked).not.toContain("write_files");
    for (const [name, text] of documents) {
      const granted = new Set([...asked, ...(OF_FILES.has(name) ? ["write_files"] : [])]);
      for (const [what, anyOf] of scopesOf(text)) {
        const isGranted = anyOf.some((scope) => granted.has(scope) || granted.has(scope.replace(/^read_/, "write_")));
        expect(isGranted, `${name} reads ${what}, which wants ${anyOf.join(" or ")}`).toBe(true);
      }
    }
  });

  it("have types that the code generator would write again", async () => {
    const { result, error } = await executeCodegen({ ...codegen, silent: true });
    expect(error).toBeNull();
    const [made] = result;
    expect(made?.filename).toContain("admin-operations.ts");
    expect(readFileSync(join(ROOT, "app/shopify/generated/admin-operations.ts"), "utf8").trim()).toBe(
      made?.content.trim(),
    );
  });
});

describe("topics", () => {
  it("A13 are all known to the schema, and no topic has two homes", () => {
    const values = new Set(
      (schema.getType("WebhookSubscriptionTopic") as unknown as { getValues(): { name: string }[] })
        .getValues()
        .map((value) => value.name),
    );
    expect(SHOP_TOPICS.filter((topic) => !values.has(topicToEnum(topic)))).toEqual([]);
    expect(SHOP_TOPICS.filter((topic) => (APP_TOPICS as readonly string[]).includes(topic))).toEqual([]);
  });

  it("of the app are exactly those of shopify.app.toml, in the app's one API version", () => {
    const subscribed = [...toml.matchAll(/^(?:compliance_)?topics = \[(.*)\]$/gm)].flatMap((match) =>
      [...(match[1] ?? "").matchAll(/"([^"]+)"/g)].flatMap((topic) => topic[1] ?? []),
    );
    expect(subscribed.sort()).toEqual([...APP_TOPICS].sort());
    expect(toml).toContain(`api_version = "${API_VERSION}"`);
  });
});

function fragmentsOf(text: string): {
  root: SelectionSetNode;
  fragments: Map<string, FragmentDefinitionNode>;
  type: GraphQLOutputType;
} {
  const fragments = new Map<string, FragmentDefinitionNode>();
  let root: SelectionSetNode | undefined;
  let isMutation = false;
  for (const definition of parse(text).definitions) {
    if (definition.kind === "FragmentDefinition") fragments.set(definition.name.value, definition);
    if (definition.kind === "OperationDefinition") {
      root = definition.selectionSet;
      isMutation = definition.operation === "mutation";
    }
  }
  const type = isMutation ? schema.getMutationType() : schema.getQueryType();
  if (!root || !type) throw new Error("no operation");
  return { root, fragments, type };
}

/** Visits each field with its type, fragments opened. */
function walk(
  set: SelectionSetNode,
  parent: GraphQLOutputType,
  fragments: Map<string, FragmentDefinitionNode>,
  visitField: (field: FieldNode, type: GraphQLOutputType, into: (set: SelectionSetNode) => void) => void,
): void {
  for (const selection of set.selections) {
    if (selection.kind === "Field") {
      const owner = getNamedType(parent);
      if (selection.name.value.startsWith("__") || !("getFields" in owner)) continue;
      const type = owner.getFields()[selection.name.value]?.type as GraphQLOutputType;
      visitField(selection, type, (inner) => walk(inner, type, fragments, visitField));
    } else {
      const fragment = selection.kind === "FragmentSpread" ? fragments.get(selection.name.value) : selection;
      const condition = fragment?.typeCondition?.name.value;
      const type = condition ? (schema.getType(condition) as GraphQLOutputType) : parent;
      if (fragment) walk(fragment.selectionSet, type, fragments, visitField);
    }
  }
}

const PAGE = new Set(["nodes", "edges", "node", "pageInfo"]);
/** An upper bound: one point for each object, pages counted in full. */
function costOf(text: string): number {
  const { root, fragments, type } = fragmentsOf(text);
  const cost = (set: SelectionSetNode, parent: GraphQLOutputType): number => {
    let total = 0;
    walk(set, parent, fragments, (field, fieldType) => {
      if (!field.selectionSet || isLeafType(getNamedType(fieldType))) return;
      const times = sizeOf(field.arguments ?? []);
      total += times * ((PAGE.has(field.name.value) ? 0 : 1) + cost(field.selectionSet, fieldType));
    });
    return total;
  };
  return cost(root, type);
}
function sizeOf(args: readonly ArgumentNode[]): number {
  const first = args.find((arg) => arg.name.value === "first")?.value;
  if (first?.kind === "IntValue") return Number(first.value);
  // Our own callers: 100 customers, 25 products a call; the larger page has the smaller objects.
  return args.some((arg) => arg.name.value === "ids") ? 25 : 1;
}

function shapeOf(text: string): { connections: number; depth: number; insideList: string[] } {
  const { root, fragments, type } = fragmentsOf(text);
  const shape = { connections: 0, depth: 0, insideList: [] as string[] };
  const look = (set: SelectionSetNode, parent: GraphQLOutputType, depth: number, inList: boolean): void =>
    walk(set, parent, fragments, (field, fieldType) => {
      if (!field.selectionSet) return;
      const isConnection = getNamedType(fieldType).name.endsWith("Connection");
      if (isConnection) {
        shape.connections++;
        shape.depth = Math.max(shape.depth, depth + 1);
        if (inList) shape.insideList.push(field.name.value);
      }
      const isList = isListType(getNullableType(fieldType)) && field.name.value !== "edges";
      look(field.selectionSet, fieldType, depth + (isConnection ? 1 : 0), inList || isList);
    });
  look(root, type, 0, false);
  return shape;
}

interface Access {
  type: string;
  typeName: string;
  fieldName?: string;
  offlineScopes: string[];
}
let access: Map<string, string[]> | undefined;
function scopesOf(text: string): Map<string, string[]> {
  access ??= new Map(
    (
      JSON.parse(gunzipSync(readFileSync(adminSchemaFile)).toString("utf8")) as { offline_scopes: { items: Access[] } }
    ).offline_scopes.items
      .filter((item) => item.offlineScopes.length > 0)
      .map((item) => [item.fieldName ? `${item.typeName}.${item.fieldName}` : item.typeName, item.offlineScopes]),
  );
  const wanted = new Map<string, string[]>();
  const info = new TypeInfo(schema);
  const note = (key: string) => {
    const scopes = access?.get(key);
    if (scopes) wanted.set(key, scopes);
  };
  visit(
    parse(text),
    visitWithTypeInfo(info, {
      Field(field) {
        const type = info.getType();
        note(`${info.getParentType()?.name ?? ""}.${field.name.value}`);
        if (type) note(getNamedType(type).name);
      },
    }),
  );
  return wanted;
}

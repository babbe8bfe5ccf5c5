// Bulk operations: the inner query runs over whole connections, every object of a connection becomes one
// line of JSONL, objects of a nested connection name their parent in __parentId.
import { createHmac, timingSafeEqual } from "node:crypto";

import { Kind, parse, type DocumentNode, type FieldNode, type SelectionSetNode } from "graphql";

import { inspectBulkQuery, openFragments } from "./graphql/bulk-rules";
import type { GraphContext } from "./graphql/types";
import type { Router } from "./router";
import type { Simulator } from "./simulator";
import type { SimBulkOperation } from "./state";

const RUNNING_AT_ONCE = 5;
const START_AFTER_MS = 100;
const PAGE_SIZE = 250;
const URL_SECONDS = 7 * 86_400;

type StartAnswer =
  | { outcome: "started"; operation: SimBulkOperation }
  | { outcome: "refused"; code: "INVALID" | "OPERATION_IN_PROGRESS"; message: string };

/** Accepts a bulk query; it begins a moment later on the virtual clock. */
export function startBulk(ctx: GraphContext, query: string, options: { grouped: boolean }): StartAnswer {
  const { sim, shop } = ctx;
  let document: DocumentNode;
  try {
    document = openFragments(parse(query));
  } catch (error) {
    return {
      outcome: "refused",
      code: "INVALID",
      message: `Invalid bulk query: ${error instanceof Error ? error.message : "syntax"}`,
    };
  }
  const objection = ctx.engine.check(document)[0];
  if (objection?.extensions.code === "SIMULATOR_NOT_IMPLEMENTED") throw objection;
  const message = objection
    ? `Invalid bulk query: ${objection.message}`
    : inspectBulkQuery(document, ctx.engine.schema);
  if (message) return { outcome: "refused", code: "INVALID", message };
  const running = Object.values(shop.bulkOperations).filter(
    ({ status }) => status === "CREATED" || status === "RUNNING",
  );
  if (running.length >= RUNNING_AT_ONCE) {
    const text = `A bulk query operation for this app and shop is already in progress: gid://shopify/BulkOperation/${running[0]?.id ?? ""}.`;
    return { outcome: "refused", code: "OPERATION_IN_PROGRESS", message: text };
  }
  const operation: SimBulkOperation = {
    id: sim.newId(), query, status: "CREATED", createdAt: sim.now().toISOString(), completedAt: null,
    objectCount: 0, rootObjectCount: 0, fileSize: 0, url: null, errorCode: null,
  }; // prettier-ignore
  shop.bulkOperations[operation.id] = operation;
  sim.changed();
  const bulkContext: GraphContext = { ...ctx, bulk: true, totals: new WeakMap() };
  sim.clock.at(new Date(sim.now().getTime() + START_AFTER_MS), () => {
    run(bulkContext, document, operation, options.grouped).catch((error: unknown) => {
      console.error("simulator: bulk operation failed", error);
      finish(sim, shop.domain, operation, "FAILED", "INTERNAL_SERVER_ERROR");
    });
  });
  return { outcome: "started", operation };
}

async function run(
  ctx: GraphContext,
  document: DocumentNode,
  operation: SimBulkOperation,
  grouped: boolean,
): Promise<void> {
  const { sim, shop } = ctx;
  if (isCanceled(operation)) return;
  operation.status = "RUNNING";
  const root = rootField(document);
  const rows: string[] = [];
  for (let after: string | null = null, more = true; more;) {
    await new Promise((resolve) => setImmediate(resolve));
    if (isCanceled(operation)) return;
    const result = ctx.engine.runBulkPage(document, ctx, { first: PAGE_SIZE, after });
    if (result.errors?.length) {
      const denied = result.errors.some(({ extensions }) => extensions.code === "ACCESS_DENIED");
      if (!denied) console.error("simulator: bulk operation failed:", result.errors[0]?.message);
      return finish(sim, shop.domain, operation, "FAILED", denied ? "ACCESS_DENIED" : "INTERNAL_SERVER_ERROR");
    }
    const page = objectsOf((result.data ?? {})[keyOf(root)]);
    const lines = linesOf(page, root.selectionSet, null, grouped);
    rows.push(...lines);
    operation.objectCount += lines.length;
    operation.rootObjectCount = (operation.rootObjectCount ?? 0) + page.length;
    after = result.next;
    more = after !== null;
  }
  const content = rows.length > 0 ? `${rows.join("\n")}\n` : "";
  sim.bulkResults.set(operation.id, content);
  operation.fileSize = Buffer.byteLength(content);
  finish(sim, shop.domain, operation, "COMPLETED", null);
}

const isCanceled = (operation: SimBulkOperation): boolean => operation.status === "CANCELED";

function finish(
  sim: Simulator,
  domain: string,
  operation: SimBulkOperation,
  status: SimBulkOperation["status"],
  errorCode: string | null,
): void {
  operation.status = status;
  operation.errorCode = errorCode;
  operation.completedAt = sim.now().toISOString();
  sim.emit({ shop: domain, topic: "bulk_operations/finish", ids: { bulkId: operation.id } });
}

/** False when it had already ended. */
export function cancelBulk(sim: Simulator, domain: string, operation: SimBulkOperation): boolean {
  if (operation.status !== "CREATED" && operation.status !== "RUNNING") return false;
  finish(sim, domain, operation, "CANCELED", null);
  return true;
}

type Row = Record<string, unknown>;

function rootField(document: DocumentNode): FieldNode {
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const field = definition.selectionSet.selections.find((one) => one.kind === Kind.FIELD);
    if (field) return field;
  }
  throw new Error("simulator: a bulk query without a root field");
}

const keyOf = (field: FieldNode): string => field.alias?.value ?? field.name.value;

/** The objects of a connection, however it was asked for. */
function objectsOf(connection: unknown): Row[] {
  const { edges, nodes } = (connection ?? {}) as { edges?: { node: Row }[]; nodes?: Row[] };
  return nodes ?? (edges ?? []).map(({ node }) => node);
}

/** Fields of a selection set (fragment spreads are opened before). */
function fieldsOf(set: SelectionSetNode | undefined): FieldNode[] {
  return (set?.selections ?? []).flatMap((one) => {
    if (one.kind === Kind.FIELD) return [one];
    return one.kind === Kind.INLINE_FRAGMENT ? fieldsOf(one.selectionSet) : [];
  });
}

/** The selection under edges.node (or nodes). */
function nodeSelection(set: SelectionSetNode | undefined): SelectionSetNode | undefined {
  const all = fieldsOf(set);
  const direct = all.find(({ name }) => name.value === "nodes");
  const edges = all.find(({ name }) => name.value === "edges");
  return direct?.selectionSet ?? fieldsOf(edges?.selectionSet).find(({ name }) => name.value === "node")?.selectionSet;
}

function linesOf(
  objects: Row[],
  set: SelectionSetNode | undefined,
  parentId: string | null,
  grouped: boolean,
): string[] {
  const inner = nodeSelection(set);
  const nested = fieldsOf(inner).filter((field) => nodeSelection(field.selectionSet));
  const own: string[] = [];
  const below: string[] = [];
  for (const object of objects) {
    const row: Row = {};
    for (const [key, value] of Object.entries(object))
      if (!nested.some((field) => keyOf(field) === key)) row[key] = value;
    if (parentId !== null) row.__parentId = parentId;
    own.push(JSON.stringify(row));
    for (const field of nested) {
      const lines = linesOf(objectsOf(object[keyOf(field)]), field.selectionSet, String(object.id), grouped);
      (grouped ? own : below).push(...lines);
    }
  }
  return [...own, ...below];
}

/** The signed address of a result; null while there is none. */
export function bulkUrl(sim: Simulator, operation: SimBulkOperation): string | null {
  if (operation.status !== "COMPLETED" || operation.objectCount === 0) return null;
  const expires = Math.floor(Date.parse(operation.completedAt ?? operation.createdAt) / 1_000) + URL_SECONDS;
  return `${sim.addresses.shell}/bulk/${operation.id}.jsonl?expires=${expires}&signature=${sign(sim, operation.id, String(expires))}`;
}

function sign(sim: Simulator, id: string, expires: string): string {
  return createHmac("sha256", `${sim.apiSecret}:bulk`).update(`${id}:${expires}`).digest("hex");
}

/** Mounts the download of results. Operations that a stop interrupted are failed. */
export function mountBulk(router: Router, sim: Simulator): void {
  for (const shop of Object.values(sim.state.shops)) {
    for (const operation of Object.values(shop.bulkOperations)) {
      if (operation.status === "CREATED" || operation.status === "RUNNING")
        finish(sim, shop.domain, operation, "FAILED", "INTERNAL_SERVER_ERROR");
    }
  }
  router.on("GET", "/bulk/:file", (ctx) => {
    const id = (ctx.params.file ?? "").replace(/\.jsonl$/, "");
    const expires = ctx.url.searchParams.get("expires") ?? "";
    const given = Buffer.from(ctx.url.searchParams.get("signature") ?? "");
    const expected = Buffer.from(sign(sim, id, expires));
    if (given.length !== expected.length || !timingSafeEqual(given, expected))
      return ctx.send(403, "<Error>SignatureDoesNotMatch</Error>");
    const content = sim.bulkResults.get(id);
    if (content === undefined || Number(expires) * 1_000 < sim.now().getTime())
      return ctx.send(404, "<Error>NoSuchKey</Error>");
    ctx.send(200, content, { "content-type": "application/jsonl" });
  });
}

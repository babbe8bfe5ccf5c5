// Past orders by bulk operation: Shopify runs the query on its side and leaves a file. A file may not
// hold what refunds contain, so an order with refunds is handed over as "to be read".
import { createInterface } from "node:readline";
import { Readable } from "node:stream";

import type { ShopId } from "../db.server";
import { adminClient } from "./admin-client.server";
import { orderFromBulkGroup, type BulkOrder } from "./bulk-file";
import { cancelBulkMutation, readBulkQuery, runBulkMutation } from "./documents/bulk";
import { bulkOrdersQuery } from "./documents/order";
import { expectNoUserErrors, TransientShopifyError } from "./shopify-errors";
import { shopifyFileFetch } from "./transport.server";

export type BulkStart = { outcome: "started"; bulkOperation: string } | { outcome: "busy" };

/**
 * Starts reading every order processed since `since` (as far back as our scopes reach).
 * @throws UserErrors and what the Admin API client throws
 */
export async function startBulkOrders(shopId: ShopId, since: Date | null): Promise<BulkStart> {
  const client = await adminClient(shopId);
  const query = bulkOrdersQuery(since ? `processed_at:>='${since.toISOString()}'` : "");
  const { bulkOperationRunQuery } = await client.request(runBulkMutation, { query });
  const codes = bulkOperationRunQuery?.userErrors.map((error) => error.code) ?? [];
  if (codes.includes("OPERATION_IN_PROGRESS") || codes.includes("LIMIT_REACHED")) return { outcome: "busy" };
  const { bulkOperation } = expectNoUserErrors("bulkOperationRunQuery", bulkOperationRunQuery);
  if (!bulkOperation) throw new TransientShopifyError("server_error");
  return { outcome: "started", bulkOperation: bulkOperation.id };
}

export type BulkState =
  | { outcome: "running"; orders: number }
  /** `url` is null when the query found nothing. */
  | { outcome: "finished"; orders: number; url: string | null }
  | { outcome: "failed"; reason: string };

/**
 * How far the operation is.
 * @throws what the Admin API client throws
 */
export async function readBulkState(shopId: ShopId, bulkOperation: string): Promise<BulkState> {
  const client = await adminClient(shopId);
  const { bulkOperation: found } = await client.request(readBulkQuery, { id: bulkOperation });
  if (!found) return { outcome: "failed", reason: "unknown_operation" };
  const orders = Number(found.rootObjectCount);
  switch (found.status) {
    case "CREATED":
    case "RUNNING":
    case "CANCELING":
      return { outcome: "running", orders };
    case "COMPLETED":
      return { outcome: "finished", orders, url: found.url };
    case "CANCELED":
    case "EXPIRED":
    case "FAILED":
      return { outcome: "failed", reason: (found.errorCode ?? found.status).toLowerCase() };
    default:
      // A status of a later API version: ask again.
      return { outcome: "running", orders };
  }
}

/** Asks Shopify to stop; an operation that is already over is none of our concern. */
export async function cancelBulkOrders(shopId: ShopId, bulkOperation: string): Promise<void> {
  const client = await adminClient(shopId);
  await client.request(cancelBulkMutation, { id: bulkOperation });
}

/** A million orders are applied while their file streams: as long as the job may take. A silent server ends it sooner. */
const FILE_TIMEOUT_MS = 6 * 60 * 60_000;

/**
 * Streams the finished operation's file, an order at a time; memory holds one order.
 * @throws TransientShopifyError when the file cannot be read to its end
 */
export async function* readBulkOrders(url: string): AsyncGenerator<BulkOrder> {
  const response = await shopifyFileFetch(url, { signal: AbortSignal.timeout(FILE_TIMEOUT_MS) });
  if (!response.ok || !response.body) throw new TransientShopifyError("server_error", { status: response.status });
  const lines = createInterface({
    input: Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]),
    crlfDelay: Infinity,
  });
  let group: unknown[] = [];
  for await (const line of lines) {
    if (line === "") continue;
    const object = JSON.parse(line) as { __parentId?: unknown };
    if (object.__parentId === undefined && group.length > 0) {
      yield orderFromBulkGroup(group);
      group = [];
    }
    group.push(object);
  }
  if (group.length > 0) yield orderFromBulkGroup(group);
}

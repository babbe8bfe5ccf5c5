import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { parse, validate } from "graphql";
import { http, passthrough } from "msw";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { env } from "../../../app/env.server";
import {
  cancelBulkOrders,
  readBulkOrders,
  readBulkState,
  startBulkOrders,
} from "../../../app/shopify/bulk-orders.server";
import { orderFactsFromNode } from "../../../app/shopify/parse-order-node";
import { TransientShopifyError, UserErrors } from "../../../app/shopify/shopify-errors";

import { useFakeShopify } from "../../builders/fake-shopify";
import { createTestShop } from "../../builders/shop";
import { storeTestSession } from "../../builders/shopify-session";
import { loadAdminSchema } from "../../setup/admin-schema";
import { useTestDatabase } from "../../setup/postgres";

useTestDatabase();
const shopify = useFakeShopify([http.get(/^http:\/\/127\.0\.0\.1:/, () => passthrough())]);

type Json = Record<string, unknown>;
interface OrderNode extends Json {
  id: string;
  lineItems: { nodes: (Json & { id: string })[] };
  shippingLines: { nodes: Json[] };
  refunds: { id: string }[];
}
const fixture = (name: string) =>
  JSON.parse(readFileSync(join(import.meta.dirname, `../../fixtures/admin/${name}.json`), "utf8")) as OrderNode;

/** The lines Shopify would write for an order, its children grouped under it. */
function jsonl(order: OrderNode, refunds: { id: string }[]): string {
  const { lineItems, shippingLines, ...head } = order;
  const children = [...shippingLines.nodes, ...lineItems.nodes].map((child) => ({ ...child, __parentId: order.id }));
  return [{ ...head, refunds }, ...children].map((line) => JSON.stringify(line)).join("\n");
}

let file = "";
let status = 200;
const files = createServer((_request, response) => {
  response.statusCode = status;
  response.end(file);
});
let url = "";
let shopId = 0;
let number = 0;
beforeAll(async () => {
  await new Promise<void>((resolve) => files.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(files.address() as AddressInfo).port}/result.jsonl`;
});
beforeEach(async () => {
  const domain = `bulk-${++number}.myshopify.com`;
  shopId = await createTestShop(domain);
  await storeTestSession(domain);
  status = 200;
});
afterAll(() => void files.close());

describe("starting", () => {
  const answer = (code: string | null) => () => ({
    bulkOperationRunQuery: {
      bulkOperation: code ? null : { id: "gid://shopify/BulkOperation/1", status: "CREATED" },
      userErrors: code ? [{ code, field: null, message: code }] : [],
    },
  });

  it("sends a query that stands up to the schema, from the wanted instant on", async () => {
    shopify.on("RunBulk", answer(null));
    expect(await startBulkOrders(shopId, new Date("2026-01-01T00:00:00Z"))).toEqual({
      outcome: "started",
      bulkOperation: "gid://shopify/BulkOperation/1",
    });
    const query = String(shopify.calls[0]?.variables["query"]);
    expect(query).toContain(`processed_at:>='2026-01-01T00:00:00.000Z'`);
    expect(validate(loadAdminSchema(), parse(query))).toEqual([]);
  });

  it("another operation under way is busy, not an error; anything else is", async () => {
    shopify.on("RunBulk", answer("OPERATION_IN_PROGRESS"));
    expect(await startBulkOrders(shopId, null)).toEqual({ outcome: "busy" });
    shopify.on("RunBulk", answer("INVALID"));
    await expect(startBulkOrders(shopId, null)).rejects.toThrow(UserErrors);
  });
});

describe("waiting", () => {
  const operation = (change: Json) => ({
    bulkOperation: {
      id: "gid://shopify/BulkOperation/1",
      errorCode: null,
      objectCount: "9",
      rootObjectCount: "3",
      url: null,
      partialDataUrl: null,
      completedAt: null,
      ...change,
    },
  });

  it.each([
    [{ status: "CREATED" }, { outcome: "running", orders: 3 }],
    [{ status: "RUNNING" }, { outcome: "running", orders: 3 }],
    [
      { status: "COMPLETED", url: "https://files.example/1" },
      { outcome: "finished", orders: 3, url: "https://files.example/1" },
    ],
    [{ status: "COMPLETED" }, { outcome: "finished", orders: 3, url: null }],
    [
      { status: "FAILED", errorCode: "TIMEOUT" },
      { outcome: "failed", reason: "timeout" },
    ],
    [{ status: "EXPIRED" }, { outcome: "failed", reason: "expired" }],
    [{ status: "HIBERNATING" }, { outcome: "running", orders: 3 }],
  ])("%j is %j", async (change, state) => {
    shopify.on("ReadBulk", () => operation(change));
    expect(await readBulkState(shopId, "gid://shopify/BulkOperation/1")).toEqual(state);
  });

  it("an operation Shopify has forgotten has failed; one can be cancelled", async () => {
    shopify.on("ReadBulk", () => ({ bulkOperation: null }));
    expect(await readBulkState(shopId, "gid://shopify/BulkOperation/1")).toEqual({
      outcome: "failed",
      reason: "unknown_operation",
    });
    shopify.on("CancelBulk", () => ({ bulkOperationCancel: { bulkOperation: null, userErrors: [] } }));
    await cancelBulkOrders(shopId, "gid://shopify/BulkOperation/1");
    expect(shopify.calls.at(-1)?.variables).toEqual({ id: "gid://shopify/BulkOperation/1" });
  });
});

describe("the file", () => {
  const read = async () => {
    env().SHOPIFY_SIMULATOR_URL = url;
    try {
      const orders = [];
      for await (const order of readBulkOrders(url)) orders.push(order);
      return orders;
    } finally {
      delete env().SHOPIFY_SIMULATOR_URL;
    }
  };

  it("gives each order the facts that reading it by itself would give", async () => {
    const tokyo = { ...fixture("order-tokyo"), refunds: [] };
    const newYork = { ...fixture("order-new-york"), refunds: [] };
    file = `${jsonl(tokyo, [])}\n${jsonl(newYork, [])}\n`;
    expect(await read()).toEqual([
      { outcome: "facts", facts: orderFactsFromNode(tokyo) },
      { outcome: "facts", facts: orderFactsFromNode(newYork) },
    ]);
  });

  it("hands over an order with refunds, or with a stranger among its lines, to be read by itself", async () => {
    const tokyo = fixture("order-tokyo");
    const stray = JSON.stringify({ id: "gid://shopify/LineItem/1", __parentId: "gid://shopify/Order/7" });
    file = `${jsonl(tokyo, [{ id: "gid://shopify/Refund/1" }])}\n${jsonl({ ...fixture("order-new-york") }, [])}\n${stray}`;
    expect(await read()).toEqual([
      { outcome: "to_be_read", orderId: tokyo.id, processedAt: new Date("2026-03-01T03:00:00Z") },
      { outcome: "to_be_read", orderId: "gid://shopify/Order/4001", processedAt: new Date("2026-04-01T14:00:00Z") },
    ]);
  });

  it("that cannot be fetched, or ends in the middle of a line, is not taken for whole", async () => {
    status = 403;
    await expect(read()).rejects.toThrow(TransientShopifyError);
    status = 200;
    file = `${jsonl({ ...fixture("order-tokyo"), refunds: [] }, [])}`.slice(0, -30);
    await expect(read()).rejects.toThrow();
  });
});

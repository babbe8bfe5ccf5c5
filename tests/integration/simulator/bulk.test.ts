import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { SimBulkOperation, SimEvent } from "../../simulator/state";
import { placeOrder, startPlatform, type Platform } from "./platform";

let platform: Platform;
let events: SimEvent[];
beforeEach(async () => {
  platform = await startPlatform();
  events = [];
  platform.sim.onEvent((event) => events.push(event));
});
afterEach(() => platform.stop());

interface Started {
  bulkOperationRunQuery: {
    bulkOperation: { id: string; status: string } | null;
    userErrors: { code: string; message: string }[];
  };
}
type Row = { id: string; name?: string; title?: string; __parentId?: string };

async function start(query: string, grouped = false): Promise<Started["bulkOperationRunQuery"]> {
  const answer = await platform.ask(
    "mutation ($query: String!, $grouped: Boolean!) { bulkOperationRunQuery(query: $query, groupObjects: $grouped) { bulkOperation { id status } userErrors { code message } } }",
    { query, grouped },
  );
  expect(answer.errors).toBeUndefined();
  return (answer.data as unknown as Started).bulkOperationRunQuery;
}

/** Waits for the end on the platform's own clock. */
async function finished(): Promise<SimBulkOperation> {
  await expect
    .poll(() => events.some(({ topic }) => topic === "bulk_operations/finish"), { timeout: 60_000 })
    .toBe(true);
  const operation = Object.values(platform.shop.bulkOperations).at(-1);
  if (!operation) throw new Error("no bulk operation");
  return operation;
}

async function result(id: string): Promise<{ rows: Row[]; operation: Record<string, string | null> }> {
  const answer = await platform.ask(
    `{ bulkOperation(id: "${id}") { status url objectCount rootObjectCount fileSize errorCode partialDataUrl } }`,
  );
  const operation = (answer.data as unknown as { bulkOperation: Record<string, string | null> }).bulkOperation;
  if (!operation.url) return { rows: [], operation };
  const content = await (await fetch(operation.url)).text();
  expect(Buffer.byteLength(content)).toBe(Number(operation.fileSize));
  return {
    rows: content
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Row),
    operation,
  };
}

const ordersWithLines = `{ orders(query: "status:any") { edges { node { ...Head lineItems { edges { node { id title } } } } } } }
  fragment Head on Order { id name }`;

describe("a bulk query", () => {
  it("reads everything, names parents, counts objects and tells when it is done", async () => {
    for (let number = 0; number < 300; number++) placeOrder(platform.sim);
    const started = await start(ordersWithLines);
    expect(started).toMatchObject({ bulkOperation: { status: "CREATED" }, userErrors: [] });
    expect((await finished()).status).toBe("COMPLETED");
    const { rows, operation } = await result(started.bulkOperation?.id ?? "");
    expect(operation).toMatchObject({
      status: "COMPLETED",
      objectCount: "900",
      rootObjectCount: "300",
      errorCode: null,
      partialDataUrl: null,
    });
    const orders = rows.filter((row) => row.__parentId === undefined);
    expect(new Set(orders.map(({ name }) => name)).size).toBe(300);
    expect(orders[0]).toEqual({
      id: expect.stringContaining("gid://shopify/Order/") as string,
      name: expect.any(String) as string,
    });
    for (const order of orders)
      expect(rows.filter((row) => row.__parentId === order.id).map(({ title }) => title)).toEqual([
        "Sencha",
        "Hojicha",
      ]);
    expect(events.filter(({ topic }) => topic === "bulk_operations/finish")).toHaveLength(1);
  });

  it("puts children right behind their parents only when grouping is asked for", async () => {
    [0, 1].forEach(() => placeOrder(platform.sim));
    const kinds = (rows: Row[]) => rows.map((row) => (row.__parentId ? "line" : "order"));
    const grouped = await start(ordersWithLines, true);
    await finished();
    expect(kinds((await result(grouped.bulkOperation?.id ?? "")).rows)).toEqual([
      "order",
      "line",
      "line",
      "order",
      "line",
      "line",
    ]);
    events.length = 0;
    const loose = await start(ordersWithLines, false);
    await finished();
    expect(kinds((await result(loose.bulkOperation?.id ?? "")).rows)).toEqual([
      "order",
      "order",
      "line",
      "line",
      "line",
      "line",
    ]);
  });

  it("nests two levels and reads customers' orders' lines", async () => {
    placeOrder(platform.sim, "302");
    const started = await start(
      '{ customers(query: "id:302") { edges { node { id orders { edges { node { id lineItems { edges { node { id title } } } } } } } } } }',
    );
    await finished();
    const { rows } = await result(started.bulkOperation?.id ?? "");
    expect(rows.map(({ __parentId }) => __parentId?.split("/").at(-2))).toEqual([
      undefined,
      "Customer",
      "Order",
      "Order",
    ]);
  });

  it("an empty result completes without an address", async () => {
    const started = await start(ordersWithLines);
    await finished();
    expect((await result(started.bulkOperation?.id ?? "")).operation).toMatchObject({
      status: "COMPLETED",
      url: null,
      objectCount: "0",
    });
  });

  it.each([
    ["no connection", "{ shop { name } }", "at least one connection"],
    [
      "a connection in a list",
      "{ orders { edges { node { id refunds { id refundLineItems(first: 5) { edges { node { quantity } } } } } } } }",
      "connection field within a list field",
    ],
    [
      "a nested connection without the parent's id",
      "{ orders { edges { node { name lineItems { edges { node { id } } } } } } }",
      "must select the 'id' field",
    ],
    ["top-level node", '{ node(id: "gid://shopify/Order/1") { id } }', "top-level field node"],
    [
      "two top-level fields",
      "{ orders { edges { node { id } } } products { edges { node { id } } } }",
      "only one top-level field",
    ],
    ["a field the schema lacks", "{ orders { edges { node { nonsense } } } }", "nonsense"],
    ["broken syntax", "{ orders {", "Syntax Error"],
  ])("is refused with %s", async (_, query, message) => {
    const answer = await start(query);
    expect(answer.bulkOperation).toBeNull();
    expect(answer.userErrors).toMatchObject([{ code: "INVALID", message: expect.stringContaining(message) as string }]);
  });

  it("fails with ACCESS_DENIED where the scopes end", async () => {
    placeOrder(platform.sim);
    platform.shop.install!.scopes = ["read_orders"];
    await start("{ orders { edges { node { id customer { id } } } } }");
    expect(await finished()).toMatchObject({ status: "FAILED", errorCode: "ACCESS_DENIED" });
  });

  it("five run at once, a sixth is refused; one that was not finished can be canceled", async () => {
    platform.sim.clock.stop();
    const ids = [];
    for (let number = 0; number < 5; number++) ids.push((await start(ordersWithLines)).bulkOperation?.id);
    expect((await start(ordersWithLines)).userErrors).toMatchObject([{ code: "OPERATION_IN_PROGRESS" }]);
    const cancel = `mutation { bulkOperationCancel(id: "${ids[0]}") { bulkOperation { status } userErrors { message } } }`;
    expect((await platform.ask(cancel)).data).toMatchObject({
      bulkOperationCancel: { bulkOperation: { status: "CANCELED" }, userErrors: [] },
    });
    expect((await start(ordersWithLines)).userErrors).toEqual([]);
    platform.sim.clock.advance(1_000);
    await expect
      .poll(() => Object.values(platform.shop.bulkOperations).map(({ status }) => status), { timeout: 60_000 })
      .toEqual(["CANCELED", ...Array<string>(5).fill("COMPLETED")]);
    expect((await platform.ask(cancel)).data).toMatchObject({
      bulkOperationCancel: { userErrors: [{ message: expect.any(String) as string }] },
    });
  });

  it("a result needs its signature and lasts seven days", async () => {
    placeOrder(platform.sim);
    const started = await start(ordersWithLines);
    await finished();
    const url = (await result(started.bulkOperation?.id ?? "")).operation.url ?? "";
    expect((await fetch(url.replace(/signature=\w{4}/, "signature=0000"))).status).toBe(403);
    expect((await fetch(url)).status).toBe(200);
    platform.sim.clock.advance(8 * 86_400_000);
    expect((await fetch(url)).status).toBe(404);
  });
});

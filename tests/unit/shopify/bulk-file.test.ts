import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

import { orderFromBulkGroup } from "../../../app/shopify/bulk-file";

type Json = Record<string, unknown>;
const order = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../fixtures/admin/order-tokyo.json"), "utf8"),
) as Json & { transactions: Json[]; fulfillments: Json[] };
const { lineItems, shippingLines, refunds, ...head } = order;
const times = (thing: Json | undefined, count: number) => Array.from({ length: count }, () => ({ ...thing }));

describe("an order of a bulk file", () => {
  it("is taken as it stands while its lists have room", () => {
    expect(orderFromBulkGroup([{ ...head, refunds: [] }])).toMatchObject({ outcome: "facts" });
  });

  it.each([
    ["payments", { transactions: times(order.transactions[0], 20) }],
    ["shipments", { fulfillments: times(order.fulfillments[0], 20) }],
  ])("is read by itself when its list of %s is full: more may have been cut", (_name, full) => {
    expect(orderFromBulkGroup([{ ...head, refunds: [], ...full }])).toMatchObject({ outcome: "to_be_read" });
  });
});

// A webhook's body and the Admin API must tell the app the same about an order: otherwise a reading after a
// delivery would look like a change.
import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, expect, it } from "vitest";

import { readOrderQuery } from "../../../app/shopify/documents/order";
import type { OrderFacts } from "../../../app/shopify/order-facts";
import { orderFactsFromNode } from "../../../app/shopify/parse-order-node";
import { orderFactsFromPayload } from "../../../app/shopify/parse-order-payload";
import { mountGraphql } from "../../simulator/graphql/mount";
import { close, listen, serve } from "../../simulator/http-server";
import { gid } from "../../simulator/ids";
import { grantInstall } from "../../simulator/oauth";
import { orderBody } from "../../simulator/payloads/order";
import { Router } from "../../simulator/router";
import { seedDemo } from "../../simulator/seed/demo";
import { createSimulator, type Simulator } from "../../simulator/simulator";

const SCOPES = [
  "read_orders",
  "read_all_orders",
  "write_customers",
  "read_products",
  "read_returns",
  "read_fulfillments",
];
let sim: Simulator;
let server: Server;
let address: string;

beforeAll(async () => {
  sim = createSimulator({ apiKey: "k", apiSecret: "s" });
  sim.clock.setTo(new Date("2026-11-22T03:00:00Z"));
  seedDemo(sim, { orders: 150 });
  const router = new Router();
  mountGraphql(router, sim);
  server = createServer(serve(router));
  address = await listen(server, "localhost", 0);
  for (const domain of Object.keys(sim.state.shops)) {
    grantInstall(sim, domain, SCOPES).tokens.push({
      kind: "offline",
      access: `token-${domain}`,
      refresh: null,
      expiresAtMs: Number.MAX_SAFE_INTEGER,
      refreshExpiresAtMs: null,
    });
    sim.shop(domain).bucket = { available: 1e9, maximum: 1e9, restorePerSecond: 1e9, at: Date.now() };
  }
});
afterAll(async () => {
  sim.clock.stop();
  await close(server);
});

async function read(domain: string, orderId: string): Promise<unknown> {
  const response = await fetch(new URL("/admin/api/2026-07/graphql.json", address), {
    method: "POST",
    headers: { "content-type": "application/json", "x-sim-host": domain, "x-shopify-access-token": `token-${domain}` },
    body: JSON.stringify({ query: readOrderQuery.text, variables: { id: gid("Order", orderId) } }),
  });
  const answer = (await response.json()) as { data?: { order: unknown }; errors?: unknown };
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data?.order;
}

/** The facts that a body carries, the others made equal. */
function carried(facts: OrderFacts): OrderFacts {
  return {
    ...facts,
    uncarried: [],
    dispute: "none",
    highRisk: false,
    deliveredAt: null,
    paidAt: null,
    customerTags: [],
    paidWithGiftCardMinor: 0,
    paidWithStoreCreditMinor: 0,
    lines: facts.lines.map((line) => ({ ...line, productTags: [], collectionIds: [], productType: "" })),
  };
}

it.each([0, 1])("every seeded order of shop %i", async (index) => {
  const shop = Object.values(sim.state.shops)[index];
  if (!shop) throw new Error("two shops expected");
  let compared = 0;
  for (const order of Object.values(shop.orders)) {
    const fromBody = orderFactsFromPayload(JSON.parse(JSON.stringify(orderBody(shop, order))));
    const fromNode = orderFactsFromNode(await read(shop.domain, order.id));
    expect(carried(fromBody), order.name).toEqual(carried(fromNode));
    compared += 1;
  }
  expect(compared).toBeGreaterThan(150);
});

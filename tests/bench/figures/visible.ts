// From a paid order at Shopify to the balance that the storefront shows: webhook, drain, posting, publishing.
import { setTimeout as sleep } from "node:timers/promises";

import { createCustomer } from "../../simulator/orders/customers";
import { createOrder } from "../../simulator/order-engine";
import { figure, percentiles, type Figure } from "../figure";
import type { Stage } from "../stage";

const EVERY_MS = 500;
const LOOK_MS = 5;
const WITHIN_MS = 60_000;

/** One order at a time: how long until its customer's balance is published. */
export async function visible(stage: Stage): Promise<Figure> {
  const { sim } = stage.stack.simulator;
  const domain = stage.stack.shops()[0]?.domain ?? "";
  const shop = sim.shop(domain);
  const variant = Object.values(shop.products)[0]?.variants[0];
  if (!variant) throw new Error("the shop sells nothing");
  const customers = Array.from({ length: 20 }, (_, n) =>
    createCustomer(sim, domain, { email: `bench-${n}@example.com`, state: "enabled" }),
  );
  await sleep(5_000);
  const taken: number[] = [];
  for (let n = 0; n < (stage.isQuick ? 60 : 300); n++) {
    const customer = customers[n % customers.length];
    if (!customer) continue;
    const shown = () =>
      shop.metafields.find(
        ({ ownerGid, key }) => ownerGid === `gid://shopify/Customer/${customer.id}` && key === "loyalty",
      )?.value;
    const before = shown();
    const paid = performance.now();
    createOrder(sim, domain, { customerId: customer.id, lines: [{ variantId: variant.id, quantity: 1 }] });
    while (shown() === before && performance.now() - paid < WITHIN_MS) await sleep(LOOK_MS);
    taken.push(performance.now() - paid);
    await sleep(EVERY_MS);
  }
  const seen = percentiles(taken);
  return figure({
    name: "visible",
    value: seen.p99,
    unit: "ms (p99)",
    ...seen,
    rounds: [seen.p99],
    note: `${taken.length} orders, one every ${EVERY_MS} ms, web and workers in one process`,
  });
}

// The past of a seeded shop as webhooks: for showing it to an app without a backfill.
import { buildPayload } from "../payloads/build";
import type { Simulator } from "../simulator";
import type { ReplayMessage } from "../webhooks";

/** orders/create of every order that still exists, oldest first, in its present state. */
export function* historyMessages(sim: Simulator, domain: string): Generator<ReplayMessage> {
  const orders = Object.values(sim.shop(domain).orders).filter((order) => !order.deletedAt);
  orders.sort((a, b) =>
    a.processedAt < b.processedAt ? -1 : a.processedAt > b.processedAt ? 1 : Number(a.id) - Number(b.id),
  );
  for (const order of orders) {
    const event = { shop: domain, topic: "orders/create", ids: { orderId: order.id } };
    yield { shop: domain, topic: event.topic, body: () => buildPayload(sim, event).body };
  }
}

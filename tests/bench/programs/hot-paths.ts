// What each hot path costs in the shop there is, at the size it has: the median of many, one after the other. Started as
// a process of its own.
//   node --import tsx tests/bench/programs/hot-paths.ts SHOP REPETITIONS
import { randomUUID } from "node:crypto";

import { closeDatabase, inShop } from "../../../app/db.server";
import { storeDelivery, type InboxRow } from "../../../app/ingest/inbox-writer.server";
import { applyOrders } from "../../../app/ingest/apply-order.server";
import { listMembers } from "../../../app/loyalty/member-list.server";
import { readMemberPage } from "../../../app/loyalty/member-page.server";
import { readPanel } from "../../../app/storefront/panel.server";
import { readHistoryPage } from "../../../app/storefront/history-page.server";
import { orderFacts } from "../../builders/order-facts";
import { median } from "../figure";

const [shopId = 0, repetitions = 0] = process.argv.slice(2).map(Number);
const now = new Date("2025-07-10T00:00:00Z");
const { rows: range } = await inShop(shopId, (tx) =>
  tx.query<{ domain: string; members: { id: number; gid: string }[] }>(
    `SELECT coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'gid', m.customer_gid)), '[]') AS members
       FROM (SELECT id, customer_gid FROM member WHERE shop_id = $1 ORDER BY hashint8(id) LIMIT 2000) m`,
    [shopId],
  ),
);
const members = range[0]?.members ?? [];
const member = (n: number) => members[n % members.length] ?? { id: 0, gid: "" };
const customer = (n: number) => member(n).gid.split("/").at(-1) ?? "";

const delivery = (n: number): InboxRow => ({
  domain: "ledger-0.myshopify.com",
  topic: "orders/updated",
  webhookId: randomUUID(),
  eventId: randomUUID(),
  apiVersion: "2026-07",
  triggeredAt: now.toISOString(),
  body: Buffer.from(`{"id":${n},"note":"${"x".repeat(5_000)}"}`),
  subject: null,
  status: "pending",
  error: null,
});
const purchase = (n: number, customerId: string) =>
  orderFacts({
    orderId: `gid://shopify/Order/${Date.now()}${String(n).padStart(6, "0")}`,
    customerId,
    processedAt: now.toISOString(),
  });

const PATHS: Record<string, (n: number) => Promise<unknown>> = {
  "ingest: one delivery stored": (n) => storeDelivery(delivery(n), Date.now() + 3_000),
  "posting: one order applied": (n) =>
    inShop(shopId, (tx) => applyOrders(tx, [purchase(n, member(n).gid)], "payload", now)),
  "storefront: history": (n) => readHistoryPage(shopId, customer(n), new URLSearchParams({ locale: "ja" })),
  "storefront: panel": (n) => readPanel(shopId, customer(n), now),
  "members: list by balance": () => listMembers(shopId, { sort: "balance", limit: 50 }),
  "members: list by last order": () => listMembers(shopId, { sort: "last_order", limit: 50 }),
  "members: one member's page": (n) => readMemberPage(shopId, member(n).id),
};

const medians: Record<string, number> = {};
for (const [name, path] of Object.entries(PATHS)) {
  const taken: number[] = [];
  for (let n = 0; n < repetitions * 1.2; n++) {
    const begun = performance.now();
    await path(n);
    taken.push(performance.now() - begun);
  }
  // The first of them compile and connect.
  medians[name] = median(taken.slice(Math.floor(repetitions * 0.2)));
}
await closeDatabase();
process.stdout.write(JSON.stringify(medians));

// A shop with a history that the app itself wrote: orders, releases, redemptions, refunds, expiry and gifts of so many
// members. The bench multiplies it by SQL (copies.ts). Started as a process of its own, with the app's environment.
//   node --import tsx tests/bench/programs/model-shop.ts MEMBERS
import { closeDatabase, inShop } from "../../../app/db.server";
import { applyOrders } from "../../../app/ingest/apply-order.server";
import { adjustPoints } from "../../../app/loyalty/adjust-points.server";
import { expireDuePoints } from "../../../app/loyalty/expire-due-points.server";
import { saveProgram } from "../../../app/loyalty/program.server";
import { releaseDuePoints } from "../../../app/loyalty/release-due-points.server";
import { redeem } from "../../../app/loyalty/rewards/redeem.server";
import { saveReward } from "../../../app/loyalty/rewards/save-reward.server";
import { reviewTiers } from "../../../app/loyalty/tiers/review-tiers.server";
import { orderFacts, orderLine } from "../../builders/order-facts";
import { createTestShop } from "../../builders/shop";
import { demoProgram } from "../../demo/demo-program";

const DAY_MS = 86_400_000;
const ORDER_DAYS = ["2024-06-10", "2024-09-10", "2025-02-10"];
const BUNDLE = 16;
const CLIENTS = 6;

const members = Number(process.argv[2]);
const customers = Array.from({ length: members }, (_, n) => `gid://shopify/Customer/${8_000_000_000 + n}`);
const start = new Date("2024-06-01T00:00:00Z");
const shopId = await createTestShop("ledger-0.myshopify.com");
const { changes, rewards } = demoProgram({ currency: "JPY", taxesIncluded: true }, start);
await saveProgram(shopId, { ...changes, holdDays: 14, status: "live" }, "system", start);

/** Works through `items` with a few at once. */
async function each<T>(items: readonly T[], work: (item: T, index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const worker = async () => {
    for (let at = next++; at < items.length; at = next++) await work(items[at] as T, at);
  };
  await Promise.all(Array.from({ length: CLIENTS }, worker));
}

const orders = ORDER_DAYS.map((day, round) =>
  customers.map((customerId, n) => {
    const processedAt = new Date(Date.parse(`${day}T01:00:00Z`) + (n % 300) * 60_000).toISOString();
    const lines = [1, 2, 3]
      .slice(0, 1 + ((n + round) % 3))
      .map((part) => orderLine({ amountMinor: 2_000 + part * 900 + (n % 40) * 50 }));
    return orderFacts({ customerId, processedAt, lines, name: `#${round * members + n + 1_001}` });
  }),
);
const bundlesOf = <T>(items: T[]) =>
  Array.from({ length: Math.ceil(items.length / BUNDLE) }, (_, n) => items.slice(n * BUNDLE, (n + 1) * BUNDLE));

for (const [round, states] of orders.entries()) {
  const day = new Date(`${ORDER_DAYS[round] ?? ""}T12:00:00Z`);
  await each(bundlesOf(states), (part) => inShop(shopId, (tx) => applyOrders(tx, part, "payload", day)));
  await releaseDuePoints(shopId, new Date(day.getTime() + 15 * DAY_MS));
}
const cancelledAt = "2025-03-01T00:00:00.000Z";
const cancelled = (orders[2] ?? [])
  .filter((_, n) => n % 10 === 0)
  .map((facts) => ({ ...facts, cancelledAt, sourceUpdatedAt: cancelledAt, financialStatus: "refunded" as const }));
await each(bundlesOf(cancelled), (part) =>
  inShop(shopId, (tx) => applyOrders(tx, part, "payload", new Date(cancelledAt))),
);

const donation = rewards.find(({ terms }) => terms.kind === "donation");
if (!donation) throw new Error("the program has no donation");
const saved = await saveReward(
  shopId,
  { id: null, draft: { ...donation, points: 50 }, status: "active" },
  "system",
  start,
);
if (saved.outcome !== "saved") throw new Error(`the reward was not saved: ${saved.outcome}`);
await each(customers, async (customerGid, n) => {
  const wish = { customerGid, rewardId: saved.reward.id, requestKey: `bench-${n}`, actor: "shopper" };
  const bought = await redeem(shopId, wish, new Date("2025-03-02T00:00:00Z"));
  if (bought.outcome !== "issued") throw new Error(`a redemption ended with ${bought.outcome}`);
});
await expireDuePoints(shopId, new Date("2025-06-30T12:00:00Z"));
const memberIds = await inShop(shopId, (tx) =>
  tx.query<{ id: number }>("SELECT id FROM member WHERE shop_id = $1 ORDER BY id", [shopId]),
);
await each(memberIds.rows, ({ id }) =>
  adjustPoints(
    shopId,
    { memberId: id, points: 100, reason: "adjust_gift", note: null, actor: "staff:1", key: `gift ${id}` },
    new Date("2025-07-01T00:00:00Z"),
  ),
);
await reviewTiers(shopId, new Date("2025-07-02T00:00:00Z"));
await closeDatabase();
process.stdout.write(JSON.stringify({ shopId }));

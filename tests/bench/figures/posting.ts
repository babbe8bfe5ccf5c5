// Paid orders to points through the app's own rooms (rules, lots, tiers), beside bare one-statement postings.
import { postBarely } from "../bare/posting";
import { figure, median, type Figure } from "../figure";
import type { Stage } from "../stage";

const ROUNDS = 3;
const MEMBERS = 2_000;
const CLIENTS = 6;
/** Orders before the first count of the tables, and before the second. */
const WARM = [500, 5_000];
const NOW = new Date("2026-06-10T00:00:00Z");

/** @returns orders a second */
async function postOrders(stage: Stage, round: string, isBatch: boolean, orders: number): Promise<number> {
  stage.useRooms();
  const { inShop } = await import("../../../app/db.server");
  const { TOGETHER } = await import("../../../app/ingest/claim.server");
  const bundle = isBatch ? TOGETHER : 1;
  const { applyOrders } = await import("../../../app/ingest/apply-order.server");
  const { saveProgram } = await import("../../../app/loyalty/program.server");
  const { demoProgram } = await import("../../demo/demo-program");
  const { createTestShop } = await import("../../builders/shop");
  const { orderFacts } = await import("../../builders/order-facts");
  const shopId = await createTestShop(`posting-${round}.myshopify.com`);
  const start = new Date("2026-01-01T00:00:00Z");
  const { changes } = demoProgram({ currency: "JPY", taxesIncluded: true }, start);
  await saveProgram(shopId, { ...changes, status: "live" }, "system", start);
  const states = Array.from({ length: orders }, (_, n) =>
    orderFacts({ customerId: `gid://shopify/Customer/${8_000_000 + (n % MEMBERS)}` }),
  );
  let next = 0;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      while (next < states.length) {
        const part = states.slice(next, (next += bundle));
        await inShop(shopId, (tx) => applyOrders(tx, part, "payload", NOW));
      }
    }),
  );
  const seconds = (performance.now() - started) / 1_000;
  const { rows } = await stage.owner.query<{ posted: number }>(
    "SELECT count(*)::int AS posted FROM points_entry WHERE shop_id = $1 AND kind = 'grant'",
    [shopId],
  );
  if ((rows[0]?.posted ?? 0) < orders) throw new Error(`${orders} orders made ${rows[0]?.posted} grants`);
  return orders / seconds;
}

function posting(name: string, isBatch: boolean): (stage: Stage) => Promise<Figure> {
  return async (stage) => {
    const ours: number[] = [];
    const bare: number[] = [];
    // A server that has run for a minute has counted its tables; plans for empty ones are not what a shop meets.
    for (const orders of WARM) {
      await postOrders(stage, `${name}-warm-${orders}`, true, orders);
      await stage.owner.query("ANALYZE");
    }
    const orders = stage.isQuick ? 3_000 : isBatch ? 20_000 : 5_000;
    for (let round = 0; round < ROUNDS; round++) {
      ours.push(await postOrders(stage, `${name}-${round}`, isBatch, orders));
      bare.push(await postBarely(stage.stack.database.ownerUrl, stage.isQuick ? 3 : 10));
    }
    return figure({
      name,
      value: median(ours),
      unit: "orders/s",
      bare: median(bare),
      rounds: ours,
      note: `orders stored, judged and posted with tiers, ${isBatch ? "as many a transaction as the drain takes" : "one a transaction"}, ${CLIENTS} at once; bare: one statement each, 8 clients`,
    });
  };
}

/** As the drain does it: several orders of a shop share a transaction. */
export const postingBatch = posting("posting.batch", true);
/** Each order in a transaction of its own. */
export const postingSingle = posting("posting.single", false);

// A hundred thousand deliveries of fifty shops wait; a worker starts. How long until the last is settled, and does any
// shop wait for the others?
import { orderBody } from "../../simulator/payloads/order";
import type { SimOrder, SimShop } from "../../simulator/state";
import { figure, type Figure } from "../figure";
import type { OwnDatabase, Stage } from "../stage";
import { workOff } from "../work-off";

const SHOPS = 50;
/** The smallest shop has half as many deliveries as the average one, the largest half as many more. */
const PER_SHOP = 2_000;
/** Orders of one customer. */
const CUSTOMER_ORDERS = 4;
const FIRST_ID = 600_000_000_000;

/** Seconds until every delivery is settled. */
export async function backlog(stage: Stage): Promise<Figure> {
  const database = await stage.openDatabase("backlog");
  try {
    const deliveries = await fill(stage, database);
    const started = new Date();
    const worker = await stage.startApp("worker", { database });
    const { seconds, cpuMs, peakMiB } = await workOff(worker, () => isSettled(database));
    const lags = await lagsOf(database, started);
    await expectPosted(database, deliveries);
    const mean = lags.reduce((sum, lag) => sum + lag, 0) / lags.length;
    const worst = Math.max(...lags) / mean;
    return figure({
      name: "backlog.100k",
      value: seconds,
      unit: "s",
      cpuMs: cpuMs / deliveries,
      note:
        `${deliveries} deliveries of orders of ${SHOPS} shops (${PER_SHOP / 2} to ${PER_SHOP * 1.5} each at full size), ${Math.round(deliveries / seconds)}/s, one worker process; ` +
        `a shop waits ${mean.toFixed(1)} s on average, the slowest ${worst.toFixed(2)} times that; nothing is published, for these shops have no token; peak ${Math.round(peakMiB)} MiB`,
    });
  } finally {
    await database.drop();
  }
}

// Bodies as the simulated platform sends them, under other ids for each delivery. Their stamp lies ahead: a body that a
// slow machine lets grow old would have to be read from the platform.
async function fill(stage: Stage, { owner, ...database }: OwnDatabase): Promise<number> {
  const each = stage.sized(PER_SHOP);
  const { shops } = JSON.parse(
    (await stage.run("tests/bench/programs/open-shops.ts", [String(SHOPS), "backlog"], { database })).output,
  ) as {
    shops: number[];
  };
  await owner.query("CREATE TABLE bench_body (n int PRIMARY KEY, body text)");
  const bodies = bodiesOf(Object.values(stage.stack.simulator.sim.state.shops)[0]);
  await owner.query(
    "INSERT INTO bench_body SELECT n - 1, body FROM unnest($1::text[]) WITH ORDINALITY AS given (body, n)",
    [bodies],
  );
  let deliveries = 0;
  for (const [index, shopId] of shops.entries()) {
    const size = Math.round(each * (0.5 + index / (shops.length - 1)));
    await owner.query("UPDATE shop SET shopify_gid = 'gid://shopify/Shop/' || $2 WHERE id = $1", [
      shopId,
      91_000_000 + shopId,
    ]);
    await owner.query(
      `INSERT INTO webhook_inbox (shop_id, domain, topic, webhook_id, event_id, api_version, triggered_at, body)
       SELECT s.id, s.domain, 'orders/paid', 'backlog-' || s.id || '-' || g.n, 'backlog-' || s.id || '-' || g.n, '2026-07', now() + interval '1 hour',
              replace(replace(replace(b.body, '@shop@', $5::text), '@order@', ($3::bigint + s.id::bigint * 10000000 + g.n)::text),
                      '@customer@', ($3::bigint + s.id::bigint * 10000000 + g.n / $4::int)::text)
         FROM shop s, generate_series(1, $2::int) AS g (n) JOIN bench_body b ON b.n = g.n % $6::int WHERE s.id = $1`,
      [shopId, size, FIRST_ID, CUSTOMER_ORDERS, String(91_000_000 + shopId), bodies.length],
    );
    deliveries += size;
  }
  await owner.query("DROP TABLE bench_body");
  await owner.query("VACUUM ANALYZE");
  return deliveries;
}

function bodiesOf(shop: SimShop | undefined): string[] {
  if (!shop) throw new Error("the simulator has no shop");
  const isPlain = ({ customerId, refunds, payments, cancelledAt }: SimOrder) =>
    customerId !== null && refunds.length === 0 && cancelledAt === null && payments.length === 1;
  return Object.values(shop.orders)
    .filter(isPlain)
    .slice(0, 500)
    .map((order) =>
      JSON.stringify(orderBody(shop, order))
        .replaceAll(order.id, "@order@")
        .replaceAll(order.customerId ?? "", "@customer@")
        .replaceAll(`/${shop.id}/`, "/@shop@/"),
    );
}

async function isSettled({ owner }: OwnDatabase): Promise<boolean> {
  // By the index that claims use: whoever reads the table for it takes part of the machine that is measured.
  const { rowCount } = await owner.query(
    "SELECT FROM webhook_inbox WHERE status IN ('pending', 'parked') ORDER BY domain LIMIT 1",
  );
  return rowCount === 0;
}

/** How long each shop's deliveries waited on average, seconds. */
async function lagsOf({ owner }: OwnDatabase, since: Date): Promise<number[]> {
  const { rows } = await owner.query<{ lag: number }>(
    "SELECT avg(extract(epoch FROM settled_at - $1))::float8 AS lag FROM webhook_inbox GROUP BY shop_id",
    [since],
  );
  return rows.map(({ lag }) => lag);
}

async function expectPosted({ owner }: OwnDatabase, deliveries: number): Promise<void> {
  const { rows } = await owner.query<{ done: number; orders: number; unsettled: number }>(
    `SELECT (SELECT count(*) FROM webhook_inbox WHERE status = 'done')::int AS done, (SELECT count(*) FROM customer_order)::int AS orders,
            (SELECT count(*) FROM customer_order o WHERE NOT EXISTS (
               SELECT FROM order_earning e WHERE e.shop_id = o.shop_id AND e.order_id = o.id))::int AS unsettled`,
  );
  const { done = 0, orders = 0, unsettled = 0 } = rows[0] ?? {};
  if (done < deliveries || orders < deliveries || unsettled > 0)
    throw new Error(
      `of ${deliveries} deliveries ${done} were applied and ${orders} orders stored, ${unsettled} of them not settled`,
    );
}

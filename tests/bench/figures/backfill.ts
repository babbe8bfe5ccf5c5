// A million past orders from a bulk file of the platform: read as it streams, judged and posted.
import { figure, type Figure } from "../figure";
import { bringShop } from "../seed/bring-shop";
import { startFront } from "../shopify-front";
import type { OwnDatabase, Stage } from "../stage";
import { workOff, type WorkedOff } from "../work-off";

const ORDERS = 1_000_000;

/** Orders a second, from the start of the worker to the last one. */
export async function backfill(stage: Stage): Promise<Figure> {
  const database = await stage.openDatabase("backfill");
  const { sim, addresses } = stage.stack.simulator;
  const domain = stage.stack.shops()[0]?.domain ?? "";
  try {
    await bringShop(stage, database, domain);
    const model = await bulkFileOf(stage, database);
    const copies = Math.ceil(stage.sized(ORDERS) / model.length);
    const orders = copies * model.length;
    const front = await startFront({
      behind: addresses.shell,
      delayMs: 0,
      bulkFile: () => multiplied(model, copies),
      takesPublications: true,
    });
    try {
      const ran = await measure(stage, database, front.url);
      const { rows } = await database.owner.query<{ orders: number; granted: number }>(
        `SELECT (SELECT count(*) FROM customer_order)::int AS orders, (SELECT count(DISTINCT source_id) FROM points_entry WHERE kind = 'grant' AND source_type = 'order')::int AS granted`,
      );
      const stored = rows[0]?.orders ?? 0;
      if (stored < orders) throw new Error(`of ${orders} orders ${stored} were stored`);
      return figure({
        name: "backfill.1m",
        value: orders / ran.seconds,
        unit: "orders/s",
        cpuMs: ran.cpuMs / orders,
        note:
          `${orders} orders in ${ran.seconds.toFixed(0)} s, ${rows[0]?.granted ?? 0} of them earned; one worker process that publishes balances meanwhile, peak ${Math.round(ran.peakMiB)} MiB; ` +
          "the file is the simulator's, multiplied, without orders that had refunds",
      });
    } finally {
      await front.stop();
    }
  } finally {
    sim.bulkResults.clear();
    await database.drop();
  }
}

/** What the simulated platform writes for its own year of orders: the lines of each order. */
async function bulkFileOf(stage: Stage, database: OwnDatabase): Promise<string[]> {
  const { sim, addresses } = stage.stack.simulator;
  const known = new Set(sim.bulkResults.keys());
  await stage.run("tests/bench/programs/run-bulk.ts", [], { database, shopifyUrl: addresses.shell });
  const made = [...sim.bulkResults].find(([id]) => !known.has(id))?.[1] ?? "";
  const groups: string[] = [];
  for (const line of made.split("\n").filter((each) => each !== "")) {
    if (line.includes('"__parentId"')) groups[groups.length - 1] += `${line}\n`;
    else groups.push(`${line}\n`);
  }
  const plain = groups.filter((group) => group.includes('"refunds":[]'));
  if (plain.length === 0) throw new Error("the simulator wrote no plain orders");
  return plain;
}

async function* multiplied(groups: string[], copies: number): AsyncGenerator<string> {
  for (let copy = 0; copy < copies; copy++) {
    const suffix = String(copy).padStart(5, "0");
    // Another order, of another customer: everything else stays.
    for (let at = 0; at < groups.length; at += 50)
      yield groups.slice(at, at + 50).join("").replace(/(gid:\/\/shopify\/(?:Order|Customer|LineItem|ShippingLine)\/\d+)/g, `$1${suffix}`); // prettier-ignore
  }
}

async function measure(stage: Stage, database: OwnDatabase, shopifyUrl: string): Promise<WorkedOff> {
  await stage.run("tests/bench/programs/start-backfill.ts", [], { database, shopifyUrl });
  return workOff(await stage.startApp("worker", { database, shopifyUrl }), async () => {
    const { rows } = await database.owner.query<{ status: string }>(
      "SELECT status FROM reconciliation_run WHERE kind = 'backfill' ORDER BY id DESC LIMIT 1",
    );
    const status = rows[0]?.status;
    if (status !== "running" && status !== "done") throw new Error(`the backfill is ${status}`);
    return status === "done";
  });
}

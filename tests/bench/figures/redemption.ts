// Shoppers buy discount codes with their points while the platform takes 50 ms to answer; then a hundred clicks at once
// on one balance that ten of them can afford.
import { createCustomer } from "../../simulator/orders/customers";
import { figure, type Figure } from "../figure";
import { openLoop, type Magazine } from "../load";
import { bringShop } from "../seed/bring-shop";
import { startFront } from "../shopify-front";
import type { OwnDatabase, Stage } from "../stage";

const SHOPIFY_MS = 50;
/** A hundred was more than one web process and the simulator can do together on two cores. */
const PER_SECOND = 40;
/** A shopper may buy ten times at once and every six seconds after. */
const SHOPPERS_PER_SHOP = 300;
const PRICE = 100;
const RACERS = 100;
const AFFORDABLE = 10;

interface Shelf {
  domain: string;
  shopId: number;
  rewardId: number;
  customers: string[];
}

/** What a shopper waits for a code. */
export async function redemption(stage: Stage): Promise<Figure> {
  const database = await stage.openDatabase("redemption");
  const front = await startFront({ behind: stage.stack.simulator.addresses.shell, delayMs: SHOPIFY_MS });
  const seconds = stage.isQuick ? 5 : 30;
  try {
    const shelves: Shelf[] = [];
    for (const { domain } of stage.stack.shops()) shelves.push(await stock(stage, database, domain));
    const web = await stage.startApp("web", { database, shopifyUrl: front.url });
    const magazine = await magazineOf(stage, shelves);
    const fired = await openLoop(web.url, PER_SECOND, 2, (n) => magazine(n))
      .then(() => openLoop(web.url, PER_SECOND, seconds, (n) => magazine(n + PER_SECOND * 2)))
      .finally(() => web.stop());
    const { rows } = await database.owner.query<{ issued: number; others: number }>(
      "SELECT count(*) FILTER (WHERE status = 'issued')::int AS issued, count(*) FILTER (WHERE status <> 'issued')::int AS others FROM redemption",
    );
    const race = await raced(stage, database, front.url, shelves);
    return figure({
      name: "redemption",
      value: fired.latency.p99,
      unit: "ms (p99)",
      ...fired.latency,
      note:
        `${PER_SECOND}/s for ${seconds} s in ${shelves.length} shops, Shopify answers after ${SHOPIFY_MS} ms; ${fired.bad} not answered 2xx, ${rows[0]?.issued ?? 0} codes made, ${rows[0]?.others ?? 0} still under way; ` +
        `${RACERS} clicks at once on points for ${AFFORDABLE}: ${race.issued} bought, ${race.refused} refused, all within ${Math.round(race.milliseconds)} ms`,
    });
  } finally {
    await front.stop();
    await database.drop();
  }
}

/** A shop with a reward, and shoppers who can afford several. */
async function stock(stage: Stage, database: OwnDatabase, domain: string): Promise<Shelf> {
  const { sim } = stage.stack.simulator;
  const shopId = await bringShop(stage, database, domain);
  // As for a shop on Plus: else the platform's own limit is what is measured.
  Object.assign(sim.shop(domain).bucket, { maximum: 20_000, available: 20_000, restorePerSecond: 2_000 });
  const customers = Array.from(
    { length: SHOPPERS_PER_SHOP + 1 },
    (_, n) => createCustomer(sim, domain, { email: `buyer-${n}@example.com`, state: "enabled" }).id,
  );
  const stocked = await stage.run(
    "tests/bench/programs/stock-reward.ts",
    [String(shopId), String(PRICE), String(PRICE * AFFORDABLE), ...customers],
    { database },
  );
  return { domain, shopId, customers, rewardId: (JSON.parse(stocked.output) as { rewardId: number }).rewardId };
}

async function magazineOf(stage: Stage, shelves: Shelf[]): Promise<Magazine> {
  const { signProxyQuery } = await import("../../../app/storefront/proxy-signature");
  const timestamp = String(Math.floor(Date.now() / 1_000));
  return (n) => {
    const shelf = shelves[n % shelves.length];
    const shopper = Math.floor(n / shelves.length) % SHOPPERS_PER_SHOP;
    const query = new URLSearchParams({
      shop: shelf?.domain ?? "",
      path_prefix: "/apps/kizuna",
      timestamp,
      logged_in_customer_id: shelf?.customers[shopper] ?? "",
    });
    query.set("signature", signProxyQuery(query, stage.stack.apiSecret));
    const body = Buffer.from(JSON.stringify({ rewardId: shelf?.rewardId, requestKey: `bench-click-${n}` }));
    return {
      method: "POST",
      path: `/proxy/redeem?${query.toString()}`,
      body,
      headers: { "content-type": "application/json", "x-kizuna": "1" },
    };
  };
}

interface Race {
  issued: number;
  refused: number;
  milliseconds: number;
}

/** @throws Error when another number than can be afforded succeeds */
async function raced(stage: Stage, database: OwnDatabase, shopifyUrl: string, [shelf]: Shelf[]): Promise<Race> {
  if (!shelf) throw new Error("there is no shop");
  const args = [shelf.shopId, shelf.customers[SHOPPERS_PER_SHOP] ?? "", shelf.rewardId, RACERS].map(String);
  const race = JSON.parse(
    (await stage.run("tests/bench/programs/race.ts", args, { database, shopifyUrl })).output,
  ) as Race;
  if (race.issued !== AFFORDABLE || race.refused !== RACERS - AFFORDABLE)
    throw new Error(`${RACERS} clicks on points for ${AFFORDABLE}: ${race.issued} bought, ${race.refused} refused`);
  return race;
}

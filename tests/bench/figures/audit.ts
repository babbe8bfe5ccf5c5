// The whole audit over a ledger of ten million entries, while deliveries come in.
import type { AuditReport } from "../../../app/operator/audit.server";
import { figure, type Figure } from "../figure";
import { openLoop, type Fired } from "../load";
import { multiplyShop } from "../seed/copies";
import type { OwnDatabase, Stage } from "../stage";
import { magazineOf } from "./ingest";

/** About ten entries each. */
const MEMBERS = 1_000;
const COPIES = 96;
const SHOPS = 10;
const DELIVERIES_PER_SECOND = 200;
const LONGEST_SECONDS = 3_600;

/** How long the audit takes, and what a delivery waits meanwhile. */
export async function audit(stage: Stage): Promise<Figure> {
  const database = await stage.openDatabase("audit");
  try {
    const seal = await makeLedger(stage, database);
    const bare = await readOnce(database);
    const { ran, deliveries } = await auditUnderLoad(stage, database);
    const report = JSON.parse(ran.output) as AuditReport;
    const broken = report.invariants.filter(({ violations }) => violations > 0).map(({ id }) => id);
    if (!report.ok) throw new Error(`the books of the bench are not in order: ${broken.join(", ")}`);
    const entries = report.invariants.find(({ id }) => id === "I10")?.rows ?? 0;
    const slow = [...report.invariants].sort((a, b) => b.seconds - a.seconds).slice(0, 4);
    return figure({
      name: "audit.10m",
      value: ran.seconds,
      unit: "s",
      bare,
      ...deliveries.latency,
      note:
        `${count(entries)} entries in ${stage.sized(SHOPS)} shops, ${count(entries / ran.seconds)} entries/s, peak ${Math.round(ran.peakMiB)} MiB; ` +
        `latencies: ${DELIVERIES_PER_SECOND} deliveries/s meanwhile, ${deliveries.bad} not answered 2xx; ` +
        `longest checks ${slow.map(({ id, seconds }) => `${id} ${Math.round(seconds)} s`).join(", ")}; ` +
        `bare: one statement that sums every entry by member; sealing beforehand ${count(entries / seal)} entries/s`,
    });
  } finally {
    await database.drop();
  }
}

const count = (value: number) => Math.round(value).toLocaleString("en");

/** @returns how long sealing took, seconds */
async function makeLedger(stage: Stage, database: OwnDatabase): Promise<number> {
  stage.say(`a shop of ${MEMBERS} members gets its history from the app`);
  const made = await stage.run("tests/bench/programs/model-shop.ts", [String(MEMBERS)], { database });
  const { shopId } = JSON.parse(made.output) as { shopId: number };
  const shops = stage.sized(SHOPS);
  stage.say(`making ${shops * COPIES} copies of it in ${shops} shops`);
  const ids = await multiplyShop(database.owner, shopId, { shops, copies: COPIES });
  stage.say("sealing every shop's ledger");
  const sealed = await stage.run("tests/bench/programs/seal-shops.ts", ids.map(String), { database });
  return sealed.seconds;
}

/** Seconds that it takes to read each entry once. */
async function readOnce({ owner }: OwnDatabase): Promise<number> {
  const started = performance.now();
  await owner.query("SELECT count(*) FROM (SELECT shop_id, member_id, sum(points) FROM points_entry GROUP BY 1, 2) s");
  return (performance.now() - started) / 1_000;
}

async function auditUnderLoad(stage: Stage, database: OwnDatabase) {
  const web = await stage.startApp("web", { database });
  const over = new AbortController();
  const magazine = () => magazineOf(stage, "ledger-0.myshopify.com");
  await openLoop(web.url, DELIVERIES_PER_SECOND, 2, magazine());
  const load = openLoop(web.url, DELIVERIES_PER_SECOND, LONGEST_SECONDS, magazine(), over.signal);
  try {
    const args = ["audit", "--json", "--database-url", database.ownerUrl];
    const ran = await stage.run("app/operator/kizuna.ts", args, { database }).finally(() => over.abort());
    const deliveries: Fired = await load;
    return { ran, deliveries };
  } finally {
    await load.catch(() => undefined);
    await web.stop();
  }
}

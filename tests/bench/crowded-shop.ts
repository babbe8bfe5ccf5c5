// One shop with very many members, entries and reviews, made once per run as they are needed, and the data of its admin pages as the built
// app answers with it: session token, row-level security and the line of the access log included.
import { randomBytes } from "node:crypto";
import path from "node:path";

import { startApp } from "../demo/app-process";
import { insertCrowd, insertCrowdLedger, insertCrowdReviews, type IdRange } from "../builders/crowd";
import { figure, percentiles, type Figure } from "./figure";
import { cpuOf, type Stage } from "./stage";

export interface CrowdedShop {
  shopId: number;
  domain: string;
  members: IdRange;
  size: number;
}
/** Addresses by what a person does with them. */
export type Visits = Record<string, string>;

const ROUNDS = 3;
const ASKED_EACH = 10;
interface Parts {
  shop: Promise<CrowdedShop>;
  ledger?: Promise<void>;
  reviews?: Promise<IdRange>;
}
/** What of it there is already, per run. */
const made = new WeakMap<Stage, Parts>();

/** The shop with 10^6 members; a tenth of everything in a quick run. */
export function crowdedShop(stage: Stage): Promise<CrowdedShop> {
  return partsOf(stage).shop;
}
/** Its 10^7 entries, with lots and orders. */
export async function crowdedLedger(stage: Stage): Promise<CrowdedShop> {
  const parts = partsOf(stage);
  const shop = await parts.shop;
  stage.say("their entries");
  await (parts.ledger ??= insertCrowdLedger(stage.owner, shop.shopId, shop.members));
  return shop;
}
/** Its 10^6 reviews. */
export async function crowdedReviews(stage: Stage): Promise<CrowdedShop & { reviews: IdRange }> {
  const parts = partsOf(stage);
  const shop = await parts.shop;
  stage.say("their reviews");
  const plan = { members: shop.members, reviews: shop.size };
  return { ...shop, reviews: await (parts.reviews ??= insertCrowdReviews(stage.owner, shop.shopId, plan)) };
}
function partsOf(stage: Stage): Parts {
  const known = made.get(stage);
  if (known) return known;
  const parts: Parts = { shop: makeShop(stage) };
  made.set(stage, parts);
  return parts;
}

async function makeShop(stage: Stage): Promise<CrowdedShop> {
  stage.useRooms();
  const { createTestShop } = await import("../builders/shop");
  const { findShopByDomain } = await import("../../app/shops/find-shop.server");
  const size = stage.isQuick ? 100_000 : 1_000_000;
  // One that the simulated platform has, so that its admin can be opened as well.
  const domain = stage.stack.shops()[0]?.domain ?? "";
  const shopId = (await findShopByDomain(domain))?.id ?? (await createTestShop(domain));
  stage.say(`making ${size} members`);
  return { shopId, domain, members: await insertCrowd(stage.owner, shopId, size), size };
}

/** How long the server takes for each of these addresses, asked one after the other. */
export async function measureVisits(
  stage: Stage,
  shop: CrowdedShop,
  named: { name: string; visits: Visits; note: string },
): Promise<Figure> {
  const server = await openAdmin(stage, shop.domain);
  try {
    const taken = new Map<string, number[]>(Object.keys(named.visits).map((what) => [what, []]));
    const rounds: number[] = [];
    for (const what of Object.values(named.visits)) await server.ask(what);
    const before = cpuOf(server.pid);
    for (let round = 0; round < ROUNDS; round++) {
      const ofRound: number[] = [];
      for (let asked = 0; asked < ASKED_EACH; asked++) {
        for (const [what, address] of Object.entries(named.visits)) {
          const milliseconds = await server.ask(address);
          ofRound.push(milliseconds);
          taken.get(what)?.push(milliseconds);
        }
      }
      rounds.push(percentiles(ofRound).p95);
    }
    const all = [...taken.values()].flat();
    const each = [...taken].map(([what, times]) => ({ what, ...percentiles(times) })).sort((a, b) => b.p95 - a.p95);
    for (const { what, p50, p95 } of each)
      stage.say(`    ${what.padEnd(44)} p50 ${p50.toFixed(1)}  p95 ${p95.toFixed(1)}`);
    const [slowest] = each;
    const seen = percentiles(all);
    return figure({
      name: named.name,
      value: seen.p95,
      unit: "ms (p95)",
      ...seen,
      cpuMs: (cpuOf(server.pid) - before) / all.length,
      rounds,
      note: `${named.note}; slowest of ${each.length} kinds: ${slowest?.what ?? ""}, p95 ${slowest?.p95.toFixed(0) ?? ""} ms`,
    });
  } finally {
    await server.stop();
  }
}

/** The built app alone, and a member of staff who asks it for the data of pages. */
async function openAdmin(stage: Stage, domain: string) {
  stage.useRooms();
  const { sessionToken, storeOfflineSession } = await import("../integration/routes/admin-requests");
  const { offlineSessionId, sessionStorage } = await import("../../app/shopify/session-storage.server");
  if (!(await sessionStorage.loadSession(offlineSessionId(domain)))) await storeOfflineSession(domain);
  const apiKey = randomBytes(16).toString("hex");
  const app = await startApp({
    env: {
      ...stage.stack.appEnv,
      ...{ SHOPIFY_API_KEY: apiKey, SHOPIFY_SIMULATOR_URL: undefined, APP_BRIDGE_URL: undefined },
      // Every question comes from an address of its own: limits are for people.
      ...{ KIZUNA_ROLE: "web", PORT: "0", KIZUNA_TRUSTED_HOPS: "1" },
    },
    logFile: path.join(stage.stack.folder, "bench.log"),
  });
  const token = await sessionToken(domain, { claims: { aud: apiKey } });
  let asked = 0;
  return {
    pid: app.pid,
    stop: () => app.stop(),
    async ask(address: string): Promise<number> {
      const [page = "", query = ""] = address.split("?");
      asked += 1;
      const started = performance.now();
      const response = await fetch(`${app.url}${page}.data?${query}`, {
        headers: {
          authorization: `Bearer ${token}`,
          "user-agent":
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/147.0.0.0 Safari/537.36",
          "x-forwarded-for": `10.${asked >> 16}.${(asked >> 8) & 255}.${asked & 255}`,
        },
      });
      const body = await response.text();
      const milliseconds = performance.now() - started;
      if (response.status !== 200) throw new Error(`${address} answered ${response.status}: ${body.slice(0, 200)}`);
      return milliseconds;
    },
  };
}

// The shop of one seed: installed and given rules through the app's own pages, then lived in.
import { setTimeout as sleep } from "node:timers/promises";

import { grantInstall, issueIdToken, openApp } from "../../simulator/oauth";
import { createRandom, type Random } from "../../simulator/random";
import type { Id, SimShop } from "../../simulator/state";
import { drawRules, toEarningRules } from "../model/drawn-rules";
import type { RulesFrom, SoakRules } from "../model/expected-holdings";
import { History, openSoakShop } from "../model/true-history";
import type { Bench } from "./bench";
import { REWARD } from "../reward";
import { Redeemers } from "./redeemers";
import { Reviewers } from "./reviewers";
import { until } from "./until";

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const ACTS_PER_WISH = 3;
const ACTS_PER_REVIEW = 12;
const BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/147.0.0.0 Safari/537.36";

export interface SeedShop {
  seed: number;
  /** Our number of it. */
  id: number;
  shop: SimShop;
  random: Random;
  history: History;
  rules: RulesFrom[];
  people: Redeemers;
  reviewers: Reviewers;
  /** Who asked to be forgotten. */
  erased: Set<Id>;
}

/** Opens the seed's shop. Nothing may be in trouble meanwhile: an unsure answer would leave the rules unknown. */
export async function openSeedShop(bench: Bench, seed: number): Promise<SeedShop> {
  const { sim } = bench.simulator;
  const random = createRandom(seed * 7_919);
  const domain = `process-${seed}.myshopify.com`;
  const shop = openSoakShop(sim, domain, random.pick(["JPY", "USD"] as const));
  grantInstall(sim, domain);
  await openPage(bench, domain);
  const id = await until(async () => {
    const { rows } = await bench.owner.query<{ id: number }>(
      "SELECT shop.id FROM shop JOIN shop_profile ON shop_profile.shop_id = shop.id WHERE domain = $1",
      [domain],
    );
    return rows[0]?.id;
  }, "the app to read the shop");
  const rules = await saveRules(bench, shop, drawRules(random, shop));
  const people = new Redeemers(bench, {
    shopId: id,
    shop,
    rewardId: await saveReward(bench, shop, id),
    // What people do depends on answers, the history on the seed alone: each has chance of its own.
    random: createRandom(seed * 104_729 + 1),
    allowsCodes: rules.rules.discounts === "after",
  });
  const history = new History(sim, shop, random);
  history.start();
  const reviewers = new Reviewers(bench, { shop, random: createRandom(seed * 15_485_863 + 1) });
  return { seed, id, shop, random, history, rules: [rules], people, reviewers, erased: new Set() };
}

/** A merchant opens the app: revoked tokens are exchanged anew. */
export async function openPage(bench: Bench, domain: string): Promise<void> {
  await until(async () => openApp(bench.simulator.sim, domain).then(() => true), "the app's page");
}

async function saveRules(bench: Bench, shop: SimShop, rules: SoakRules): Promise<RulesFrom> {
  const { sim } = bench.simulator;
  // Orders carry whole seconds: none may fall into the second in which the rules change.
  sim.clock.advance(2 * SECOND);
  await savePage(bench, shop, "program/earning", toEarningRules(rules));
  const from = sim.now();
  sim.clock.advance(2 * SECOND);
  return { from, rules };
}

async function saveReward(bench: Bench, shop: SimShop, shopId: number): Promise<number> {
  await savePage(bench, shop, "rewards/new", REWARD);
  const { rows } = await bench.owner.query<{ id: string }>("SELECT id FROM reward WHERE shop_id = $1", [shopId]);
  return Number(rows[0]?.id);
}

async function savePage(bench: Bench, shop: SimShop, page: string, body: unknown): Promise<void> {
  const { sim, addresses } = bench.simulator;
  const response = await fetch(`${addresses.tunnel}/app/${page}.data`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${await issueIdToken(sim, shop.domain)}`,
      "content-type": "application/json",
      "user-agent": BROWSER,
    },
    body: JSON.stringify(body),
  });
  const answer = await response.text();
  if (!response.ok || !answer.includes("saved"))
    throw new Error(`${page} was not saved: ${response.status} ${answer.slice(0, 300)}`);
}

/** Lets shoppers and the merchant act, about `actsPerSecond` times a second, until `signal` aborts. */
export async function liveOn(
  bench: Bench,
  { history, random, people, reviewers }: SeedShop,
  actsPerSecond: number,
  signal: AbortSignal,
): Promise<void> {
  const { sim, webhooks } = bench.simulator;
  Object.assign(sim.faults.webhooks, {
    duplicateRate: 0.2,
    reorderWindowMs: HOUR,
    delayMs: 0,
    lossRate: 0.05,
    staleRate: 0.03,
    badSignatureRate: 0.01,
  });
  webhooks.seed(random.between(1, 1_000_000));
  for (let act = 1; !signal.aborted; act++) {
    while (history.act() === "refused");
    if (act % ACTS_PER_WISH === 0) people.act();
    if (act % ACTS_PER_REVIEW === 0) reviewers.act();
    if (random.chance(0.02)) sim.faults.webhooks.delayMs = random.chance(0.5) ? 0 : random.between(1, 26) * HOUR;
    sim.clock.advance(stepMs(random));
    await sleep(random.between(500, 1_500) / actsPerSecond, undefined, { signal }).catch(() => undefined);
  }
}

// Half of the time life is brisk: many changes share one of the platform's seconds.
function stepMs(random: Random): number {
  return random.weighted([
    [random.between(0, 900), 50],
    [random.between(1, 60) * SECOND, 25],
    [random.between(1, 40) * 60 * SECOND, 19],
    [random.between(1, 20) * HOUR, 6],
  ] as const);
}

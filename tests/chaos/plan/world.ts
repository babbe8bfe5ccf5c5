// Everything a plan seed plays in: a database of its own batch, the platform over real HTTP with a clock that only
// moves when it is told, the letter box over real HTTP, and the shops of the seed.
import { createHash, randomBytes } from "node:crypto";
import { createServer, type Server } from "node:http";
import { fileURLToPath } from "node:url";

import pg from "pg";

import { closeDatabase } from "../../../app/db.server";
import { env } from "../../../app/env.server";
import { defaultEarningRules, type EarningRules } from "../../../app/loyalty/earning-rules";
import { saveProgram } from "../../../app/loyalty/program.server";
import { saveReward } from "../../../app/loyalty/rewards/save-reward.server";
import { handleWebhook } from "../../../app/ingest/receive.server";
import { refuseUnsafeStart } from "../../../app/server/start-checks.server";
import { installShop } from "../../../app/shops/install-shop.server";
import { storeTestSession } from "../../builders/shopify-session";
import { TEMPLATE, urlFor, type TestCluster } from "../../setup/global-postgres";
import { testEnvironment } from "../../setup/test-environment";
import { mountBulk } from "../../simulator/bulk";
import type { VirtualClock } from "../../simulator/clock";
import { noFaults } from "../../simulator/faults";
import { mountGraphql } from "../../simulator/graphql/mount";
import { close, listen, serve } from "../../simulator/http-server";
import { grantInstall, mountOauth } from "../../simulator/oauth";
import { createRandom, type Random } from "../../simulator/random";
import { Router } from "../../simulator/router";
import { createSimulator, type Simulator } from "../../simulator/simulator";
import type { SimShop } from "../../simulator/state";
import { drawRules, toEarningRules } from "../model/drawn-rules";
import type { RulesFrom } from "../model/expected-holdings";
import { History, openSoakShop } from "../model/true-history";
import { REWARD } from "../reward";
import { givePools } from "./boundary";
import { Stage, StageProcess } from "./stage";

const SECOND = 1_000;
/** When every seed's history begins. */
const BEGINNING = Date.parse("2026-06-01T00:00:00Z");

export interface SeedShop {
  id: number;
  shop: SimShop;
  history: History;
  rules: RulesFrom[];
  rewardId: number;
}
export interface World {
  sim: Simulator;
  stage: Stage;
  owner: pg.Pool;
  ownerUrl: string;
  /** Where deliveries go. */
  letterBox: string;
  web: StageProcess;
  /** Moves business time. */
  pass(ms: number): void;
  stop(): Promise<void>;
}

/** Opens a database, a platform and a letter box; `plant` runs as the owner once the schema is there. */
export async function openWorld(cluster: TestCluster, plant: string | null): Promise<World> {
  const name = `chaos_${randomBytes(6).toString("hex")}`;
  const admin = new pg.Client({ connectionString: cluster.adminUrl });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE} OWNER test_owner`);
  const ownerUrl = urlFor(cluster, "owner", name);
  const environment = {
    ...testEnvironment({ appUrl: urlFor(cluster, "app", name), routerUrl: urlFor(cluster, "router", name) }),
    SHOPIFY_API_KEY: "demo-chaos-bench",
    SHOPIFY_APP_URL: "http://127.0.0.1:1",
  };
  const owner = new pg.Pool({ connectionString: ownerUrl, max: 3 });
  owner.on("error", () => undefined);
  if (plant !== null) await owner.query(plant);
  await owner.query(NOTHING_EXPIRES);
  const { sim, server, clock } = await openPlatform(environment);
  Object.assign(process.env, environment, { SHOPIFY_SIMULATOR_URL: sim.addresses.shell });
  // Another world of this process may have been asked before.
  Object.assign(env(), { ...environment, SHOPIFY_SIMULATOR_URL: sim.addresses.shell });
  const refusal = await whyNotStart();
  if (refusal !== null) {
    await closeDatabase();
    await Promise.all([close(server), owner.end(), admin.end()]);
    throw new UnsafeStart(refusal);
  }
  givePools();
  const stage = new Stage(cluster.adminUrl, () => sim.now());
  await stage.open();
  const world: World = {
    sim,
    stage,
    owner,
    ownerUrl,
    letterBox: "",
    web: new StageProcess("web", true),
    pass: (ms) => clock.advance(ms),
    async stop() {
      await close(letterBox);
      await close(server);
      await stage.close();
      await owner.end();
      await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await admin.end();
    },
  };
  const letterBox = patient(
    createServer((req, res) => {
      stage.serve(world.web, () => handleWebhook(req, res)).catch(() => res.destroy());
    }),
  );
  world.letterBox = `${await listen(letterBox, "127.0.0.1", 0)}/webhooks`;
  return world;
}

// Leases and waiting times run on the machine's clock: within a round none may end because the machine is slow. The
// bench ends them between rounds, and when it wants somebody to be overtaken.
const NOTHING_EXPIRES = `
  CREATE FUNCTION chaos_wait() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF NEW.next_attempt > now() + interval '5 milliseconds' THEN NEW.next_attempt := now() + interval '1 day'; END IF;
    IF NEW.lease_until > now() THEN NEW.lease_until := now() + interval '1 day'; END IF;
    RETURN NEW;
  END $$;
  CREATE TRIGGER chaos_wait BEFORE INSERT OR UPDATE ON webhook_inbox FOR EACH ROW EXECUTE FUNCTION chaos_wait();
  CREATE FUNCTION chaos_lease() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN NEW.lease_until := now() + interval '1 day'; RETURN NEW; END $$;
  CREATE TRIGGER chaos_lease BEFORE INSERT OR UPDATE ON redemption FOR EACH ROW WHEN (NEW.lease_until > now()) EXECUTE FUNCTION chaos_lease();
  CREATE FUNCTION chaos_job() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN NEW.start_after := now() + interval '1 day'; RETURN NEW; END $$;
  CREATE TRIGGER chaos_job BEFORE INSERT OR UPDATE ON pgboss.job_common FOR EACH ROW WHEN (NEW.start_after > now()) EXECUTE FUNCTION chaos_job()`;

/** The app would not open its doors on this database. */
export class UnsafeStart extends Error {
  override readonly name = "UnsafeStart";
}
// A disposable cluster does without what a power cut needs; everything else counts here too.
async function whyNotStart(): Promise<string | null> {
  try {
    await refuseUnsafeStart();
    return null;
  } catch (error) {
    const lines = (error as Error).message.split("\n").slice(1);
    const serious = lines.filter((line) => !/\b(fsync|full_page_writes)\b/.test(line));
    return serious.length === 0 ? null : serious.join("\n");
  }
}

async function openPlatform(keys: {
  SHOPIFY_API_KEY: string;
  SHOPIFY_API_SECRET: string;
}): Promise<{ sim: Simulator; server: Server; clock: VirtualClock }> {
  const sim = createSimulator({
    apiKey: keys.SHOPIFY_API_KEY,
    apiSecret: keys.SHOPIFY_API_SECRET,
    tomlFile: fileURLToPath(new URL("../../../shopify.app.toml", import.meta.url)),
  });
  sim.clock.stop();
  const clock = standingClock();
  sim.clock = clock;
  sim.now = () => clock.now();
  const router = new Router();
  mountOauth(router, sim);
  mountGraphql(router, sim);
  mountBulk(router, sim);
  const server = patient(createServer(serve(router)));
  sim.addresses.shell = await listen(server, "localhost", 0);
  return { sim, server, clock };
}

/** A connection that was closed because the machine was slow would be one more attempt. */
function patient(server: Server): Server {
  return Object.assign(server, { keepAliveTimeout: 0, headersTimeout: 0, requestTimeout: 0 });
}

/** A clock that never moves by itself, so that the same seed sees the same instants. */
function standingClock(): VirtualClock {
  let at = BEGINNING;
  return {
    now: () => new Date(at),
    at: () => () => undefined,
    advance: (ms) => void (at += ms),
    setTo: (instant) => void (at = instant.getTime()),
    stop: () => undefined,
  };
}

/** Opens the two shops of a seed: yen with tax inside prices, dollars with tax added. */
export async function openShops(world: World, seed: number, random: Random): Promise<SeedShop[]> {
  const { sim } = world;
  sim.clock.setTo(new Date(BEGINNING));
  Object.assign(sim.faults, noFaults());
  // Ids are the seed's own: no two seeds of a batch share one, and a seed alone has the same ones.
  const place = 1 + (seed % 1_000_000);
  Object.assign(sim.state, { shops: {}, scheduled: [], nextId: 1_000_000 * place });
  // The shops' own as well: what this process remembers of a shop is not that of another database's first.
  await world.owner.query("SELECT setval('shop_id_seq', $1)", [10 * place]);
  const opened: SeedShop[] = [];
  for (const kind of ["JPY", "USD"] as const)
    opened.push(await openShop(world, `chaos-${seed}-${kind.toLowerCase()}.myshopify.com`, kind, random));
  return opened;
}

async function openShop(world: World, domain: string, kind: "JPY" | "USD", random: Random): Promise<SeedShop> {
  const { sim, owner } = world;
  const shop = openSoakShop(sim, domain, kind);
  shop.bucket = { available: 1e7, maximum: 1e7, restorePerSecond: 1e6, at: Date.now() };
  await grantAccess(world, domain);
  const { shopId } = await installShop({ domain, scopes: shop.install?.scopes.join(",") ?? "", now: sim.now() });
  // The bench subscribes to everything by itself, and sends by its own plan.
  await owner.query("DELETE FROM pgboss.job WHERE name = 'check-subscriptions'");
  const rewardId = await openReward(shopId, sim.now());
  const opened: SeedShop = { id: shopId, shop, history: new History(sim, shop, random), rules: [], rewardId };
  await changeRules(world, opened, random);
  return opened;
}

/** The platform's side of an install, and the token we hold. */
export async function grantAccess({ sim }: World, domain: string): Promise<void> {
  const access = `shpat_${domain}`;
  grantInstall(sim, domain).tokens.push({
    kind: "offline",
    access,
    refresh: null,
    expiresAtMs: Number.MAX_SAFE_INTEGER,
    refreshExpiresAtMs: null,
  });
  await storeTestSession(domain, { accessToken: access, refreshToken: undefined, expiresIn: 86_400 * 30 });
}

/** New rules, in force from now on. */
export async function changeRules(world: World, opened: SeedShop, random: Random): Promise<void> {
  // Orders carry whole seconds: none may fall into the second in which the rules change.
  world.pass(2 * SECOND);
  const rules = drawRules(random, opened.shop);
  const now = world.sim.now();
  const { currency, taxesIncluded } = opened.shop;
  const program = { ...defaultEarningRules({ currency, taxesIncluded }), ...(toEarningRules(rules) as EarningRules) };
  const saved = await saveProgram(opened.id, program, "staff:1", now);
  if (saved.outcome !== "saved") throw new Error(`the rules were not saved: ${JSON.stringify(saved)}`);
  opened.rules.push({ from: now, rules });
  world.pass(2 * SECOND);
}

async function openReward(shopId: number, now: Date): Promise<number> {
  const saved = await saveReward(shopId, { id: null, ...REWARD }, "staff:1", now);
  if (saved.outcome !== "saved") throw new Error(`the reward was not saved: ${JSON.stringify(saved)}`);
  return saved.reward.id;
}

/** Chance for one purpose of a seed: more draws for one change nothing for the others. */
export function randomOf(seed: number, purpose: string): Random {
  return createRandom(createHash("sha256").update(`${seed} ${purpose}`).digest().readUInt32BE(0));
}

// Everything the product needs to run, without a Shopify account: PostgreSQL, migrations, the shop
// simulator and the app. The demo keeps its data; tests and `replay --fresh` throw theirs away.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { ensureAdminSchema } from "../setup/admin-schema";
import { buildApp, generateClient } from "../setup/build.mjs";
import { isFree, startPostgres } from "../setup/embedded-postgres";
import { canReach, postgresAccount, refugeFolder, SetupError } from "../setup/postgres-account";
import { readAppConfig } from "../simulator/app-config";
import { startSimulator, type RunningSimulator, type StartOptions } from "../simulator/server";
import { startApp, logFileOf, type AppProcess } from "./app-process";
import { createOwnDatabase, emptyDatabase, holdsShops, prepareDatabase, type DemoDatabase } from "./demo-database";
import { keepSecrets, type Secrets } from "./secrets";
import { seedApp } from "./seed-app";

export interface StackOptions {
  /** Where data lives; unset: a temporary folder that is removed at the end. */
  folder?: string;
  /** A PostgreSQL to use instead of starting one. */
  databaseUrl?: string;
  /** Throws away what `folder` and the database hold. */
  reset?: boolean;
  /** The first of a handful of consecutive ports; unset: any free ones. */
  firstPort?: number;
  /** What the simulated platform begins with when it has no data yet. */
  seed: StartOptions["seed"];
  /** Install the app in every seeded shop and read its past orders in. */
  install?: boolean;
  /** Compile the app on request instead of building it. */
  dev?: boolean;
  /** More environment for the app. */
  appEnv?: Record<string, string>;
  say?: (line: string) => void;
  /** Aborting stops a start that is under way. */
  signal?: AbortSignal;
}

/** A plain-http address of each thing a person or a test opens. */
export interface StackAddresses {
  admin: string;
  storefront: string;
  control: string;
  mailbox: string;
  app: string;
}
export interface StackShop {
  domain: string;
  name: string;
  currency: string;
  locale: string;
  admin: string;
  storefront: string;
}
export interface Stack {
  simulator: RunningSimulator;
  app: AppProcess;
  database: DemoDatabase;
  apiKey: string;
  apiSecret: string;
  /** Set when the database had to live outside `folder`. */
  refuge: string | null;
  folder: string;
  /** The environment the app runs with. */
  appEnv: Record<string, string | undefined>;
  shops(): StackShop[];
  addresses(): StackAddresses;
  /** Stops the app and starts it anew, for instance after a kill. */
  restartApp(): Promise<void>;
  /** Resolves when a part ends by itself. */
  broken: Promise<string>;
  stop(): Promise<void>;
}

const fixture = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));

/**
 * Starts the whole stack.
 * @throws SetupError with a way out; whatever was started is stopped again
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const undo: (() => Promise<void>)[] = [];
  const stop = once(async () => {
    for (const step of undo.reverse()) await step().catch(() => {}); // One that fails must not keep the others running.
  });
  try {
    return await buildStack(options, undo, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function buildStack(
  options: StackOptions,
  undo: (() => Promise<void>)[],
  stop: () => Promise<void>,
): Promise<Stack> {
  const say = options.say ?? (() => {});
  const goOn = () => options.signal?.throwIfAborted();
  const folder = openFolder(options, undo);
  const place = databaseFolder(folder, options.databaseUrl);
  const secrets = keepSecrets(folder);
  const snapshot = path.join(folder, "simulator.json");
  const complete = path.join(folder, "seeded");
  const ports = await choosePorts(options.firstPort);

  // A first start that was cut short is begun again, on a server of our own.
  const again = options.reset === true || !fs.existsSync(complete);
  const ownerUrl = await openDatabase({ options: { ...options, reset: again }, place, secrets, undo, say });
  goOn();
  if (options.reset && place === null) await emptyDatabase(ownerUrl);
  if (again) for (const file of [complete, snapshot]) fs.rmSync(file, { force: true });
  const isNew = await nothingKept(ownerUrl, snapshot);
  say("migrating the database");
  const prepared = prepareDatabase(ownerUrl, secrets);
  prepared.catch(() => {}); // Awaited below; it must not count as unhandled while the simulator starts.
  await ensureAdminSchema();
  say(isNew ? "opening two shops and giving them a year of orders" : "opening the shops as they were left");
  const simulator = await startSimulator({
    ports: { shell: ports.shell, tunnel: ports.tunnel, storefronts: ports.storefronts, mail: ports.mail },
    apiKey: secrets.apiKey,
    apiSecret: secrets.apiSecret,
    stateFile: snapshot,
    seed: options.seed,
    extensionDir: fixture("extensions/storefront"),
    tomlFile: fixture("shopify.app.toml"),
  });
  undo.push(() => simulator.stop());
  const database = await prepared;
  goOn();

  const appEnv = environmentOf({
    secrets,
    database,
    simulator,
    port: ports.app,
    dev: options.dev ?? false,
    extra: { KIZUNA_MEDIA_FOLDER: path.join(folder, "media"), ...options.appEnv },
  });
  if (!options.dev) await ensureBuilt(say);
  goOn();
  say("starting the app");
  const logFile = logFileOf(folder);
  const launch = () => startApp({ env: appEnv, logFile, dev: options.dev });
  const stack: Stack = {
    simulator,
    database,
    app: await launch(),
    apiKey: secrets.apiKey,
    apiSecret: secrets.apiSecret,
    refuge: place !== null && !place.startsWith(folder) ? place : null,
    folder,
    appEnv,
    shops: () => shopsOf(simulator),
    addresses: () => addressesOf(simulator, stack.app.url),
    async restartApp() {
      await stack.app.stop();
      stack.app = await launch();
      simulator.setAppUrl(stack.app.url);
    },
    broken: Promise.resolve(""),
    stop,
  };
  undo.push(() => stack.app.stop());
  stack.broken = stack.app.ended.then((how) => `The app ended by itself (${how}). Its log: ${logFile}`);
  simulator.setAppUrl(stack.app.url);
  goOn();
  if (options.install && isNew) await seedApp(stack, say);
  goOn();
  fs.writeFileSync(complete, new Date().toISOString());
  return stack;
}

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= work());
}

// ─── Folders ─────────────────────────────────────────────────────────────────────────────────────

function openFolder(options: StackOptions, undo: (() => Promise<void>)[]): string {
  if (options.folder === undefined) {
    const temporary = fs.mkdtempSync(path.join(os.tmpdir(), "kizuna-stack-"));
    fs.chmodSync(temporary, 0o711); // The server's account passes through to its own folder.
    undo.push(async () => fs.rmSync(temporary, { recursive: true, force: true }));
    return temporary;
  }
  try {
    fs.mkdirSync(options.folder, { recursive: true, mode: 0o711 });
    fs.accessSync(options.folder, fs.constants.W_OK);
  } catch (error) {
    throw new SetupError(
      `${options.folder} cannot be written: ${(error as Error).message}\nRun this as the user who owns the clone.`,
    );
  }
  return options.folder;
}

/** Where the cluster goes; null when there is a server already. */
function databaseFolder(folder: string, databaseUrl: string | undefined): string | null {
  if (databaseUrl) return null;
  return path.join(canReach(postgresAccount(), folder) ? folder : refugeFolder(), "postgres");
}

// ─── The database ────────────────────────────────────────────────────────────────────────────────

async function openDatabase(plan: {
  options: StackOptions;
  place: string | null;
  secrets: Secrets;
  undo: (() => Promise<void>)[];
  say: (line: string) => void;
}): Promise<string> {
  const { options, place, secrets, undo, say } = plan;
  if (place === null) return options.databaseUrl ?? "";
  say("starting PostgreSQL");
  if (options.folder && !place.startsWith(options.folder))
    say(`the postgres user cannot enter ${options.folder}: data goes to ${place}`);
  const disposable = options.folder === undefined;
  const server = await startPostgres({
    folder: place,
    disposable,
    removeAtExit: disposable,
    reset: options.reset,
    say,
  });
  undo.push(() => server.stop());
  return createOwnDatabase(server.adminUrl, secrets);
}

// Ids of the simulated shops are in both places; one without the other would be another platform's data.
async function nothingKept(ownerUrl: string, snapshot: string): Promise<boolean> {
  const kept = await holdsShops(ownerUrl);
  if (kept === fs.existsSync(snapshot)) return !kept;
  const missing = kept
    ? `the shops' own data (${snapshot}) is missing`
    : "the database is empty, but the shops' own data is not";
  throw new SetupError(`The demo's data is incomplete: ${missing}.\nStart anew with: npm run demo -- --reset`);
}

// ─── The app ─────────────────────────────────────────────────────────────────────────────────────

async function ensureBuilt(say: (line: string) => void): Promise<void> {
  await generateClient();
  const slow = setTimeout(() => say("building the app: its sources are newer than the last build"), 1_500);
  try {
    const outcome = await buildApp();
    if (outcome === "impossible")
      throw new SetupError("The app cannot be built: development packages are missing.\nRun npm ci.");
    if (outcome === "built") say("the app is built");
  } catch (error) {
    if (error instanceof SetupError) throw error;
    const { stderr, message } = error as { stderr?: string; message: string };
    throw new SetupError(`The app does not build:\n${(stderr || message).trim().slice(-3_000)}`);
  } finally {
    clearTimeout(slow);
  }
}

function environmentOf(parts: {
  secrets: Secrets;
  database: DemoDatabase;
  simulator: RunningSimulator;
  port: number;
  dev: boolean;
  extra?: Record<string, string> | undefined;
}): Record<string, string | undefined> {
  const { shell, tunnel, mail } = parts.simulator.addresses;
  return {
    NODE_ENV: parts.dev ? "development" : "production",
    KIZUNA_ROLE: "all",
    HOST: "127.0.0.1",
    PORT: String(parts.port),
    DATABASE_URL: parts.database.appUrl,
    DATABASE_ROUTER_URL: parts.database.routerUrl,
    DATABASE_OWNER_URL: undefined,
    SHOPIFY_API_KEY: parts.secrets.apiKey,
    SHOPIFY_API_SECRET: parts.secrets.apiSecret,
    SHOPIFY_APP_URL: tunnel,
    SHOPIFY_SIMULATOR_URL: shell,
    APP_BRIDGE_URL: `${shell}/app-bridge.js`,
    SCOPES: readAppConfig(fixture("shopify.app.toml")).scopes.join(","),
    KIZUNA_TOKEN_KEYS: parts.secrets.tokenKeys,
    SMTP_URL: mail,
    MAIL_FROM: "points@kizuna.example",
    ...parts.extra,
  };
}

// ─── Addresses ───────────────────────────────────────────────────────────────────────────────────

interface Ports {
  shell: number;
  tunnel: number;
  storefronts: number;
  mail: number;
  app: number;
}
async function choosePorts(first: number | undefined): Promise<Ports> {
  if (first === undefined) return { shell: 0, tunnel: 0, storefronts: 0, mail: 0, app: 0 };
  const ports = { shell: first, tunnel: first + 1, storefronts: first + 2, mail: first + 8, app: first + 9 };
  for (const port of [first, first + 1, first + 2, first + 3, first + 8, first + 9]) {
    if ((await isFree(port)) && (await isFree(port, "localhost"))) continue;
    throw new SetupError(
      `Port ${port} is taken (the demo uses ${first} to ${first + 9}).\n` +
        `Stop what listens there, or choose other ports: npm run demo -- --port ${first + 100}`,
    );
  }
  return ports;
}

function shopsOf({ sim, addresses }: RunningSimulator): StackShop[] {
  return Object.values(sim.state.shops).map(({ domain, name, currency, locale }) => ({
    domain,
    name,
    currency,
    locale,
    admin: `${addresses.shell}/store/${domain.replace(/\.myshopify\.com$/, "")}/apps/kizuna`,
    storefront: `${addresses.storefronts[domain] ?? ""}/`,
  }));
}

function addressesOf(simulator: RunningSimulator, appUrl: string): StackAddresses {
  const shops = shopsOf(simulator);
  const first = shops.find(({ currency }) => currency === "JPY") ?? shops[0];
  const { shell } = simulator.addresses;
  return {
    admin: first?.admin ?? `${shell}/`,
    storefront: first?.storefront ?? "",
    control: `${shell}/control`,
    mailbox: `${shell}/mailbox`,
    app: `${appUrl}/`,
  };
}

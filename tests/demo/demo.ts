// npm run demo: the whole product on this machine, with two seeded shops.
import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";

import { projectRoot, SetupError } from "../setup/postgres-account";
import { leaveIdentity, livingOwner } from "../setup/process-identity";
import { startStack, type Stack } from "./stack";

const FOLDER = path.join(projectRoot, ".data");
const READY_FILE = path.join(FOLDER, "demo.json");
const LOCK_FILE = path.join(FOLDER, "demo.lock");
const DEFAULT_PORT = 4700;
const HELP = `npm run demo [-- options]

  Starts PostgreSQL, the app and a stand-in for Shopify with two shops, and prints their addresses.
  Ctrl-C stops everything; the next start finds the data as it was left.

  --reset      throw the demo's data away and start anew
  --port N     use ports N to N+9 (default ${DEFAULT_PORT}; or KIZUNA_DEMO_PORT)
  --dev        compile the app on request instead of building it
  --help       this text

  KIZUNA_DEMO_DATABASE_URL   use this PostgreSQL database instead of starting one; it must be empty or a demo's
`;

const started = performance.now();
const say = (line: string) =>
  console.log(`${((performance.now() - started) / 1000).toFixed(1).padStart(6)} s  ${line}`);

const stopping = new AbortController();
let stack: Stack | undefined;
let stopped: Promise<void> | undefined;

/** Stops everything once; further calls wait for the same end. */
function stop(code: number): Promise<void> {
  stopped ??= (async () => {
    stopping.abort(new SetupError("stopped"));
    fs.rmSync(READY_FILE, { force: true });
    if (!stack) return; // The start that is under way notices, and undoes what it did.
    await stack.stop();
    finish(code);
  })();
  return stopped;
}

function finish(code: number): void {
  fs.rmSync(READY_FILE, { force: true });
  fs.rmSync(LOCK_FILE, { force: true });
  process.exit(code);
}

function readOptions() {
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        reset: { type: "boolean", default: false },
        port: { type: "string", default: process.env.KIZUNA_DEMO_PORT || String(DEFAULT_PORT) },
        dev: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    }));
  } catch (error) {
    throw new SetupError(`${(error as Error).message}\nnpm run demo -- --help lists the options.`);
  }
  const firstPort = Number(values.port);
  if (!Number.isInteger(firstPort) || firstPort < 1024 || firstPort > 65_000) {
    throw new SetupError(`--port ${values.port} is not a port between 1024 and 65000.`);
  }
  return { ...values, firstPort };
}

function takeLock(): void {
  fs.mkdirSync(FOLDER, { recursive: true, mode: 0o711 });
  const other = livingOwner(LOCK_FILE);
  if (other)
    throw new SetupError(
      `A demo of this clone is already running (process ${other.pid}).\nStop it first: Ctrl-C in its terminal, or kill ${other.pid}`,
    );
  fs.rmSync(READY_FILE, { force: true });
  leaveIdentity(LOCK_FILE);
}

/** Waits until each address answers a visitor without cookies. */
async function checkAddresses(addresses: Record<string, string>): Promise<void> {
  for (const [name, address] of Object.entries(addresses)) {
    const response = await fetch(address, { redirect: "manual", signal: AbortSignal.timeout(15_000) });
    await response.text();
    if (response.status !== 200) throw new SetupError(`The ${name} at ${address} answers ${response.status}.`);
  }
}

function writeReadyFile(running: Stack): void {
  const facts = {
    ...running.addresses(),
    databaseUrl: running.database.appUrl,
    ownerDatabaseUrl: running.database.ownerUrl,
    apiKey: running.apiKey,
    apiSecret: running.apiSecret,
    pid: process.pid,
    shops: running.shops(),
    ...(running.refuge ? { databaseFolder: running.refuge } : {}),
  };
  const temporary = `${READY_FILE}.${process.pid}`;
  fs.writeFileSync(temporary, `${JSON.stringify(facts, null, 2)}\n`, { mode: 0o600 });
  fs.renameSync(temporary, READY_FILE);
}

function greet(running: Stack): void {
  const { admin, storefront, control, mailbox } = running.addresses();
  const others = running.shops().filter((shop) => shop.admin !== admin);
  const lines = [
    ["admin", admin],
    ["storefront", storefront],
    ...others.flatMap((shop) => [
      [`  ${shop.name}`, shop.admin],
      ["", shop.storefront],
    ]),
    ["control panel", control],
    ["mailbox", mailbox],
  ];
  const width = Math.max(...lines.map(([name]) => (name ?? "").length)) + 2;
  const table = lines.map(([name, address]) => `  ${(name ?? "").padEnd(width)}${address}`).join("\n");
  console.log(`\nKizuna is ready.\n\n${table}\n\nCtrl-C stops everything; the next start finds it as it was left.\n`);
}

async function run(): Promise<void> {
  const options = readOptions();
  if (options.help) return void process.stdout.write(HELP);
  takeLock();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (!stopped) console.log("\nstopping …");
      void stop(0);
    });
  }
  stack = await startStack({
    folder: FOLDER,
    databaseUrl: process.env.KIZUNA_DEMO_DATABASE_URL || undefined,
    reset: options.reset,
    firstPort: options.firstPort,
    seed: "demo",
    install: true,
    dev: options.dev,
    say,
    signal: stopping.signal,
  });
  await checkAddresses({ ...stack.addresses() });
  if (stopped) return finishLate();
  writeReadyFile(stack);
  greet(stack);
  const why = await stack.broken;
  if (stopped) return;
  console.error(`\n${why}`);
  await stop(1);
}

async function finishLate(): Promise<void> {
  await stack?.stop();
  finish(0);
}

run().catch(async (error: unknown) => {
  await stack?.stop();
  if (stopping.signal.aborted) return finish(0);
  console.error(`\n${error instanceof SetupError ? error.message : String((error as Error).stack ?? error)}`);
  const locked = livingOwner(LOCK_FILE) !== null;
  if (locked) process.exit(1); // The lock is another demo's.
  finish(1);
});

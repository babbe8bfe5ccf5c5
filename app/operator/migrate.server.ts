// Brings a database to this version: Prisma's migrations, pg-boss's own schema and queues, and what the
// router role may do there. Runs as the owner; the app itself never has these rights.
import { spawn } from "node:child_process";
import path from "node:path";
import pg from "pg";
import { PgBoss } from "pg-boss";

import { childEnvironment } from "../env.server";
import { createQueues } from "../jobs/create-queues.server";
import { projectRoot } from "../project-root.server";

const JOBS_SCHEMA = "pgboss";

/**
 * Applies every pending migration to the owner's database and prepares the job queue's schema.
 * Safe to run again and at the same time from several machines.
 * @throws Error with Prisma's own words when a migration fails
 */
export async function migrateDatabase(ownerUrl: string): Promise<{ outcome: "migrated" }> {
  if (!ownerUrl) {
    throw new Error(
      "DATABASE_OWNER_URL is not set: migrations run as the role that owns the tables. See .env.example.",
    );
  }
  return asOwner(ownerUrl, async (owner) => {
    await refuseOtherEncodings(owner);
    await refuseMissingRoles(owner);
    // One migrator at a time, over Prisma's part and ours; held until the connection closes.
    await owner.query("SELECT pg_advisory_lock(hashtext('kizuna.migrate'))");
    await runPrisma(["migrate", "deploy"], ownerUrl);
    await prepareJobs(owner, ownerUrl);
    return { outcome: "migrated" } as const;
  });
}

/**
 * Creates or updates a login role that is a member of exactly one of our group roles.
 * `admin` must be allowed to create roles (the owner is, when it has CREATEROLE).
 */
export async function ensureLoginRole(
  admin: pg.ClientBase,
  role: { name: string; password: string; group: "kizuna_app" | "kizuna_router" },
): Promise<void> {
  const name = admin.escapeIdentifier(role.name);
  const { rows } = await admin.query("SELECT FROM pg_roles WHERE rolname = $1", [role.name]);
  const secret = `LOGIN PASSWORD ${admin.escapeLiteral(role.password)}`;
  // On an existing role only what changes: naming an attribute, even to deny it, needs that attribute.
  if (rows.length > 0) await admin.query(`ALTER ROLE ${name} ${secret}`);
  else await admin.query(`CREATE ROLE ${name} ${secret} NOCREATEDB NOCREATEROLE INHERIT`);
  await admin.query(`GRANT ${role.group} TO ${name}`);
  const { rows: database } = await admin.query<{ name: string }>("SELECT current_database() AS name");
  await admin.query(`GRANT CONNECT ON DATABASE ${admin.escapeIdentifier(database[0]?.name ?? "")} TO ${name}`);
}

async function asOwner<T>(ownerUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: ownerUrl,
    connectionTimeoutMillis: 5_000,
    query_timeout: 120_000,
    application_name: "kizuna-migrate",
  });
  client.on("error", () => {}); // The query under way rejects with the same error.
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function refuseOtherEncodings(owner: pg.Client): Promise<void> {
  const { rows } = await owner.query<{ encoding: string }>(
    "SELECT pg_encoding_to_char(encoding) AS encoding FROM pg_database WHERE datname = current_database()",
  );
  const encoding = rows[0]?.encoding;
  if (encoding !== "UTF8") {
    throw new Error(
      `The database is ${encoding}: Japanese names need UTF8. Create it with CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0.`,
    );
  }
}

// Before the first migration fails half-way: a failed one has to be resolved by hand.
async function refuseMissingRoles(owner: pg.Client): Promise<void> {
  const { rows } = await owner.query<{ missing: string[]; may: boolean }>(
    `SELECT ARRAY(SELECT wanted FROM unnest(ARRAY['kizuna_app', 'kizuna_router']) wanted
                   WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted)) AS missing,
            (SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user) AS may`,
  );
  const { missing = [], may = false } = rows[0] ?? {};
  if (missing.length === 0 || may) return;
  throw new Error(
    `The owner may not create the roles it needs. As an administrator: ${missing.map((role) => `CREATE ROLE ${role} NOLOGIN;`).join(" ")}`,
  );
}

// A process of its own: Prisma's command line has no library form, and it keeps global state.
function runPrisma(command: string[], ownerUrl: string): Promise<void> {
  const root = projectRoot();
  const child = spawn(process.execPath, [path.join(root, "node_modules/prisma/build/index.js"), ...command], {
    cwd: root,
    // Without a URL Prisma goes looking for an engine to download; its update check needs the network too.
    env: childEnvironment({
      DATABASE_OWNER_URL: ownerUrl,
      CHECKPOINT_DISABLE: "1",
      PRISMA_HIDE_UPDATE_MESSAGE: "1",
      NO_COLOR: "1",
    }),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => output.push(chunk));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) return resolve();
      const said = Buffer.concat(output).toString("utf8").replaceAll(ownerUrl, "(owner URL)").trim();
      reject(new Error(`prisma ${command.join(" ")} failed:\n${said}`));
    });
  });
}

/** The job queue's own schema and queues, and the router's rights to their rows. */
export async function prepareJobs(owner: pg.Client, ownerUrl: string): Promise<void> {
  const boss = new PgBoss({
    connectionString: ownerUrl,
    schema: JOBS_SCHEMA,
    max: 1,
    application_name: "kizuna-migrate",
    supervise: false,
    schedule: false,
    migrate: true,
  });
  const failed = new Promise<never>((_, reject) => boss.once("error", reject));
  failed.catch(() => {}); // Only the race below reports it.
  await Promise.race([boss.start().then(() => createQueues(boss)), failed]);
  await boss.stop({ graceful: false, close: true });
  await owner.query(GRANTS);
}

// Rows, not definitions: the router works the queue, the owner shapes it.
const GRANTS = `
  REVOKE ALL ON SCHEMA ${JOBS_SCHEMA} FROM PUBLIC;
  GRANT USAGE ON SCHEMA ${JOBS_SCHEMA} TO kizuna_router;
  GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${JOBS_SCHEMA} TO kizuna_router;
  GRANT USAGE ON ALL SEQUENCES IN SCHEMA ${JOBS_SCHEMA} TO kizuna_router;
  GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ${JOBS_SCHEMA} TO kizuna_router;
  ALTER DEFAULT PRIVILEGES IN SCHEMA ${JOBS_SCHEMA} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO kizuna_router;
  ALTER DEFAULT PRIVILEGES IN SCHEMA ${JOBS_SCHEMA} GRANT USAGE ON SEQUENCES TO kizuna_router;
`;

// Two pools, two roles: the tenant pool sees one shop at a time under row-level security; the router
// pool sees the closed routing list and no tenant table. No other file opens a connection.
import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";

import { env } from "./env.server";
import { PrismaClient, type Prisma } from "./generated/prisma/client";
import { log } from "./log.server";

/** Our own numeric id of a shop (shop.id): the tenant. */
export type ShopId = number;
type Row = pg.QueryResultRow;

/** What SQL runs on: inside one transaction, or on the pool. int8 columns arrive as safe integers. */
export interface Queryable {
  query<T extends Row = Row>(text: string, values?: unknown[]): Promise<pg.QueryResult<T>>;
}
/** A transaction bound to one shop. */
export interface ShopTx extends Queryable {
  readonly shopId: ShopId;
}

// int8 as number: every bigint of ours (points, minor units, ids) is checked to stay below 2^53.
const INT8 = 20;
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: "text" | "binary") =>
    oid === INT8
      ? safeInteger
      : (pg.types.getTypeParser(oid, format) as (text: string) => unknown)) as typeof pg.types.getTypeParser,
};
function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError("a bigint column left the safe integer range");
  return value;
}

// node-pg waits for ever after a server crash unless every wait has a limit.
function openPool(connectionString: string, name: string): pg.Pool {
  const pool = new pg.Pool({
    connectionString,
    max: env().KIZUNA_POOL_MAX,
    types,
    application_name: `kizuna-${name}`,
    connectionTimeoutMillis: 3_000,
    query_timeout: 30_000,
    statement_timeout: 30_000,
    idle_in_transaction_session_timeout: 30_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
  });
  // A connection that ends while checked out fails its query; unheard, its error event would end the process.
  pool.on("connect", (client) => client.on("error", () => undefined));
  pool.on("error", (error) =>
    log().warn({ pool: name, code: (error as { code?: string }).code }, "database connection lost"),
  );
  return pool;
}

// The built server and the Remix bundle are two module graphs in one process: one set of pools.
const shared = globalThis as {
  __kizunaDb?: Partial<Record<"tenant" | "router", pg.Pool>> & { prisma?: PrismaClient };
  /** Text → name of each prepared statement. */
  __kizunaStatements?: Map<string, string>;
};
const open = (shared.__kizunaDb ??= {});

function tenantPool(): pg.Pool {
  return (open.tenant ??= openPool(env().DATABASE_URL, "tenant"));
}
/** The router role's pool: shop, shopify_session, webhook_inbox and pg-boss. */
export function routerPool(): pg.Pool {
  return (open.router ??= openPool(env().DATABASE_ROUTER_URL, "router"));
}

/**
 * Runs `work` in one transaction that sees only `shopId`'s rows; commits on return, rolls back on throw.
 * @throws whatever `work` or PostgreSQL throws
 */
export async function inShop<T>(shopId: ShopId, work: (tx: ShopTx) => Promise<T>): Promise<T> {
  if (!Number.isSafeInteger(shopId)) throw new TypeError("a shop's id is a number");
  const client = await tenantPool().connect();
  let broken: Error | undefined;
  try {
    // One round trip. A transaction's statements find rows by key: their plan never depends on the values, and one
    // made from the statistics of a shop that is not in them yet reads the whole shop.
    await client.query(
      `BEGIN; SELECT set_config('app.shop', '${shopId}', true), set_config('plan_cache_mode', 'force_generic_plan', true)`,
    );
    const result = await work({ shopId, query: (text, values) => client.query(prepared(text, values)) });
    await client.query("COMMIT");
    return result;
  } catch (error) {
    await client.query("ROLLBACK").catch((rollbackError: Error) => (broken = rollbackError));
    throw error;
  } finally {
    client.release(broken);
  }
}

// A statement is parsed and planned once per connection. The program's own statements are few; what is put together
// from parts could be many, so the list has an end and what comes later is planned each time.
const PREPARED_MAX = 500;
const names = (shared.__kizunaStatements ??= new Map<string, string>());

function prepared(text: string, values: unknown[] = []): pg.QueryConfig {
  const known = names.get(text);
  if (known === undefined && names.size >= PREPARED_MAX) return { text, values };
  const name = known ?? `k${names.size}`;
  names.set(text, name);
  return { name, text, values };
}

/**
 * One statement as `shopId` in one round trip. `values` are the statement's own, from $1;
 * the shop is appended as the last parameter. A SELECT only: it becomes a subquery. `isHot`: asked so often that
 * planning it each time is felt, and never better planned for other values; a list with filters is neither.
 */
export async function queryShop<T extends Row>(
  shopId: ShopId,
  text: string,
  values: unknown[] = [],
  { isHot = false } = {},
): Promise<T[]> {
  const shopParameter = `$${values.length + 1}`;
  // A condition without columns becomes a one-time filter, which PostgreSQL evaluates before it fetches
  // the first row: the shop is set before any policy reads it, whatever join order the planner picks.
  const statement = `WITH tenant AS MATERIALIZED (SELECT set_config('app.shop', ${shopParameter}::text, true) AS shop)
    SELECT statement.* FROM (${text}) statement WHERE (SELECT shop FROM tenant) IS NOT NULL`;
  const all = [...values, String(shopId)];
  const result = await tenantPool().query<T>(isHot ? prepared(statement, all) : { text: statement, values: all });
  return result.rows;
}

function prisma(): PrismaClient {
  return (open.prisma ??= new PrismaClient({ adapter: new PrismaPg(tenantPool()) }));
}
/** Typed Prisma access to one shop's tables, in one transaction. For settings and lists; the ledger uses `inShop`. */
export async function prismaInShop<T>(shopId: ShopId, work: (tx: Prisma.TransactionClient) => Promise<T>): Promise<T> {
  return prisma().$transaction(async (tx) => {
    await tx.$executeRaw`SELECT set_config('app.shop', ${String(shopId)}, true)`;
    return work(tx);
  });
}

/** The connections of both pools as they are now. */
export function poolUsage(): { pool: "tenant" | "router"; idle: number; busy: number; waiting: number }[] {
  return (["tenant", "router"] as const).map((name) => {
    const { totalCount = 0, idleCount = 0, waitingCount = 0 } = open[name] ?? {};
    return { pool: name, idle: idleCount, busy: totalCount - idleCount, waiting: waitingCount };
  });
}

/** Closes every connection; for shutdown and tests. */
export async function closeDatabase(): Promise<void> {
  const { tenant, router, prisma: client } = open;
  delete open.tenant;
  delete open.router;
  delete open.prisma;
  await client?.$disconnect();
  await Promise.all([tenant?.end(), router?.end()]);
}

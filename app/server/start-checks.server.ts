// Looks before the doors open: a process with too many rights, a database that could lose or mangle what
// it acknowledged, or a half-real environment refuses to start and says the way out.
import { queryShop, routerPool } from "../db.server";
import { env } from "../env.server";
import { findUnsafeSettings } from "./unsafe-environment";

/** What one connection tells about its role and its database. */
interface DatabaseFacts {
  role: string;
  encoding: string;
  synchronous_commit: string;
  fsync: string;
  full_page_writes: string;
  exempt: boolean;
  owns: boolean;
  migrated: boolean;
  reads_tenants: boolean;
  reads_sessions: boolean;
}

const TENANT_TABLES = `
  SELECT c.oid, c.relowner FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'shop_id' AND NOT a.attisdropped
   WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace AND c.relname <> 'webhook_inbox'`;
// MEMBER, not USAGE: a role that could become the owner by SET ROLE is the owner.
const FACTS = `
  SELECT current_user::text AS role,
         (SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()) AS encoding,
         current_setting('synchronous_commit') AS synchronous_commit,
         current_setting('fsync') AS fsync,
         current_setting('full_page_writes') AS full_page_writes,
         EXISTS (SELECT FROM pg_roles r WHERE (r.rolsuper OR r.rolbypassrls) AND pg_has_role(current_user, r.oid, 'MEMBER')) AS exempt,
         EXISTS (SELECT FROM (${TENANT_TABLES}) t WHERE pg_has_role(current_user, t.relowner, 'MEMBER')) AS owns,
         EXISTS (SELECT FROM (${TENANT_TABLES}) t) AS migrated,
         EXISTS (SELECT FROM (${TENANT_TABLES}) t WHERE has_table_privilege(t.oid, 'SELECT')) AS reads_tenants,
         coalesce(has_table_privilege(to_regclass('shopify_session'), 'SELECT'), false) AS reads_sessions`;

/**
 * Checks the environment and both database roles.
 * @throws Error listing everything that is wrong
 */
export async function refuseUnsafeStart(): Promise<void> {
  const problems = findUnsafeSettings(env());
  if (problems.length === 0) {
    // No shop is number 0: the statement sees no tenant's rows.
    const [tenant] = await queryShop<DatabaseFacts & Record<string, unknown>>(0, FACTS);
    const { rows } = await routerPool().query<DatabaseFacts & Record<string, unknown>>(FACTS);
    if (tenant) problems.push(...tenantProblems(tenant));
    if (rows[0]) problems.push(...routerProblems(rows[0]));
  }
  if (problems.length > 0)
    throw new Error(`Kizuna does not start like this:\n${problems.map((line) => `  - ${line}`).join("\n")}`);
}

function tenantProblems(facts: DatabaseFacts): string[] {
  const problems = commonProblems("DATABASE_URL", facts);
  if (facts.migrated && !facts.reads_tenants) {
    problems.push(`DATABASE_URL: ${facts.role} is not a member of kizuna_app; GRANT kizuna_app TO ${facts.role}`);
  }
  if (facts.reads_sessions)
    problems.push(`DATABASE_URL: ${facts.role} can read the router's tables; use a role of its own`);
  return problems;
}

function routerProblems(facts: DatabaseFacts): string[] {
  const problems = commonProblems("DATABASE_ROUTER_URL", facts);
  if (facts.migrated && !facts.reads_sessions) {
    problems.push(
      `DATABASE_ROUTER_URL: ${facts.role} is not a member of kizuna_router; GRANT kizuna_router TO ${facts.role}`,
    );
  }
  if (facts.reads_tenants)
    problems.push(`DATABASE_ROUTER_URL: ${facts.role} can read tenant tables; use a role of its own`);
  return problems;
}

function commonProblems(variable: string, facts: DatabaseFacts): string[] {
  const problems: string[] = [];
  if (!facts.migrated) problems.push(`${variable}: the database has no tables yet; run npm run db:migrate`);
  if (facts.exempt)
    problems.push(`${variable}: ${facts.role} is a superuser or bypasses row-level security; use a plain role`);
  if (facts.owns) problems.push(`${variable}: ${facts.role} owns tenant tables; the owner migrates, it does not serve`);
  if (facts.encoding !== "UTF8") problems.push(`${variable}: the database is ${facts.encoding}, not UTF8`);
  if (facts.synchronous_commit === "off") {
    problems.push(
      `${variable}: synchronous_commit is off; a crash would lose webhooks that were already answered with 200`,
    );
  }
  return [...problems, ...diskProblems(variable, facts)];
}

function diskProblems(variable: string, facts: DatabaseFacts): string[] {
  // Test clusters are thrown away and trade these two for speed; nothing real is ever beside the simulator.
  if (env().SHOPIFY_SIMULATOR_URL) return [];
  const problems: string[] = [];
  if (facts.fsync === "off")
    problems.push(`${variable}: fsync is off; a power cut would lose or mangle what was already committed`);
  if (facts.full_page_writes === "off")
    problems.push(`${variable}: full_page_writes is off; a power cut could leave half-written pages behind`);
  return problems;
}

// Shopify sessions in our own routing table, encrypted. The only reader and writer of shopify_session.
import { Session } from "@shopify/shopify-api";
import type { SessionStorage } from "@shopify/shopify-app-session-storage";

import { routerPool, type Queryable } from "../db.server";
import { isNewestKey, seal, unseal } from "./token-cipher.server";

interface SessionRow {
  id: string;
  payload: string;
}

/** Writers of one shop's offline session queue behind this lock, so that pairs are never mixed. */
export const LOCK_SESSION = "SELECT pg_advisory_xact_lock(hashtextextended('shopify_session:' || $1, 0))";

/** The id under which Shopify's library keeps a shop's offline session. */
export function offlineSessionId(domain: string): string {
  return `offline_${domain}`;
}

/** Writes a session with its tokens in one statement: access and refresh token change together. */
export async function writeSession(db: Queryable, session: Session): Promise<void> {
  const payload = seal(JSON.stringify(session.toPropertyArray(true)), session.id);
  await db.query(
    `INSERT INTO shopify_session (id, domain, payload, expires_at, updated_at) VALUES ($1, $2, $3, $4, now())
     ON CONFLICT (id) DO UPDATE SET domain = $2, payload = $3, expires_at = $4, updated_at = now()`,
    [session.id, session.shop, payload, session.expires ?? null],
  );
}

/** Reads one session; undefined when there is none. */
export async function readSession(db: Queryable, id: string): Promise<Session | undefined> {
  const { rows } = await db.query<SessionRow>("SELECT id, payload FROM shopify_session WHERE id = $1", [id]);
  return rows[0] && open(rows[0]);
}

function open(row: SessionRow): Session {
  const entries = JSON.parse(unseal(row.payload, row.id)) as [string, string | number | boolean][];
  return Session.fromPropertyArray(entries, true);
}

async function inTransaction<T>(work: (db: Queryable) => Promise<T>): Promise<T> {
  const client = await routerPool().connect();
  let broken: Error | undefined;
  try {
    await client.query("BEGIN");
    const result = await work({ query: (text, values) => client.query(text, values as unknown[]) });
    await client.query("COMMIT");
    return result;
  } catch (error) {
    await client.query("ROLLBACK").catch((rollbackError: Error) => (broken = rollbackError));
    throw error;
  } finally {
    client.release(broken);
  }
}

/** Runs `work` as the only writer of the shop's sessions, in one transaction of the router. */
export async function withSessionLock<T>(domain: string, work: (db: Queryable) => Promise<T>): Promise<T> {
  return inTransaction(async (db) => {
    await db.query(LOCK_SESSION, [domain]);
    return work(db);
  });
}

/** The library's storage port. */
export const sessionStorage: SessionStorage = {
  async storeSession(session) {
    await withSessionLock(session.shop, (db) => writeSession(db, session));
    return true;
  },
  loadSession: (id) => readSession(routerPool(), id),
  async deleteSession(id) {
    await routerPool().query("DELETE FROM shopify_session WHERE id = $1", [id]);
    return true;
  },
  async deleteSessions(ids) {
    await routerPool().query("DELETE FROM shopify_session WHERE id = ANY($1)", [ids]);
    return true;
  },
  async findSessionsByShop(domain) {
    const { rows } = await routerPool().query<SessionRow>("SELECT id, payload FROM shopify_session WHERE domain = $1", [
      domain,
    ]);
    return rows.map(open);
  },
};

/** Forgets every session of a shop (uninstall). */
export async function deleteSessionsOf(domain: string): Promise<void> {
  await withSessionLock(domain, (db) => db.query("DELETE FROM shopify_session WHERE domain = $1", [domain]));
}

/**
 * Re-encrypts every session that is not under the newest key; afterwards the older keys can be dropped.
 * Safe beside a running app: each row is locked, opened and sealed by itself.
 */
export async function rotateSessionKeys(): Promise<{ rotated: number; current: number }> {
  const { rows } = await routerPool().query<SessionRow & { domain: string }>(
    "SELECT id, domain, payload FROM shopify_session ORDER BY id",
  );
  const outdated = rows.filter((row) => !isNewestKey(row.payload));
  for (const row of outdated) {
    await withSessionLock(row.domain, async (db) => {
      const session = await readSession(db, row.id);
      if (session) await writeSession(db, session);
    });
  }
  return { rotated: outdated.length, current: rows.length - outdated.length };
}

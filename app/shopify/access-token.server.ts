// A shop's offline token, refreshed by one caller at a time. Access tokens live an hour, refresh
// tokens rotate. The old pair stays stored until the new one is committed in the same statement, so a
// crash or a lost answer during the refresh leaves a pair to try again with: the access token serves
// until its own expiry and the same refresh token is offered again. Where Shopify takes it for spent,
// we drop it, calls stop, and the next page a merchant opens in the admin exchanges a new pair. Only
// app/uninstalled says that the app is gone: a refused token alone could be the lost answer's doing, and
// deliveries of an installed shop must not be turned away.
import { Session } from "@shopify/shopify-api";
import { z } from "zod";

import { routerPool, type Queryable } from "../db.server";
import { env } from "../env.server";
import { log } from "../log.server";
import { offlineSessionId, readSession, withSessionLock, writeSession } from "./session-storage.server";
import { TransientShopifyError, UnauthorizedShopError } from "./shopify-errors";
import { shopifyFetch } from "./transport.server";

const REFRESH_BEFORE_EXPIRY_MS = 5 * 60_000;
// Shorter than the router's idle-in-transaction limit, within which the lock is held.
const REFRESH_TIMEOUT_MS = 10_000;

const grantSchema = z.object({
  access_token: z.string().min(1),
  scope: z.string().optional(),
  expires_in: z.number().optional(),
  refresh_token: z.string().optional(),
  refresh_token_expires_in: z.number().optional(),
});

/** Why a token is asked for again: the one Shopify just answered 401 to. */
interface TokenRequest {
  rejected?: string;
}

// One refresh per shop and process waits for the database lock; everyone else waits for it, without
// holding a connection each.
const underway = new Map<string, Promise<string>>();

/**
 * The shop's valid offline access token.
 * @throws UnauthorizedShopError when there is none to be had, TransientShopifyError when Shopify is unreachable
 */
export async function accessTokenOf(domain: string, request: TokenRequest = {}): Promise<string> {
  const session = await readSession(routerPool(), offlineSessionId(domain));
  if (!session?.accessToken) throw new UnauthorizedShopError(domain, "token_refused");
  if (isGood(session, REFRESH_BEFORE_EXPIRY_MS, request)) return session.accessToken;
  const running = underway.get(domain);
  if (running) return running;
  const refresh = refreshAlone(domain, request).finally(() => underway.delete(domain));
  underway.set(domain, refresh);
  return refresh;
}

function isGood(session: Session, marginMs: number, { rejected }: TokenRequest): boolean {
  if (!session.accessToken || session.accessToken === rejected) return false;
  return !session.expires || session.expires.getTime() - Date.now() > marginMs;
}

async function refreshAlone(domain: string, request: TokenRequest): Promise<string> {
  const outcome = await withSessionLock(domain, (db) => refreshUnderLock(db, domain, request));
  if (outcome.token) return outcome.token;
  if (request.rejected) await forgetTokens(domain, request.rejected);
  throw new UnauthorizedShopError(domain, "token_refused");
}

async function refreshUnderLock(
  db: Queryable,
  domain: string,
  request: TokenRequest,
): Promise<{ token: string | null }> {
  const session = await readSession(db, offlineSessionId(domain));
  if (!session) return { token: null };
  // Another process may have refreshed while we waited for the lock.
  if (isGood(session, REFRESH_BEFORE_EXPIRY_MS, request)) return { token: session.accessToken ?? null };
  const usable = isGood(session, 0, request) ? (session.accessToken ?? null) : null;
  if (!session.refreshToken) return { token: usable };
  let grant: z.infer<typeof grantSchema> | "refused";
  try {
    grant = await askForGrant(domain, session.refreshToken);
  } catch (error) {
    if (usable && error instanceof TransientShopifyError) return { token: usable };
    throw error;
  }
  if (grant === "refused") {
    log().warn({ shop: domain }, "the refresh token was refused");
    await writeSession(db, withoutRefreshToken(session));
    return { token: usable };
  }
  const fresh = new Session({
    ...session.toObject(),
    accessToken: grant.access_token,
    scope: grant.scope ?? session.scope,
    expires: inSeconds(grant.expires_in),
    refreshToken: grant.refresh_token ?? session.refreshToken,
    refreshTokenExpires: grant.refresh_token ? inSeconds(grant.refresh_token_expires_in) : session.refreshTokenExpires,
  });
  await writeSession(db, fresh);
  return { token: grant.access_token };
}

async function askForGrant(domain: string, refreshToken: string): Promise<z.infer<typeof grantSchema> | "refused"> {
  let response: Response;
  let text: string;
  try {
    response = await shopifyFetch(`https://${domain}/admin/oauth/access_token`, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify({
        client_id: env().SHOPIFY_API_KEY,
        client_secret: env().SHOPIFY_API_SECRET,
        grant_type: "refresh_token",
        refresh_token: refreshToken,
      }),
      signal: AbortSignal.timeout(REFRESH_TIMEOUT_MS),
    });
    text = await response.text();
  } catch (cause) {
    throw new TransientShopifyError("network", { cause });
  }
  if ([400, 401, 403, 404].includes(response.status)) return "refused";
  if (!response.ok) throw new TransientShopifyError("server_error", { status: response.status });
  const grant = grantSchema.safeParse(jsonOrNull(text));
  if (!grant.success) throw new TransientShopifyError("not_json", { status: response.status });
  return grant.data;
}

// Shopify answered 401 to a live token and refuses a new one. Without its session the shop's jobs end
// before they call. A token exchanged meanwhile by a reinstall is another one and stays.
async function forgetTokens(domain: string, rejected: string): Promise<void> {
  await withSessionLock(domain, async (db) => {
    const session = await readSession(db, offlineSessionId(domain));
    if (session?.accessToken && session.accessToken !== rejected) return;
    await db.query("DELETE FROM shopify_session WHERE id = $1", [offlineSessionId(domain)]);
    log().warn({ shop: domain }, "Shopify revoked the shop's token: its work stops");
  });
}

function withoutRefreshToken(session: Session): Session {
  return new Session({ ...session.toObject(), refreshToken: undefined, refreshTokenExpires: undefined });
}
function inSeconds(seconds: number | undefined): Date | undefined {
  return seconds === undefined ? undefined : new Date(Date.now() + seconds * 1000);
}
function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

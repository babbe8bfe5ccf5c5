// Requests as Shopify's admin makes them: session tokens signed with the app's secret.
import { Session } from "@shopify/shopify-api";
import { SignJWT, UnsecuredJWT, type JWTPayload } from "jose";

import { env } from "../../../app/env.server";
import { offlineSessionId, sessionStorage } from "../../../app/shopify/session-storage.server";

export interface TokenOptions {
  claims?: JWTPayload;
  /** Seconds from now. Shopify's live for a minute; a file of tests may take longer than that on a slow machine. */
  expiresIn?: number;
  secret?: string;
}

/** A session token of a member of staff (user 42) of the shop. */
export async function sessionToken(
  domain: string,
  { claims = {}, expiresIn = 3_600, secret }: TokenOptions = {},
): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT(claimsOf(domain, now, claims))
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .setExpirationTime(now + expiresIn)
    .sign(new TextEncoder().encode(secret ?? env().SHOPIFY_API_SECRET));
}

/** The same claims without any signature (alg none). */
export function unsignedToken(domain: string): string {
  const now = Math.floor(Date.now() / 1000);
  return new UnsecuredJWT(claimsOf(domain, now, {})).setExpirationTime(now + 60).encode();
}

function claimsOf(domain: string, now: number, claims: JWTPayload): JWTPayload {
  return {
    iss: `https://${domain}/admin`,
    dest: `https://${domain}`,
    aud: env().SHOPIFY_API_KEY,
    sub: "42",
    nbf: now - 120,
    iat: now - 120,
    jti: crypto.randomUUID(),
    sid: crypto.randomUUID(),
    ...claims,
  };
}

const BROWSER =
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";

/** A request of a page that App Bridge has given its token. */
export function adminRequest(path: string, token: string, init: RequestInit = {}): Request {
  const headers = new Headers(init.headers);
  headers.set("Authorization", `Bearer ${token}`);
  headers.set("User-Agent", BROWSER);
  return new Request(new URL(path, env().SHOPIFY_APP_URL), { ...init, headers });
}

/** A JSON action of a page. */
export function adminPost(path: string, token: string, body: unknown): Request {
  return adminRequest(path, token, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "Content-Type": "application/json" },
  });
}

/** Stores what a token exchange would have stored, so that no exchange is needed. */
export async function storeOfflineSession(domain: string): Promise<void> {
  const session = new Session({
    id: offlineSessionId(domain),
    shop: domain,
    state: "",
    isOnline: false,
    scope: env().SCOPES,
    accessToken: "test-access-token",
    expires: new Date(Date.now() + 3_600_000),
    refreshToken: "test-refresh-token",
    refreshTokenExpires: new Date(Date.now() + 86_400_000),
  });
  await sessionStorage.storeSession(session);
}

/** The status of what a loader or action returns or throws; 200 for data. */
export async function statusOf(answer: Promise<unknown>): Promise<number> {
  try {
    const value = await answer;
    return value instanceof Response ? value.status : 200;
  } catch (thrown) {
    if (thrown instanceof Response) return thrown.status;
    throw thrown;
  }
}

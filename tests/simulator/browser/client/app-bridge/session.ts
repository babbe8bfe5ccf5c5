// Who is embedded where, and the id token: kept in memory, asked of the shell again before it runs out.
import type { FrameName } from "../protocol";
import { call } from "./rpc";

const EARLY_MS = 10_000;
let cached: { token: string; untilMs: number } | null = null;

/** What the shell left in the frame's name; null outside the shell. */
export function readFrameName(): FrameName | null {
  try {
    const parsed = JSON.parse(window.name) as FrameName;
    return parsed.kizunaShell === 1 ? parsed : null;
  } catch {
    return null;
  }
}

/** A token of the signed-in member of staff that still has some seconds to live. */
export async function idToken(): Promise<string> {
  if (cached && cached.untilMs > Date.now()) return cached.token;
  const token = await call("idToken", null);
  cached = { token, untilMs: expiryMs(token) - EARLY_MS };
  return token;
}

/** The next call asks the shell for a new token. */
export function forgetIdToken(): void {
  cached = null;
}

function expiryMs(token: string): number {
  const payload = token.split(".")[1] ?? "";
  try {
    const claims = JSON.parse(atob(payload.replace(/-/g, "+").replace(/_/g, "/"))) as { exp?: number };
    return (claims.exp ?? 0) * 1000;
  } catch {
    return 0;
  }
}

/** Makes storage throw as browsers do when third-party storage is blocked. */
export function denyStorage(): void {
  const refuse = () => {
    throw new DOMException("Access is denied for this document.", "SecurityError");
  };
  for (const name of ["sessionStorage", "localStorage", "indexedDB"]) {
    Object.defineProperty(window, name, { configurable: true, get: refuse });
  }
  Object.defineProperty(document, "cookie", { configurable: true, get: () => "", set: () => undefined });
}

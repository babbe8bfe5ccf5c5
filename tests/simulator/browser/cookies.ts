// Cookies of the simulator's pages. All ports of one host share cookies, so names carry the shop.
import type { IncomingMessage } from "node:http";

/** The cookies of a request; the first of a name wins. */
export function readCookies(req: IncomingMessage): Record<string, string> {
  const cookies: Record<string, string> = {};
  for (const part of (req.headers.cookie ?? "").split(";")) {
    const at = part.indexOf("=");
    if (at < 0) continue;
    const name = part.slice(0, at).trim();
    if (!(name in cookies)) cookies[name] = decode(part.slice(at + 1).trim());
  }
  return cookies;
}

/** A Set-Cookie value for a loopback page; maxAge 0 deletes. */
export function setCookie(
  name: string,
  value: string,
  options: { maxAgeSeconds?: number; httpOnly?: boolean } = {},
): string {
  const { maxAgeSeconds = 31_536_000, httpOnly = true } = options;
  return `${name}=${encodeURIComponent(value)}; Path=/; Max-Age=${maxAgeSeconds}; SameSite=Lax${httpOnly ? "; HttpOnly" : ""}`;
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

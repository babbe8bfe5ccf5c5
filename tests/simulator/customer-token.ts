// Session tokens of checkout and customer-account extensions: who looks at the page, signed for the app.
import { randomUUID } from "node:crypto";
import { SignJWT } from "jose";

import { gid } from "./ids";
import type { Simulator } from "./simulator";
import type { Id } from "./state";

const SECONDS = 300;

/** HS256 by the API secret, five minutes. Without a customer (a guest's thank-you page) there is no `sub`. */
export async function issueCustomerToken(
  sim: Simulator,
  domain: string,
  customerId: Id | null,
  overrides: Record<string, unknown> = {},
): Promise<string> {
  const now = Math.floor(Date.now() / 1_000);
  const claims = {
    dest: sim.shop(domain).domain,
    aud: sim.apiKey,
    ...(customerId === null ? {} : { sub: gid("Customer", customerId) }),
    exp: now + SECONDS,
    nbf: now,
    iat: now,
    jti: randomUUID(),
    ...overrides,
  };
  return new SignJWT(claims)
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .sign(new TextEncoder().encode(sim.apiSecret));
}

// Who asks: the shop comes from the verified session and from nowhere else.
import { z } from "zod";

import type { ShopId } from "./db.server";
import { authenticate } from "./shopify.server";
import { findShopByDomain } from "./shops/find-shop.server";
import { readShopProfile, type ShopProfile } from "./shops/read-shop-profile.server";

export interface ShopSession {
  shopId: ShopId;
  /** tokyo-sample.myshopify.com */
  domain: string;
  /** staff:<Shopify user id>: named by what this person changes. */
  actor: string;
  /** What Shopify granted last. */
  scopes: string[];
  /** The person and the session token that says so. */
  staff: { userId: string; idToken: string };
  /** Redirects inside the embedded admin, keeping what the next page needs to sign in. */
  redirect(path: string): Response;
}

/**
 * Verifies the request's session token and finds its shop.
 * @throws Response: a way to sign in, 401 for a token that does not hold together, 404 for a shop not installed
 */
export async function requireShop(request: Request): Promise<ShopSession> {
  const idToken = tokenOf(request);
  refuseIncoherentToken(request, idToken);
  const { session, sessionToken, redirect } = await authenticate.admin(request);
  const shop = await findShopByDomain(session.shop);
  if (!shop || shop.uninstalledAt) throw new Response(null, { status: 404 });
  const userId = sessionToken.sub;
  return {
    shopId: shop.id,
    domain: session.shop,
    actor: `staff:${userId}`,
    scopes: shop.scopes,
    staff: { userId, idToken },
    redirect,
  };
}

function tokenOf(request: Request): string {
  const { searchParams } = new URL(request.url);
  return request.headers.get("authorization")?.replace("Bearer ", "") ?? searchParams.get("id_token") ?? "";
}

// The library checks signature, time and audience. That issuer, destination and the address name one and
// the same shop is ours to check, and before the library asks anybody about the token. It only ever
// refuses, so claims that nobody has verified yet are enough.
function refuseIncoherentToken(request: Request, token: string): void {
  if (!token) return;
  const { searchParams } = new URL(request.url);
  const claims = readClaims(token);
  const domain = SHOP_ORIGIN.exec(claims?.dest ?? "")?.[1];
  const named = searchParams.get("shop");
  const coherent =
    domain !== undefined && claims?.iss === `https://${domain}/admin` && (named === null || named === domain);
  if (!coherent) throw new Response(null, { status: 401 });
}

const SHOP_ORIGIN = /^https:\/\/([a-z0-9][a-z0-9-]{0,59}\.myshopify\.com)$/;
const claimsSchema = z.object({ iss: z.string(), dest: z.string() });

function readClaims(token: string): z.infer<typeof claimsSchema> | null {
  try {
    const payload = Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8");
    return claimsSchema.safeParse(JSON.parse(payload)).data ?? null;
  } catch {
    return null; // no JSON inside: no token of Shopify's
  }
}

/**
 * The shop's currency, zone and tax habit, for pages that show money or days.
 * @throws Response: a redirect to the waiting page while Shopify has not been read yet
 */
export async function requireProfile(shop: ShopSession): Promise<ShopProfile> {
  const profile = await readShopProfile(shop.shopId);
  if (!profile) throw shop.redirect("/app/preparing");
  return profile;
}

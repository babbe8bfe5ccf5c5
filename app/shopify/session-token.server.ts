// Session tokens of UI extensions: who asks, on which shop. The library checks signature, algorithm, time
// (10 s of skew) and audience; whose token it is, is ours to check: all kinds are signed with one secret.
import "@shopify/shopify-api/adapters/node";
import { LogSeverity, shopifyApi, type JwtPayload, type Shopify } from "@shopify/shopify-api";
import { z } from "zod";

import { env } from "../env.server";
import { gidNumber, isGid } from "./gid";
import { passLibraryLog } from "./library-log.server";
import { libraryVersion } from "./library-version";

const SHOP = "([a-z0-9][a-z0-9-]{0,59}\\.myshopify\\.com)";
const SHOP_ORIGIN = new RegExp(`^https://${SHOP}$`);
/** Checkout and customer accounts name the shop without the scheme. */
const SHOP_NAME = new RegExp(`^(?:https://)?${SHOP}$`);
const times = { exp: z.number(), nbf: z.number() };
const customerClaims = z.object({ ...times, dest: z.string(), iss: z.string().optional(), sub: z.string().optional() });
const staffClaims = z.object({ ...times, dest: z.string(), iss: z.string(), sub: z.string().regex(/^\d{1,20}$/) });

let library: Shopify | undefined;
function decoder(): Shopify["session"] {
  const { SHOPIFY_API_KEY, SHOPIFY_API_SECRET, SHOPIFY_APP_URL } = env();
  library ??= shopifyApi({
    apiKey: SHOPIFY_API_KEY,
    apiSecretKey: SHOPIFY_API_SECRET,
    apiVersion: libraryVersion(),
    hostName: new URL(SHOPIFY_APP_URL).host,
    isEmbeddedApp: true,
    logger: { level: LogSeverity.Warning, log: passLibraryLog },
  });
  return library.session;
}

// The library's error quotes the token: it goes no further.
async function verify(authorization: string | undefined): Promise<JwtPayload | null> {
  const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/.exec(authorization ?? "")?.[1];
  if (token === undefined) return null;
  try {
    return await decoder().decodeSessionToken(token, { checkAudience: true });
  } catch {
    return null;
  }
}

export interface CustomerToken {
  /** tokyo-sample.myshopify.com */
  shop: string;
  /** The signed-in customer's number; null: a guest looks at the page. */
  customerId: string | null;
}
/** The customer and shop of a checkout or customer-account extension's token. null: no valid token of theirs. */
export async function readCustomerToken(authorization: string | undefined): Promise<CustomerToken | null> {
  const claims = customerClaims.safeParse(await verify(authorization)).data;
  const shop = SHOP_NAME.exec(claims?.dest ?? "")?.[1];
  // A member of staff's token names its admin: it speaks for nobody here.
  if (!claims || shop === undefined || claims.iss?.endsWith("/admin")) return null;
  if (claims.sub === undefined) return { shop, customerId: null };
  return isGid(claims.sub, "Customer") ? { shop, customerId: gidNumber(claims.sub) } : null;
}

/** The shop and person of an admin extension's token. null: no valid token of theirs. */
export async function readStaffToken(
  authorization: string | undefined,
): Promise<{ shop: string; userId: string } | null> {
  const claims = staffClaims.safeParse(await verify(authorization)).data;
  const shop = SHOP_ORIGIN.exec(claims?.dest ?? "")?.[1];
  if (!claims || shop === undefined || claims.iss !== `https://${shop}/admin`) return null;
  return { shop, userId: claims.sub };
}

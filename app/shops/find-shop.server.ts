import { routerPool, type ShopId } from "../db.server";

/** A shop as the router knows it. */
export interface FoundShop {
  id: ShopId;
  domain: string;
  /** gid://shopify/Shop/1, NULL before the first read of the shop. */
  shopifyGid: string | null;
  installSeq: number;
  /** What Shopify granted last, not what the app asks for. */
  scopes: string[];
  /** NULL while the app is installed. */
  uninstalledAt: Date | null;
}

const CACHE_MS = 5_000;
const CACHE_SIZE = 10_000;
const cache = new Map<string, { shop: FoundShop; until: number }>();

/**
 * The shop of a domain, installed or not; null when the app was never installed there.
 * Known shops are remembered for five seconds, unknown ones never.
 */
export async function findShopByDomain(domain: string): Promise<FoundShop | null> {
  const cached = cache.get(domain);
  if (cached && cached.until > Date.now()) return cached.shop;
  const { rows } = await routerPool().query<FoundShop>(
    `SELECT id, domain, shopify_gid AS "shopifyGid", install_seq AS "installSeq", regexp_split_to_array(scopes, '[ ,]+') AS scopes,
            uninstalled_at AS "uninstalledAt"
       FROM shop WHERE domain = $1`,
    [domain],
  );
  const shop = rows[0];
  if (!shop) return null;
  if (cache.size >= CACHE_SIZE) cache.clear();
  cache.set(domain, { shop, until: Date.now() + CACHE_MS });
  return shop;
}

/** Drops what this process remembers of a shop; other processes follow within five seconds. */
export function forgetShop(domain: string): void {
  cache.delete(domain);
}

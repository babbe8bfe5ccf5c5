// Where the storefront reads from. Values on customers hold points facts only (never e-mail, name,
// birthday); values on the installation are the same for every visitor.

/** Reserved by Shopify for this app: resolves to app--<app id>--kizuna. */
export const CUSTOMER_NAMESPACE = "$app:kizuna";
export const CUSTOMER_KEY = "loyalty";
/** App-installation data uses a plain namespace: `app.metafields.kizuna.program`. */
export const INSTALLATION_NAMESPACE = "kizuna";
export const PROGRAM_KEY = "program";

/** The namespace as Liquid may need it, spelled out: app--12345--kizuna. */
export function resolvedCustomerNamespace(appGid: string): string {
  const id = /\/(\d+)$/.exec(appGid)?.[1];
  if (!id) throw new RangeError("not an app gid");
  return `app--${id}--kizuna`;
}

/** customer.metafields[ns].loyalty */
export interface CustomerLoyaltyValue {
  v: 1;
  balance: number;
  pending: number;
  debt: number;
  nextExpiry: { points: number; on: string } | null;
  /** The member has joined the program by themselves. */
  joined: boolean;
  /** The tier they hold, and the last shop-local day it is sure for (null: no end). */
  tier: { id: string; until: string | null } | null;
  progress: LoyaltyProgress | null;
  /** Ids of the ways to earn that are done for good. */
  done: string[];
  /** What a friend types or follows; null: no referral program. */
  referral: string | null;
  currency: string;
  updatedAt: string;
}

/** How far the next tier is, in the plan's metric. */
export interface LoyaltyProgress {
  metric: "spend" | "points" | "orders";
  current: number;
  /** null: the highest tier is reached. */
  nextTierId: string | null;
  nextThreshold: number | null;
  /** The last shop-local day of the period; null: it never ends. */
  periodEnd: string | null;
}

/** app.metafields.kizuna.program, without the namespace, which publishing adds. */
export interface ProgramValue {
  v: 1;
  customerNamespace: string;
  [setting: string]: unknown;
}

// The simulator's storefront with chosen blocks, and metafields put as the app publishes them.
import { programValue } from "../../app/jobs/program-value";
import type { EarningRules } from "../../app/loyalty/earning-rules";
import type { Reward } from "../../app/loyalty/rewards/reward-terms";
import type { CustomerLoyaltyValue } from "../../app/shopify/metafields";
import { startPages, type Pages } from "../integration/simulator/pages";
import { gid } from "../simulator/ids";

const EXTENSION = `${import.meta.dirname}/../../extensions/storefront`;
const SHOPPER = "hina@example.com";

export interface StorefrontPages {
  pages: Pages;
  /** Publishes a program as the app does, with these rules and rewards. */
  publish(rules: EarningRules, rewards?: readonly Reward[], donated?: ReadonlyMap<number, number>): void;
  /** What the app knows of the shopper. */
  own(loyalty: Partial<CustomerLoyaltyValue>): void;
  /** Puts one metafield, as the Admin API would. */
  put(ownerGid: string, space: string, key: string, value: unknown, type?: string): void;
  /** app--1--kizuna */
  namespace(): string;
  installation(): string;
  clear(): void;
  shopperId(): string;
  cookieOf(as: "guest" | "shopper"): Promise<string>;
  /** Reads a page, as a guest or signed in. */
  read(path: string, as?: "guest" | "shopper"): Promise<string>;
}

/** Opens the Tokyo shop with these blocks placed. */
export async function openStorefront(placed: Record<string, string[]>): Promise<StorefrontPages> {
  const pages = await startPages((_req, res) => res.writeHead(404).end(), EXTENSION);
  const { sim, tokyo } = pages;
  tokyo.placedBlocks = placed;
  const namespace = () => `app--${sim.appId}--kizuna`;
  const origin = () => sim.addresses.storefronts[tokyo.domain] ?? "";
  const shopper = () => {
    const found = Object.values(tokyo.customers).find(({ email }) => email === SHOPPER);
    if (!found) throw new Error(`no ${SHOPPER}`);
    return found;
  };
  const put = (ownerGid: string, space: string, key: string, value: unknown, type = "json") => {
    const at = sim.now().toISOString();
    const field = { ownerGid, namespace: space, key, type, value: JSON.stringify(value) };
    tokyo.metafields = tokyo.metafields.filter(
      (each) => each.ownerGid !== ownerGid || each.key !== key || each.namespace !== space,
    );
    tokyo.metafields.push({ ...field, id: sim.newId(), compareDigest: "", createdAt: at, updatedAt: at });
  };
  async function cookieOf(as: "guest" | "shopper"): Promise<string> {
    if (as === "guest") return "";
    const form = { method: "POST", body: new URLSearchParams({ email: SHOPPER }), redirect: "manual" } as const;
    const signedIn = await fetch(`${origin()}/account/login`, form);
    const set = signedIn.headers.getSetCookie();
    return set.map((line) => line.split(";")[0]).join("; ");
  }
  return {
    pages,
    put,
    namespace,
    installation: () => gid("AppInstallation", tokyo.install?.installationId ?? ""),
    cookieOf,
    shopperId: () => shopper().id,
    publish(rules, rewards = [], donated = new Map()) {
      const { currency, taxesIncluded, timeZone, install } = tokyo;
      const facts = {
        rules,
        version: 1,
        shop: { currency, taxesIncluded, timeZone },
        rewards,
        donated,
        now: sim.now(),
      };
      const value = { ...programValue(facts), v: 1, customerNamespace: namespace() };
      put(gid("AppInstallation", install?.installationId ?? ""), "kizuna", "program", value);
    },
    own(loyalty) {
      const nothing: CustomerLoyaltyValue = {
        v: 1,
        balance: 0,
        pending: 0,
        debt: 0,
        nextExpiry: null,
        joined: false,
        tier: null,
        progress: null,
        done: [],
        referral: null,
        currency: "JPY",
        updatedAt: "2026-11-22T00:00:00Z",
      };
      put(gid("Customer", shopper().id), namespace(), "loyalty", { ...nothing, ...loyalty });
    },
    clear() {
      tokyo.metafields = [];
    },
    async read(path, as = "guest") {
      const response = await fetch(origin() + path, { headers: { cookie: await cookieOf(as) } });
      if (response.status !== 200) throw new Error(`${path} answers ${response.status}: ${await response.text()}`);
      return response.text();
    },
  };
}

// What every page must know of the shop to write its money, days and links.
import { createContext, useContext, type ReactNode } from "react";

export interface ShopFacts {
  name: string;
  domain: string;
  currency: string;
  /** IANA zone: days and times are shown in it. */
  timeZone: string;
}

const ShopFactsContext = createContext<ShopFacts | null>(null);

/** Gives the pages below it the shop's facts. */
export function ShopFactsProvider({ facts, children }: { facts: ShopFacts; children: ReactNode }) {
  return <ShopFactsContext.Provider value={facts}>{children}</ShopFactsContext.Provider>;
}

/** The shop's facts. @throws outside of ShopFactsProvider */
export function useShopFacts(): ShopFacts {
  const facts = useContext(ShopFactsContext);
  if (!facts) throw new Error("useShopFacts needs a ShopFactsProvider above it");
  return facts;
}

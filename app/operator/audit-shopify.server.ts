// I7, the one invariant that only Shopify can answer: its codes are our redemptions' codes, both ways.
import { routerPool, type ShopId } from "../db.server";
import { compareCodes } from "../loyalty/rewards/compare-codes.server";
import type { InvariantResult } from "./audit.server";

export const AT_SHOPIFY = {
  id: "I7",
  law: "Codes at Shopify are the codes of redemptions, one each, usable exactly while they are issued.",
};

/** Asks Shopify about every installed shop. A shop that refuses to answer counts as a violation and is named. */
export async function auditAtShopify(now: Date, say: (line: string) => void): Promise<InvariantResult> {
  const started = performance.now();
  const { rows: shops } = await routerPool().query<{ id: ShopId; domain: string }>(
    "SELECT id, domain FROM shop WHERE uninstalled_at IS NULL ORDER BY id",
  );
  let rows = 0;
  let violations = 0;
  for (const { id, domain } of shops) {
    try {
      const { codes, differences } = await compareCodes(id, now);
      rows += codes;
      violations += differences.length;
      for (const { redemptionId, problem } of differences) say(`${domain}: redemption ${redemptionId} ${problem}`);
    } catch (error) {
      violations++;
      say(`${domain}: ${error instanceof Error ? error.message : "no answer"}`);
    }
  }
  return { id: AT_SHOPIFY.id, rows, violations, seconds: Math.round(performance.now() - started) / 1000 };
}

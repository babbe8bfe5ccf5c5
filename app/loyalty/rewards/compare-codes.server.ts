// The codes at Shopify against the redemptions here, both ways (I7). Reads only; what it finds, the completer's
// own daily look would find too.
import { queryShop, type ShopId } from "../../db.server";
import { listCodes } from "../../shopify/reward-codes.server";
import { CODE_KINDS } from "./reward-terms";
import { MARK_WORD, redemptionOfMark, type RedemptionStatus } from "./redemption";

export interface CodeDifference {
  redemptionId: number | null;
  problem:
    /** A code with our mark that no redemption knows. */
    | "unknown_at_shopify"
    | "other_code_at_shopify"
    | "two_codes"
    | "missing_at_shopify"
    | "ended_at_shopify"
    | "still_usable";
}
/** Shopify's search learns of a new code with a delay. */
const SEARCH_LAG_MS = 10 * 60_000;

interface Row {
  [column: string]: unknown;
  id: number;
  code: string;
  status: RedemptionStatus;
  isSettled: boolean;
}

/** Compares every code of a shop. @throws what the Admin API client throws */
export async function compareCodes(
  shopId: ShopId,
  now: Date,
): Promise<{ codes: number; differences: CodeDifference[] }> {
  const found = new Map<number, { code: string; isActive: boolean }[]>();
  const differences: CodeDifference[] = [];
  let codes = 0;
  for await (const page of listCodes(shopId, MARK_WORD)) {
    for (const { title, code, isActive } of page) {
      const id = redemptionOfMark(title);
      if (id === null) continue;
      codes++;
      found.set(id, [...(found.get(id) ?? []), { code, isActive }]);
    }
  }
  // Read afterwards: whatever has a code by then had its row before.
  const rows = await queryShop<Row>(
    shopId,
    `SELECT id, code, status, coalesce(issued_at, reserved_at) < $2 AND (next_attempt IS NULL OR next_attempt > $3) AS "isSettled"
       FROM redemption WHERE shop_id = $1 AND kind = ANY ($4)`,
    [shopId, new Date(now.getTime() - SEARCH_LAG_MS), now, CODE_KINDS],
  );
  const known = new Map(rows.map((row) => [row.id, row]));
  for (const id of found.keys())
    if (!known.has(id)) differences.push({ redemptionId: id, problem: "unknown_at_shopify" });
  for (const row of rows) {
    const problem = judge(row, found.get(row.id) ?? []);
    if (problem) differences.push({ redemptionId: row.id, problem });
  }
  return { codes: Math.max(codes, rows.length), differences };
}

function judge(row: Row, codes: { code: string; isActive: boolean }[]): CodeDifference["problem"] | null {
  if (codes.length > 1) return "two_codes";
  const [only] = codes;
  if (only && only.code.toUpperCase() !== row.code) return "other_code_at_shopify";
  if (!row.isSettled) return null;
  if (row.status === "issued") return only ? (only.isActive ? null : "ended_at_shopify") : "missing_at_shopify";
  return row.status === "voided" && only?.isActive ? "still_usable" : null;
}

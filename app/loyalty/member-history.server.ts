// Every step of a member's balance, newest first, each with its reason and the order behind it.
import { queryShop, type ShopId } from "../db.server";
import type { Bucket, EntryKind } from "./posting-plan";
import type { ReasonCode, ReasonParams } from "./reasons";

export interface HistoryItem {
  entryId: number;
  at: Date;
  kind: EntryKind;
  from: Bucket;
  to: Bucket;
  points: number;
  /** Change of what the member has (available + pending − debt): + gives, − takes, 0 only moves. */
  change: number;
  reason: ReasonCode;
  params: ReasonParams;
  actor: string;
  isTest: boolean;
  order: { orderGid: string; name: string } | null;
  note: string | null;
}
export interface HistoryPage {
  items: HistoryItem[];
  /** Pass as `before` for the next page; null: nothing older. */
  before: number | null;
}

const LIMIT_MAX = 100;
// A debt is a bucket below zero: paying it back moves points without changing what the member has.
const COUNTED: ReadonlySet<Bucket> = new Set<Bucket>(["pending", "available", "debt"]);

/** One page of a member's entries. */
export async function readHistory(
  shopId: ShopId,
  memberId: number,
  request: { before?: number | null; limit?: number } = {},
): Promise<HistoryPage> {
  const limit = Math.min(Math.max(request.limit ?? 20, 1), LIMIT_MAX);
  const rows = await queryShop<Omit<HistoryItem, "change"> & { [column: string]: unknown }>(
    shopId,
    `SELECT e.id AS "entryId", e.at, e.kind, e.from_bucket AS "from", e.to_bucket AS "to", e.points, e.reason, e.params, e.actor,
            e.is_test AS "isTest", n.text AS note,
            CASE WHEN o.id IS NULL THEN NULL ELSE jsonb_build_object('orderGid', o.order_gid, 'name', o.name) END AS "order"
       FROM points_entry e
       LEFT JOIN customer_order o ON e.source_type = 'order' AND o.shop_id = e.shop_id
                                 AND o.id = CASE WHEN e.source_type = 'order' THEN e.source_id::bigint END
       LEFT JOIN LATERAL (SELECT text FROM member_note WHERE shop_id = $1 AND member_id = $2 AND entry_id = e.id LIMIT 1) n ON true
      WHERE e.shop_id = $1 AND e.member_id = $2 AND e.id < $3 ORDER BY e.id DESC LIMIT $4`,
    [shopId, memberId, request.before ?? Number.MAX_SAFE_INTEGER, limit + 1],
  );
  const items = rows.slice(0, limit).map((row) => ({ ...row, change: changeOf(row) }));
  return { items, before: rows.length > limit ? (items.at(-1)?.entryId ?? null) : null };
}

function changeOf({ from, to, points }: { from: Bucket; to: Bucket; points: number }): number {
  return (Number(COUNTED.has(to)) - Number(COUNTED.has(from))) * points;
}

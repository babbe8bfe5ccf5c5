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
  /** Of staff who opened the app since names are known. */
  staffName: string | null;
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
/** Lots that one purchase of a reward may touch and still be one line where a page ends. */
const LOTS_READ_ON = 50;
// A debt is a bucket below zero: paying it back moves points without changing what the member has.
const COUNTED: ReadonlySet<Bucket> = new Set<Bucket>(["pending", "available", "debt"]);

type HistoryRow = Omit<HistoryItem, "change"> & { redemptionId: string | null; [column: string]: unknown };

/** One page of a member's entries. */
export async function readHistory(
  shopId: ShopId,
  memberId: number,
  request: { before?: number | null; limit?: number } = {},
): Promise<HistoryPage> {
  const limit = Math.min(Math.max(request.limit ?? 20, 1), LIMIT_MAX);
  const most = limit + 1 + LOTS_READ_ON;
  const rows = await queryShop<HistoryRow>(
    shopId,
    `SELECT e.id AS "entryId", e.at, e.kind, e.from_bucket AS "from", e.to_bucket AS "to", e.points, e.reason, e.params, e.actor,
            CASE WHEN e.source_type = 'redemption' THEN e.source_id END AS "redemptionId", e.is_test AS "isTest", n.text AS note, s.name AS "staffName",
            CASE WHEN o.id IS NULL THEN NULL ELSE jsonb_build_object('orderGid', o.order_gid, 'name', o.name) END AS "order"
       FROM points_entry e
       LEFT JOIN customer_order o ON e.source_type = 'order' AND o.shop_id = e.shop_id
                                 AND o.id = CASE WHEN e.source_type = 'order' THEN e.source_id::bigint END
       LEFT JOIN staff s ON s.shop_id = e.shop_id AND e.actor = 'staff:' || s.user_id
       LEFT JOIN LATERAL (SELECT text FROM member_note WHERE shop_id = $1 AND member_id = $2 AND entry_id = e.id LIMIT 1) n ON true
      WHERE e.shop_id = $1 AND e.member_id = $2 AND e.id < $3 ORDER BY e.id DESC LIMIT $4`,
    [shopId, memberId, request.before ?? Number.MAX_SAFE_INTEGER, most],
  );
  const lines = joinLots(rows);
  let end = limit;
  // Lines whose entries lie between each other's stay on one page.
  while ((lines[end]?.item.entryId ?? 0) > (lines[end - 1]?.oldest ?? 0)) end += 1;
  const shown = lines.slice(0, end);
  const hasOlder = lines.length > end || rows.length === most;
  return { items: shown.map(({ item }) => item), before: hasOlder ? (shown.at(-1)?.oldest ?? null) : null };
}

// Points of a reward come from several lots, each with an entry of its own; people made one choice and read one line.
function joinLots(rows: HistoryRow[]): { item: HistoryItem; oldest: number }[] {
  const lines: { item: HistoryItem; oldest: number; key: string | null }[] = [];
  for (const { redemptionId, ...row } of rows) {
    const key =
      redemptionId === null ? null : [redemptionId, row.reason, row.from, row.to, row.at.toISOString()].join("/");
    const line = key === null ? undefined : lines.find((each) => each.key === key);
    if (!line) {
      lines.push({ item: { ...row, change: changeOf(row) }, oldest: row.entryId, key });
      continue;
    }
    const points = line.item.points + row.points;
    line.item = { ...line.item, points, change: line.item.change + changeOf(row), params: { ...row.params, points } };
    line.oldest = row.entryId;
  }
  return lines;
}

function changeOf({ from, to, points }: { from: Bucket; to: Bucket; points: number }): number {
  return (Number(COUNTED.has(to)) - Number(COUNTED.has(from))) * points;
}

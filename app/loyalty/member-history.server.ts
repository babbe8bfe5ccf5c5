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
interface Asked {
  before?: number | null;
  limit?: number;
}

/** One page of a member's entries. */
export async function readHistory(shopId: ShopId, memberId: number, asked: Asked = {}): Promise<HistoryPage> {
  return toPage(await queryShop<HistoryRow>(shopId, historyOf("id = $2"), valuesOf(shopId, memberId, asked)), asked);
}

/** One page of a signed-in customer's entries, and the shop's zone. A customer who is no member has none. */
export async function readShopperHistory(
  shopId: ShopId,
  customerGid: string,
  asked: Asked = {},
): Promise<HistoryPage & { timeZone: string }> {
  const rows = await queryShop<HistoryRow & { timeZone: string | null }>(
    shopId,
    `SELECT h.*, (SELECT time_zone FROM shop_profile WHERE shop_id = $1) AS "timeZone"
       FROM (${historyOf("customer_gid = $2 AND status = 'active'")}) h`,
    valuesOf(shopId, customerGid, asked),
    { isHot: true },
  );
  return { ...toPage(rows, asked), timeZone: rows[0]?.timeZone ?? "UTC" };
}

// $1 shop, $2 whose, $3 before, $4 how many. Orders are looked up one by one: as a plain join under row-level security
// the planner reads every order of the shop.
const historyOf = (whose: string) =>
  `SELECT e.id AS "entryId", e.at, e.kind, e.from_bucket AS "from", e.to_bucket AS "to", e.points, e.reason, e.params, e.actor,
          CASE WHEN e.source_type = 'redemption' THEN e.source_id END AS "redemptionId", e.is_test AS "isTest", n.text AS note, s.name AS "staffName",
          CASE WHEN o.id IS NULL THEN NULL ELSE jsonb_build_object('orderGid', o.order_gid, 'name', o.name) END AS "order"
     FROM (SELECT id FROM member WHERE shop_id = $1 AND ${whose}) m
    CROSS JOIN LATERAL (SELECT id, at, kind, from_bucket, to_bucket, points, reason, params, actor, source_type, source_id, is_test
                          FROM points_entry WHERE shop_id = $1 AND member_id = m.id AND id < $3 ORDER BY id DESC LIMIT $4) e
     LEFT JOIN LATERAL (SELECT id, order_gid, name FROM customer_order
                         WHERE shop_id = $1 AND id = CASE WHEN e.source_type = 'order' THEN e.source_id::bigint END LIMIT 1) o ON true
     LEFT JOIN staff s ON s.shop_id = $1 AND e.actor = 'staff:' || s.user_id
     LEFT JOIN LATERAL (SELECT text FROM member_note WHERE shop_id = $1 AND member_id = m.id AND entry_id = e.id LIMIT 1) n ON true
    ORDER BY e.id DESC`;

const limitOf = ({ limit = 20 }: Asked): number => Math.min(Math.max(limit, 1), LIMIT_MAX);
const mostOf = (asked: Asked): number => limitOf(asked) + 1 + LOTS_READ_ON;
const valuesOf = (shopId: ShopId, whose: number | string, asked: Asked): unknown[] => [
  shopId,
  whose,
  asked.before ?? Number.MAX_SAFE_INTEGER,
  mostOf(asked),
];

function toPage(rows: HistoryRow[], asked: Asked): HistoryPage {
  const lines = joinLots(rows);
  let end = limitOf(asked);
  // Lines whose entries lie between each other's stay on one page.
  while ((lines[end]?.item.entryId ?? 0) > (lines[end - 1]?.oldest ?? 0)) end += 1;
  const shown = lines.slice(0, end);
  const hasOlder = lines.length > end || rows.length === mostOf(asked);
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

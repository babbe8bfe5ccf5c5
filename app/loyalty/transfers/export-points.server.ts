// Everything a shop may want to take along, as CSV that spreadsheets open safely and our own import reads:
// one page of rows at a time, whatever the shop's size.
import { stringify } from "csv-stringify/sync";
import { DateTime } from "luxon";

import { queryShop, type ShopId } from "../../db.server";
import { BIRTHDAY_COLUMNS, openBirthday, type StoredBirthday } from "../ways/birthday-cipher.server";
import { explain, type ReasonCode, type ReasonLocale, type ReasonParams } from "../reasons";

const ROWS_AT_ONCE = 1_000;
/** Excel takes a file without this mark for another encoding. */
const BYTE_ORDER_MARK = "\uFEFF";
type Cell = string | number | null;

// Cells that a spreadsheet would run begin with an apostrophe; numbers stay numbers.
function toCsv(rows: Cell[][]): string {
  return stringify(rows, { escape_formulas: true, record_delimiter: "\r\n" });
}
function toDay(at: Date | null, timeZone: string): string | null {
  return at && DateTime.fromJSDate(at, { zone: timeZone }).toFormat("yyyy-MM-dd HH:mm:ss");
}
async function readTimeZone(shopId: ShopId): Promise<string> {
  const [row] = await queryShop<{ timeZone: string }>(
    shopId,
    'SELECT time_zone AS "timeZone" FROM shop_profile WHERE shop_id = $1',
    [shopId],
  );
  return row?.timeZone ?? "UTC";
}

interface MemberLine extends StoredBirthday {
  id: number;
  email: string | null;
  name: string;
  customer: string | null;
  available: number;
  pending: number;
  reserved: number;
  redeemed: number;
  expired: number;
  debt: number;
  tier: string | null;
  joined: Date | null;
  orders: number;
  lastOrder: Date | null;
}

const MEMBER_HEADINGS =
  "email,points,name,customer_id,pending,reserved,redeemed,expired,owed,tier,birthday,joined_at,orders,last_order_at".split(
    ",",
  );

/** How many people an export is about. */
export async function countMembers(shopId: ShopId): Promise<number> {
  const [row] = await queryShop<{ members: number }>(
    shopId,
    "SELECT count(*) AS members FROM member WHERE shop_id = $1 AND status = 'active'",
    [shopId],
  );
  return row?.members ?? 0;
}

/** The members with their balances, in the order in which we met them; dates in the shop's zone. */
export async function* exportMembers(shopId: ShopId): AsyncGenerator<string> {
  const timeZone = await readTimeZone(shopId);
  yield BYTE_ORDER_MARK + toCsv([MEMBER_HEADINGS]);
  for (let after = 0; ;) {
    const rows = await queryShop<MemberLine>(
      shopId,
      `SELECT id, email, name, substring(customer_gid FROM '[0-9]+$') AS customer, available, pending, reserved, redeemed, expired, debt,
              tier_id AS tier, ${BIRTHDAY_COLUMNS}, joined_at AS joined, orders_count AS orders, last_order_at AS "lastOrder"
         FROM member WHERE shop_id = $1 AND status = 'active' AND id > $2 ORDER BY id LIMIT ${ROWS_AT_ONCE}`,
      [shopId, after],
    );
    const last = rows.at(-1);
    if (!last) return;
    yield toCsv(
      rows.map((row) => [
        row.email,
        row.available,
        row.name,
        row.customer,
        row.pending,
        row.reserved,
        row.redeemed,
        row.expired,
        row.debt,
        row.tier,
        openBirthday(shopId, row.id, row),
        toDay(row.joined, timeZone),
        row.orders,
        toDay(row.lastOrder, timeZone),
      ]),
    );
    after = last.id;
  }
}

interface EntryLine {
  [column: string]: unknown;
  id: number;
  at: Date;
  email: string | null;
  customer: string | null;
  kind: string;
  from: string;
  to: string;
  points: number;
  reason: ReasonCode;
  params: ReasonParams;
  order: string | null;
  version: number | null;
  actor: string;
  isTest: boolean;
}

const ENTRY_HEADINGS = "entry,at,email,customer_id,kind,from,to,points,reason,order,rules,by,test".split(",");

/** Every entry of the ledger with its reason, oldest first; dates in the shop's zone. */
export async function* exportHistory(shopId: ShopId, locale: ReasonLocale): AsyncGenerator<string> {
  const timeZone = await readTimeZone(shopId);
  yield BYTE_ORDER_MARK + toCsv([ENTRY_HEADINGS]);
  for (let after = 0; ;) {
    const rows = await queryShop<EntryLine>(
      shopId,
      `SELECT e.id, e.at, m.email, substring(m.customer_gid FROM '[0-9]+$') AS customer, e.kind, e.from_bucket AS "from", e.to_bucket AS "to",
              e.points, e.reason, e.params, o.name AS "order", e.version, coalesce(s.name, e.actor) AS actor, e.is_test AS "isTest"
         FROM points_entry e
         JOIN member m ON m.shop_id = e.shop_id AND m.id = e.member_id
         LEFT JOIN customer_order o ON e.source_type = 'order' AND o.shop_id = e.shop_id
                                   AND o.id = CASE WHEN e.source_type = 'order' THEN e.source_id::bigint END
         LEFT JOIN staff s ON s.shop_id = e.shop_id AND e.actor = 'staff:' || s.user_id
        WHERE e.shop_id = $1 AND e.id > $2 ORDER BY e.id LIMIT ${ROWS_AT_ONCE}`,
      [shopId, after],
    );
    const last = rows.at(-1);
    if (!last) return;
    yield toCsv(
      rows.map((row) => [
        row.id,
        toDay(row.at, timeZone),
        row.email,
        row.customer,
        row.kind,
        row.from,
        row.to,
        row.points,
        explain(row.reason, row.params, locale),
        row.order,
        row.version,
        row.actor,
        row.isTest ? 1 : 0,
      ]),
    );
    after = last.id;
  }
}

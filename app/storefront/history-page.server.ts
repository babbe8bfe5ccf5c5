// A signed-in shopper's points history in their language.
import { DateTime } from "luxon";

import type { ShopId } from "../db.server";
import { readShopperHistory, type HistoryItem } from "../loyalty/member-history.server";
import { explain, type ReasonLocale } from "../loyalty/reasons";
import { toGid } from "../shopify/gid";

/** One line of the history as the theme block shows it. */
export interface HistoryLine {
  id: string;
  /** The day in the shop's zone, written out in the shopper's language. */
  on: string;
  /** What the shopper gained (+) or lost (−). */
  points: number;
  text: string;
  order: { name: string } | null;
}
export type HistoryAnswer =
  { outcome: "found"; entries: HistoryLine[]; next: string | null } | { outcome: "bad_request" };

const LINES_PER_PAGE = 20;

/** The page of history that `parameters` ask for (`before`: an entry id, `locale`: en or ja). */
export async function readHistoryPage(
  shopId: ShopId,
  customerId: string,
  parameters: URLSearchParams,
): Promise<HistoryAnswer> {
  const before = parameters.get("before");
  if (before !== null && !/^\d{1,15}$/.test(before)) return { outcome: "bad_request" };
  const page = await readShopperHistory(shopId, toGid("Customer", customerId), {
    before: before === null ? null : Number(before),
    limit: LINES_PER_PAGE,
  });
  const locale: ReasonLocale = (parameters.get("locale") ?? "").startsWith("ja") ? "ja" : "en";
  // Points that only became available, or repaid a debt, neither came nor went for the shopper.
  const entries = page.items.filter((item) => item.change !== 0).map((item) => toLine(item, locale, page.timeZone));
  return { outcome: "found", entries, next: page.before === null ? null : String(page.before) };
}

function toLine(item: HistoryItem, locale: ReasonLocale, timeZone: string): HistoryLine {
  return {
    id: String(item.entryId),
    on: DateTime.fromJSDate(item.at, { zone: timeZone }).setLocale(locale).toLocaleString(DateTime.DATE_FULL),
    points: item.change,
    text: explain(item.reason, item.params, locale),
    order: item.order ? { name: item.order.name } : null,
  };
}

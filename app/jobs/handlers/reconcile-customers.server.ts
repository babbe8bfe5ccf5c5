// Customers: what changed since the last pass, and, a slice of members each time, whether Shopify still
// has them at all. A customer that is gone was deleted or merged; only an order of theirs can tell which.
import { inShop, queryShop, routerPool, type ShopId } from "../../db.server";
import { deleteCustomer } from "../../loyalty/delete-customer.server";
import { mergeMembers } from "../../loyalty/merge-members.server";
import { recordCustomer } from "../../loyalty/record-customer.server";
import type { CustomerFacts } from "../../shopify/customer-facts";
import { readCustomers, scanCustomers } from "../../shopify/read-customers.server";
import { readOrder, WINDOW_OVERLAP_MS } from "../../shopify/read-orders.server";
import { RefusedByShopifyError } from "../../shopify/shopify-errors";
import { beginRun, finishRun, type Run } from "./reconciliation-run.server";

const MEMBERS_CHECKED = 500;

/** One pass over the shop's customers. */
export async function reconcileCustomers(shopId: ShopId, now: Date, signal: AbortSignal): Promise<Run> {
  const last = await lastRun(shopId);
  const run = await beginRun(shopId, "customers", now);
  try {
    const from = new Date((last.mark ?? (await installedAt(shopId))).getTime() - WINDOW_OVERLAP_MS);
    for await (const page of scanCustomers(shopId, { from, to: new Date(now.getTime() + 1_000) })) {
      await recordPage(run, page, now, signal);
    }
    run.detail = { checkedTo: await checkMembers(run, last.checkedTo, now, signal) };
    await finishRun(run, "done");
    return run;
  } catch (error) {
    await finishRun(run, "failed");
    if (error instanceof RefusedByShopifyError && error.isAccessDenied) return run;
    throw error;
  }
}

/** Records a page of customers and counts them in the pass. */
export async function recordPage(run: Run, page: CustomerFacts[], now: Date, signal: AbortSignal): Promise<void> {
  for (const facts of page) {
    signal.throwIfAborted();
    run.seen++;
    if (run.mark === null || facts.updatedAt > run.mark.toISOString()) run.mark = new Date(facts.updatedAt);
    const { outcome } = await inShop(run.shopId, (tx) => recordCustomer(tx, facts, now));
    if (outcome === "recorded") run.healed++;
    else run.matched++;
  }
}

async function lastRun(shopId: ShopId): Promise<{ mark: Date | null; checkedTo: number }> {
  const rows = await queryShop<{ mark: Date | null; checked_to: number | null }>(
    shopId,
    `SELECT (SELECT max(mark) FROM reconciliation_run WHERE kind = 'customers' AND status = 'done') AS mark,
            (SELECT (detail->>'checkedTo')::bigint FROM reconciliation_run WHERE kind = 'customers' AND status = 'done' ORDER BY id DESC LIMIT 1) AS checked_to`,
  );
  return { mark: rows[0]?.mark ?? null, checkedTo: rows[0]?.checked_to ?? 0 };
}

async function installedAt(shopId: ShopId): Promise<Date> {
  const { rows } = await routerPool().query<{ installed_at: Date }>("SELECT installed_at FROM shop WHERE id = $1", [
    shopId,
  ]);
  const row = rows[0];
  if (!row) throw new Error("a shop without an install cannot be reconciled");
  return row.installed_at;
}

interface CheckedMember {
  id: number;
  customer_gid: string;
}
/** Returns where the next pass goes on; 0 after the last member. */
async function checkMembers(run: Run, after: number, now: Date, signal: AbortSignal): Promise<number> {
  const members = await queryShop<CheckedMember>(
    run.shopId,
    "SELECT id, customer_gid FROM member WHERE id > $1 AND customer_gid IS NOT NULL AND status = 'active' ORDER BY id LIMIT $2",
    [after, MEMBERS_CHECKED],
  );
  if (members.length === 0) return 0;
  const present = await readCustomers(
    run.shopId,
    members.map((member) => member.customer_gid),
  );
  for (const member of members) {
    signal.throwIfAborted();
    if (present.has(member.customer_gid)) continue;
    await resolveGone(run, member, now);
  }
  return members.length < MEMBERS_CHECKED ? 0 : (members.at(-1)?.id ?? 0);
}

// Shopify moves a merged customer's orders to the one it keeps.
async function resolveGone(run: Run, member: CheckedMember, now: Date): Promise<void> {
  const orders = await queryShop<{ order_gid: string; processed_at: Date | null }>(
    run.shopId,
    "SELECT order_gid, processed_at FROM customer_order WHERE member_id = $1 AND deleted_at IS NULL ORDER BY processed_at DESC NULLS LAST LIMIT 1",
    [member.id],
  );
  const order = orders[0];
  const reading = order && (await readOrder(run.shopId, order.order_gid, { processedAt: order.processed_at, now }));
  // An order that does not show its customer cannot tell a merge from a deletion: a later pass asks again.
  if (reading?.outcome === "found" && reading.facts.uncarried?.includes("customer")) return;
  const kept = reading?.outcome === "found" ? reading.facts.customerId : null;
  if (kept !== null && kept !== member.customer_gid) {
    await inShop(run.shopId, (tx) => mergeMembers(tx, kept, member.customer_gid, now));
  } else {
    await inShop(run.shopId, (tx) => deleteCustomer(tx, member.customer_gid, now));
  }
  run.healed++;
}

// Orders of which only a doorbell rang are read with the shop's own token; that read moves the points.
import { raiseAlert } from "../../ingest/alert.server";
import { applyOrder } from "../../ingest/apply-order.server";
import { readOrdersFor, type OrderAnswer } from "../../ingest/read-orders.server";
import { businessNow } from "../../clock.server";
import { inShop, queryShop, type ShopId, type ShopTx } from "../../db.server";
import { log } from "../../log.server";
import type { JobData } from "../catalog";
import type { JobContext } from "../handlers.server";
import { nudgeWork } from "../nudge";

const ORDERS_AT_ONCE = 12;
/** An order whose answer we cannot digest must not stand in the way of the others. */
const AFTER_FAILURE_MS = 10 * 60 * 1000;
const SHOP_WIDE = new Set(["UnauthorizedShopError", "ThrottledError", "TransientShopifyError"]);

/** Reads every due order of the shop. @throws what the Admin API client throws, once nothing else is left */
export async function readDueOrders(
  { shopId }: JobData<"read-due-orders">,
  { signal }: JobContext,
): Promise<{ read: number }> {
  let read = 0;
  while (!signal.aborted) {
    const now = await businessNow();
    const due = await queryShop<{ order_gid: string }>(
      shopId,
      "SELECT order_gid FROM customer_order WHERE read_due_at IS NOT NULL AND read_due_at <= $1 ORDER BY read_due_at LIMIT $2",
      [now, ORDERS_AT_ONCE],
    );
    if (due.length === 0) break;
    const answers = await readOrdersFor(
      shopId,
      due.map((row) => row.order_gid),
      now,
    );
    let failure: Error | null = null;
    for (const [orderGid, answer] of answers) {
      if (answer.outcome === "failed" && isShopWide(answer.error)) failure = answer.error;
      else {
        await applyAnswer(shopId, orderGid, answer, now);
        read++;
      }
    }
    nudgeWork(shopId, ["publish", "learn"]);
    if (failure) throw failure;
  }
  return { read };
}

function isShopWide(error: unknown): error is Error {
  return error instanceof Error && SHOP_WIDE.has(error.name);
}

async function applyAnswer(shopId: ShopId, orderGid: string, answer: OrderAnswer, now: Date): Promise<void> {
  try {
    await inShop(shopId, (tx) => applyReading(tx, orderGid, answer, now));
  } catch (error) {
    log().warn(
      {
        shopId,
        orderGid,
        error: error instanceof Error ? error.name : "unknown",
        code: (error as { code?: unknown }).code,
      },
      "a read order could not be applied",
    );
    await inShop(shopId, (tx) => postpone(tx, orderGid, new Date(now.getTime() + AFTER_FAILURE_MS)));
  }
}

/** What the answer to "how is this order now?" means for what we hold. */
export async function applyReading(tx: ShopTx, orderGid: string, answer: OrderAnswer, now: Date): Promise<void> {
  switch (answer.outcome) {
    case "found":
      await applyOrder(tx, answer.facts, "read", now);
      return;
    case "gone":
      await tx.query(
        "UPDATE customer_order SET deleted_at = coalesce(deleted_at, $3), read_due_at = NULL WHERE shop_id = $1 AND order_gid = $2",
        [tx.shopId, orderGid, now],
      );
      return;
    case "not_readable":
      await tx.query(
        "UPDATE customer_order SET read_due_at = NULL WHERE shop_id = $1 AND order_gid = $2 AND read_due_at <= $3",
        [tx.shopId, orderGid, now],
      );
      await raiseAlert(tx, "order_unverified", { order: orderGid });
      return;
    case "failed":
      log().warn(
        { shopId: tx.shopId, orderGid, error: answer.error instanceof Error ? answer.error.name : "unknown" },
        "an order could not be read",
      );
      await postpone(tx, orderGid, new Date(now.getTime() + AFTER_FAILURE_MS));
  }
}

async function postpone(tx: ShopTx, orderGid: string, until: Date): Promise<void> {
  await tx.query(
    "UPDATE customer_order SET read_due_at = $3 WHERE shop_id = $1 AND order_gid = $2 AND read_due_at IS NOT NULL",
    [tx.shopId, orderGid, until],
  );
}

// One step's conversation with Shopify, outside any transaction; every failure becomes an answer.
import { inShop, queryShop, type ShopId } from "../../db.server";
import type { Purpose } from "../../shopify/admin-client.server";
import { endCode, findCode, findOrdersOfCode } from "../../shopify/reward-codes.server";
import { RefusedByShopifyError } from "../../shopify/shopify-errors";
import { markOrderToBeRead } from "../record-order.server";
import { makeAtShopify } from "./make-at-shopify.server";
import { markOf, type Redemption, type Step } from "./redemption";
import { classifyFailure, type StepAnswer } from "./step-answer";

interface Question {
  shopId: ShopId;
  purpose: Purpose;
  now: Date;
  step: Step;
  redemption: Redemption;
  customerId: string | null;
  mayExist: boolean;
}

/** Asks or tells Shopify what the step says. */
export async function askShopify(question: Question): Promise<StepAnswer> {
  try {
    return await ask(question);
  } catch (error) {
    const refused = question.step === "create" && !question.mayExist && error instanceof RefusedByShopifyError;
    if (refused) return { outcome: "refused", reason: error.problems[0]?.code ?? "refused" };
    return { outcome: "failed", error, how: classifyFailure(error) };
  }
}

async function ask({ shopId, purpose, now, step, redemption, customerId, mayExist }: Question): Promise<StepAnswer> {
  const code = redemption.code ?? "";
  switch (step) {
    case "create": {
      if (customerId === null) return { outcome: "nobody_to_give_to" };
      const timeZone = await readTimeZone(shopId);
      return makeAtShopify({ shopId, redemption, customerId, timeZone, mayExist, purpose });
    }
    case "inspect":
      return { outcome: "inspected", found: await findCode(shopId, code, purpose) };
    case "end": {
      const found = await findCode(shopId, code, purpose);
      if (found?.isActive && found.title === markOf(redemption.id)) await endCode(shopId, found.gid, purpose);
      return { outcome: "ended" };
    }
    case "read_uses": {
      const found = await findCode(shopId, code, purpose);
      const orderGids = await findOrdersOfCode(shopId, code, purpose);
      await ringAt(shopId, orderGids, now);
      return { outcome: "uses_read", found, orderGids };
    }
  }
}

async function readTimeZone(shopId: ShopId): Promise<string> {
  const [row] = await queryShop<{ timeZone: string }>(
    shopId,
    'SELECT time_zone AS "timeZone" FROM shop_profile WHERE shop_id = $1',
    [shopId],
  );
  return row?.timeZone ?? "UTC";
}

// Orders nobody told us of: they are read like any order whose doorbell rang. A transaction of its own, because
// orders are locked before members.
async function ringAt(shopId: ShopId, orderGids: string[], now: Date): Promise<void> {
  const known = await queryShop<{ gid: string }>(
    shopId,
    "SELECT order_gid AS gid FROM customer_order WHERE shop_id = $2 AND order_gid = ANY ($1) AND facts IS NOT NULL",
    [orderGids, shopId],
  );
  const unknown = orderGids.filter((gid) => !known.some((each) => each.gid === gid)).sort();
  if (unknown.length === 0) return;
  await inShop(shopId, async (tx) => {
    for (const gid of unknown) await markOrderToBeRead(tx, gid, null, now);
  });
}

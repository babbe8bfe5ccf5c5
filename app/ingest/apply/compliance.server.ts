// The three compliance topics. They may come for shops and customers nobody here knows, by e-mail only,
// and more than once: all of that is fine.
import { z } from "zod";

import type { ShopTx } from "../../db.server";
import { enqueue } from "../../jobs/queue.server";
import { exportCustomerData } from "../../privacy/export-customer-data.server";
import { redactCustomer } from "../../privacy/redact-customer.server";
import { toGid } from "../../shopify/gid";
import type { ApplyContext, TopicHandler } from "../event";

const id = z.union([z.number().int().positive(), z.string().regex(/^\d+$/)]);
const ids = z
  .array(id)
  .nullish()
  .transform((values) => (values ?? []).map(String));
const customer = z.object({ id: id.nullish(), email: z.string().nullish() }).nullish();

const requestSchema = z.object({ customer, orders_requested: ids, data_request: z.object({ id }).nullish() });
export const dataRequests: TopicHandler = {
  afterUninstall: true,
  async apply(tx, event, context) {
    const request = requestSchema.parse(event.payload);
    if (await isErased(tx, context)) return { outcome: "ignored", detail: "shop_erased" };
    const { outcome } = await exportCustomerData(
      tx,
      {
        customerGid: request.customer?.id ? toGid("Customer", request.customer.id) : null,
        email: request.customer?.email ?? null,
        orderGids: request.orders_requested.map((order) => toGid("Order", order)),
        requestKey: String(request.data_request?.id ?? `event ${event.inboxId}`),
      },
      context.now,
    );
    if (outcome === "exported") await enqueue(tx, "keep-privacy", { shopId: tx.shopId });
    return { outcome: "done", detail: outcome };
  },
};

/** Whether everything of the shop was erased since it left: of a shop that is gone nothing is written down again. */
async function isErased(tx: ShopTx, { shop }: ApplyContext): Promise<boolean> {
  if (shop.uninstalledAt === null) return false;
  const { rowCount } = await tx.query("SELECT FROM erasure WHERE shop_id = $1 AND kind = 'shop' AND at >= $2 LIMIT 1", [
    tx.shopId,
    shop.uninstalledAt,
  ]);
  return rowCount === 1;
}

const redactSchema = z.object({ customer, orders_to_redact: ids });
export const customerRedactions: TopicHandler = {
  afterUninstall: true,
  async apply(tx, event, context) {
    const request = redactSchema.parse(event.payload);
    const number = request.customer?.id ? String(request.customer.id) : null;
    const orderNumbers = request.orders_to_redact;
    const { outcome } = await redactCustomer(
      tx,
      {
        customerGid: number === null ? null : toGid("Customer", number),
        email: request.customer?.email ?? null,
        orderGids: orderNumbers.map((order) => toGid("Order", order)),
      },
      context.now,
    );
    const purge = [...(number === null ? [] : [number]), ...orderNumbers];
    if (purge.length > 0 || request.customer?.email) {
      const { inboxId } = event;
      await enqueue(tx, "purge-payloads", { shopId: tx.shopId, ids: purge, inboxId }, { key: String(inboxId) });
    }
    return { outcome: "done", detail: outcome };
  },
};

/** shop/redact, 48 hours after an uninstall: a job decides against the install of that moment. */
export const shopRedactions: TopicHandler = {
  afterUninstall: true,
  async apply(tx) {
    await enqueue(tx, "shop-redact", { shopId: tx.shopId });
    return { outcome: "done" };
  },
};

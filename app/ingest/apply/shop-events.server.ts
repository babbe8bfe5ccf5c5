// What happens to the shop and to our install of it.
import { z } from "zod";

import { routerPool, type ShopTx } from "../../db.server";
import { enqueue } from "../../jobs/queue.server";
import { uninstallShop } from "../../shops/uninstall-shop.server";
import type { TopicHandler } from "../event";

/** shop/update: zone and currency decide about points, so they are read, not taken from the body. */
export const shopUpdates: TopicHandler = {
  async apply(tx) {
    await enqueue(tx, "refresh-shop", { shopId: tx.shopId });
    return { outcome: "done" };
  },
};

/** themes/publish: whether our blocks are in the new theme is unknown until a page shows them. */
export const themePublications: TopicHandler = {
  async apply(tx, _event, context) {
    await tx.query(
      "UPDATE shop_profile SET setup = setup - 'themeBlockSeenAt' || jsonb_build_object('themePublishedAt', $2::text) WHERE shop_id = $1",
      [tx.shopId, context.now.toISOString()],
    );
    return { outcome: "done" };
  },
};

export const uninstalls: TopicHandler = {
  afterUninstall: true,
  async apply(_tx, event, context) {
    // The event's own time tells a late delivery from an uninstall of the live install.
    const { outcome } = await uninstallShop(event.shopId, event.triggeredAt ?? context.now);
    return outcome === "uninstalled" ? { outcome: "done" } : { outcome: "ignored", detail: outcome };
  },
};

const scopesSchema = z.object({ current: z.array(z.string()) });
export const scopeChanges: TopicHandler = {
  async apply(tx, event) {
    const { current } = scopesSchema.parse(event.payload);
    // The router's table: a commit of its own, harmless to repeat.
    await routerPool().query("UPDATE shop SET scopes = $2 WHERE id = $1", [
      event.shopId,
      [...current].sort().join(" "),
    ]);
    if (current.includes("write_products")) await publishRatingsAnew(tx);
    return { outcome: "done" };
  },
};

// What a missing scope refused was counted as published; which scope is new only an event that is never repeated knows.
async function publishRatingsAnew(tx: ShopTx): Promise<void> {
  await tx.query("UPDATE rating_summary SET published_seq = 0 WHERE shop_id = $1 AND published_seq > 0", [tx.shopId]);
}

/** bulk_operations/finish: the backfill that started the operation is watching it already. */
export const bulkOperations: TopicHandler = {
  apply: async () => ({ outcome: "ignored", detail: "watched_by_job" }),
};

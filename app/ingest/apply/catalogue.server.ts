// products/*, collections/*, discounts/*: what rules need to know of the catalogue. Orders freeze these
// facts when they are first seen, so a late or stale body changes nothing that was earned.
import { z } from "zod";

import { enqueue } from "../../jobs/queue.server";
import { noteCodeChange } from "../../loyalty/rewards/note-code-changes.server";
import { toGid } from "../../shopify/gid";
import { productFactsFromPayload } from "../../shopify/product-facts";
import { recordProduct } from "../../shops/record-product.server";
import type { TopicHandler } from "../event";

export const productEvents: TopicHandler = {
  async apply(tx, event, context) {
    const recorded = await recordProduct(tx, productFactsFromPayload(event.payload), context.now);
    return { outcome: "done", detail: recorded.outcome };
  },
};

const numbered = z.object({ id: z.union([z.number().int().positive(), z.string().regex(/^\d+$/)]) });
export const productDeletions: TopicHandler = {
  async apply(tx, event, context) {
    const { id } = numbered.parse(event.payload);
    const { rowCount } = await tx.query(
      "UPDATE product_fact SET deleted_at = coalesce(deleted_at, $3) WHERE shop_id = $1 AND product_gid = $2",
      [tx.shopId, toGid("Product", id), context.now],
    );
    return rowCount === 0 ? { outcome: "ignored", detail: "unknown_product" } : { outcome: "done" };
  },
};

/** A body names the collection, never its products: a job reads them. */
export const collectionEvents: TopicHandler = {
  async apply(tx, event) {
    const collectionGid = toGid("Collection", numbered.parse(event.payload).id);
    if (event.topic === "collections/delete") {
      await tx.query(
        "UPDATE product_fact SET collection_ids = array_remove(collection_ids, $2) WHERE shop_id = $1 AND $2 = ANY(collection_ids)",
        [tx.shopId, collectionGid],
      );
      return { outcome: "done" };
    }
    await enqueue(tx, "refresh-collection", { shopId: tx.shopId, collectionGid }, { key: collectionGid });
    return { outcome: "done" };
  },
};

/** Somebody changed or deleted a discount: if points bought it, it is looked at. New ones are ours or nobody's. */
export const discountEvents: TopicHandler = {
  nudges: ["complete"],
  async apply(tx, event, context) {
    const gid = discountSchema.safeParse(event.payload).data?.admin_graphql_api_id;
    if (event.topic === "discounts/create" || gid === undefined)
      return { outcome: "ignored", detail: "not_of_interest" };
    const isOurs = await noteCodeChange(tx, gid, context.now);
    return isOurs ? { outcome: "done" } : { outcome: "ignored", detail: "not_ours" };
  },
};
const discountSchema = z.object({ admin_graphql_api_id: z.string() });

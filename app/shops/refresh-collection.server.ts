import { inShop, type ShopId, type ShopTx } from "../db.server";
import { scanCollectionProducts } from "../shopify/read-products.server";
import { recordProduct } from "./record-product.server";

/**
 * Reads which products a collection holds now and stores it with them; products that left it lose it.
 * @throws what the Admin API client throws
 */
export async function refreshCollectionFacts(
  shopId: ShopId,
  collectionId: string,
  now: Date,
): Promise<{ products: number }> {
  const members: string[] = [];
  for await (const page of scanCollectionProducts(shopId, collectionId)) {
    await inShop(shopId, async (tx) => {
      for (const product of page) {
        // A change of collections does not move a product's own updated_at.
        const { outcome } = await recordProduct(tx, product, now);
        if (outcome === "stale") await addCollection(tx, product.productId, collectionId);
      }
    });
    members.push(...page.map((product) => product.productId));
  }
  await inShop(shopId, (tx) =>
    tx.query(
      `UPDATE product_fact SET collection_ids = array_remove(collection_ids, $2)
        WHERE shop_id = $1 AND $2 = ANY (collection_ids) AND NOT product_gid = ANY ($3)`,
      [shopId, collectionId, members],
    ),
  );
  return { products: members.length };
}

async function addCollection(tx: ShopTx, productId: string, collectionId: string): Promise<void> {
  await tx.query(
    `UPDATE product_fact SET collection_ids = array_append(collection_ids, $3)
      WHERE shop_id = $1 AND product_gid = $2 AND NOT $3 = ANY (collection_ids)`,
    [tx.shopId, productId, collectionId],
  );
}

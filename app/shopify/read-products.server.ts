import type { ShopId } from "../db.server";
import { adminClient } from "./admin-client.server";
import { readProductsQuery, scanCollectionQuery } from "./documents/product";
import type { ScanCollectionQuery } from "./generated/admin-operations";
import { productFactsFromNode, type ProductFacts } from "./product-facts";

const IDS_PER_CALL = 25;
type FullProductFacts = ProductFacts & { collectionIds: string[] };

/**
 * Products by id, with their collections. An id without an entry is gone at Shopify.
 * @throws what the Admin API client throws
 */
export async function readProducts(shopId: ShopId, productIds: string[]): Promise<Map<string, FullProductFacts>> {
  const client = await adminClient(shopId);
  const wanted = [...new Set(productIds)];
  const found = new Map<string, FullProductFacts>();
  for (let start = 0; start < wanted.length; start += IDS_PER_CALL) {
    const { nodes } = await client.request(readProductsQuery, { ids: wanted.slice(start, start + IDS_PER_CALL) });
    for (const node of nodes) {
      if (!node || !("id" in node)) continue;
      const facts = productFactsFromNode(node);
      found.set(facts.productId, facts);
    }
  }
  return found;
}

/**
 * The products of one collection, a page at a time; no page when the collection is gone.
 * @throws what the Admin API client throws
 */
export async function* scanCollectionProducts(
  shopId: ShopId,
  collectionId: string,
): AsyncGenerator<FullProductFacts[]> {
  const client = await adminClient(shopId);
  for (let after: string | null = null; ;) {
    const { collection }: ScanCollectionQuery = await client.request(scanCollectionQuery, { id: collectionId, after });
    if (!collection) return;
    yield collection.products.nodes.map(productFactsFromNode);
    if (!collection.products.pageInfo.hasNextPage) return;
    after = collection.products.pageInfo.endCursor;
  }
}

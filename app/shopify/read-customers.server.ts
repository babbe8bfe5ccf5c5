import type { ShopId } from "../db.server";
import { adminClient, type PartialAnswer } from "./admin-client.server";
import { customerFactsFromNode, type CustomerFacts } from "./customer-facts";
import { readCustomersQuery, scanCustomersQuery } from "./documents/customer";
import type { ScanCustomersQuery } from "./generated/admin-operations";
import { updatedQuery, type UpdatedWindow } from "./read-orders.server";

const IDS_PER_CALL = 100;

/**
 * Customers by id. An id without an entry is gone at Shopify: deleted, or merged into another.
 * @throws what the Admin API client throws
 */
export async function readCustomers(shopId: ShopId, customerIds: string[]): Promise<Map<string, CustomerFacts>> {
  const client = await adminClient(shopId);
  const found = new Map<string, CustomerFacts>();
  for (let start = 0; start < customerIds.length; start += IDS_PER_CALL) {
    const { data, denied } = await client.read(readCustomersQuery, {
      ids: customerIds.slice(start, start + IDS_PER_CALL),
    });
    for (const node of data.nodes) {
      if (!node || !("id" in node)) continue;
      const facts = customerFactsFromNode(node, denied);
      found.set(facts.customerId, facts);
    }
  }
  return found;
}

/**
 * Customers changed in the window, oldest change first, a page at a time.
 * @throws what the Admin API client throws
 */
export async function* scanCustomers(shopId: ShopId, window: UpdatedWindow): AsyncGenerator<CustomerFacts[]> {
  const client = await adminClient(shopId);
  const query = updatedQuery(window);
  for (let after: string | null = null; ;) {
    const answer: PartialAnswer<ScanCustomersQuery> = await client.read(scanCustomersQuery, { query, after });
    const { nodes, pageInfo } = answer.data.customers;
    yield nodes.map((node) => customerFactsFromNode(node, answer.denied));
    if (!pageInfo.hasNextPage) return;
    after = pageInfo.endCursor;
  }
}

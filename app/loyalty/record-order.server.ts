// The newest known state of an order, stored before any point moves. Locks: the order's row first; a
// member's row is only ever inserted here, never locked (settle-order locks it, after the order's).
import type { ShopTx } from "../db.server";
import type { OrderFacts } from "../shopify/order-facts";
import { normalEmail } from "./member-name";
import { compareStates, storeFacts, unknownProducts, type ProductEligibility, type StoredFacts } from "./stored-order";

export interface RecordOrderOutcome {
  /** recorded: this state is now the newest; stale: a newer state, or this very one, was already known. */
  outcome: "recorded" | "stale";
  orderId: number;
  /** The order is marked to be read: two states share Shopify's one-second stamp, or amounts are missing. */
  isReadDue: boolean;
  /** Products of lines that no product_fact describes yet: once known, record the order again. */
  unknownProductIds: string[];
}

/**
 * Stores `facts` if they are the order's newest state. What a rule needs from the past (tags and
 * collections of each line, tags of the customer) keeps the value it had when first seen.
 * Several orders in one transaction: record all of them first, then settle them together.
 */
export async function recordOrder(
  tx: ShopTx,
  facts: OrderFacts,
  from: "payload" | "read",
  now: Date,
): Promise<RecordOrderOutcome> {
  // A second round only when two deliveries of an order nobody knew race to insert it.
  for (let round = 0; round < 3; round++) {
    const known = await readKnown(tx, facts);
    // An address that was erased does not come back with a late delivery.
    const isErased = known.order?.kind === "anonymised" || known.member?.status === "redacted";
    const incoming = isErased ? { ...facts, email: null } : facts;
    const next = storeFacts(known.order?.facts ?? null, incoming, {
      products: known.products,
      memberTags: known.member?.tags ?? null,
    });
    const unknownProductIds = unknownProducts(next);
    // How much was paid with other value decides the points; only a read tells it.
    const lacksAmounts = next.uncarried?.includes("paidWith") ?? false;
    if (!known.order) {
      const how = { from, memberId: known.member?.id ?? null, isReadDue: lacksAmounts, now };
      const orderId = await insertOrder(tx, next, how);
      if (orderId !== null) return { outcome: "recorded", orderId, isReadDue: lacksAmounts, unknownProductIds };
      continue;
    }
    const { isNewest, isCurrent, isSameMoment } = recency(known.order, next, from);
    const isReadDue = isSameMoment || (isNewest && lacksAmounts);
    if (isNewest)
      await updateOrder(tx, known.order.id, next, { from, isReadDue, hasMember: known.member !== null, now });
    else await updateReadDue(tx, known.order.id, { isReadDue, isRead: from === "read" && isCurrent, now });
    return { outcome: isNewest ? "recorded" : "stale", orderId: known.order.id, isReadDue, unknownProductIds };
  }
  throw new Error("an order could neither be inserted nor found");
}

/**
 * A doorbell: something happened to the order that nobody told us in full. Creates the row if the order
 * is new to us, and asks for it to be read at `dueAt`.
 */
export async function markOrderToBeRead(
  tx: ShopTx,
  orderGid: string,
  customerGid: string | null,
  dueAt: Date,
): Promise<{ orderId: number }> {
  const { rows } = await tx.query<{ id: number }>(
    `INSERT INTO customer_order (shop_id, order_gid, customer_gid, read_due_at, seen_at) VALUES ($1, $2, $3, $4, $4)
     ON CONFLICT (shop_id, order_gid) DO UPDATE SET read_due_at = GREATEST(customer_order.read_due_at, EXCLUDED.read_due_at)
     RETURNING id`,
    [tx.shopId, orderGid, customerGid, dueAt],
  );
  const row = rows[0];
  if (!row) throw new Error("the marked order did not come back");
  return { orderId: row.id };
}

interface KnownOrder {
  id: number;
  facts: StoredFacts | null;
  factsFrom: "payload" | "read";
  kind: string;
}
interface Known {
  order: KnownOrder | null;
  member: { id: number; status: string; tags: string[] | null } | null;
  products: ProductEligibility[];
}

async function readKnown(tx: ShopTx, facts: OrderFacts): Promise<Known> {
  const productIds = [...new Set(facts.lines.flatMap((line) => line.productId ?? []))];
  const { rows } = await tx.query<Known>(
    `WITH locked AS (SELECT id, facts, facts_from, kind FROM customer_order WHERE shop_id = $1 AND order_gid = $2 FOR NO KEY UPDATE)
     SELECT (SELECT jsonb_build_object('id', id, 'facts', facts, 'factsFrom', facts_from, 'kind', kind) FROM locked) AS "order",
            (SELECT jsonb_build_object('id', id, 'status', status, 'tags', CASE WHEN source_updated_at IS NULL THEN NULL ELSE to_jsonb(tags) END)
               FROM member WHERE shop_id = $1 AND customer_gid = $3) AS member,
            (SELECT coalesce(jsonb_agg(jsonb_build_object('productId', product_gid, 'tags', tags, 'collectionIds', collection_ids,
                                                          'productType', product_type, 'vendor', vendor)), '[]')
               FROM product_fact WHERE shop_id = $1 AND product_gid = ANY ($4)) AS products`,
    [tx.shopId, facts.orderId, facts.customerId, productIds],
  );
  const row = rows[0];
  if (!row) throw new Error("a scalar select gave no row");
  return row;
}

interface Recency {
  isNewest: boolean;
  /** Not older than what is stored. */
  isCurrent: boolean;
  /** Nothing says which of the two states came first. */
  isSameMoment: boolean;
}
// A read tells more than a payload, and things that do not move updated_at (disputes, deliveries).
function recency(order: KnownOrder, next: StoredFacts, from: "payload" | "read"): Recency {
  if (!order.facts) return { isNewest: true, isCurrent: true, isSameMoment: false };
  const isCurrent = Date.parse(next.sourceUpdatedAt) >= Date.parse(order.facts.sourceUpdatedAt);
  const { isNewest, isSameMoment } = compareStates(order.facts, next);
  if (!isSameMoment) return { isNewest, isCurrent, isSameMoment: false };
  if (from === "read") return { isNewest: true, isCurrent, isSameMoment: false };
  return { isNewest: isNewest && order.factsFrom === "payload", isCurrent, isSameMoment: true };
}

const kindOf = (facts: OrderFacts): string => (facts.test ? "test" : "live");

async function insertOrder(
  tx: ShopTx,
  facts: StoredFacts,
  { from, memberId, isReadDue, now }: { from: string; memberId: number | null; isReadDue: boolean; now: Date },
): Promise<number | null> {
  const email = normalEmail(facts.email);
  const { rows } = await tx.query<{ id: number }>(
    `WITH ${NEW_MEMBER}
     INSERT INTO customer_order (shop_id, order_gid, name, member_id, customer_gid, email, processed_at, source_updated_at, facts,
                                 facts_from, kind, seen_at, read_due_at)
     VALUES ($1, $6, $7, coalesce($8::bigint, (SELECT id FROM new_member)), $2, $3, $9, $10, $11, $12, $13, $4, CASE WHEN $14::boolean THEN $4::timestamptz END)
     ON CONFLICT (shop_id, order_gid) DO NOTHING
     RETURNING id`,
    [
      tx.shopId,
      facts.customerId,
      email,
      now,
      memberId === null && facts.customerId !== null,
      facts.orderId,
      facts.name,
      memberId,
      facts.processedAt,
      facts.sourceUpdatedAt,
      JSON.stringify(facts),
      from,
      kindOf(facts),
      isReadDue,
    ],
  );
  return rows[0]?.id ?? null;
}

// $1 shop, $2 customer, $4 now, $5 wanted. Name, address and tags come with the customer's own events: an
// address typed at a checkout proves nothing, and guest orders are claimed by address.
const NEW_MEMBER = `new_member AS (
  INSERT INTO member (shop_id, customer_gid, tags, search_grams, first_seen_at)
  SELECT $1, $2, '{}', '{}', $4 WHERE $5::boolean
  ON CONFLICT (shop_id, customer_gid) DO NOTHING
  RETURNING id)`;

async function updateOrder(
  tx: ShopTx,
  orderId: number,
  facts: StoredFacts,
  how: { from: "payload" | "read"; isReadDue: boolean; hasMember: boolean; now: Date },
): Promise<void> {
  await tx.query(
    `WITH ${NEW_MEMBER}
     UPDATE customer_order
        SET name = $9, customer_gid = coalesce($2, customer_gid), email = coalesce($3, email), processed_at = $10, source_updated_at = $11,
            facts = $12, facts_from = $13, kind = CASE WHEN kind IN ('live', 'test') THEN $14 ELSE kind END,
            read_due_at = CASE WHEN $7::boolean THEN GREATEST(read_due_at, $4) WHEN $8::boolean AND read_due_at <= $4 THEN NULL ELSE read_due_at END
      WHERE shop_id = $1 AND id = $6`,
    [
      tx.shopId,
      facts.customerId,
      normalEmail(facts.email),
      how.now,
      !how.hasMember && facts.customerId !== null,
      orderId,
      how.isReadDue,
      how.from === "read",
      facts.name,
      facts.processedAt,
      facts.sourceUpdatedAt,
      JSON.stringify(facts),
      how.from,
      kindOf(facts),
    ],
  );
}

// What rings while the order is being read is due later than the read began, so it stays due.
async function updateReadDue(
  tx: ShopTx,
  orderId: number,
  how: { isReadDue: boolean; isRead: boolean; now: Date },
): Promise<void> {
  if (how.isReadDue) {
    await tx.query("UPDATE customer_order SET read_due_at = GREATEST(read_due_at, $3) WHERE shop_id = $1 AND id = $2", [
      tx.shopId,
      orderId,
      how.now,
    ]);
  } else if (how.isRead) {
    await tx.query(
      "UPDATE customer_order SET read_due_at = NULL WHERE shop_id = $1 AND id = $2 AND read_due_at <= $3",
      [tx.shopId, orderId, how.now],
    );
  }
}

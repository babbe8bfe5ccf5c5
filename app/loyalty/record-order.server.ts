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

/** Stores one order's state; see `recordOrders`. */
export async function recordOrder(
  tx: ShopTx,
  facts: OrderFacts,
  from: "payload" | "read",
  now: Date,
): Promise<RecordOrderOutcome> {
  const [outcome] = await recordOrders(tx, [facts], from, now);
  if (!outcome) throw new Error("a recorded order did not come back");
  return outcome;
}

/**
 * Stores each of `states` that is its order's newest, and answers in their order. What a rule needs from the past
 * (tags and collections of each line, tags of the customer) keeps the value it had when first seen.
 * Several orders in one transaction: record all of them first, then settle them together.
 */
export async function recordOrders(
  tx: ShopTx,
  states: readonly OrderFacts[],
  from: "payload" | "read",
  now: Date,
): Promise<RecordOrderOutcome[]> {
  const outcomes = new Map<OrderFacts, RecordOrderOutcome>();
  let waiting = states;
  // States of one order are stored one after the other; another round as well when somebody else inserts the same new order.
  for (let round = 0; waiting.length > 0; round++) {
    if (round > states.length + 2) throw new Error("an order could neither be inserted nor found");
    const seen = new Set<string>();
    const first = waiting.filter(({ orderId }) => !seen.has(orderId) && seen.add(orderId));
    await storeStates(tx, first, { from, now, outcomes });
    waiting = waiting.filter((facts) => !outcomes.has(facts));
  }
  return states.flatMap((facts) => outcomes.get(facts) ?? []);
}

interface Recording {
  from: "payload" | "read";
  now: Date;
  /** By state; a new order that somebody else inserted meanwhile gets none. */
  outcomes: Map<OrderFacts, RecordOrderOutcome>;
}

async function storeStates(tx: ShopTx, states: readonly OrderFacts[], recording: Recording): Promise<void> {
  const { from, now, outcomes } = recording;
  const known = await readKnown(tx, states);
  const fresh: (NewOrder & { facts: OrderFacts; unknownProductIds: string[] })[] = [];
  for (const facts of states) {
    const order = known.orders.get(facts.orderId) ?? null;
    const member = known.members.get(facts.customerId ?? "") ?? null;
    // An address that was erased does not come back with a late delivery.
    const isErased = order?.kind === "anonymised" || member?.status === "redacted";
    const next = storeFacts(order?.facts ?? null, isErased ? { ...facts, email: null } : facts, {
      products: known.products,
      memberTags: member?.tags ?? null,
    });
    const unknownProductIds = unknownProducts(next);
    // How much was paid with other value decides the points; only a read tells it.
    const lacksAmounts = next.uncarried?.includes("paidWith") ?? false;
    if (!order) {
      fresh.push({ facts, next, memberId: member?.id ?? null, isReadDue: lacksAmounts, unknownProductIds });
      continue;
    }
    const { isNewest, isCurrent, isSameMoment } = recency(order, next, from);
    const isReadDue = isSameMoment || (isNewest && lacksAmounts);
    if (isNewest) await updateOrder(tx, order.id, next, { from, isReadDue, hasMember: member !== null, now });
    else await updateReadDue(tx, order.id, { isReadDue, isRead: from === "read" && isCurrent, now });
    const outcome = isNewest ? "recorded" : "stale";
    outcomes.set(facts, { outcome, orderId: order.id, isReadDue, unknownProductIds });
  }
  const inserted = await insertOrders(tx, fresh, { from, now });
  for (const { facts, isReadDue, unknownProductIds } of fresh) {
    const orderId = inserted.get(facts.orderId);
    if (orderId !== undefined) outcomes.set(facts, { outcome: "recorded", orderId, isReadDue, unknownProductIds });
  }
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
  orders: Map<string, KnownOrder>;
  members: Map<string, { id: number; status: string; tags: string[] | null }>;
  products: ProductEligibility[];
}

async function readKnown(tx: ShopTx, states: readonly OrderFacts[]): Promise<Known> {
  const productIds = new Set(states.flatMap(({ lines }) => lines.flatMap((line) => line.productId ?? [])));
  const { rows } = await tx.query<{
    orders: (KnownOrder & { gid: string })[];
    members: { gid: string; id: number; status: string; tags: string[] | null }[];
    products: ProductEligibility[];
  }>(
    `WITH locked AS (SELECT id, order_gid, facts, facts_from, kind FROM customer_order WHERE shop_id = $1 AND order_gid = ANY ($2) ORDER BY id FOR NO KEY UPDATE)
     SELECT (SELECT coalesce(jsonb_agg(jsonb_build_object('gid', order_gid, 'id', id, 'facts', facts, 'factsFrom', facts_from, 'kind', kind)), '[]')
               FROM locked) AS orders,
            (SELECT coalesce(jsonb_agg(jsonb_build_object('gid', customer_gid, 'id', id, 'status', status, 'tags',
                                                          CASE WHEN source_updated_at IS NULL THEN NULL ELSE to_jsonb(tags) END)), '[]')
               FROM member WHERE shop_id = $1 AND customer_gid = ANY ($3)) AS members,
            (SELECT coalesce(jsonb_agg(jsonb_build_object('productId', product_gid, 'tags', tags, 'collectionIds', collection_ids,
                                                          'productType', product_type, 'vendor', vendor)), '[]')
               FROM product_fact WHERE shop_id = $1 AND product_gid = ANY ($4)) AS products`,
    [
      tx.shopId,
      states.map(({ orderId }) => orderId),
      states.flatMap(({ customerId }) => customerId ?? []),
      [...productIds],
    ],
  );
  const row = rows[0];
  if (!row) throw new Error("a scalar select gave no row");
  return {
    orders: new Map(row.orders.map(({ gid, ...order }) => [gid, order])),
    members: new Map(row.members.map(({ gid, ...member }) => [gid, member])),
    products: row.products,
  };
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

interface NewOrder {
  next: StoredFacts;
  /** NULL: the customer is new as well, or there is none. */
  memberId: number | null;
  isReadDue: boolean;
}
/** @returns the new rows' ids by order; those that somebody else inserted first are not among them */
async function insertOrders(
  tx: ShopTx,
  orders: readonly NewOrder[],
  { from, now }: Pick<Recording, "from" | "now">,
): Promise<Map<string, number>> {
  if (orders.length === 0) return new Map();
  const customers = orders.flatMap(({ next, memberId }) => (memberId === null ? (next.customerId ?? []) : []));
  const rows = orders.map(({ next, memberId, isReadDue }) => ({
    gid: next.orderId,
    name: next.name,
    member: memberId,
    customer: next.customerId,
    email: normalEmail(next.email),
    processed: next.processedAt,
    updated: next.sourceUpdatedAt,
    facts: next,
    kind: kindOf(next),
    is_read_due: isReadDue,
  }));
  const { rows: inserted } = await tx.query<{ id: number; gid: string }>(
    `WITH ${NEW_MEMBERS}
     INSERT INTO customer_order (shop_id, order_gid, name, member_id, customer_gid, email, processed_at, source_updated_at, facts,
                                 facts_from, kind, seen_at, read_due_at)
     SELECT $1, r.gid, r.name, coalesce(r.member, m.id), r.customer, r.email, r.processed, r.updated, r.facts,
            $5, r.kind, $3, CASE WHEN r.is_read_due THEN $3::timestamptz END
       FROM jsonb_to_recordset($4::jsonb) AS r (gid text, name text, member bigint, customer text, email text, processed timestamptz, updated timestamptz,
                                                facts jsonb, kind text, is_read_due boolean)
       LEFT JOIN new_member m ON m.customer_gid = r.customer
      ORDER BY r.gid
     ON CONFLICT (shop_id, order_gid) DO NOTHING
     RETURNING id, order_gid AS gid`,
    [tx.shopId, [...new Set(customers)], now, JSON.stringify(rows), from],
  );
  return new Map(inserted.map(({ gid, id }) => [gid, id]));
}

// $1 shop, $2 customers nobody knows yet, $3 now. Name, address and tags come with the customer's own events: an
// address typed at a checkout proves nothing, and guest orders are claimed by address. Always in one order: two
// transactions that meet the same new customers do not wait for each other both ways.
const NEW_MEMBERS = `new_member AS (
  INSERT INTO member (shop_id, customer_gid, tags, search_grams, first_seen_at)
  SELECT $1, gid, '{}', '{}', $3 FROM unnest($2::text[]) AS gid ORDER BY gid
  ON CONFLICT (shop_id, customer_gid) DO NOTHING
  RETURNING id, customer_gid)`;

async function updateOrder(
  tx: ShopTx,
  orderId: number,
  facts: StoredFacts,
  how: { from: "payload" | "read"; isReadDue: boolean; hasMember: boolean; now: Date },
): Promise<void> {
  await tx.query(
    `WITH ${NEW_MEMBERS}
     UPDATE customer_order
        SET name = $9, customer_gid = coalesce($5, customer_gid), email = coalesce($4, email), processed_at = $10, source_updated_at = $11,
            facts = $12, facts_from = $13, kind = CASE WHEN kind IN ('live', 'test') THEN $14 ELSE kind END,
            read_due_at = CASE WHEN $7::boolean THEN GREATEST(read_due_at, $3) WHEN $8::boolean AND read_due_at <= $3 THEN NULL ELSE read_due_at END
      WHERE shop_id = $1 AND id = $6`,
    [
      tx.shopId,
      how.hasMember || facts.customerId === null ? [] : [facts.customerId],
      how.now,
      normalEmail(facts.email),
      facts.customerId,
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

// Orders that changed move their requests along, in the transaction that recorded the change: one look and,
// where something is different, one statement for all of them.
import type { ShopTx } from "../../db.server";
import { reviewSettingsSchema } from "../review-settings";
import { planRequest, type RequestFacts, type RequestPlan, type RequestProduct } from "./request-plan";

interface NotedOrder {
  orderId: number;
  memberId: number | null;
  kind: string;
  facts: RequestFacts;
  /** What is known of its request; null: there is none. */
  request: {
    status: string;
    why: string | null;
    dueAt: string | null;
    isInvited: boolean;
    memberId: number | null;
    products: RequestProduct[];
  } | null;
}

/** Plans, moves or cancels the requests of orders whose newest state is stored and settled. */
export async function noteOrdersForReviews(tx: ShopTx, orderIds: number[], now: Date): Promise<{ changed: number }> {
  if (orderIds.length === 0) return { changed: 0 };
  const { rows } = await tx.query<{ reviews: unknown; since: Date | null; orders: NotedOrder[] }>(
    `SELECT p.reviews, p.reviews_since AS since, coalesce((
       SELECT jsonb_agg(jsonb_build_object('orderId', o.id, 'memberId', o.member_id, 'kind', o.kind, 'facts', f.facts, 'request',
                CASE WHEN r.id IS NOT NULL THEN jsonb_build_object('status', r.status, 'why', r.why, 'dueAt', r.due_at,
                  'isInvited', r.invited_at IS NOT NULL, 'memberId', r.member_id, 'products', r.products) END))
         FROM customer_order o CROSS JOIN LATERAL (SELECT ${PLAN_FACTS} AS facts OFFSET 0) f
              LEFT JOIN review_request r ON r.shop_id = o.shop_id AND r.order_id = o.id
        WHERE o.shop_id = $1 AND o.id = ANY ($2) AND o.facts IS NOT NULL
          AND (r.id IS NOT NULL OR f.facts->>'fulfilledAt' IS NOT NULL OR f.facts->>'deliveredAt' IS NOT NULL)), '[]') AS orders
       FROM shop_profile p WHERE p.shop_id = $1`,
    [tx.shopId, orderIds],
  );
  const shop = rows[0];
  if (!shop) return { changed: 0 };
  const since = shop.since ?? (await beginAsking(tx, now));
  if (shop.orders.length === 0) return { changed: 0 };
  const { requests: settings } = reviewSettingsSchema.parse(shop.reviews);
  const moves = shop.orders.flatMap((order) => moveOf(order, planRequest(order, settings, since)) ?? []);
  if (moves.length > 0) await writeMoves(tx, moves, now);
  return { changed: moves.length };
}

/** The parts of customer_order.facts (as o.facts) that a plan looks at, unpacked once. */
export const PLAN_FACTS = `(SELECT to_jsonb(f) FROM jsonb_to_record(o.facts) AS f (test boolean, "cancelledAt" text, "fulfilledAt" text,
  "deliveredAt" text, channel text, "financialStatus" text, dispute text, refunds jsonb, lines jsonb))`;

// The first event after an install (or after the update that brought reviews) is the beginning: what was
// shipped before it is history.
async function beginAsking(tx: ShopTx, now: Date): Promise<Date> {
  const { rows } = await tx.query<{ since: Date }>(
    `UPDATE shop_profile SET reviews_since = coalesce(reviews_since, $2) WHERE shop_id = $1 RETURNING reviews_since AS since`,
    [tx.shopId, startOfMinute(now)],
  );
  return rows[0]?.since ?? now;
}

interface Move {
  orderId: number;
  memberId: number | null;
  status: "scheduled" | "skipped" | "cancelled";
  why: string | null;
  basis: "delivered" | "fulfilled";
  dueAt: string | null;
  products: RequestProduct[];
}

// Once somebody was written to, or staff asked for it, only an order that is gone changes anything: the reminder must not follow.
function moveOf({ orderId, memberId, request }: NotedOrder, plan: RequestPlan): Move | null {
  const isUnderWay = request !== null && (request.isInvited || request.status === "due");
  if (isUnderWay && (!["sent", "due"].includes(request.status) || plan.status !== "cancelled")) return null;
  if (!request && plan.status === "waiting") return null;
  const move: Move = {
    orderId,
    memberId,
    status: plan.status === "waiting" ? "scheduled" : plan.status,
    why: "why" in plan ? plan.why : null,
    basis: plan.status === "scheduled" ? plan.basis : "fulfilled",
    dueAt: plan.status === "scheduled" ? plan.dueAt.toISOString() : null,
    products: plan.status === "scheduled" ? plan.products : (request?.products ?? []),
  };
  return request && isSame(request, move) ? null : move;
}

function isSame(request: NonNullable<NotedOrder["request"]>, move: Move): boolean {
  const due = request.dueAt === null ? null : new Date(request.dueAt).toISOString();
  return (
    request.status === move.status &&
    request.why === move.why &&
    due === move.dueAt &&
    request.memberId === move.memberId &&
    JSON.stringify(request.products.map(({ lineId }) => lineId)) ===
      JSON.stringify(move.products.map(({ lineId }) => lineId))
  );
}

// The row may have been invited since it was read: what is written then is only the end of it.
async function writeMoves(tx: ShopTx, moves: Move[], now: Date): Promise<void> {
  await tx.query(
    `INSERT INTO review_request (shop_id, order_id, member_id, status, why, basis, due_at, products, created_at, updated_at)
     SELECT $1, m."orderId", m."memberId", m.status, m.why, m.basis, m."dueAt", m.products, $3, $3
       FROM jsonb_to_recordset($2::jsonb) AS m ("orderId" bigint, "memberId" bigint, status text, why text, basis text, "dueAt" timestamptz, products jsonb)
      ORDER BY m."orderId"
     ON CONFLICT (shop_id, order_id) DO UPDATE
        SET member_id = excluded.member_id, status = excluded.status, why = excluded.why, basis = excluded.basis, due_at = excluded.due_at,
            products = CASE WHEN review_request.invited_at IS NULL THEN excluded.products ELSE review_request.products END, updated_at = excluded.updated_at
      WHERE (review_request.invited_at IS NULL AND review_request.status <> 'due')
         OR (review_request.status IN ('sent', 'due') AND excluded.status = 'cancelled')`,
    [tx.shopId, JSON.stringify(moves), now],
  );
}

// Shopify tells when goods left in whole seconds: an order shipped as the first event arrives is not an old one.
function startOfMinute(at: Date): Date {
  return new Date(Math.floor(at.getTime() / 60_000) * 60_000);
}

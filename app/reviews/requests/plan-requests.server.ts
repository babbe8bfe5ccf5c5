// Requests whose time has come take their next step: the invitation, one reminder, the end. Each step is one
// row of review_notice under a key of its own; journeys/ decides whether and when it is sent. The order is judged
// again first: what happened to it since may have moved the day or made the question pointless.
import { inShop, type ShopId, type ShopTx } from "../../db.server";
import { reviewSettingsIn } from "../read-settings.server";
import type { ReviewSettings } from "../review-settings";
import { PLAN_FACTS } from "./note-orders.server";
import { nextStep, type DueRequest, type RequestStep } from "./request-steps";
import { DAY_MS } from "./request-plan";
import { hashToken, requestToken } from "./request-token.server";

const REQUESTS_AT_ONCE = 50;

/** Points that the program gives for a review and its parts; null: it gives none. */
export type ReviewOffer = Partial<Record<"review" | "photo_review" | "video_review" | "first_review", number>> | null;

/** Takes every step that is due. */
export async function planRequests(
  shopId: ShopId,
  offer: ReviewOffer,
  now: Date,
  signal: AbortSignal,
): Promise<{ asked: number; ended: number }> {
  const total = { asked: 0, ended: 0 };
  while (!signal.aborted) {
    const steps = await inShop(shopId, (tx) => takeSteps(tx, offer, now));
    total.asked += steps.filter(({ step }) => step === "invite" || step === "remind").length;
    total.ended += steps.filter(({ step }) => step === "end").length;
    if (steps.length < REQUESTS_AT_ONCE) break;
  }
  return total;
}

async function takeSteps(tx: ShopTx, offer: ReviewOffer, now: Date): Promise<RequestStep[]> {
  const due = await claimDue(tx, now);
  if (due.length === 0) return [];
  const { requests: settings } = await reviewSettingsIn(tx);
  const steps = due.map((request) => nextStep(request, settings, now));
  for (const [index, step] of steps.entries()) {
    const request = due[index];
    if (request) await takeStep(tx, request, step, { settings, offer, now });
  }
  return steps;
}

async function claimDue(tx: ShopTx, now: Date): Promise<DueRequest[]> {
  const { rows } = await tx.query<DueRequest & { [column: string]: unknown }>(
    `WITH due AS (
       SELECT id, order_id, member_id, status, basis, generation, promised, products, invited_at, reminded_at, token_expires_at
         FROM review_request WHERE shop_id = $1 AND due_at <= $2 ORDER BY due_at, id LIMIT ${REQUESTS_AT_ONCE} FOR UPDATE SKIP LOCKED)
     SELECT due.id AS "requestId", due.member_id AS "memberId", due.status, due.generation, due.promised, due.products,
            due.invited_at AS "invitedAt", due.reminded_at AS "remindedAt", due.token_expires_at AS "tokenExpiresAt",
            o.kind, ${PLAN_FACTS} AS facts, o.deleted_at IS NOT NULL AS "isDeleted",
            o.member_id IS NOT NULL OR o.email IS NOT NULL AS "hasRecipient", coalesce(p.reviews_since, $2) AS since,
            (SELECT coalesce(array_agg(DISTINCT r.line_id), '{}') FROM review r
              WHERE r.shop_id = $1 AND r.status <> 'deleted' AND r.line_id IN (SELECT line->>'lineId' FROM jsonb_array_elements(o.facts->'lines') AS line)) AS "reviewedLines",
            (SELECT coalesce(array_agg(DISTINCT r.product_gid), '{}') FROM review r
              WHERE r.shop_id = $1 AND r.member_id = o.member_id AND r.status <> 'deleted') AS "reviewedProducts",
            (SELECT coalesce(array_agg(DISTINCT asked->>'productId'), '{}') FROM review_request e, jsonb_array_elements(e.products) AS asked
              WHERE e.shop_id = $1 AND e.member_id = o.member_id AND e.id <> due.id AND e.invited_at > $3 AND e.status <> 'skipped') AS "askedProducts",
            (SELECT m.status FROM message m WHERE m.shop_id = $1 AND m.key = 'request/' || due.id || '/' || due.generation || '/1') AS "mailStatus",
            (SELECT m.why FROM message m WHERE m.shop_id = $1 AND m.key = 'request/' || due.id || '/' || due.generation || '/1') AS "mailWhy"
       FROM due JOIN customer_order o ON o.shop_id = $1 AND o.id = due.order_id JOIN shop_profile p ON p.shop_id = $1
      ORDER BY due.id`,
    [tx.shopId, now, new Date(now.getTime() - ASKED_LATELY_DAYS * DAY_MS)],
  );
  return rows;
}
/** Somebody who buys the same tea every month is asked about it once a season. */
const ASKED_LATELY_DAYS = 90;

interface StepContext {
  settings: ReviewSettings["requests"];
  offer: ReviewOffer;
  now: Date;
}

async function takeStep(tx: ShopTx, request: DueRequest, step: RequestStep, context: StepContext): Promise<void> {
  const { now } = context;
  switch (step.step) {
    case "invite":
      await invite(tx, { ...request, products: step.products }, context);
      return;
    case "remind": {
      await noteNotice(tx, request, "review_reminder", 2, context);
      await tx.query(
        "UPDATE review_request SET reminded_at = $3, due_at = coalesce(token_expires_at, $3), updated_at = $3 WHERE shop_id = $1 AND id = $2",
        [tx.shopId, request.requestId, now],
      );
      return;
    }
    case "wait":
      await tx.query(
        "UPDATE review_request SET due_at = $3, why = $4, updated_at = $5 WHERE shop_id = $1 AND id = $2",
        [tx.shopId, request.requestId, step.until, step.until === null ? "not_delivered_yet" : null, now],
      );
      return;
    case "end":
      await tx.query(
        "UPDATE review_request SET status = $3, why = $4, due_at = NULL, updated_at = $5 WHERE shop_id = $1 AND id = $2",
        [tx.shopId, request.requestId, step.status, step.why, now],
      );
      return;
  }
}

/** Opens the request's link and asks. The same for the first invitation and for one that is sent again. */
export async function invite(
  tx: ShopTx,
  request: Pick<DueRequest, "requestId" | "memberId" | "generation" | "products">,
  { settings, offer, now }: StepContext,
): Promise<void> {
  // Points are for members; a guest cannot be promised any.
  const promised = settings.mentionPoints && offer !== null && request.memberId !== null;
  const expiresAt = new Date(now.getTime() + settings.linkDays * DAY_MS);
  const remindAt = new Date(now.getTime() + settings.reminder.afterDays * DAY_MS);
  const dueAt = settings.reminder.enabled && remindAt < expiresAt ? remindAt : expiresAt;
  await tx.query(
    `UPDATE review_request SET status = 'sent', why = NULL, invited_at = $3, reminded_at = NULL, due_at = $4, token_hash = $5, token_expires_at = $6,
            generation = $7, promised = promised OR $8, products = $9, updated_at = $3 WHERE shop_id = $1 AND id = $2`,
    [
      tx.shopId,
      request.requestId,
      now,
      dueAt,
      hashToken(requestToken(tx.shopId, request.requestId, request.generation)),
      expiresAt,
      request.generation,
      promised,
      JSON.stringify(request.products),
    ],
  );
  await noteNotice(tx, { ...request, promised }, "review_request", 1, { settings, offer, now });
}

async function noteNotice(
  tx: ShopTx,
  request: Pick<DueRequest, "requestId" | "generation"> & { promised: boolean },
  kind: "review_request" | "review_reminder",
  step: 1 | 2,
  { settings, offer, now }: StepContext,
): Promise<void> {
  const params = {
    generation: request.generation,
    offer: request.promised && settings.mentionPoints ? offer : null,
    subscribersOnly: settings.audience === "subscribed",
  };
  await tx.query(
    `INSERT INTO review_notice (shop_id, request_id, kind, key, params, at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
    [tx.shopId, request.requestId, kind, requestKey(request, step), JSON.stringify(params), now],
  );
}

/** The key of a step's message, of which there is never a second. */
export function requestKey(request: { requestId: number; generation: number }, step: 1 | 2): string {
  return `request/${request.requestId}/${request.generation}/${step}`;
}

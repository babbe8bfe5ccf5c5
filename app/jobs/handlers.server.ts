// Name → handler, loaded when the first job of the name arrives.
import type { JobData, JobName } from "./catalog";

/** What a handler may know beside its data. */
export interface JobContext {
  now: Date;
  /** Aborts when the worker stops or the job has lost its claim. */
  signal: AbortSignal;
}
type Handler<Name extends JobName> = (data: JobData<Name>, context: JobContext) => Promise<unknown>;

/** Every job's handler. */
export const HANDLERS: { [Name in JobName]: () => Promise<Handler<Name>> } = {
  "publish-balances": async () => (await import("./handlers/publish-balances.server")).publishBalances,
  "read-due-orders": async () => (await import("./handlers/read-due-orders.server")).readDueOrders,
  "learn-products": async () => (await import("./handlers/learn-products.server")).learnProducts,
  "release-due-points": async () => (await import("./handlers/release-due-points.server")).releasePoints,
  "expire-due-points": async () => (await import("./handlers/expire-due-points.server")).expirePoints,
  "advance-referrals": async () => (await import("./handlers/advance-referrals.server")).advanceDueReferrals,
  "grant-occasions": async () => (await import("./handlers/grant-occasions.server")).grantDueOccasions,
  "remind-expiry": async () => (await import("./handlers/remind-expiry.server")).remindOfExpiry,
  "announce-events": async () => (await import("./handlers/announce-events.server")).announce,
  "send-messages": async () => (await import("./handlers/send-messages.server")).sendDueMessages,
  "plan-review-requests": async () => (await import("./handlers/plan-review-requests.server")).planReviewRequests,
  "announce-reviews": async () => (await import("./handlers/announce-reviews.server")).announceShopReviews,
  "review-tiers": async () => (await import("./handlers/review-tiers.server")).reviewShopTiers,
  "complete-redemptions": async () => (await import("./handlers/complete-redemptions.server")).completeDueRedemptions,
  "end-review-holds": async () => (await import("./handlers/end-review-holds.server")).endReviewHolds,
  "tidy-review-media": async () => (await import("./handlers/tidy-review-media.server")).tidyReviewMedia,
  "publish-ratings": async () => (await import("./handlers/publish-ratings.server")).publishRatings,
  "recount-ratings": async () => (await import("./handlers/recount-ratings.server")).recountShopRatings,
  "analyse-reviews": async () => (await import("./handlers/analyse-reviews.server")).analyseShopReviews,
  "award-reviews": async () => (await import("./handlers/award-reviews.server")).awardDueReviews,
  "move-reviews": async () => (await import("./handlers/move-reviews.server")).moveShopReviews,
  "publish-program": async () => (await import("./handlers/publish-program.server")).publishShopProgram,
  "refresh-shop": async () => (await import("./handlers/shop-upkeep.server")).refreshShopFacts,
  "refresh-collection": async () => (await import("./handlers/shop-upkeep.server")).refreshCollection,
  "read-all-customers": async () => (await import("./handlers/read-all-customers.server")).readAllCustomers,
  "settle-waiting-orders": async () => (await import("./handlers/settle-waiting.server")).settleWaiting,
  "check-subscriptions": async () => (await import("./handlers/shop-upkeep.server")).checkShopSubscriptions,
  "reconcile-shop": async () => (await import("./handlers/reconcile-shop.server")).reconcileShop,
  "backfill-orders": async () => (await import("./handlers/backfill-orders.server")).backfillOrders,
  "apply-batch": async () => (await import("./handlers/transfers.server")).applyTransfer,
  "undo-batch": async () => (await import("./handlers/transfers.server")).undoTransfer,
  "purge-payloads": async () => (await import("../privacy/purge-payloads.server")).purgePayloads,
  "seal-ledger": async () => (await import("./handlers/shop-upkeep.server")).sealShopLedger,
  "keep-privacy": async () => (await import("./handlers/shop-upkeep.server")).keepPrivacy,
  "shop-redact": async () => (await import("../privacy/redact-shop.server")).redactShop,
  "tick-subscriptions": async () => (await import("./handlers/ticks.server")).tickSubscriptions,
  "tick-reconciliation": async () => (await import("./handlers/ticks.server")).tickReconciliation,
  "tick-retention": async () => (await import("./handlers/ticks.server")).tickRetention,
};

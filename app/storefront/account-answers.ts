// What the account extension reads: the shape of its doors' answers, in the shopper's language. Types only,
// and none of the app's other files: the extension is compiled with this one alone.

/** GET /account-api/account */
export interface AccountAnswer {
  outcome: "found";
  /** false: the shop's program is not (yet) running. */
  isOpen: boolean;
  /** IANA zone of the shop: its days are the program's days. */
  timeZone: string;
  available: number;
  pending: number;
  debt: number;
  /** "¥1,240": what the points buy as a discount; null: the shop has no such reward. */
  worth: string | null;
  nextExpiry: { points: number; on: string } | null;
  /** What joining gives; null: they have joined, or cannot now. */
  join: { points: number } | null;
  tier: AccountTier | null;
  history: AccountLine[];
  rewards: AccountReward[];
  redemptions: AccountRedemption[];
}
export interface AccountLine {
  id: string;
  /** The day in the shop's zone, written out. */
  on: string;
  /** What the shopper gained (+) or lost (−). */
  points: number;
  text: string;
  order: { name: string } | null;
}
export interface AccountTier {
  /** null: none reached yet. */
  name: string | null;
  until: string | null;
  /** null: the highest is held. */
  next: AccountNextTier | null;
}
export interface AccountNextTier {
  name: string;
  metric: "spend" | "points" | "orders";
  current: number;
  threshold: number;
  /** What is missing, written out: "¥12,000", "300". */
  left: string;
  periodEnd: string | null;
}
export interface AccountReward {
  id: number;
  title: string;
  points: number;
  availability: "available" | "insufficient_points" | "limit_reached" | "out_of_stock" | "tier_too_low" | "not_open";
  missing: number;
  /** For points off: how many points may be used; null: the price is fixed. */
  choose: { step: number; max: number } | null;
}
export interface AccountRedemption {
  id: number;
  title: string;
  points: number;
  status: "reserved" | "issued" | "posted" | "returning" | "voided" | "needs_person";
  /** null: still on its way, or none of its kind. */
  code: string | null;
  expiresAt: string | null;
}

/** GET /account-api/order: what an order of the customer earns. */
export type OrderAnswer =
  | { outcome: "found"; points: number; state: "waiting" | "pending" | "available" | "none"; text: string | null }
  /** Not theirs, or Shopify has not told us of it yet. */
  | { outcome: "not_found" }
  | { outcome: "bad_request" };

/** POST /account-api/redeem, as far as the extension looks. */
export interface RedeemAnswer {
  outcome: string;
  redemption?: { id: number; status: AccountRedemption["status"]; code: string | null };
}
/** POST /account-api/join */
export interface JoinAnswer {
  outcome: string;
  points?: number;
}

/** GET /account-api/reviews: what the customer bought, of one order or the newest, and what they wrote about it. */
export type OrderReviewsAnswer =
  { outcome: "found"; name: string; products: ReviewableProduct[]; points: number | null } | { outcome: "bad_request" };
export interface ReviewableProduct {
  lineId: string;
  title: string;
  /** null: not written yet. */
  review: { rating: number; state: "published" | "held" | "closed" } | null;
}
/** POST /account-api/review, as far as the extension looks. */
export interface ReviewSentAnswer {
  outcome: string;
}

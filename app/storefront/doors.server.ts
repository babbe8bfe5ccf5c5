// Every door of the storefront. A new one is a line here and a file beside it.
import { answerBirthday } from "./birthday.server";
import { claimOrders } from "./claim-orders.server";
import type { Door } from "./door";
import { readHistoryPage } from "./history-page.server";
import { answerJoin } from "./join.server";
import { readPanel } from "./panel.server";
import { createRateLimit } from "./rate-limit";
import { answerRedeem, answerRedeemCancel } from "./redeem.server";
import { answerInvite, answerReferral } from "./referral.server";
import { answerVote } from "./review-vote.server";
import { answerReviews } from "./reviews.server";
import { answerSocial } from "./social.server";

/** A shopper opens their history a few times a minute; a script does not stop at that. */
const reads = createRateLimit(20, 1);
/** A claim asks Shopify: once a visit is enough. */
const claims = createRateLimit(3, 1 / 60);
const joins = createRateLimit(3, 1 / 60);
/** Birthdays and follows: acts that nobody repeats in a hurry. */
const acts = createRateLimit(10, 1 / 10);
/** A visitor is one friend; a household may be a few. */
const friends = createRateLimit(5, 1 / 60);

/** Each asks Shopify; a repeated click counts, a hurried shopper is not shut out. */
const redemptions = createRateLimit(10, 1 / 6);

/** Filters and "more": a reader clicks often, a copier more often still. */
const shownReviews = createRateLimit(30, 2);
const votes = createRateLimit(15, 1 / 4);

/** Path below /proxy/ → door. */
export const DOORS: ReadonlyMap<string, Door> = new Map<string, Door>([
  [
    "history",
    {
      method: "GET",
      needsCustomer: true,
      limit: reads,
      handle: ({ shopId, customerId, parameters }) => readHistoryPage(shopId, customerId, parameters),
    },
  ],
  [
    "panel",
    {
      method: "GET",
      needsCustomer: true,
      limit: reads,
      handle: ({ shopId, customerId, now }) => readPanel(shopId, customerId, now),
    },
  ],
  [
    "claim",
    {
      method: "POST",
      needsCustomer: true,
      limit: claims,
      handle: async ({ shopId, customerId, now }) => ({
        outcome: "claimed",
        ...(await claimOrders(shopId, customerId, now)),
      }),
    },
  ],
  ["join", { method: "POST", needsCustomer: true, limit: joins, handle: answerJoin }],
  ["birthday", { method: "POST", needsCustomer: true, limit: acts, handle: answerBirthday }],
  ["invite", { method: "POST", needsCustomer: true, limit: acts, handle: answerInvite }],
  ["referral", { method: "POST", needsCustomer: false, limit: friends, handle: answerReferral }],
  ["social", { method: "POST", needsCustomer: true, limit: acts, handle: answerSocial }],
  ["redeem", { method: "POST", needsCustomer: true, limit: redemptions, handle: answerRedeem }],
  ["redeem-cancel", { method: "POST", needsCustomer: true, limit: redemptions, handle: answerRedeemCancel }],
  ["reviews", { method: "GET", needsCustomer: "public", limit: shownReviews, handle: answerReviews }],
  ["review-vote", { method: "POST", needsCustomer: false, limit: votes, handle: answerVote }],
]);

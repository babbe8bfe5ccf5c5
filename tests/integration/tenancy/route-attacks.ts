// What the pages' actions can be asked to do, with every id that an action takes: the crawl asks for it with the ids of
// another shop, with ids that nobody has, and with one's own.
import { AMOUNT_OFF } from "../loyalty/redemption-shop";
import type { FurnishedShop } from "./furnished-shop";

type Named = Pick<FurnishedShop, "ids" | "numbers" | "words">;
export interface Ask {
  /** What the address names: its `$parameter`. */
  parameter?: number | string;
  body: unknown;
}
/** `named`: whose ids are tried; `own`: the shop that is signed in. */
export type Attack = (named: Named, own: FurnishedShop) => Ask;

const adjustment = () => ({ points: 100, reason: "adjust_gift", note: "", key: crypto.randomUUID() });
const plan = { enabled: true, metric: "spend", window: { kind: "lifetime" }, graceDays: 0, grandfather: false };
const texts = { title: { en: "x", ja: "x" }, description: { en: "", ja: "" } };
const gid = (kind: string, number: string) => `gid://shopify/${kind}/${number}`;
const form = (fields: Record<string, string | File>) => {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  return data;
};
const ofMember = (body: (named: Named) => unknown): Attack => {
  return (named) => ({ parameter: named.ids.member, body: body(named) });
};
const ofReview = (body: (named: Named) => unknown): Attack => {
  return (named) => ({ parameter: named.ids.review, body: body(named) });
};
const ofOwnReview = (body: (named: Named) => unknown): Attack => {
  return (named, own) => ({ parameter: own.ids.review, body: body(named) });
};
const only = (body: (named: Named) => unknown): Attack => {
  return (named) => ({ body: body(named) });
};

/** Route → what → ask. Those of `WITHOUT_IDS` name nothing that could be another shop's. */
export const ROUTE_ATTACKS: Record<string, Record<string, Attack>> = {
  "app._index": {
    cancel_backfill: only(({ ids }) => ({ intent: "cancel_backfill", runId: ids.run })),
  },
  "app.members.$memberId": {
    adjust: ofMember(adjustment),
    set_tier: ofMember(({ words }) => ({ intent: "set_tier", tierId: words.tier, lastDay: null })),
    "set_tier of a stranger's tier": (named, own) => ({
      parameter: own.ids.member,
      body: { intent: "set_tier", tierId: named.words.tier, lastDay: null },
    }),
    end_tier: ofMember(() => ({ intent: "end_tier" })),
    cancel_redemption: ofMember(({ ids }) => ({ intent: "cancel_redemption", id: ids.redemption })),
    "cancel_redemption below an own member": (named, own) => ({
      parameter: own.ids.member,
      body: { intent: "cancel_redemption", id: named.ids.redemption, why: "x" },
    }),
  },
  "app.members._index": {
    "adjust many": only(({ ids }) => ({ ...adjustment(), memberIds: [ids.member] })),
  },
  "app.members.import": {
    run: only(({ ids }) => form({ act: "run", batchId: String(ids.batch) })),
    undo: only(({ ids }) => form({ act: "undo", batchId: String(ids.done) })),
  },
  "app.program.campaigns.$campaignId": {
    save: ({ words }) => ({
      parameter: words.campaign,
      body: { intent: "save", campaign: { id: words.campaign, enabled: false } },
    }),
    remove: ({ words }) => ({ parameter: words.campaign, body: { intent: "remove" } }),
    preview: ({ words }) => ({ parameter: words.campaign, body: { intent: "preview", campaign: {} } }),
  },
  "app.program.referrals": {
    reject: only(({ ids }) => ({ decide: ids.referral, decision: "reject" })),
  },
  // Before anything is taken away from a review.
  "app.reviews.gallery": {
    add: only(({ ids }) => ({ intent: "add", id: String(ids.media) })),
    order: only(({ ids }) => ({ intent: "order", ids: [String(ids.media)] })),
    remove: only(({ ids }) => ({ intent: "remove", id: String(ids.media) })),
  },
  "app.reviews.$reviewId": {
    note: ofReview(() => ({ intent: "note", text: "x" })),
    reply: ofReview(() => ({ intent: "reply", text: "Thank you." })),
    message: ofReview(() => ({ intent: "message", text: "x" })),
    keep: ofReview(() => ({ intent: "keep" })),
    mask: ofReview(() => ({ intent: "mask", kind: "profanity", field: "body", from: 0, to: 1, masked: true })),
    approve_media: ofReview(({ ids }) => ({ intent: "approve_media", mediaIds: [ids.media] })),
    "approve_media below an own review": ofOwnReview(({ ids }) => ({ intent: "approve_media", mediaIds: [ids.media] })),
    "describe below an own review": ofOwnReview(({ ids }) => ({ intent: "describe", mediaId: ids.media, alt: "x" })),
    "curate below an own review": ofOwnReview(({ ids }) => ({ intent: "curate", mediaId: ids.media })),
    "remove_media below an own review": ofOwnReview(({ ids }) => ({ intent: "remove_media", mediaIds: [ids.media] })),
    dismiss: ofReview(() => ({ intent: "dismiss" })),
  },
  "app.reviews._index": {
    publish: only(({ ids }) => ({ intent: "decide", ids: [ids.held], decision: "publish" })),
    reject: only(({ ids }) => ({ intent: "decide", ids: [ids.review], decision: "reject", reason: "spam" })),
  },
  "app.reviews.requests": {
    resend: only(({ ids }) => ({ intent: "resend", requestId: ids.request })),
    order_qr: only(({ ids }) => ({ intent: "order_qr", orderId: ids.order })),
    product_qr: only(({ numbers }) => ({ intent: "product_qr", productGid: gid("Product", numbers.product) })),
  },
  "app.reviews.tasks": {
    "assign to a stranger's staff": (named, own) => ({
      body: { intent: "assign", taskId: own.ids.task, assignee: named.words.staff },
    }),
    assign: (named, own) => ({ body: { intent: "assign", taskId: named.ids.task, assignee: own.words.staff } }),
    status: only(({ ids }) => ({ intent: "status", taskId: ids.task, status: "done" })),
  },
  "app.rewards.$rewardId": {
    add_codes: ({ ids }) => ({ parameter: ids.reward, body: { intent: "add_codes", codes: ["A1"] } }),
    save: ({ ids }) => ({
      parameter: ids.reward,
      body: { intent: "save", draft: { points: 7, terms: AMOUNT_OFF, texts }, status: "archived", revision: 1 },
    }),
  },
  "app.rewards._index": {
    reorder: only(({ ids }) => ({ ids: [ids.reward] })),
  },
  "app.rewards.new": {
    "with a stranger's tier": only(({ words }) => ({
      draft: { points: 7, terms: { ...AMOUNT_OFF, tierIds: [words.tier] }, texts, picture: null, stock: null },
      status: "draft",
    })),
  },
  "app.rewards.redemptions": {
    resolve: only(({ ids }) => ({ intent: "resolve", id: ids.redemption, verdict: "not_given" })),
    withdraw: only(({ ids }) => ({ intent: "withdraw", id: ids.redemption, why: "x" })),
    cancel: only(({ ids }) => ({ intent: "cancel", id: ids.redemption })),
  },
  "app.settings.deliveries.$deliveryId": {
    replay: ({ ids }) => ({ parameter: ids.delivery, body: {} }),
  },
  "app.settings.reviews": {
    group: only(({ words, numbers }) => ({
      intent: "group",
      groupKey: words.group,
      products: [gid("Product", numbers.product)],
    })),
  },
};

/** Acts that name no row: with another shop's name in the body they still are the caller's own. */
export const WITHOUT_IDS: Record<string, Record<string, (stranger: FurnishedShop) => unknown>> = {
  "app._index": {
    dismiss_guide: () => ({ intent: "dismiss_guide" }),
    check_theme: () => ({ intent: "check_theme" }),
    start_backfill: () => ({ intent: "start_backfill" }),
  },
  "app.members.import": {
    check: ({ mark }) =>
      form({ act: "check", mode: "add", file: new File([`email,points\n${mark}@example.com,5\n`], "x.csv") }),
  },
  "app.program.earning": { save: ({ shopId }) => ({ rate: { points: 1, perMinor: 100 }, shopId, shop_id: shopId }) },
  "app.program.referrals": { save: ({ shopId }) => ({ referral: { enabled: false, shopId } }) },
  "app.program.tiers": {
    preview: ({ words }) => ({
      intent: "preview",
      plan: { ...plan, tiers: [{ id: words.tier }] },
      startsAt: null,
      replaces: null,
    }),
    save: ({ words }) => ({
      intent: "save",
      plan: { ...plan, tiers: [{ id: words.tier }] },
      startsAt: null,
      replaces: null,
    }),
    take_back: () => ({ intent: "take_back", effectiveAt: "2026-01-01T00:00:00.000Z" }),
  },
  "app.program.trial": { try: ({ shopId }) => ({ shopId }) },
  "app.program.ways": {
    save: ({ words }) => ({ ways: [{ id: words.way, kind: "join", enabled: true, points: 1, holdDays: 0 }] }),
  },
  "app.program.wizard": {
    start: () => ({
      template: "points",
      choices: { giveBackPercent: 1, welcomePoints: 1, birthdayPoints: 1, hasTiers: false, includesPast: false },
    }),
  },
  "app.reviews.requests": { shop_qr: () => ({ intent: "shop_qr" }) },
  "app.settings._index": { remove_test_points: () => ({ intent: "remove_test_points" }) },
  "app.settings.deliveries._index": { "replay all": () => ({}) },
  "app.settings.messages": {
    save: ({ shopId }) => ({ intent: "save", settings: { shopId } }),
    test: () => ({ intent: "test", kind: "points_expiring", locale: "en" }),
  },
  "app.settings.reviews": {
    rotate: () => ({ intent: "rotate" }),
    save: ({ shopId }) => ({ intent: "save", settings: { shopId } }),
  },
};

/** What loaders read of an address, and what a stranger would put there. */
export const ADDRESS_WORDS: Record<string, (named: Named) => (number | string)[]> = {
  before: ({ ids }) => [ids.member, ids.media, ids.review],
  batch: ({ ids }) => [ids.batch, ids.done],
  cursor: ({ ids }) => [ids.redemption, ids.referral, ids.request, ids.task],
  pages: ({ ids }) => [ids.delivery],
  review: ({ ids }) => [ids.review, ids.held],
  product: ({ numbers }) => [numbers.product],
  tier: ({ words }) => [words.tier],
  code: ({ words }) => [words.code],
  q: ({ words, numbers }) => [words.code, words.referralCode, numbers.customer, numbers.order],
};

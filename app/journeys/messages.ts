// What may be said to somebody, on what legal ground, and what each message needs to know. Pure.
//
// kind               basis      arrives                            why
// reward_issued      service    at once                            the shopper has just asked for it: a receipt
// points_expiring    marketing  by day, one unasked mail a day     invites to come back, so it needs the opt-in
// tier_changed       marketing  by day, one a day
// referral_rewarded  marketing  by day, one a day
// review_request     service    by day, one a day                  belongs to the purchase; one that promises points is
// review_reminder    service    by day, one a day                  advertising (marketing), and so where the shop asks subscribers only
// review_confirm     service    at once, three a day to an address the author has just asked for it, and anybody may have typed that address
// review_published   service    by day                             an answer to what the author did
// review_rejected    service    at once                            with its reason, and the way to object
// review_replied     service    at once
// review_message     service    at once                            somebody of the shop writes to one author
import { z } from "zod";

export const MESSAGE_KINDS = [
  "reward_issued",
  "points_expiring",
  "tier_changed",
  "referral_rewarded",
  "review_request",
  "review_reminder",
  "review_confirm",
  "review_published",
  "review_rejected",
  "review_replied",
  "review_message",
] as const;
export type MessageKind = (typeof MESSAGE_KINDS)[number];
export type LegalBasis = "service" | "marketing";

/** Kinds a shop may switch off here. Requests have their own setting; the others are owed to the author. */
export const SWITCHABLE_KINDS = [
  "reward_issued",
  "points_expiring",
  "tier_changed",
  "referral_rewarded",
  "review_published",
  "review_replied",
] as const satisfies MessageKind[];

/** Why we may write: because it was asked for or belongs to a purchase, or because news were agreed to. */
export function basisOf(content: MessageContent): LegalBasis {
  switch (content.kind) {
    case "points_expiring":
    case "tier_changed":
    case "referral_rewarded":
      return "marketing";
    case "review_request":
    case "review_reminder":
      return content.params.offer !== null || content.params.subscribersOnly ? "marketing" : "service";
    default:
      return "service";
  }
}

/** When it may arrive. byDay: outside the quiet hours. cap: what limits how many. */
export function mannersOf(content: MessageContent): { byDay: boolean; cap: "day" | "address" | null } {
  switch (content.kind) {
    case "points_expiring":
    case "tier_changed":
    case "referral_rewarded":
    case "review_request":
    case "review_reminder":
      return { byDay: true, cap: "day" };
    case "review_published":
      return { byDay: true, cap: null };
    case "review_confirm":
      return { byDay: false, cap: "address" };
    default:
      return { byDay: false, cap: null };
  }
}

const localized = z.object({ en: z.string(), ja: z.string() });
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const points = z.number().int().positive();
/** What the program promises for a review and its parts. */
const offer = z
  .object({ review: points, photo_review: points, video_review: points, first_review: points })
  .partial()
  .nullable()
  .default(null);
// Of a request or a review only codes are stored with the message; the rest is read when it is sent.
const url = z.string().nullable().default(null);
const request = z.object({
  generation: z.number().int(),
  offer,
  subscribersOnly: z.boolean().default(false),
  products: z.array(z.string()).default([]),
  url,
});
const review = z.object({ product: z.string().default(""), url });
const PARAMS = {
  reward_issued: z.object({
    title: z.union([localized, z.string().transform((text) => ({ en: text, ja: text }))]),
    code: z.string().max(200).nullish(),
    expiresAt: z.iso.datetime({ offset: true }).nullish(),
  }),
  points_expiring: z.object({ points, on: day, daysBefore: z.number().int().min(0) }),
  tier_changed: z.object({
    toTierId: z.string().nullable(),
    /** The tier's name and whether it is above the one before; added when the event is announced. */
    tier: localized.nullish(),
    isUp: z.boolean().default(true),
    until: z.iso.datetime({ offset: true }).nullish(),
  }),
  referral_rewarded: z.object({ points }),
  review_request: request,
  review_reminder: request,
  review_confirm: review,
  review_published: review.extend({ points: z.number().int().min(0).default(0) }),
  review_rejected: review.extend({
    reason: z.string().default(""),
    canAppeal: z.boolean().default(true),
    /** An edit was turned down: the words before it stay. */
    edit: z.boolean().default(false),
  }),
  review_replied: review.extend({ reply: z.string().default("") }),
  review_message: review.extend({ noteId: z.number().int().nullable().default(null), text: z.string().default("") }),
} as const satisfies Record<MessageKind, z.ZodType>;

export type MessageParams = { [Kind in MessageKind]: z.infer<(typeof PARAMS)[Kind]> };
export type MessageContent = { [Kind in MessageKind]: { kind: Kind; params: MessageParams[Kind] } }[MessageKind];

/** What happened, as a message can say it. null: an event of a kind that is told to nobody, or without what it needs. */
export function readContent(kind: string, params: unknown): MessageContent | null {
  const known = MESSAGE_KINDS.find((each) => each === kind);
  if (!known) return null;
  const parsed = PARAMS[known].safeParse(params);
  return parsed.success ? ({ kind: known, params: parsed.data } as MessageContent) : null;
}

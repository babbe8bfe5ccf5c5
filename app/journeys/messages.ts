// What may be said to a member, on what legal ground, and what each message needs to know. Pure.
//
// kind               basis      why
// reward_issued      service    the shopper has just asked for it: a receipt
// points_expiring    marketing  invites to come back, so it needs the opt-in
// tier_changed       marketing
// referral_rewarded  marketing
import { z } from "zod";

export const MESSAGE_KINDS = ["reward_issued", "points_expiring", "tier_changed", "referral_rewarded"] as const;
export type MessageKind = (typeof MESSAGE_KINDS)[number];
export type LegalBasis = "service" | "marketing";

const BASIS: Record<MessageKind, LegalBasis> = {
  reward_issued: "service",
  points_expiring: "marketing",
  tier_changed: "marketing",
  referral_rewarded: "marketing",
};
/** Why we may write: because it was asked for, or because news were agreed to. */
export function basisOf(kind: MessageKind): LegalBasis {
  return BASIS[kind];
}

const localized = z.object({ en: z.string(), ja: z.string() });
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const PARAMS = {
  reward_issued: z.object({
    title: z.union([localized, z.string().transform((text) => ({ en: text, ja: text }))]),
    code: z.string().max(200).nullish(),
    expiresAt: z.iso.datetime({ offset: true }).nullish(),
  }),
  points_expiring: z.object({ points: z.number().int().positive(), on: day, daysBefore: z.number().int().min(0) }),
  tier_changed: z.object({
    toTierId: z.string().nullable(),
    /** The tier's name and whether it is above the one before; added when the event is announced. */
    tier: localized.nullish(),
    isUp: z.boolean().default(true),
    until: z.iso.datetime({ offset: true }).nullish(),
  }),
  referral_rewarded: z.object({ points: z.number().int().positive() }),
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

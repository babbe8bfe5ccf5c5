// What the page of one review may ask for; shared by its route and the inbox. Pure.
import { z } from "zod";

import { FINDING_KINDS } from "../../../reviews/moderation/findings";
import { REJECT_REASONS, TEXT_FIELDS } from "../../../reviews/review-content";

const rowId = z.number().int().positive().max(Number.MAX_SAFE_INTEGER);
const text = z.string().max(10_000);

export const reviewRequestSchema = z.discriminatedUnion("intent", [
  z.strictObject({ intent: z.literal("reply"), text }),
  z.strictObject({ intent: z.literal("message"), text }),
  z.strictObject({ intent: z.literal("note"), text }),
  z.strictObject({ intent: z.literal("keep") }),
  z.strictObject({ intent: z.literal("dismiss") }),
  z.strictObject({
    intent: z.literal("mask"),
    kind: z.enum(FINDING_KINDS),
    field: z.enum(TEXT_FIELDS),
    from: z.number().int().min(0),
    to: z.number().int().min(0),
    masked: z.boolean(),
  }),
  z.strictObject({ intent: z.literal("approve_media"), mediaIds: z.array(rowId).min(1).max(20) }),
  z.strictObject({ intent: z.literal("remove_media"), mediaIds: z.array(rowId).min(1).max(20) }),
  z.strictObject({ intent: z.literal("describe"), mediaId: rowId, alt: z.string().max(300) }),
  z.strictObject({ intent: z.literal("curate"), mediaId: rowId }),
]);
export type ReviewRequest = z.infer<typeof reviewRequestSchema>;

/** What became of it, as a text of the catalogue ("reviews.act.…"). */
export type ReviewAct =
  | "replied"
  | "removed"
  | "unchanged"
  | "sent"
  | "noted"
  | "resolved"
  | "rejected"
  | "masked"
  | "unmasked"
  | "media_approved"
  | "media_removed"
  | "described"
  | "curated"
  | "no_address"
  | "not_published"
  | "too_long"
  | "empty"
  | "failed";
export interface ReviewAnswer {
  act: ReviewAct;
}

export const decideRequestSchema = z.strictObject({
  intent: z.literal("decide"),
  ids: z.array(rowId).min(1).max(100),
  decision: z.enum(["publish", "reject"]),
  reason: z.enum(REJECT_REASONS).optional(),
  about: z.enum(["review", "edit"]).optional(),
});
export interface DecideAnswer {
  outcome: "decided" | "failed";
  done: number;
  /** Changed meanwhile, or waiting for their authors. */
  left: number;
}

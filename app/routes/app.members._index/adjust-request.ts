// What an adjustment form may send; shared by the list and the member page.
import { z } from "zod";

import { ADJUSTMENT_MAX } from "../../loyalty/adjust-limits";
import { ADJUSTMENT_REASONS } from "../../loyalty/reasons";

/** The members of one request; a larger selection is sent in several, so that progress can be seen. */
export const CHUNK = 10;

const adjustment = {
  points: z
    .number()
    .int()
    .min(-ADJUSTMENT_MAX)
    .max(ADJUSTMENT_MAX)
    .refine((points) => points !== 0),
  reason: z.enum(ADJUSTMENT_REASONS),
  note: z.string().max(500),
  /** Made once per form, so that a repeated request adjusts once. */
  key: z.uuid(),
  /** Said on purpose for an act above the limit of `needsConfirmation`. */
  confirmed: z.boolean().default(false),
};

export const adjustRequestSchema = z.strictObject(adjustment);
export const bulkAdjustRequestSchema = z.strictObject({
  ...adjustment,
  memberIds: z.array(z.number().int().positive()).min(1).max(CHUNK),
});
export type BulkAdjustRequest = z.input<typeof bulkAdjustRequestSchema>;

// What an adjustment form may send; shared by the list and the member page.
import { z } from "zod";

import { ADJUSTMENT_REASONS } from "../../loyalty/reasons";

/** The members of one request; a larger selection is sent in several, so that progress can be seen. */
export const CHUNK = 10;

const adjustment = {
  points: z
    .number()
    .int()
    .min(-10_000_000)
    .max(10_000_000)
    .refine((points) => points !== 0),
  reason: z.enum(ADJUSTMENT_REASONS),
  note: z.string().max(500),
  /** Made once per form, so that a repeated request adjusts once. */
  key: z.uuid(),
};

export const adjustRequestSchema = z.strictObject(adjustment);
export const bulkAdjustRequestSchema = z.strictObject({
  ...adjustment,
  memberIds: z.array(z.number().int().positive()).min(1).max(CHUNK),
});
export type BulkAdjustRequest = z.infer<typeof bulkAdjustRequestSchema>;

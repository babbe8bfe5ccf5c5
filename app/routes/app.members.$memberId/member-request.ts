// What the member's page may ask for.
import { z } from "zod";

import { adjustRequestSchema } from "../app.members._index/adjust-request";

const intentSchema = z.discriminatedUnion("intent", [
  z.strictObject({
    intent: z.literal("set_tier"),
    tierId: z.string().min(1).max(40),
    /** The shop's day; null: no end. */
    lastDay: z.iso.date().nullable(),
  }),
  z.strictObject({ intent: z.literal("end_tier") }),
  z.strictObject({
    intent: z.literal("cancel_redemption"),
    id: z.number().int().positive(),
    /** Why what the shop gave is taken back. */
    why: z.string().max(2_000).optional(),
  }),
]);
export type MemberIntent = z.infer<typeof intentSchema>;

export const memberRequestSchema = z.union([intentSchema, adjustRequestSchema]);
export type AdjustRequest = z.input<typeof adjustRequestSchema>;

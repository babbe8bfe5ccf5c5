// A shop's mail settings: who writes, where answers go, and which messages are on. Pure.
//
// setting      default            why
// senderName   the shop's name
// replyTo      the shop's e-mail
// kinds        all on             each message is useful by itself; consent is asked for elsewhere
// oneADay      on                 at most one message a day that was not asked for
// linkPath     the start page     only the merchant knows which page shows the points
import { z } from "zod";

/** A name in a header: one line, no address and no markup inside. */
const senderName = z
  .string()
  .trim()
  .min(1)
  .max(60)
  .regex(/^[^\p{Cc}<>"@\\]+$/u);

/** A page of the shop itself: a path, never another host. */
const linkPath = z
  .string()
  .trim()
  .max(200)
  .regex(/^\/(?!\/)[^\s\\<>"\p{Cc}]*$/u);

export const mailSettingsSchema = z.strictObject({
  senderName: senderName.nullable().default(null),
  replyTo: z.email().max(200).nullable().default(null),
  kinds: z
    .strictObject({
      reward_issued: z.boolean().default(true),
      points_expiring: z.boolean().default(true),
      tier_changed: z.boolean().default(true),
      referral_rewarded: z.boolean().default(true),
      review_published: z.boolean().default(true),
      review_replied: z.boolean().default(true),
    })
    .prefault({}),
  oneADay: z.boolean().default(true),
  linkPath: linkPath.default("/"),
});
export type MailSettings = z.infer<typeof mailSettingsSchema>;

// A shop's review settings: whom to ask and when, who may write, what is looked at first, how it is shown. Pure.
// No setting depends on stars, except who is helped: a low rating may open a task and never touches the review.
//
// setting               default            why
// requests              on, 7 days         after delivery; without its news fulfilment + shipping days stand for it
// requests.audience     everyone           a plain request belongs to the purchase; one that promises points needs consent
// requests.mentionPoints off               a request with a promise is advertising
// open                  signed_in          a verified badge comes from an order only, whoever may write
// publish               when_clean         what no rule holds is shown at once; after_a_look still ends by itself
// tasks                 2 stars, 24 hours  somebody answers; the review stays as it is
import { z } from "zod";

const localized = z.strictObject({ en: z.string().trim().max(120), ja: z.string().trim().max(120) });
const days = (max: number) => z.number().int().min(0).max(max);
const id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/);

/** A question of the shop's own, asked beside the stars: "How does it fit?" */
export const questionSchema = z
  .strictObject({
    id,
    /** scale: ordered options (tight … loose), shown as a line. choice: one of several (skin type, age band). */
    kind: z.enum(["scale", "choice"]),
    label: localized,
    options: z
      .array(z.strictObject({ id, label: localized }))
      .min(2)
      .max(12),
    /** Shopify's product types it is asked for; empty: every product. */
    productTypes: z.array(z.string().trim().min(1).max(255)).max(50),
    /** The answer is about the author (skin type), not about the product: shown beside the name. */
    aboutAuthor: z.boolean().default(false),
  })
  .refine(({ options }) => new Set(options.map((option) => option.id)).size === options.length, {
    path: ["options"],
    params: { code: "option_ids_repeat" },
  });
export type ReviewQuestion = z.infer<typeof questionSchema>;

export const reviewSettingsSchema = z.strictObject({
  requests: z
    .strictObject({
      enabled: z.boolean().default(true),
      /** Days after delivery. */
      waitDays: days(120).default(7),
      /** Other days for a product type; of an order's products the longest wait counts. */
      waitByType: z
        .array(z.strictObject({ productType: z.string().trim().min(1).max(255), days: days(120) }))
        .max(50)
        .default([]),
      /** Added to the fulfilment where no delivery is told. */
      shippingDays: days(60).default(5),
      reminder: z.strictObject({ enabled: z.boolean(), afterDays: days(60) }).default({ enabled: true, afterDays: 7 }),
      /** How long a link stays open. */
      linkDays: z.number().int().min(7).max(365).default(90),
      audience: z.enum(["everyone", "subscribed"]).default("everyone"),
      /** The mail promises the points of the program: it goes to subscribers only, and marks what is written. */
      mentionPoints: z.boolean().default(false),
    })
    .prefault({}),
  /** Who may write without an invitation. */
  open: z.enum(["nobody", "signed_in", "everyone"]).default("signed_in"),
  publish: z.enum(["when_clean", "after_a_look"]).default("when_clean"),
  questions: z
    .array(questionSchema)
    .max(12)
    .default([])
    .refine((questions) => new Set(questions.map((question) => question.id)).size === questions.length, {
      params: { code: "question_ids_repeat" },
    }),
  media: z
    .strictObject({
      photos: z.boolean().default(true),
      videos: z.boolean().default(true),
      /** Megabytes of media a shop keeps. */
      quotaMegabytes: z.number().int().min(100).max(1_000_000).default(5_000),
    })
    .prefault({}),
  moderation: z
    .strictObject({
      /** The shop's own words to look at. */
      words: z.array(z.string().trim().min(1).max(60)).max(500).default([]),
      mildProfanity: z.boolean().default(false),
      /** Claims about health and beauty that the law keeps from advertising. */
      claims: z.boolean().default(true),
      /** Addresses of people who work here, beside the shop's own. */
      staffEmails: z.array(z.email().max(200)).max(200).default([]),
    })
    .prefault({}),
  /** How an author is named: as written, with the last name shortened, or by initials. */
  names: z.enum(["full", "short", "initials"]).default("short"),
  /** Answers written once and given with one click; nothing in them is filled in. */
  savedReplies: z
    .array(z.strictObject({ id, name: z.string().trim().min(1).max(60), text: z.string().trim().min(1).max(2_000) }))
    .max(20)
    .default([])
    .refine((replies) => new Set(replies.map((reply) => reply.id)).size === replies.length, {
      params: { code: "reply_ids_repeat" },
    }),
  tasks: z
    .strictObject({
      enabled: z.boolean().default(true),
      upToStars: z.number().int().min(1).max(4).default(2),
      answerHours: z.number().int().min(1).max(720).default(24),
    })
    .prefault({}),
  feeds: z
    .strictObject({
      enabled: z.boolean().default(false),
      /** Raised to end the old addresses. */
      generation: z.number().int().min(1).default(1),
    })
    .prefault({}),
  /** Reviews are handed on to Shopify's Shop app, whose rules allow no reward for them. */
  shopAppSync: z.boolean().default(false),
});
export type ReviewSettings = z.infer<typeof reviewSettingsSchema>;
export type SavedReply = ReviewSettings["savedReplies"][number];
export const DEFAULT_REVIEW_SETTINGS: ReviewSettings = reviewSettingsSchema.parse({});

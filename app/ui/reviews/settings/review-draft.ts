// The review settings while they are typed: numbers as text, so that a wrong one stays to be corrected.
import { z } from "zod";

import {
  reviewSettingsSchema,
  type ReviewQuestion,
  type ReviewSettings,
  type SavedReply,
} from "../../../reviews/review-settings";
import { FieldReader, type FieldErrors } from "../../typed-fields";

export interface ReviewDraft {
  requests: boolean;
  waitDays: string;
  waitByType: { key: string; productType: string; days: string }[];
  shippingDays: string;
  reminder: boolean;
  reminderDays: string;
  linkDays: string;
  audience: ReviewSettings["requests"]["audience"];
  mentionPoints: boolean;
  open: ReviewSettings["open"];
  publish: ReviewSettings["publish"];
  questions: ReviewQuestion[];
  photos: boolean;
  videos: boolean;
  quota: string;
  words: string[];
  mildProfanity: boolean;
  claims: boolean;
  staffEmails: string[];
  names: ReviewSettings["names"];
  tasks: boolean;
  upToStars: number;
  answerHours: string;
  savedReplies: SavedReply[];
  feeds: boolean;
  feedsGeneration: number;
  shopAppSync: boolean;
}

/** Fields by name; rows of lists carry their own key or id. */
export type ReviewField =
  | "waitDays"
  | "shippingDays"
  | "reminderDays"
  | "linkDays"
  | "quota"
  | "answerHours"
  | "shopAppSync"
  | "staffEmails"
  | "words"
  | `type.${string}.name`
  | `type.${string}.days`
  | `question.${string}.label`
  | `question.${string}.options`
  | `reply.${string}.name`
  | `reply.${string}.text`;
export type ReviewErrors = FieldErrors<ReviewField>;

/** The draft of saved settings. */
export function draftFromSettings(settings: ReviewSettings): ReviewDraft {
  const { requests, media, moderation, tasks, feeds } = settings;
  return {
    requests: requests.enabled,
    waitDays: String(requests.waitDays),
    waitByType: requests.waitByType.map(({ productType, days }) => ({
      key: productType,
      productType,
      days: String(days),
    })),
    shippingDays: String(requests.shippingDays),
    reminder: requests.reminder.enabled,
    reminderDays: String(requests.reminder.afterDays),
    linkDays: String(requests.linkDays),
    audience: requests.audience,
    mentionPoints: requests.mentionPoints,
    open: settings.open,
    publish: settings.publish,
    questions: settings.questions,
    photos: media.photos,
    videos: media.videos,
    quota: String(media.quotaMegabytes),
    words: moderation.words,
    mildProfanity: moderation.mildProfanity,
    claims: moderation.claims,
    staffEmails: moderation.staffEmails,
    names: settings.names,
    tasks: tasks.enabled,
    upToStars: tasks.upToStars,
    answerHours: String(tasks.answerHours),
    savedReplies: settings.savedReplies,
    feeds: feeds.enabled,
    feedsGeneration: feeds.generation,
    shopAppSync: settings.shopAppSync,
  };
}

// Texts need no currency and no zone.
const PLAIN = { currency: "JPY", timeZone: "UTC" };
type Reader = FieldReader<ReviewField>;

/** The settings a draft says, or what is wrong with it. */
export function readReviewDraft(draft: ReviewDraft): { value: ReviewSettings } | { errors: ReviewErrors } {
  const reader: Reader = new FieldReader<ReviewField>(PLAIN);
  const settings = {
    requests: readRequests(reader, draft),
    open: draft.open,
    publish: draft.publish,
    questions: readQuestions(reader, draft.questions),
    media: {
      photos: draft.photos,
      videos: draft.videos,
      quotaMegabytes: reader.whole("quota", draft.quota, { min: 100, max: 1_000_000 }),
    },
    moderation: {
      words: draft.words,
      mildProfanity: draft.mildProfanity,
      claims: draft.claims,
      staffEmails: draft.staffEmails,
    },
    names: draft.names,
    savedReplies: readReplies(reader, draft.savedReplies),
    tasks: {
      enabled: draft.tasks,
      upToStars: draft.upToStars,
      answerHours: reader.whole("answerHours", draft.answerHours, { min: 1, max: 720 }),
    },
    feeds: { enabled: draft.feeds, generation: draft.feedsGeneration },
    shopAppSync: draft.shopAppSync,
  };
  if (reader.failed) return { errors: reader.errors };
  const parsed = reviewSettingsSchema.safeParse(settings);
  if (parsed.success) return { value: parsed.data };
  return { errors: errorsOfPaths(parsed.error.issues.map(({ path }) => path.join("."))) };
}

function readRequests(reader: Reader, draft: ReviewDraft): ReviewSettings["requests"] {
  return {
    enabled: draft.requests,
    waitDays: reader.whole("waitDays", draft.waitDays, { min: 0, max: 120 }),
    waitByType: draft.waitByType.map(({ key, productType, days }) => {
      if (productType.trim() === "") reader.refuse(`type.${key}.name`, "required");
      return { productType: productType.trim(), days: reader.whole(`type.${key}.days`, days, { min: 0, max: 120 }) };
    }),
    shippingDays: reader.whole("shippingDays", draft.shippingDays, { min: 0, max: 60 }),
    reminder: {
      enabled: draft.reminder,
      afterDays: reader.whole("reminderDays", draft.reminderDays, { min: 1, max: 60 }),
    },
    linkDays: reader.whole("linkDays", draft.linkDays, { min: 7, max: 365 }),
    // A promise is advertising, which goes to those who agreed to it.
    audience: draft.mentionPoints ? "subscribed" : draft.audience,
    mentionPoints: draft.mentionPoints,
  };
}

function readQuestions(reader: Reader, questions: ReviewQuestion[]): ReviewQuestion[] {
  for (const { id, label, options } of questions) {
    reader.localized(`question.${id}.label`, label);
    const empty = options.some((option) => option.label.en.trim() === "" && option.label.ja.trim() === "");
    if (empty || options.length < 2) reader.refuse(`question.${id}.options`, "text");
  }
  return questions;
}

function readReplies(reader: Reader, replies: SavedReply[]): SavedReply[] {
  for (const { id, name, text } of replies) {
    if (name.trim() === "") reader.refuse(`reply.${id}.name`, "required");
    if (text.trim() === "") reader.refuse(`reply.${id}.text`, "required");
  }
  return replies;
}

const FIELD_OF: Record<string, ReviewField> = {
  "requests.waitDays": "waitDays",
  "requests.shippingDays": "shippingDays",
  "requests.reminder.afterDays": "reminderDays",
  "requests.linkDays": "linkDays",
  "media.quotaMegabytes": "quota",
  "tasks.answerHours": "answerHours",
  "moderation.staffEmails": "staffEmails",
  "moderation.words": "words",
  shopAppSync: "shopAppSync",
};
/** Paths that the server refused, as errors in place. */
export function errorsOfPaths(paths: string[]): ReviewErrors {
  const errors: ReviewErrors = {};
  for (const path of paths) {
    const known = Object.keys(FIELD_OF).find((start) => path === start || path.startsWith(`${start}.`));
    const field = known ? FIELD_OF[known] : undefined;
    if (field) errors[field] = { code: "range" };
  }
  return errors;
}

/** An e-mail address as typed, or null. */
export function readEmail(text: string): string | null {
  return z.email().max(200).safeParse(text.trim().toLowerCase()).data ?? null;
}

/** Six letters and digits: enough to tell apart the parts of one shop's settings, for ever. */
export function newKey(): string {
  const letters = "abcdefghijklmnopqrstuvwxyz234567";
  return [...crypto.getRandomValues(new Uint8Array(6))].map((byte) => letters[byte % letters.length]).join("");
}

/** A list with one element moved by one place. */
export function moved<T>(list: T[], index: number, by: -1 | 1): T[] {
  const target = index + by;
  if (target < 0 || target >= list.length) return list;
  const next = [...list];
  const [taken] = next.splice(index, 1);
  if (taken !== undefined) next.splice(target, 0, taken);
  return next;
}

// What the rest of the app knows of a Shopify customer, from webhook bodies and from GraphQL.
import { z } from "zod";

import { toGid } from "./gid";
import type { Instant } from "./order-facts";

export type CustomerState = "disabled" | "invited" | "enabled" | "declined" | "unknown";
/** subscribed | unsubscribed | not_subscribed | pending | invalid | redacted, or a value we do not know yet. */
export type ConsentState = string;

/** The newest known state of a customer. undefined = this source does not carry the fact. */
export interface CustomerFacts {
  /** gid://shopify/Customer/1 */
  customerId: string;
  name: string;
  email: string | null;
  /** Shopify has proof that the address is the person's own. */
  verifiedEmail: boolean;
  state: CustomerState;
  createdAt: Instant | null;
  updatedAt: Instant;
  locale?: string;
  tags?: string[];
  emailConsent?: ConsentState | null;
  smsConsent?: ConsentState | null;
  /** What Shopify keeps from us: empty here, whatever it is. */
  denied?: ("name" | "email")[];
}

const id = z.union([z.number().int().nonnegative(), z.string().regex(/^\d+$/)]);
const instant = z.string().transform((text, context) => {
  const at = new Date(text);
  if (!Number.isNaN(at.getTime())) return at.toISOString();
  context.addIssue("not an instant");
  return z.NEVER;
});
const payloadSchema = z.object({
  id: id.optional(),
  admin_graphql_api_id: z.string().optional(),
  first_name: z.string().nullish(),
  last_name: z.string().nullish(),
  email: z.string().nullish(),
  verified_email: z.boolean().nullish(),
  state: z.string().nullish(),
  created_at: instant.nullish(),
  updated_at: instant.nullish(),
  tags: z.string().nullish(),
});

/** Older than any real state: a body without updated_at serves only where nothing is known. */
const BEFORE_EVERYTHING = "1970-01-01T00:00:00.000Z";

/**
 * Parses the body of customers/create and customers/update. The body carries neither consents nor
 * locale, and tags only in old API versions.
 */
export function customerFactsFromPayload(json: unknown): CustomerFacts {
  const customer = payloadSchema.parse(json);
  return {
    customerId: customer.admin_graphql_api_id ?? toGid("Customer", customer.id ?? ""),
    name: fullName(customer.first_name, customer.last_name),
    email: customer.email?.trim() || null,
    verifiedEmail: customer.verified_email ?? false,
    state: toState(customer.state),
    createdAt: customer.created_at ?? null,
    updatedAt: customer.updated_at ?? customer.created_at ?? BEFORE_EVERYTHING,
    ...(customer.tags === undefined || customer.tags === null ? {} : { tags: splitTags(customer.tags) }),
  };
}

const nodeSchema = z.object({
  id: z.string(),
  firstName: z.string().nullable(),
  lastName: z.string().nullable(),
  locale: z.string(),
  tags: z.array(z.string()),
  state: z.string(),
  verifiedEmail: z.boolean(),
  createdAt: instant,
  updatedAt: instant,
  defaultEmailAddress: z.object({ emailAddress: z.string(), marketingState: z.string() }).nullable(),
});

/**
 * Parses a Customer node as selected by `customerFields`.
 * @param deniedFields fields that are null only because Shopify keeps them from us
 */
export function customerFactsFromNode(node: unknown, deniedFields: readonly string[] = []): CustomerFacts {
  const customer = nodeSchema.parse(node);
  const denied: CustomerFacts["denied"] = [];
  if (deniedFields.includes("firstName") || deniedFields.includes("lastName")) denied.push("name");
  if (deniedFields.includes("defaultEmailAddress")) denied.push("email");
  return {
    ...(denied.length > 0 ? { denied } : {}),
    customerId: customer.id,
    name: fullName(customer.firstName, customer.lastName),
    email: customer.defaultEmailAddress?.emailAddress.trim() || null,
    verifiedEmail: customer.verifiedEmail,
    state: toState(customer.state),
    createdAt: customer.createdAt,
    updatedAt: customer.updatedAt,
    locale: customer.locale,
    tags: [...customer.tags].sort(),
    emailConsent: customer.defaultEmailAddress?.marketingState.toLowerCase() ?? null,
  };
}

/** A change of consent in one channel. */
export interface ConsentChange {
  customerId: string;
  channel: "email" | "sms";
  state: ConsentState | null;
  at: Instant | null;
}
const consent = z.object({ state: z.string().nullish(), consent_updated_at: instant.nullish() });

/** Parses customers_email_marketing_consent/update and customers_marketing_consent/update (SMS). */
export function consentFromPayload(json: unknown): ConsentChange {
  const body = z
    .union([
      z.object({ customer_id: id, email_marketing_consent: consent }),
      z.object({ id, sms_marketing_consent: consent }),
    ])
    .parse(json);
  const isEmail = "email_marketing_consent" in body;
  const { state, consent_updated_at: at } = isEmail ? body.email_marketing_consent : body.sms_marketing_consent;
  return {
    customerId: toGid("Customer", isEmail ? body.customer_id : body.id),
    channel: isEmail ? "email" : "sms",
    state: state?.toLowerCase() ?? null,
    at: at ?? null,
  };
}

/** What customers/merge says; only "completed" moves anything. */
export interface CustomerMerge {
  keptId: string;
  deletedId: string;
  status: "requested" | "in_progress" | "completed" | "failed" | "unknown";
}

/** Parses customers/merge. */
export function mergeFromPayload(json: unknown): CustomerMerge {
  const body = z
    .object({
      admin_graphql_api_customer_kept_id: z.string(),
      admin_graphql_api_customer_deleted_id: z.string(),
      status: z.string(),
    })
    .parse(json);
  const known = ["requested", "in_progress", "completed", "failed"] as const;
  return {
    keptId: body.admin_graphql_api_customer_kept_id,
    deletedId: body.admin_graphql_api_customer_deleted_id,
    status: known.find((each) => each === body.status.toLowerCase()) ?? "unknown",
  };
}

const EAST_ASIAN = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;
/** As the shop shows it: the family name leads in names written in East Asian scripts. */
export function fullName(first: string | null | undefined, last: string | null | undefined): string {
  const parts = [first, last].flatMap((part) => part?.trim() || []);
  return (parts.some((part) => EAST_ASIAN.test(part)) ? parts.reverse() : parts).join(" ");
}
function toState(state: string | null | undefined): CustomerState {
  const known = ["disabled", "invited", "enabled", "declined"] as const;
  return known.find((each) => each === state?.toLowerCase()) ?? "unknown";
}
function splitTags(tags: string): string[] {
  return tags
    .split(",")
    .map((tag) => tag.trim())
    .filter((tag) => tag !== "")
    .sort();
}

// What one door of the storefront is: a path, a method, who may knock and how often, and what answers.
import type { z } from "zod";

import type { ShopId } from "../db.server";
import type { RateLimit } from "./rate-limit";

/** A call whose signature, method and limits are in order. */
export interface DoorCall {
  shopId: ShopId;
  /** The signed-in customer's number at Shopify; null: nobody is signed in. */
  customerId: string | null;
  /** The query: signed, but written by the visitor. */
  parameters: URLSearchParams;
  /** The JSON of a POST, as it came: not signed by anybody. */
  body: unknown;
  /** Where the request came from, as far as limits and keyed hashes need it. */
  visitor: string;
  now: Date;
}
export interface MemberCall extends DoorCall {
  customerId: string;
}
/** All that an answer for everybody may depend on: what was asked, not who asked or when. */
export type PublicCall = Pick<DoorCall, "shopId" | "parameters">;
/** What a door answers; `outcome` decides the status. */
export type DoorAnswer = { outcome: string } & Record<string, unknown>;

interface DoorFacts {
  method: "GET" | "POST";
  limit: RateLimit;
}
export type Door = DoorFacts &
  (
    | { needsCustomer: true; handle(call: MemberCall): Promise<DoorAnswer> }
    | { needsCustomer: false; handle(call: DoorCall): Promise<DoorAnswer> }
    /** Answers everybody alike: whoever stands between may keep the answer for a minute. */
    | { needsCustomer: "public"; handle(call: PublicCall): Promise<DoorAnswer> }
  );

// Only what is no answer to the question has a status of its own: "not enough points" is an answer.
const STATUS: Record<string, number> = {
  bad_request: 400,
  bad_body: 400,
  signed_out: 401,
  forbidden: 403,
  not_found: 404,
  key_reused: 409,
  too_many: 429,
  unavailable: 503,
};
/** The HTTP status of an outcome: 200 unless it says that there was no answer. */
export function statusOf(outcome: string): number {
  return STATUS[outcome] ?? 200;
}

/** Which language a shopper reads: Japanese, or English for everybody else. */
export function localeOf(locale: string | null): "en" | "ja" {
  return locale?.toLowerCase().startsWith("ja") ? "ja" : "en";
}

/** A door that reads its body by `schema` first; what does not fit is answered with bad_body. */
export function withBody<Schema extends z.ZodType>(
  schema: Schema,
  handle: (body: z.infer<Schema>, call: MemberCall) => Promise<DoorAnswer>,
): (call: MemberCall) => Promise<DoorAnswer> {
  return async (call) => {
    const parsed = schema.safeParse(call.body);
    return parsed.success ? handle(parsed.data, call) : { outcome: "bad_body" };
  };
}

// The next step of a request whose time has come. Pure.
//
// the request                              step
// scheduled, and the plan agrees           invite, for the products not reviewed and not asked about lately
// scheduled, and the plan has moved        wait until the day it has now
// scheduled, nobody to write to            end: skipped, no_email
// due: staff asked for it to be sent       invite for what is not reviewed, whatever the plan says, unless the order is gone
// sent, its mail still waits               wait a day: a reminder never overtakes the invitation
// sent, its mail was refused or failed     end: skipped
// sent, everything reviewed                end: reviewed
// sent, the order is gone                  end: cancelled
// sent, not reminded, reminders on         remind
// sent, the link has ended                 end: closed
import type { ReviewSettings } from "../review-settings";
import {
  DAY_MS,
  planRequest,
  reviewableProducts,
  type RequestFacts,
  type RequestPlan,
  type RequestProduct,
  type RequestReason,
  type RequestStatus,
} from "./request-plan";

export interface DueRequest {
  requestId: number;
  memberId: number | null;
  status: RequestStatus;
  generation: number;
  promised: boolean;
  products: RequestProduct[];
  invitedAt: Date | null;
  remindedAt: Date | null;
  tokenExpiresAt: Date | null;
  kind: string;
  facts: RequestFacts;
  isDeleted: boolean;
  hasRecipient: boolean;
  since: Date;
  /** Of this order. */
  reviewedLines: string[];
  /** By the same member, on any order. */
  reviewedProducts: string[];
  /** The same member was asked about them lately. */
  askedProducts: string[];
  /** What became of the invitation's mail; null: journeys have not looked yet. */
  mailStatus: "queued" | "sending" | "sent" | "skipped" | "failed" | null;
  mailWhy: string | null;
}
export type RequestStep =
  | { step: "invite"; products: RequestProduct[] }
  | { step: "remind" }
  | { step: "wait"; until: Date | null }
  | { step: "end"; status: "reviewed" | "skipped" | "cancelled" | "closed"; why: RequestReason | null };

/** What is to be done with a request that is due. */
export function nextStep(request: DueRequest, settings: ReviewSettings["requests"], now: Date): RequestStep {
  if (request.isDeleted) return { step: "end", status: "cancelled", why: "cancelled" };
  return request.invitedAt === null ? firstStep(request, settings, now) : laterStep(request, settings, now);
}

function firstStep(request: DueRequest, settings: ReviewSettings["requests"], now: Date): RequestStep {
  const plan = planRequest(request, settings, request.since);
  if (request.status === "due") return stepOnDemand(request, plan);
  if (plan.status === "waiting") return { step: "wait", until: null };
  if (plan.status !== "scheduled") return { step: "end", status: plan.status, why: plan.why };
  if (plan.dueAt > now) return { step: "wait", until: plan.dueAt };
  if (!request.hasRecipient) return { step: "end", status: "skipped", why: "no_email" };
  const open = plan.products.filter((product) => !isReviewed(request, product));
  if (open.length === 0) return { step: "end", status: "skipped", why: "already_reviewed" };
  const products = open.filter(({ productId }) => !request.askedProducts.includes(productId));
  if (products.length === 0) return { step: "end", status: "skipped", why: "asked_lately" };
  return { step: "invite", products };
}

function stepOnDemand(request: DueRequest, plan: RequestPlan): RequestStep {
  if (plan.status === "cancelled") return { step: "end", status: "cancelled", why: plan.why };
  if (!request.hasRecipient) return { step: "end", status: "skipped", why: "no_email" };
  const products = reviewableProducts(request.facts).filter((product) => !isReviewed(request, product));
  return products.length > 0
    ? { step: "invite", products }
    : {
        step: "end",
        status: "skipped",
        why: request.facts.lines.length > 0 ? "already_reviewed" : "nothing_to_review",
      };
}

function laterStep(request: DueRequest, settings: ReviewSettings["requests"], now: Date): RequestStep {
  const { mailStatus, products, remindedAt, tokenExpiresAt } = request;
  const hasEnded = tokenExpiresAt === null || tokenExpiresAt <= now;
  if (products.every((product) => isReviewed(request, product))) return { step: "end", status: "reviewed", why: null };
  const plan = planRequest(request, settings, request.since);
  if (plan.status === "cancelled") return { step: "end", status: "cancelled", why: plan.why };
  if (mailStatus === "failed" || mailStatus === "skipped")
    return { step: "end", status: "skipped", why: reasonOfMail(request.mailWhy) };
  if (hasEnded) return { step: "end", status: "closed", why: null };
  if (remindedAt !== null || !settings.reminder.enabled || !settings.enabled)
    return { step: "wait", until: tokenExpiresAt };
  if (mailStatus !== "sent")
    return { step: "wait", until: new Date(Math.min(now.getTime() + DAY_MS, tokenExpiresAt.getTime())) };
  return { step: "remind" };
}

function isReviewed(request: DueRequest, { lineId, productId }: RequestProduct): boolean {
  return request.reviewedLines.includes(lineId) || request.reviewedProducts.includes(productId);
}

const OF_MAIL: Record<string, RequestReason> = {
  no_address: "no_email",
  no_consent: "no_consent",
  suppressed: "suppressed",
  capped: "capped",
  kind_off: "mail_off",
  no_channel: "no_channel",
  no_link: "no_channel",
  member_gone: "erased",
  // Written through a printed code before the mail left.
  out_of_date: "already_reviewed",
};
/** Why a request did not reach anybody, from what is written on its message. */
export function reasonOfMail(why: string | null): RequestReason {
  return OF_MAIL[why ?? ""] ?? "mail_failed";
}

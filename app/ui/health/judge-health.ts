// What each line of the health page says, judged from the facts: one place for page and tests.
import type { MailHealth } from "../../journeys/mail-health.server";
import type { HealthDetails } from "../../shops/health-details.server";
import type { SyncHealth } from "../../shops/sync-health.server";
import { LAG_SECONDS_MAX, type SyncTrouble } from "../sync-health-line";

/** Facts as the loader sends them: moments may have become text. */
export type Sent<T> = { [K in keyof T]: T[K] extends Date | null ? T[K] | string : T[K] };
type Moment = Date | string;

export type CheckName =
  "orders" | "waiting" | "storefront" | "mail" | "subscriptions" | "comparison" | "access" | "books";
/** act: somebody has to do something. look: worth knowing, it may go by itself. none: nothing to tell yet. */
export type CheckState = "well" | "working" | "none" | "off" | "look" | "act";

/** A line of the page's own words, or a trouble that Home tells in the same words. */
export type Said =
  | { say: "orders_well" | "mail_well" | "books_well"; at: Moment }
  | { say: "subscriptions_well"; at: Moment; count: number }
  | { say: "comparison_well"; at: Moment; count: number; matched: number; healed: number }
  | {
      say:
        | "waiting_working"
        | "waiting_parked"
        | "storefront_working"
        | "storefront_retried"
        | "storefront_turned_away"
        | "mail_late"
        | "mail_failed"
        | "books_wrong";
      count: number;
    }
  | {
      say:
        | "orders_none"
        | "waiting_well"
        | "storefront_well"
        | "mail_off"
        | "mail_none"
        | "subscriptions_none"
        | "comparison_none"
        | "comparison_running"
        | "comparison_failed"
        | "access_well"
        | "books_none";
    }
  | { trouble: SyncTrouble; count: number; minutes: number };

export interface Verdict {
  check: CheckName;
  state: CheckState;
  said: Said;
  /** Where to do something about it. */
  way: "problems" | "deliveries" | "messages" | null;
}

export interface HealthFacts {
  sync: SyncHealth;
  details: HealthDetails;
  mail: MailHealth;
}
/** The facts as the browser has them. */
export interface SentHealthFacts {
  sync: Omit<Sent<SyncHealth>, "lastReconciliation" | "alerts"> & {
    lastReconciliation: Sent<NonNullable<SyncHealth["lastReconciliation"]>> | null;
  };
  details: Omit<Sent<HealthDetails>, "subscriptions" | "audit"> & {
    subscriptions: Sent<NonNullable<HealthDetails["subscriptions"]>> | null;
    audit: Sent<NonNullable<HealthDetails["audit"]>> | null;
  };
  mail: Sent<MailHealth>;
}

/** Every line, in the order in which an order travels. */
export function judgeHealth(facts: SentHealthFacts): Verdict[] {
  return [
    orders(facts),
    waiting(facts),
    storefront(facts),
    mail(facts),
    subscriptions(facts),
    comparison(facts),
    access(facts),
    books(facts),
  ];
}

const LOUDNESS: CheckState[] = ["well", "none", "off", "working", "look", "act"];

/** The loudest state that needs somebody, and how many lines have it; null when none does. */
export function loudest(verdicts: readonly Verdict[]): { state: "look" | "act"; count: number } | null {
  for (const state of ["act", "look"] as const) {
    const count = verdicts.filter((verdict) => verdict.state === state).length;
    if (count > 0) return { state, count };
  }
  return null;
}

/** Loudest first, otherwise in the given order. */
export function byLoudness(verdicts: readonly Verdict[]): Verdict[] {
  const needs = (verdict: Verdict) => LOUDNESS.indexOf(verdict.state) >= LOUDNESS.indexOf("look");
  return [
    ...verdicts.filter(({ state }) => state === "act"),
    ...verdicts.filter(({ state }) => state === "look"),
    ...verdicts.filter((verdict) => !needs(verdict)),
  ];
}

function verdict(check: CheckName, state: CheckState, said: Said, way: Verdict["way"] = null): Verdict {
  return { check, state, said, way };
}
function told(trouble: SyncTrouble, count: number, minutes = 0): Said {
  return { trouble, count, minutes };
}

function orders({ details }: SentHealthFacts): Verdict {
  const { lastOrderEventAt: at } = details;
  return at ? verdict("orders", "well", { say: "orders_well", at }) : verdict("orders", "none", { say: "orders_none" });
}

function waiting({ sync, details }: SentHealthFacts): Verdict {
  const failed = sync.dead + sync.quarantined;
  if (failed > 0) return verdict("waiting", "act", told("dead", failed), "problems");
  if (sync.lagSeconds > LAG_SECONDS_MAX && sync.waiting > details.parked)
    return verdict("waiting", "look", told("lag", sync.waiting, Math.ceil(sync.lagSeconds / 60)), "deliveries");
  const working = sync.waiting - details.parked;
  if (working > 0) return verdict("waiting", "working", { say: "waiting_working", count: working });
  if (details.parked > 0) return verdict("waiting", "working", { say: "waiting_parked", count: details.parked });
  return verdict("waiting", "well", { say: "waiting_well" });
}

function storefront({ details }: SentHealthFacts): Verdict {
  const count = details.unpublished.members + details.unpublished.products;
  if (count === 0) return verdict("storefront", "well", { say: "storefront_well" });
  if (details.turnedAwayAt !== null) return verdict("storefront", "act", { say: "storefront_turned_away", count });
  if (details.isPublishingRetried) return verdict("storefront", "look", { say: "storefront_retried", count });
  return verdict("storefront", "working", { say: "storefront_working", count });
}

function mail({ mail: { hasChannel, overdue, failed, lastSentAt: at } }: SentHealthFacts): Verdict {
  if (!hasChannel) return verdict("mail", "off", { say: "mail_off" });
  if (overdue > 0) return verdict("mail", "look", { say: "mail_late", count: overdue }, "messages");
  if (failed > 0) return verdict("mail", "look", { say: "mail_failed", count: failed }, "messages");
  return at ? verdict("mail", "well", { say: "mail_well", at }) : verdict("mail", "none", { say: "mail_none" });
}

function subscriptions({ sync, details }: SentHealthFacts): Verdict {
  if (!details.subscriptions) return verdict("subscriptions", "none", { say: "subscriptions_none" });
  const refused = sync.refusedTopics.length;
  if (refused > 0) return verdict("subscriptions", "look", told("refused", refused));
  const { at, present } = details.subscriptions;
  return verdict("subscriptions", "well", { say: "subscriptions_well", at, count: present });
}

function comparison({ sync }: SentHealthFacts): Verdict {
  const run = sync.lastReconciliation;
  if (!run) return verdict("comparison", "none", { say: "comparison_none" });
  if (run.unexplained > 0) return verdict("comparison", "act", told("unexplained", run.unexplained), "deliveries");
  if (run.status === "failed") return verdict("comparison", "look", { say: "comparison_failed" });
  if (run.finishedAt === null) return verdict("comparison", "working", { say: "comparison_running" });
  const { seen: count, matched, healed, finishedAt: at } = run;
  return verdict("comparison", "well", { say: "comparison_well", at, count, matched, healed });
}

function access({ sync }: SentHealthFacts): Verdict {
  return sync.deniedFields.length > 0
    ? verdict("access", "look", told("denied", sync.deniedFields.length))
    : verdict("access", "well", { say: "access_well" });
}

function books({ details: { audit } }: SentHealthFacts): Verdict {
  if (!audit) return verdict("books", "none", { say: "books_none" });
  return audit.violations > 0
    ? verdict("books", "act", { say: "books_wrong", count: audit.violations })
    : verdict("books", "well", { say: "books_well", at: audit.at });
}

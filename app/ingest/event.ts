// What the drain hands to a topic's handler, and what it gets back.
import type { ShopId, ShopTx } from "../db.server";
import type { OrderFacts } from "../shopify/order-facts";
import type { OrderReading } from "../shopify/read-orders.server";

/** One event taken from the letter box: a doorbell with a payload of unproven age and origin. */
export interface ShopifyEvent {
  inboxId: number;
  shopId: ShopId;
  domain: string;
  topic: string;
  /** The body through parseJsonExact: ids beyond 2^53 are text. */
  payload: unknown;
  triggeredAt: Date | null;
  attempts: number;
}

/** The shop as the router knows it when the event was claimed. */
export interface EventShop {
  shopId: ShopId;
  domain: string;
  shopifyGid: string | null;
  installedAt: Date;
  uninstalledAt: Date | null;
}

export interface ApplyContext {
  now: Date;
  shop: EventShop;
  /** The answer for the order this handler asked to be read, if it asked. */
  orderRead: OrderReading | null;
}

/** What applying an event came to. */
export type Applied =
  | { outcome: "done"; detail?: string }
  | { outcome: "ignored"; detail: string }
  /** What was written stays; the event comes back after `seconds`. */
  | { outcome: "parked"; seconds: number; detail: string }
  /** Nothing is written; the event waits for a person. */
  | { outcome: "quarantined"; detail: string };

/** Work that should start right after the commit, without waiting for the next sweep. */
export type Nudge = "publish" | "read" | "learn" | "complete";

export interface TopicHandler {
  /** The order that must be read from Shopify before this event may be applied, or null. */
  orderToRead?(event: ShopifyEvent, context: Omit<ApplyContext, "orderRead">): string | null;
  /** For bodies that are an order's state: whether the body alone may be applied, and the state in it. */
  isProvenState?(event: ShopifyEvent, context: Omit<ApplyContext, "orderRead">): boolean;
  stateIn?(event: ShopifyEvent): OrderFacts;
  /** Applies the event inside its transaction. Throwing means: again later. */
  apply(tx: ShopTx, event: ShopifyEvent, context: ApplyContext): Promise<Applied>;
  nudges?: readonly Nudge[];
  /** Runs for a shop that has uninstalled the app, too. */
  afterUninstall?: true;
}

/** Payloads older than this may not move points: the order is read instead. */
const STALE_AFTER_MS = 10 * 60 * 1000;

/** Whether the event was triggered too long ago for its payload to be believed. */
export function isStale(event: Pick<ShopifyEvent, "triggeredAt">, now: Date): boolean {
  return event.triggeredAt !== null && now.getTime() - event.triggeredAt.getTime() > STALE_AFTER_MS;
}

/** What becomes of an event that was not settled inside a tenant's transaction. */
export type Disposal =
  | { status: "pending" | "parked"; afterSeconds: number; detail: string }
  | { status: "ignored" | "dead" | "quarantined"; detail: string };

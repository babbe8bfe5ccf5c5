// The platform's webhook delivery on the virtual clock: subscriptions, signatures, retries with the
// original payload, removal of dead subscriptions, and switches that make it as unreliable as the real
// one may be. The queue lives in memory: what is still waiting when the simulator stops is lost, which
// is one more reason for the app to reconcile.
import { randomUUID } from "node:crypto";

import { API_VERSION } from "./graphql/version";
import { buildPayload } from "./payloads/build";
import { createRandom, type Random } from "./random";
import type { Simulator } from "./simulator";
import type { Id, SimEvent, SimSubscription } from "./state";
import { createAgent, isSuccess, sendOnce, type Attempt, type WebhookMessage } from "./webhook-send";

const MINUTE = 60_000;
/** After the first attempt: eight retries within four hours. */
export const RETRY_AFTER_MS = [0.5, 2, 6, 15, 30, 60, 120, 240].map((minutes) => minutes * MINUTE);
const LOG_MAX = 2_000;
const CONCURRENCY = 8;

export type DeliveryStatus = "waiting" | "sending" | "delivered" | "failed" | "lost";
export interface Delivery extends WebhookMessage {
  id: Id;
  subscriptionId: Id | null;
  status: DeliveryStatus;
  /** Virtual instant of the next attempt. */
  dueAt: string;
  /** Virtual instant the retry schedule counts from. */
  firstDueAt: string;
  attempts: (Attempt & { at: string })[];
  faults: ("duplicate" | "lost" | "delayed" | "stale" | "bad_signature")[];
}

/** A delivery made elsewhere (replays): built only when it is sent. */
export interface ReplayMessage {
  shop: string;
  topic: string;
  body: () => string;
  triggeredAt?: string;
  webhookId?: string;
  eventId?: string;
}

interface WebhookStats {
  events: number;
  deliveries: number;
  attempts: number;
  delivered: number;
  failed: number;
  duplicated: number;
  lost: number;
  delayed: number;
  stale: number;
  badSignatures: number;
  subscriptionsRemoved: number;
}

const engines = new WeakMap<Simulator, WebhookEngine>();

/** The engine that listens to a simulator. @throws Error when there is none */
export function webhookEngineOf(sim: Simulator): WebhookEngine {
  const engine = engines.get(sim);
  if (!engine) throw new Error("this simulator has no webhook engine");
  return engine;
}

export class WebhookEngine {
  readonly stats: WebhookStats = { events: 0, deliveries: 0, attempts: 0, delivered: 0, failed: 0, duplicated: 0, lost: 0, delayed: 0, stale: 0, badSignatures: 0, subscriptionsRemoved: 0 }; // prettier-ignore
  readonly #sim: Simulator;
  readonly #agent = createAgent(CONCURRENCY * 4);
  #random: Random;
  #ready: Delivery[] = [];
  #later = new Set<Delivery>();
  #sending = 0;
  #log: Delivery[] = [];
  /** Last body by what it speaks of, for the stale switch. */
  #lastBodies = new Map<string, string>();
  #idle: (() => void)[] = [];
  #nextId = 1;
  #stopped = false;

  constructor(sim: Simulator, options: { seed?: number } = {}) {
    this.#sim = sim;
    this.#random = createRandom(options.seed ?? 1);
    engines.set(sim, this);
    sim.onEvent((event) => this.#publish(event));
  }

  /** Restarts the chance that faults draw from. */
  seed(seed: number): void {
    this.#random = createRandom(seed);
  }

  /** Newest last. */
  deliveries(filter: { shop?: string; topic?: string; status?: DeliveryStatus; limit?: number } = {}): Delivery[] {
    const { shop, topic, status, limit = LOG_MAX } = filter;
    return this.#log
      .filter(
        (one) => (!shop || one.shop === shop) && (!topic || one.topic === topic) && (!status || one.status === status),
      )
      .slice(-limit);
  }

  /** Sends a delivery of the log once more: the same webhook id and the original payload. */
  resend(deliveryId: Id): Delivery | null {
    const known = this.#log.find((one) => one.id === deliveryId);
    if (!known) return null;
    const now = this.#sim.now().toISOString();
    const again: Delivery = {
      ...known,
      id: String(this.#nextId++),
      status: "waiting",
      dueAt: now,
      firstDueAt: now,
      attempts: [],
      faults: [],
    };
    this.#enqueue(again);
    return again;
  }

  /** How much is due or under way now, and how much waits for a later virtual instant. */
  pending(): { now: number; later: number } {
    return { now: this.#ready.length + this.#sending, later: this.#later.size };
  }

  /**
   * Resolves when nothing is due or under way; with `all`, when nothing waits for later either.
   * @throws Error when that takes longer than the timeout (real time)
   */
  async drained(options: { timeoutMs?: number; all?: boolean } = {}): Promise<void> {
    const { timeoutMs = 30_000, all = false } = options;
    const until = Date.now() + timeoutMs;
    while (this.pending().now > 0 || (all && this.#later.size > 0)) {
      const left = until - Date.now();
      if (left <= 0) throw new Error(`webhooks not drained after ${timeoutMs} ms: ${JSON.stringify(this.pending())}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.min(left, 250));
        this.#idle.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  /**
   * Delivers messages made elsewhere to every subscription of their shop and topic, a few at a time, each
   * retried at once (real time) until it is accepted. Subscriptions and faults do not change.
   * @throws Error when a message is refused ten times
   */
  async deliverFrom(
    messages: Iterable<ReplayMessage>,
    options: { concurrency?: number; onProgress?: (sent: number) => void } = {},
  ): Promise<{ deliveries: number; attempts: number }> {
    const iterator = messages[Symbol.iterator]();
    let deliveries = 0;
    let attempts = 0;
    const worker = async (): Promise<void> => {
      for (let next = iterator.next(); !next.done; next = iterator.next()) {
        for (const message of this.#replayed(next.value)) {
          const tried = await this.#insist(message);
          attempts += tried;
          deliveries += 1;
          options.onProgress?.(deliveries);
        }
      }
    };
    await Promise.all(Array.from({ length: options.concurrency ?? CONCURRENCY }, worker));
    return { deliveries, attempts };
  }

  /** Stops sending; what waits is lost. */
  stop(): void {
    this.#stopped = true;
    this.#ready = [];
    this.#later.clear();
    this.#agent.destroy();
  }

  #replayed(source: ReplayMessage): WebhookMessage[] {
    const subscriptions = this.#subscriptions(source.shop, source.topic);
    if (subscriptions.length === 0) return [];
    const body = source.body();
    const eventId = source.eventId ?? randomUUID();
    return subscriptions.map(({ uri }) => ({
      uri,
      shop: source.shop,
      topic: source.topic,
      body,
      eventId,
      webhookId: source.webhookId ?? randomUUID(),
      triggeredAt: source.triggeredAt ?? this.#sim.now().toISOString(),
      apiVersion: API_VERSION,
    }));
  }

  async #insist(message: WebhookMessage): Promise<number> {
    const MOST = 10;
    for (let tried = 1; ; tried++) {
      const attempt = await sendOnce(message, this.#sim.apiSecret, this.#agent);
      this.stats.attempts += 1;
      if (isSuccess(attempt)) return tried;
      if (tried === MOST)
        throw new Error(
          `${message.topic} to ${message.uri} failed ${MOST} times: ${attempt.status} ${attempt.error ?? ""}`,
        );
      await new Promise((resolve) => setTimeout(resolve, 50 * 2 ** tried));
    }
  }

  #subscriptions(domain: string, topic: string): SimSubscription[] {
    return Object.values(this.#sim.shop(domain).subscriptions).filter((subscription) => subscription.topic === topic);
  }

  #publish(event: SimEvent): void {
    if (this.#stopped) return;
    const subscriptions = this.#subscriptions(event.shop, event.topic);
    if (subscriptions.length === 0) return;
    this.stats.events += 1;
    const { body, triggeredAt } = buildPayload(this.#sim, event);
    const key = `${event.shop}|${event.topic}|${JSON.stringify(event.ids)}`;
    const subject =
      event.topic.startsWith("orders/") && event.topic !== "orders/edited" && event.topic !== "orders/delete"
        ? `${event.shop}|order|${event.ids.orderId}`
        : key;
    const before = this.#lastBodies.get(subject);
    this.#remember(subject, body);
    const eventId = randomUUID();
    for (const subscription of subscriptions) this.#plan(subscription, event, { body, before, eventId, triggeredAt });
  }

  #remember(subject: string, body: string): void {
    this.#lastBodies.delete(subject);
    this.#lastBodies.set(subject, body);
    const oldest = this.#lastBodies.keys().next().value;
    if (this.#lastBodies.size > LOG_MAX && oldest !== undefined) this.#lastBodies.delete(oldest);
  }

  #plan(
    subscription: SimSubscription,
    event: SimEvent,
    made: { body: string; before: string | undefined; eventId: string; triggeredAt: string },
  ): void {
    if (subscription.filter) throw new Error("simulator: webhook filters are not simulated");
    const faults = this.#sim.faults.webhooks;
    const random = this.#random;
    const drawn: Delivery["faults"] = [];
    let body = made.body;
    if (random.chance(faults.staleRate) && made.before !== undefined && made.before !== made.body) {
      body = made.before;
      drawn.push("stale");
      this.stats.stale += 1;
    }
    if (random.chance(faults.badSignatureRate)) {
      drawn.push("bad_signature");
      this.stats.badSignatures += 1;
    }
    const message: WebhookMessage = {
      uri: subscription.uri,
      shop: event.shop,
      topic: event.topic,
      body: onlyFields(body, subscription.includeFields),
      webhookId: randomUUID(),
      eventId: made.eventId,
      triggeredAt: made.triggeredAt,
      apiVersion: API_VERSION,
    };
    const isLost = random.chance(faults.lossRate);
    const copies = random.chance(faults.duplicateRate) ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      const wait = faults.delayMs + Math.floor(random.next() * faults.reorderWindowMs);
      const due = new Date(this.#sim.now().getTime() + wait).toISOString();
      const delivery: Delivery = {
        ...message,
        id: String(this.#nextId++),
        subscriptionId: subscription.id,
        status: "waiting",
        dueAt: due,
        firstDueAt: due,
        attempts: [],
        faults: [...drawn],
      };
      if (copy > 0) delivery.faults.push("duplicate");
      if (wait > 0) delivery.faults.push("delayed");
      this.#countFaults(delivery);
      if (isLost) this.#lose(delivery);
      else this.#enqueue(delivery);
    }
  }

  #countFaults(delivery: Delivery): void {
    this.stats.deliveries += 1;
    if (delivery.faults.includes("duplicate")) this.stats.duplicated += 1;
    if (delivery.faults.includes("delayed")) this.stats.delayed += 1;
  }

  #lose(delivery: Delivery): void {
    delivery.status = "lost";
    delivery.faults.push("lost");
    this.stats.lost += 1;
    this.#keep(delivery);
  }

  #keep(delivery: Delivery): void {
    this.#log.push(delivery);
    if (this.#log.length > LOG_MAX) this.#log.splice(0, this.#log.length - LOG_MAX);
  }

  #enqueue(delivery: Delivery): void {
    this.#keep(delivery);
    this.#wait(delivery);
  }

  #wait(delivery: Delivery): void {
    delivery.status = "waiting";
    const due = new Date(delivery.dueAt);
    if (due.getTime() <= this.#sim.now().getTime()) {
      this.#ready.push(delivery);
      setImmediate(() => this.#pump());
      return;
    }
    this.#later.add(delivery);
    this.#sim.clock.at(due, () => {
      if (!this.#later.delete(delivery)) return;
      this.#ready.push(delivery);
      this.#pump();
    });
  }

  #pump(): void {
    while (!this.#stopped && this.#sending < CONCURRENCY) {
      const delivery = this.#ready.shift();
      if (!delivery) break;
      this.#sending += 1;
      void this.#attempt(delivery).finally(() => {
        this.#sending -= 1;
        this.#pump();
        if (this.pending().now === 0) for (const wake of this.#idle.splice(0)) wake();
      });
    }
  }

  async #attempt(delivery: Delivery): Promise<void> {
    delivery.status = "sending";
    // A bad signature hits the first attempt only, so that the retry shows the app recovering.
    const isForged = delivery.faults.includes("bad_signature") && delivery.attempts.length === 0;
    const at = this.#sim.now().toISOString();
    const attempt = await sendOnce(
      delivery,
      isForged ? `${this.#sim.apiSecret}-forged` : this.#sim.apiSecret,
      this.#agent,
    );
    this.stats.attempts += 1;
    delivery.attempts.push({ ...attempt, at });
    const tries = delivery.attempts.length > 1 ? ` (attempt ${delivery.attempts.length})` : "";
    const why = attempt.error ? `: ${attempt.error}` : "";
    this.#sim.requestLog.add({
      at,
      direction: "webhook",
      shop: delivery.shop,
      summary: `${delivery.topic}${tries}${why}`,
      status: attempt.status,
      ms: attempt.ms,
      body: delivery.body,
    });
    const subscription = this.#subscriptionOf(delivery);
    if (isSuccess(attempt)) {
      delivery.status = "delivered";
      this.stats.delivered += 1;
      if (subscription) subscription.failures = 0;
      return;
    }
    this.#retry(delivery, subscription);
  }

  #subscriptionOf(delivery: Delivery): SimSubscription | undefined {
    return delivery.subscriptionId
      ? this.#sim.findShop(delivery.shop)?.subscriptions[delivery.subscriptionId]
      : undefined;
  }

  #retry(delivery: Delivery, subscription: SimSubscription | undefined): void {
    const failed = delivery.attempts.length;
    if (subscription) subscription.failures = Math.max(subscription.failures, failed);
    const after = RETRY_AFTER_MS[failed - 1];
    if (after !== undefined) {
      delivery.dueAt = new Date(Date.parse(delivery.firstDueAt) + after).toISOString();
      this.#wait(delivery);
      return;
    }
    delivery.status = "failed";
    this.stats.failed += 1;
    if (subscription?.origin !== "api") return;
    delete this.#sim.shop(delivery.shop).subscriptions[subscription.id];
    this.stats.subscriptionsRemoved += 1;
    this.#sim.changed();
  }
}

/** include_fields of a subscription: top-level names of the body. */
function onlyFields(body: string, fields: readonly string[]): string {
  if (fields.length === 0) return body;
  const parsed = JSON.parse(body) as Record<string, unknown>;
  return JSON.stringify(Object.fromEntries(Object.entries(parsed).filter(([name]) => fields.includes(name))));
}

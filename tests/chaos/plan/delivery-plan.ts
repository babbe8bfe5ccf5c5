// What becomes of each event of the true history on its way: sent once or twice, at once or a day later, with an
// older body, with a wrong signature first, or never. Drawn from the seed when the event happens.
import { createHash } from "node:crypto";

import { buildPayload } from "../../simulator/payloads/build";
import type { Random } from "../../simulator/random";
import type { Simulator } from "../../simulator/simulator";
import type { SimEvent } from "../../simulator/state";
import type { WebhookMessage } from "../../simulator/webhook-send";
import { send } from "./send";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** As the platform retries: eight times within four hours. */
const RETRY_AFTER_MS = [0.5, 2, 6, 15, 30, 60, 120, 240].map((minutes) => minutes * MINUTE);
const DUPLICATES = 0.2;
const LOST = 0.05;
const STALE = 0.03;
const FORGED = 0.01;
/** A signed body of one shop under the header of another: headers are not signed. */
const FOREIGN = 0.03;
/** Only what can be read back may be lost: afterwards nothing at the platform says who was merged into whom. */
const READABLE = /^(orders|refunds|customers(?!\/merge)|products)\//;
/** Of what is repeated in the end. */
const AS_NEW = 0.3;
const COMPLIANCE = /^(customers\/(redact|data_request)|shop\/redact)$/;

export interface PlannedDelivery extends WebhookMessage {
  due: number;
  attempts: number;
  isForged: boolean;
  /** Nobody has to believe it. */
  isForeign: boolean;
}

type Message = Pick<PlannedDelivery, "body" | "triggeredAt" | "topic" | "isForged"> & { isForeign?: boolean };

export interface DeliveryFigures {
  deliveries: number;
  duplicates: number;
  dropped: number;
  stale: number;
  forged: number;
}

/** Listens to a platform and holds what is still on its way. */
export class DeliveryPlan {
  readonly figures: DeliveryFigures = { deliveries: 0, duplicates: 0, dropped: 0, stale: 0, forged: 0 };
  /** Everything that was answered with 200, once per webhook id. */
  readonly accepted = new Map<string, WebhookMessage>();
  readonly #earlier = new Map<string, string>();
  #open: PlannedDelivery[] = [];
  #count = 0;
  isOpen = false;

  constructor(
    private readonly sim: Simulator,
    private readonly random: Random,
    private readonly seed: number,
    private readonly address: string,
    private readonly domains: ReadonlySet<string>,
  ) {
    sim.onEvent((event) => {
      if (this.isOpen && this.domains.has(event.shop)) this.#plan(event);
    });
  }

  /** What is due, the earliest first. */
  due(): PlannedDelivery[] {
    const now = this.sim.now().getTime();
    return this.#open.filter(({ due }) => due <= now).sort((a, b) => a.due - b.due);
  }
  /** Deliveries so far, with those on their way. */
  get planned(): number {
    return this.figures.deliveries + this.#open.length;
  }
  /** How long until the next one is due; null: nothing is on its way. */
  untilNext(): number | null {
    if (this.#open.length === 0) return null;
    return Math.max(0, Math.min(...this.#open.map(({ due }) => due)) - this.sim.now().getTime());
  }

  /** One attempt; a failed one comes back as the platform's own retry. */
  async attempt(delivery: PlannedDelivery): Promise<void> {
    const secret = delivery.isForged && delivery.attempts === 0 ? "nobody's secret" : this.sim.apiSecret;
    const status = await send(delivery, secret);
    delivery.attempts++;
    this.figures.deliveries++;
    if (status === 200) {
      if (secret !== this.sim.apiSecret) throw new Error("a delivery without a valid signature was accepted");
      if (!delivery.isForeign) this.accepted.set(`${delivery.shop} ${delivery.topic} ${delivery.webhookId}`, delivery);
      this.#open = this.#open.filter((each) => each !== delivery);
      return;
    }
    // The platform would give up after eight; the history's end gives everybody enough time before.
    const wait = RETRY_AFTER_MS[Math.min(delivery.attempts, RETRY_AFTER_MS.length) - 1] ?? HOUR;
    delivery.due = this.sim.now().getTime() + wait;
  }

  /** A body once more: under its own id, or as if the platform had never sent it. */
  async again(message: WebhookMessage): Promise<void> {
    const isNew = this.random.chance(AS_NEW);
    const again = isNew ? { ...message, webhookId: this.#id("again", ++this.#count) } : message;
    const status = await send(again, this.sim.apiSecret);
    if (status !== 200) throw new Error(`a repeated ${message.topic} was answered with ${status}`);
  }

  close(): void {
    this.isOpen = false;
  }

  #plan(event: SimEvent): void {
    const { random } = this;
    const made = buildPayload(this.sim, event);
    const before = this.#before(event, made.body);
    const isCompliance = COMPLIANCE.test(event.topic);
    const isStale = random.chance(STALE) && before !== undefined;
    const isLost = random.chance(LOST) && READABLE.test(event.topic) && !isCompliance;
    const copies = random.chance(DUPLICATES) ? 2 : 1;
    const isForged = random.chance(FORGED);
    if (isLost) return void (this.figures.dropped += copies);
    if (isStale) this.figures.stale++;
    if (isForged) this.figures.forged++;
    this.figures.duplicates += copies - 1;
    const message = { ...made, body: isStale ? (before ?? made.body) : made.body, topic: event.topic, isForged };
    this.#enqueue(event.shop, message, copies);
    const other = [...this.domains].find((domain) => domain !== event.shop);
    if (other !== undefined && event.topic.startsWith("orders/") && random.chance(FOREIGN))
      this.#enqueue(other, { ...message, isForeign: true }, 1);
  }

  #enqueue(shop: string, message: Message, copies: number): void {
    const number = ++this.#count;
    for (let copy = 0; copy < copies; copy++)
      this.#open.push({
        isForeign: false,
        ...message,
        uri: this.address,
        shop,
        webhookId: this.#id("webhook", number),
        eventId: this.#id("event", number),
        apiVersion: "2026-07",
        due: this.sim.now().getTime() + this.#delay(),
        attempts: 0,
      });
  }

  /** The order's state of before, where the event's body is an order's state. */
  #before(event: SimEvent, body: string): string | undefined {
    if (!event.topic.startsWith("orders/") || ["orders/edited", "orders/delete"].includes(event.topic))
      return undefined;
    const subject = `${event.shop} ${event.ids.orderId ?? ""}`;
    const before = this.#earlier.get(subject);
    this.#earlier.set(subject, body);
    return before;
  }

  #delay(): number {
    const { random } = this;
    return random.weighted([
      [random.between(0, 5) * 1_000, 60],
      [random.between(0, 60) * MINUTE, 30],
      [random.between(1, 26) * HOUR, 10],
    ] as const);
  }

  #id(kind: string, number: number): string {
    const hex = createHash("sha256").update(`${this.seed} ${kind} ${number}`).digest("hex");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  }
}

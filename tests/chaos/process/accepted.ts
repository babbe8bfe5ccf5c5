// Every delivery that the app answered with 200, and the proof that each of them had its effect once.
import type pg from "pg";

import type { Delivery, WebhookEngine } from "../../simulator/webhooks";

/** The engine's log forgets the oldest; far fewer than that many are sent between two looks. */
const LOOK_EVERY_MS = 100;

/** One acknowledged delivery. */
export interface Acknowledged {
  domain: string;
  topic: string;
  webhookId: string;
}
export interface Proof {
  /** Webhook ids acknowledged at least once. */
  acknowledged: number;
  /** Acknowledged, but neither applied nor rightly ignored. */
  lost: string[];
  /** Stored more than once. */
  doubled: string[];
}

/** Watches the platform's deliveries from its making until `stop`. */
export class Acceptance {
  readonly #seen = new Map<string, Delivery>();
  readonly #timer: NodeJS.Timeout;

  constructor(private readonly webhooks: WebhookEngine) {
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS).unref();
  }

  #look(): void {
    for (const delivery of this.webhooks.deliveries()) this.#seen.set(delivery.id, delivery);
  }

  /** What has been acknowledged so far in these shops. */
  acknowledged(domains: readonly string[]): Acknowledged[] {
    this.#look();
    return [...this.#seen.values()]
      .filter(({ shop, status }) => status === "delivered" && domains.includes(shop))
      .map(({ shop, topic, webhookId }) => ({ domain: shop, topic, webhookId }));
  }

  /** Deliveries the platform tried to make to a shop, duplicates included. */
  countOf(domain: string): number {
    this.#look();
    return [...this.#seen.values()].filter(({ shop, attempts }) => shop === domain && attempts.length > 0).length;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

/** Looks for every acknowledged delivery in the letter box. Everything must have come to rest before. */
export async function proveEffects(owner: pg.Pool, acknowledged: readonly Acknowledged[]): Promise<Proof> {
  const keyOf = ({ domain, topic, webhookId }: Acknowledged): string => `${domain} ${topic} ${webhookId}`;
  const wanted = new Set(acknowledged.map(keyOf));
  const { rows } = await owner.query<Acknowledged & { status: string; error: string | null }>(
    `SELECT domain, topic, webhook_id AS "webhookId", status, error FROM webhook_inbox WHERE domain = ANY ($1)`,
    [[...new Set(acknowledged.map(({ domain }) => domain))]],
  );
  const stored = new Map<string, typeof rows>();
  for (const row of rows) stored.set(keyOf(row), [...(stored.get(keyOf(row)) ?? []), row]);
  const lost: string[] = [];
  const doubled: string[] = [];
  for (const key of wanted) {
    const found = stored.get(key) ?? [];
    if (found.length > 1) doubled.push(`${key} is stored ${found.length} times`);
    if (!found.some(({ status }) => status === "done" || status === "ignored"))
      lost.push(`${key}: ${found.map(({ status, error }) => `${status} ${error ?? ""}`).join(", ") || "no row"}`);
  }
  return { acknowledged: wanted.size, lost, doubled };
}

// The drain: claims a batch under a lease, reads Shopify where a payload may not be believed, applies and
// marks each event in one transaction. Any number of workers may run it; a crashed one is overtaken.
import { setTimeout as wait } from "node:timers/promises";

import { businessNow } from "../clock.server";
import { inShop, type ShopId } from "../db.server";
import { noteRowsWritten } from "../grown-tables.server";
import { nudgeWork } from "../jobs/nudge";
import { log } from "../log.server";
import { countBatch } from "../metrics.server";
import { traced } from "../tracing.server";
import { raiseAlertInShop } from "./alert.server";
import { afterFailure } from "./after-failure";
import { applyGroup, applyProvenStates, LeaseLostError, QuarantineSignal } from "./apply-group.server";
import {
  claimEvents,
  disposeOf,
  extendLease,
  readLargeBody,
  releaseLease,
  TOGETHER,
  type ClaimedEvent,
} from "./claim.server";
import type { Disposal } from "./event";
import { prepareEvent, type ReadyEvent } from "./prepare-event.server";
import { readOrdersFor, type OrderAnswer } from "./read-orders.server";
import { sleepUntilWoken } from "./wake";

export interface DrainOptions {
  batch?: number;
  leaseSeconds?: number;
  /** How many transactions at once. */
  concurrency?: number;
}
export interface DrainResult {
  claimed: number;
  done: number;
  failed: number;
}

const BATCH = 96;
const LEASE_SECONDS = 60;
const CONCURRENCY = 3;
const LOOPS = 2;
const IDLE_MS_MIN = 40;
const IDLE_MS_MAX = 250;

interface Batch {
  lease: string;
  now: Date;
  done: number;
  failed: number;
  concurrency: number;
}

/** Claims and works one batch. */
export async function drainOnce(options: DrainOptions = {}): Promise<DrainResult> {
  const leaseSeconds = options.leaseSeconds ?? LEASE_SECONDS;
  const { lease, events } = await claimEvents(options.batch ?? BATCH, leaseSeconds);
  if (events.length === 0) return { claimed: 0, done: 0, failed: 0 };
  const started = performance.now();
  const heartbeat = setInterval(
    () => void extendLease(lease, leaseSeconds).catch(reportLostHeartbeat),
    (leaseSeconds * 1000) / 3,
  );
  try {
    const now = await businessNow().catch(async (error: unknown) => {
      await releaseLease(lease);
      throw error;
    });
    const batch: Batch = { lease, now, done: 0, failed: 0, concurrency: options.concurrency ?? CONCURRENCY };
    await traced("drain batch", { "kizuna.events": events.length }, async (note) => {
      await work(
        batch,
        events.filter((event) => !event.isLarge),
      );
      for (const event of events)
        if (event.isLarge) await work(batch, [{ ...event, body: await readLargeBody(event.id) }]);
      note({ "kizuna.done": batch.done, "kizuna.failed": batch.failed });
    });
    countBatch(batch, (performance.now() - started) / 1000);
    return { claimed: events.length, done: batch.done, failed: batch.failed };
  } finally {
    clearInterval(heartbeat);
  }
}

async function work(batch: Batch, events: ClaimedEvent[]): Promise<void> {
  const ready: ReadyEvent[] = [];
  for (const claimed of events) {
    const prepared = prepareEvent(claimed, batch.now);
    if (prepared.outcome === "set_aside") await setAside(batch, claimed.id, prepared.disposal, prepared.alert);
    else {
      ready.push(prepared.event);
      if (prepared.alert) await raiseAlertInShop(prepared.alert.shopId, prepared.alert.kind, prepared.alert.params);
    }
  }
  const groups = groupByOrder(ready);
  const isReadNeeded = (group: ReadyEvent[]) => group.some((event) => event.orderToRead !== null);
  // What needs nobody else goes first.
  await runGroups(
    batch,
    groups.filter((group) => !isReadNeeded(group)),
  );
  await runGroups(batch, await withReads(batch, groups.filter(isReadNeeded)));
}

/** Drains until `signal` aborts; resolves when the batches under way are finished. */
export async function runDrain({ signal, loops = LOOPS }: { signal: AbortSignal; loops?: number }): Promise<void> {
  await Promise.all(Array.from({ length: loops }, () => drainUntil(signal)));
}

async function drainUntil(signal: AbortSignal): Promise<void> {
  let idleMs = IDLE_MS_MIN;
  while (!signal.aborted) {
    try {
      const { claimed, done } = await drainOnce();
      await noteRowsWritten(done);
      idleMs = claimed > 0 ? IDLE_MS_MIN : Math.min(IDLE_MS_MAX, idleMs * 1.5);
      if (claimed === 0) await sleepUntilWoken(idleMs, signal);
    } catch (error) {
      log().warn({ code: codeOf(error) }, "the drain could not work and tries again");
      await wait(1_000, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** Events of one order that follow each other share a transaction; everything else stands alone. */
function groupByOrder(events: ReadyEvent[]): ReadyEvent[][] {
  const groups = new Map<string, ReadyEvent[]>();
  for (const event of events) {
    const key = event.orderGid === null ? `event ${event.inboxId}` : `${event.shopId} ${event.orderGid}`;
    const group = groups.get(key);
    if (group) group.push(event);
    else groups.set(key, [event]);
  }
  return [...groups.values()];
}

async function withReads(batch: Batch, groups: ReadyEvent[][]): Promise<ReadyEvent[][]> {
  const wanted = new Map<ShopId, Set<string>>();
  for (const event of groups.flat()) {
    if (event.orderToRead === null) continue;
    wanted.set(event.shopId, (wanted.get(event.shopId) ?? new Set()).add(event.orderToRead));
  }
  const answers = new Map<string, OrderAnswer>();
  for (const [shopId, gids] of wanted) {
    for (const [gid, answer] of await readOrdersFor(shopId, [...gids], batch.now))
      answers.set(`${shopId} ${gid}`, answer);
  }
  const readable: ReadyEvent[][] = [];
  for (const group of groups) {
    const kept: ReadyEvent[] = [];
    for (const event of group) {
      const answer = event.orderToRead === null ? undefined : answers.get(`${event.shopId} ${event.orderToRead}`);
      if (answer?.outcome === "failed") {
        await afterError(batch, event, answer.error);
        continue;
      }
      event.context.orderRead = answer ?? null;
      kept.push(event);
    }
    readable.push(kept);
  }
  return readable;
}

// Proven states of several orders of one shop share a transaction and its commit; the rest stand alone.
async function runGroups(batch: Batch, groups: ReadyEvent[][]): Promise<void> {
  const queue = bundle(groups);
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) await runBundle(batch, next);
  };
  await Promise.all(Array.from({ length: Math.min(batch.concurrency, queue.length) }, work));
}

function bundle(groups: ReadyEvent[][]): ReadyEvent[][][] {
  const bundles: ReadyEvent[][][] = [];
  const open = new Map<ShopId, ReadyEvent[][]>();
  for (const group of groups) {
    const [first] = group;
    if (!first) continue;
    if (!group.every((event) => event.stateAt !== null && event.orderToRead === null)) {
      bundles.push([group]);
      continue;
    }
    const last = open.get(first.shopId);
    if (last && last.length < TOGETHER) last.push(group);
    else {
      const fresh = [group];
      open.set(first.shopId, fresh);
      bundles.push(fresh);
    }
  }
  return bundles;
}

async function runBundle(batch: Batch, groups: ReadyEvent[][]): Promise<void> {
  const [group] = groups;
  const first = group?.[0];
  if (!group || !first) return;
  if (groups.length === 1) return runGroup(batch, group);
  try {
    const outcome = await inShop(first.shopId, (tx) => applyProvenStates(tx, batch, groups));
    if (outcome === "applied") {
      batch.done += groups.flat().length;
      nudgeWork(first.shopId, first.handler.nudges ?? []);
      return;
    }
  } catch (error) {
    log().debug({ shopId: first.shopId, error: nameOf(error), code: codeOf(error) }, "a bundle is taken apart");
  }
  for (const each of groups) await runGroup(batch, each);
}

async function runGroup(batch: Batch, group: ReadyEvent[]): Promise<void> {
  const [first] = group;
  if (!first) return;
  try {
    const parked = await inShop(first.shopId, (tx) => applyGroup(tx, batch, group));
    for (const { event, applied } of parked) {
      await disposeOf(event.inboxId, batch.lease, {
        status: "parked",
        afterSeconds: applied.seconds,
        detail: applied.detail,
      });
    }
    batch.done += group.length - parked.length;
    nudgeWork(first.shopId, new Set(group.flatMap((event) => event.handler.nudges ?? [])));
  } catch (error) {
    if (error instanceof LeaseLostError) return;
    // One bad event must not hold back its neighbours.
    if (group.length > 1) {
      for (const event of group) await runGroup(batch, [event]);
      return;
    }
    if (error instanceof QuarantineSignal) {
      await setAside(
        batch,
        first.inboxId,
        { status: "quarantined", detail: error.message },
        { shopId: first.shopId, kind: "foreign_payload", params: { topic: first.topic } },
      );
      return;
    }
    await afterError(batch, first, error);
  }
}

async function afterError(batch: Batch, event: ReadyEvent, error: unknown): Promise<void> {
  batch.failed++;
  const disposal = afterFailure(error, event.attempts);
  log().warn(
    {
      inboxId: event.inboxId,
      shopId: event.shopId,
      topic: event.topic,
      status: disposal.status,
      error: nameOf(error),
      code: codeOf(error),
    },
    "an event could not be applied",
  );
  await disposeOf(event.inboxId, batch.lease, disposal);
  if (disposal.status === "dead") await raiseAlertInShop(event.shopId, "delivery_dead", { topic: event.topic });
}

async function setAside(
  batch: Batch,
  inboxId: number,
  disposal: Disposal,
  alert: { shopId: ShopId; kind: Parameters<typeof raiseAlertInShop>[1]; params: Record<string, string> } | null,
): Promise<void> {
  if (!(await disposeOf(inboxId, batch.lease, disposal))) return;
  batch.done += disposal.status === "ignored" ? 1 : 0;
  batch.failed += disposal.status === "ignored" ? 0 : 1;
  if (alert) await raiseAlertInShop(alert.shopId, alert.kind, alert.params);
}

function reportLostHeartbeat(error: unknown): void {
  log().warn({ code: codeOf(error) }, "a lease could not be extended");
}
function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown }).code;
  return typeof code === "string" ? code : undefined;
}
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "unknown";
}

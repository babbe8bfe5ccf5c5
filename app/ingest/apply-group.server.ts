// Applying and marking are one transaction: here is its inside.
import type { ShopTx } from "../db.server";
import { applyOrders } from "./apply-order.server";
import type { Applied } from "./event";
import type { ReadyEvent } from "./prepare-event.server";

/** Another worker holds the event now: nothing of this attempt may be kept. */
export class LeaseLostError extends Error {
  override readonly name = "LeaseLostError";
}
/** Leaves the transaction without a trace, to quarantine the event afterwards. */
export class QuarantineSignal extends Error {
  override readonly name = "QuarantineSignal";
}

/** Several orders of one shop, each proven by its own body. not_proven: nothing was written. */
export async function applyProvenStates(
  tx: ShopTx,
  batch: { lease: string; now: Date },
  groups: ReadyEvent[][],
): Promise<"applied" | "not_proven"> {
  const states = groups.flatMap((group) => {
    const older = supersededStates(group);
    const newest = group.find((event) => !older.has(event));
    // Every body must be proven: a foreign one is for quarantine, not for "superseded".
    const isProven = group.every((event) => event.handler.isProvenState?.(event, event.context));
    return (isProven && newest?.handler.stateIn?.(newest)) || [];
  });
  if (states.length < groups.length) return "not_proven";
  const applied = await applyOrders(tx, states, "payload", batch.now);
  const marks = groups.flatMap((group, index) => {
    const older = supersededStates(group);
    const detail = applied[index]?.outcome === "stale" ? "stale" : null;
    return group.map((event) => ({ id: event.inboxId, detail: older.has(event) ? "superseded" : detail }));
  });
  const { rows } = await tx.query<{ settled: boolean }>(
    `SELECT bool_and(settle_event(mark.id, $1, 'done', mark.detail)) AS settled FROM unnest($2::bigint[], $3::text[]) AS mark (id, detail)`,
    [batch.lease, marks.map((mark) => mark.id), marks.map((mark) => mark.detail)],
  );
  if (!rows[0]?.settled) throw new LeaseLostError();
  return "applied";
}

/** An event that waits; what it wrote stays. */
export interface Parked {
  event: ReadyEvent;
  applied: Extract<Applied, { outcome: "parked" }>;
}

/** Applies the events of one group and marks each that is over, in the caller's transaction. */
export async function applyGroup(tx: ShopTx, batch: { lease: string }, group: ReadyEvent[]): Promise<Parked[]> {
  const parked: Parked[] = [];
  const superseded = supersededStates(group);
  // States first: what a doorbell asks for is often in the state that came with it.
  const ordered = [...group].sort(
    (a, b) => Number(a.stateAt === null) - Number(b.stateAt === null) || a.inboxId - b.inboxId,
  );
  for (const event of ordered) {
    const applied: Applied = superseded.has(event)
      ? { outcome: "done", detail: "superseded" }
      : await event.handler.apply(tx, event, event.context);
    if (applied.outcome === "quarantined") throw new QuarantineSignal(applied.detail);
    if (applied.outcome === "parked") {
      parked.push({ event, applied });
      continue;
    }
    await settle(tx, batch.lease, event.inboxId, applied);
  }
  return parked;
}

async function settle(
  tx: ShopTx,
  lease: string,
  inboxId: number,
  applied: { outcome: string; detail?: string },
): Promise<void> {
  const { rows } = await tx.query<{ settled: boolean }>("SELECT settle_event($1, $2, $3, $4) AS settled", [
    inboxId,
    lease,
    applied.outcome,
    applied.detail ?? null,
  ]);
  if (!rows[0]?.settled) throw new LeaseLostError();
}

/** Of several states of one order in one transaction only the newest needs to be worked out. */
function supersededStates(group: ReadyEvent[]): Set<ReadyEvent> {
  const states = group.filter((event) => event.stateAt !== null && event.orderToRead === null);
  const newest = states.reduce<ReadyEvent | null>(
    (best, event) => (best === null || (event.stateAt ?? 0) >= (best.stateAt ?? 0) ? event : best),
    null,
  );
  return new Set(states.filter((event) => event !== newest));
}

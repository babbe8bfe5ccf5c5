// A change of the program, and everything that follows from it.
import type { ShopId } from "../db.server";
import type { EarningRules } from "../loyalty/earning-rules";
import { amendProgram, saveProgram, type SaveProgramOutcome } from "../loyalty/program.server";
import { enqueue } from "./queue.server";

const SECOND_LOOK_MS = 60_000;

/** Saves changed settings as the next version, shows them to shoppers, and lets earlier orders have their answer. */
export async function changeProgram(
  shopId: ShopId,
  changes: unknown,
  actor: string,
  now: Date,
): Promise<SaveProgramOutcome> {
  return follow(shopId, await saveProgram(shopId, changes, actor, now));
}

/** The same for a change that depends on what the newest version says. */
export async function changeProgramFrom(
  shopId: ShopId,
  amend: (rules: EarningRules) => object,
  actor: string,
  now: Date,
): Promise<SaveProgramOutcome> {
  return follow(shopId, await amendProgram(shopId, amend, actor, now));
}

async function follow(shopId: ShopId, saved: SaveProgramOutcome): Promise<SaveProgramOutcome> {
  if (saved.outcome !== "saved") return saved;
  await enqueue(null, "publish-program", { shopId });
  if (saved.isFirst) await settleEarlierOrders(shopId);
  return saved;
}

// Orders that came before there was a program wait for its answer. The second look finds those whose
// transaction was still open during the first.
async function settleEarlierOrders(shopId: ShopId): Promise<void> {
  await enqueue(null, "settle-waiting-orders", { shopId });
  const later = new Date(Date.now() + SECOND_LOOK_MS);
  await enqueue(null, "settle-waiting-orders", { shopId }, { key: "again", startAfter: later });
}

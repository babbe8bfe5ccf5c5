// Every customer of the shop, once after the install and beside each backfill: orders bring no names,
// addresses, tags or consents. The pass keeps its mark, so an interrupted job goes on where it was.
import { scanCustomers } from "../../shopify/read-customers.server";
import { RefusedByShopifyError } from "../../shopify/shopify-errors";
import type { JobData } from "../catalog";
import type { JobContext } from "../handlers.server";
import { recordPage } from "./reconcile-customers.server";
import { finishRun, resumeRun, saveRun } from "./reconciliation-run.server";

const BEGINNING = new Date(0);

/** Reads all customers of the shop, oldest change first, or until somebody cancels the pass. */
export async function readAllCustomers(
  { shopId }: JobData<"read-all-customers">,
  { now, signal }: JobContext,
): Promise<{ outcome: "done" | "cancelled" | "refused"; seen: number }> {
  const run = await resumeRun(shopId, "all_customers", now);
  const window = { from: run.mark ?? BEGINNING, to: new Date(now.getTime() + 1_000) };
  try {
    for await (const page of scanCustomers(shopId, window)) {
      await recordPage(run, page, now, signal);
      if (!(await saveRun(run))) return { outcome: "cancelled", seen: run.seen };
    }
  } catch (error) {
    // Without the scope there is nobody to name; anything else is tried again from the mark.
    if (!(error instanceof RefusedByShopifyError && error.isAccessDenied)) throw error;
    await finishRun(run, "failed");
    return { outcome: "refused", seen: run.seen };
  }
  return { outcome: (await finishRun(run, "done")) ? "done" : "cancelled", seen: run.seen };
}

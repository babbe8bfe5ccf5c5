import { sendMessages } from "../../journeys/send-messages.server";
import type { JobData } from "../catalog";
import type { JobContext } from "../handlers.server";

/** Messages that are due leave. */
export async function sendDueMessages(
  { shopId }: JobData<"send-messages">,
  { now, signal }: JobContext,
): Promise<{ sent: number; skipped: number; failed: number }> {
  return sendMessages(shopId, now, signal);
}

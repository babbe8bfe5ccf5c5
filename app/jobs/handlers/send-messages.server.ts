import { sendMessages } from "../../journeys/send-messages.server";
import { keptAuthorToken } from "../../reviews/author-token.server";
import { noteUnsentRequests } from "../../reviews/requests/note-unsent.server";
import { keptRequestToken } from "../../reviews/requests/request-token.server";
import type { JobData } from "../catalog";
import type { JobContext } from "../handlers.server";

/** Messages that are due leave. Reviews know the links, journeys know whom they go to: they meet here. */
export async function sendDueMessages(
  { shopId }: JobData<"send-messages">,
  { now, signal }: JobContext,
): Promise<{ sent: number; skipped: number; failed: number }> {
  return sendMessages(shopId, now, signal, {
    requestToken: (request) => keptRequestToken(shopId, request),
    authorToken: (reviewId, authorKey) => keptAuthorToken(shopId, reviewId, authorKey),
    refused: (requestIds) => noteUnsentRequests(shopId, requestIds, now),
  });
}

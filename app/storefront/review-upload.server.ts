// POST /proxy/review-upload?ticket=…: one photo or video for a review that is being written, as the body itself or as
// the one file of a form. posterOf=id: the picture of a film; drop=id: takes a file back. The ticket is the right.
import { createReadStream } from "node:fs";
import type { IncomingMessage } from "node:http";
import { PassThrough } from "node:stream";
import { finished } from "node:stream/promises";

import type { ShopId } from "../db.server";
import { receiveMedia, type ReceiveOutcome, type UploadFacts } from "../reviews/media/receive-media.server";
import type { Refusal } from "../reviews/media/media-limits";
import { readReviewSettings } from "../reviews/read-settings.server";
import type { DoorAnswer } from "./door";
import { readForm } from "./page-http.server";
import { dropUploads } from "./review-uploads.server";

const NUMBER = /^\d{1,15}$/;

/** ready (with the file's id), removed, or refused with the reason why. */
export async function answerUpload(
  shopId: ShopId,
  req: IncomingMessage,
  parameters: URLSearchParams,
  now: Date,
): Promise<DoorAnswer> {
  const ticket = parameters.get("ticket") ?? "";
  const [drop, poster] = [parameters.get("drop"), parameters.get("posterOf")];
  if ([drop, poster].some((id) => id !== null && !NUMBER.test(id))) return { outcome: "bad_request" };
  if (drop !== null) return { outcome: "removed", count: await dropUploads(shopId, ticket, [Number(drop)], now) };
  const { media: settings } = await readReviewSettings(shopId);
  const facts = { ticket, alt: "", posterOf: poster === null ? null : Number(poster), settings };
  if (req.headers["content-type"]?.toLowerCase().startsWith("multipart/form-data") !== true)
    return toAnswer(await receiveBody(shopId, req, facts, now));
  const form = await readForm(req);
  try {
    const [file] = form.files;
    if (form.outcome !== "read" || !file) return { outcome: form.outcome === "too_large" ? "too_large" : "bad_body" };
    if (file.isTooLarge) return refused("too_large");
    return toAnswer(await receiveMedia(shopId, createReadStream(file.path), facts, now));
  } finally {
    await form.dispose();
  }
}

// Who refuses a file stops reading it; the connection must live on, or the answer is lost with it.
async function receiveBody(
  shopId: ShopId,
  req: IncomingMessage,
  facts: UploadFacts,
  now: Date,
): Promise<ReceiveOutcome> {
  const body = new PassThrough();
  req.once("close", () => req.complete || body.destroy(new Error("the upload was cut short")));
  const received = await receiveMedia(shopId, req.pipe(body), facts, now);
  if (!req.readableEnded) await finished(req.resume()).catch(() => undefined);
  return received;
}

function toAnswer(received: ReceiveOutcome): DoorAnswer {
  if (received.outcome === "refused") return refused(received.why);
  return { outcome: "ready", mediaId: received.mediaId, kind: received.kind };
}
function refused(why: Refusal): DoorAnswer {
  return { outcome: "refused", why };
}

// The door of files: the only one whose body is neither JSON nor a form of text. It is listened to only while the
// signature, the limits and the shop are in order.
import type { IncomingMessage, ServerResponse } from "node:http";

import { businessNow } from "../clock.server";
import { env } from "../env.server";
import { findShopByDomain } from "../shops/find-shop.server";
import { statusOf, type DoorAnswer } from "./door";
import { sendJson } from "./json-http.server";
import { verifyProxyQuery } from "./proxy-signature";
import { createRateLimit } from "./rate-limit";
import { answerUpload } from "./review-upload.server";

/** Its path below /proxy/. */
export const UPLOAD_DOOR = "review-upload";
/** A dozen files and their posters in one go; each costs a process that decodes it. */
const files = createRateLimit(40, 1 / 4);
const filesPerShop = createRateLimit(120, 2);

/** Answers one file. 400 without a valid signature, 404, 405, 413, 429. */
export async function answerUploadCall(
  req: IncomingMessage,
  res: ServerResponse,
  query: string,
  visitor: string,
): Promise<void> {
  const answer = await takeFile(req, query, visitor);
  const headers: Record<string, string> = {};
  if (answer.outcome === "method") headers["Allow"] = "POST";
  if (answer.outcome === "too_many") headers["Retry-After"] = "10";
  sendJson(res, STATUS[answer.outcome] ?? statusOf(answer.outcome), answer, headers);
}
const STATUS: Record<string, number> = { signature: 400, method: 405, too_large: 413 };

async function takeFile(req: IncomingMessage, query: string, visitor: string): Promise<DoorAnswer> {
  if (req.method !== "POST") return { outcome: "method" };
  const verdict = verifyProxyQuery(query, env().SHOPIFY_API_SECRET, Math.floor(Date.now() / 1000));
  if (verdict.outcome === "refused") return { outcome: "signature", reason: verdict.reason };
  const now = performance.now();
  const caller = `${verdict.shop}/${verdict.customerId ?? visitor}`;
  if (!files.allow(caller, now) || !filesPerShop.allow(verdict.shop, now)) return { outcome: "too_many" };
  const shop = await findShopByDomain(verdict.shop);
  if (shop === null || shop.uninstalledAt !== null) return { outcome: "not_found" };
  return answerUpload(shop.id, req, verdict.parameters, await businessNow());
}

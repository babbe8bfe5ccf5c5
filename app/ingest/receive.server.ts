// The letter box: raw body, signature, one row, 200. Shopify waits at most five seconds and counts
// anything but 2xx as a failure, so nothing here parses, loads a session or calls out.
import { createHash } from "node:crypto";
import { isUtf8 } from "node:buffer";
import type { IncomingMessage, ServerResponse } from "node:http";

import { env } from "../env.server";
import { log } from "../log.server";
import { raiseAlertForDomain } from "./alert.server";
import { readDeliveryHeaders, type DeliveryHeaders } from "./delivery-headers";
import { InboxUnavailableError, storeDelivery, type InboxRow } from "./inbox-writer.server";
import { subjectInHead } from "./order-of-event";
import { looksLikeSignature, SignatureCheck } from "./signature";
import { wakeDrain } from "./wake";

/** Beyond this nothing is read and the answer is 413. */
const BODY_BYTES_MAX = 32 * 1024 * 1024;
/** Beyond this the delivery is acknowledged but its body is not kept: the reconciler reads the truth. */
const BODY_BYTES_KEPT_MAX = 8 * 1024 * 1024;
const HEAD_BYTES = 1024;
/** Shopify hears 503 well before it gives up by itself at five seconds: a busy process answers late on top of this. */
const ANSWER_WITHIN_MS = 3_000;

type Body =
  | { outcome: "read"; kept: Buffer | null; bytes: number }
  | { outcome: "too_large" }
  | { outcome: "aborted" }
  | { outcome: "too_slow" };

/** Answers one delivery: POST /webhooks and anything below it. */
export async function handleWebhook(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const deadline = Date.now() + ANSWER_WITHIN_MS;
  if (req.method !== "POST") return answer(req, res, 405);
  const headers = readDeliveryHeaders(req.headers);
  // What cannot be a signature is refused with its body unread.
  if (!looksLikeSignature(headers.signature)) return answer(req, res, 401);
  if (Number(req.headers["content-length"] ?? 0) > BODY_BYTES_MAX) return refuseTooLarge(req, res, headers);

  const check = new SignatureCheck(env().SHOPIFY_API_SECRET);
  const body = await readBody(req, check, deadline);
  switch (body.outcome) {
    case "aborted":
      return;
    case "too_slow":
      return answer(req, res, 408);
    case "too_large":
      return refuseTooLarge(req, res, headers);
    case "read":
  }
  if (!check.matches(headers.signature)) return answer(req, res, 401);
  const row = inboxRow(headers, body.kept, body.bytes);
  try {
    await storeDelivery(row, deadline);
  } catch (error) {
    if (!(error instanceof InboxUnavailableError)) throw error;
    log().warn({ topic: headers.topic, reason: error.message, code: codeOf(error.cause) }, "a delivery was not stored");
    return answer(req, res, 503);
  }
  answer(req, res, 200);
  if (row.status === "pending") return wakeDrain();
  log().warn({ topic: headers.topic, domain: headers.domain, reason: row.error }, "a delivery was quarantined");
  if (headers.domain)
    void raiseAlertForDomain(headers.domain, "delivery_quarantined", { topic: headers.topic, reason: row.error });
}

function inboxRow(headers: DeliveryHeaders, kept: Buffer | null, bytes: number): InboxRow {
  const problem = findProblem(headers, kept, bytes);
  const isText = kept !== null && isUtf8(kept) && !kept.includes(0);
  return {
    domain: headers.domain,
    topic: headers.topic,
    // Without an id of Shopify's the bytes name themselves, so a repetition still lands on one row.
    webhookId:
      headers.webhookId ||
      `sha256:${createHash("sha256")
        .update(kept ?? String(bytes))
        .digest("hex")}`,
    eventId: headers.eventId,
    apiVersion: headers.apiVersion,
    triggeredAt: headers.triggeredAt,
    body: isText ? kept : null,
    subject: isText ? subjectInHead(headers.topic, kept.toString("latin1", 0, HEAD_BYTES)) : null,
    status: problem ? "quarantined" : "pending",
    error: problem,
  };
}

/** Why a well-signed delivery cannot be applied; malformed JSON is left to the drain. */
function findProblem(headers: DeliveryHeaders, kept: Buffer | null, bytes: number): string | null {
  if (kept === null) return `too_large: ${bytes} bytes`;
  if (headers.contentEncoding !== null) return `content_encoding: ${headers.contentEncoding}`;
  if (!isUtf8(kept) || kept.includes(0)) return "not_text";
  if (headers.domain === "") return "no_shop_domain";
  return null;
}

function readBody(req: IncomingMessage, check: SignatureCheck, deadline: number): Promise<Body> {
  return new Promise((resolve) => {
    let chunks: Buffer[] | null = [];
    let bytes = 0;
    const finish = (body: Body) => {
      clearTimeout(timer);
      req.removeAllListeners("data");
      resolve(body);
    };
    const timer = setTimeout(() => finish({ outcome: "too_slow" }), deadline - Date.now());
    req.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > BODY_BYTES_MAX) {
        req.pause();
        return finish({ outcome: "too_large" });
      }
      check.update(chunk);
      if (bytes > BODY_BYTES_KEPT_MAX) chunks = null;
      chunks?.push(chunk);
    });
    req.on("end", () =>
      finish({
        outcome: "read",
        kept: chunks && (chunks.length === 1 ? (chunks[0] ?? null) : Buffer.concat(chunks)),
        bytes,
      }),
    );
    req.on("error", () => finish({ outcome: "aborted" }));
    req.on("close", () => finish({ outcome: "aborted" }));
  });
}

function refuseTooLarge(req: IncomingMessage, res: ServerResponse, headers: DeliveryHeaders): void {
  answer(req, res, 413);
  log().error({ topic: headers.topic, domain: headers.domain }, "a delivery beyond the size limit was refused");
  if (headers.domain) void raiseAlertForDomain(headers.domain, "delivery_too_large", { topic: headers.topic });
}

function answer(req: IncomingMessage, res: ServerResponse, status: number): void {
  if (res.headersSent || res.destroyed) return;
  // A connection with an unread body cannot carry another request.
  if (!req.complete) res.setHeader("Connection", "close");
  if (status === 405) res.setHeader("Allow", "POST");
  if (status === 503) res.setHeader("Retry-After", "5");
  res.writeHead(status, { "Content-Length": 0 }).end();
}

function codeOf(cause: unknown): string | undefined {
  const code = (cause as { code?: unknown } | undefined)?.code;
  return typeof code === "string" ? code : undefined;
}

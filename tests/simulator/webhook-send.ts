// One HTTP attempt of a webhook, as the platform makes it: 1 s to connect, 5 s for the whole answer,
// nothing but 2xx counts.
import { createHmac } from "node:crypto";
import { Agent, request } from "node:http";

const CONNECT_MS = 1_000;
const TOTAL_MS = 5_000;
const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

export interface WebhookMessage {
  uri: string;
  shop: string;
  topic: string;
  body: string;
  webhookId: string;
  eventId: string;
  triggeredAt: string;
  apiVersion: string;
}
export interface Attempt {
  /** 0 when there was no answer. */
  status: number;
  error: string | null;
  ms: number;
}

export const isSuccess = (attempt: Pick<Attempt, "status">): boolean => attempt.status >= 200 && attempt.status < 300;

/** base64 HMAC-SHA256 over the raw body. */
function signBody(body: string, secret: string): string {
  return createHmac("sha256", secret).update(body, "utf8").digest("base64");
}

/** The platform's headers for a delivery. */
function webhookHeaders(message: WebhookMessage, secret: string): Record<string, string> {
  return {
    "Content-Type": "application/json",
    "User-Agent": "Shopify-Captain-Hook",
    Accept: "*/*",
    "X-Shopify-Topic": message.topic,
    "X-Shopify-Hmac-Sha256": signBody(message.body, secret),
    "X-Shopify-Shop-Domain": message.shop,
    "X-Shopify-API-Version": message.apiVersion,
    "X-Shopify-Webhook-Id": message.webhookId,
    "X-Shopify-Event-Id": message.eventId,
    "X-Shopify-Triggered-At": message.triggeredAt,
  };
}

/** Keep-alive connections for one engine. Idle ones do not keep the process running. */
export const createAgent = (sockets: number): Agent => new Agent({ keepAlive: true, maxSockets: sockets });

/** Sends once; never throws. Only loopback receivers are called: a simulator must not reach the world. */
export function sendOnce(message: WebhookMessage, secret: string, agent: Agent): Promise<Attempt> {
  const started = performance.now();
  const url = URL.parse(message.uri);
  if (!url || url.protocol !== "http:" || !LOOPBACK.has(url.hostname)) {
    return Promise.resolve({ status: 0, error: `not a loopback http address: ${message.uri}`, ms: 0 });
  }
  return new Promise((resolve) => {
    const finish = (status: number, error: string | null): void => {
      clearTimeout(connectTimer);
      clearTimeout(totalTimer);
      // Only the first outcome counts: a promise ignores the rest.
      resolve({ status, error, ms: Math.round(performance.now() - started) });
    };
    const giveUp = (why: string): void => {
      finish(0, why);
      outgoing.destroy();
    };
    let connectTimer: NodeJS.Timeout | undefined;
    const totalTimer = setTimeout(() => giveUp(`no answer within ${TOTAL_MS} ms`), TOTAL_MS);
    const headers = { ...webhookHeaders(message, secret), "Content-Length": String(Buffer.byteLength(message.body)) };
    const outgoing = request(url, { method: "POST", agent, headers }, (answer) => {
      answer.resume();
      answer.on("end", () => finish(answer.statusCode ?? 0, null));
      answer.on("error", (error) => finish(0, error.message));
    });
    outgoing.on("socket", (socket) => {
      if (!socket.connecting) return;
      connectTimer = setTimeout(() => giveUp(`no connection within ${CONNECT_MS} ms`), CONNECT_MS);
      socket.once("connect", () => clearTimeout(connectTimer));
    });
    outgoing.on("error", (error) => finish(0, error.message));
    outgoing.end(message.body);
  });
}

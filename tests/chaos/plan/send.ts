// One delivery over real HTTP, signed as the platform signs, with no limit of time: on the stage an answer takes as
// many steps as it takes.
import { createHmac } from "node:crypto";
import { Agent, request } from "node:http";

import type { WebhookMessage } from "../../simulator/webhook-send";

const agent = new Agent({ keepAlive: true, maxSockets: 4 });

/** The answer's status; 0 where the connection ended without one. */
export function send(message: WebhookMessage, secret: string): Promise<number> {
  return new Promise((resolve) => {
    const outgoing = request(
      message.uri,
      {
        method: "POST",
        agent,
        headers: {
          "Content-Type": "application/json",
          "Content-Length": Buffer.byteLength(message.body),
          "X-Shopify-Topic": message.topic,
          "X-Shopify-Hmac-Sha256": createHmac("sha256", secret).update(message.body, "utf8").digest("base64"),
          "X-Shopify-Shop-Domain": message.shop,
          "X-Shopify-API-Version": message.apiVersion,
          "X-Shopify-Webhook-Id": message.webhookId,
          "X-Shopify-Event-Id": message.eventId,
          "X-Shopify-Triggered-At": message.triggeredAt,
        },
      },
      (answer) => {
        answer.resume();
        answer.on("close", () => resolve(answer.complete ? (answer.statusCode ?? 0) : 0));
      },
    );
    outgoing.on("error", () => resolve(0));
    outgoing.end(message.body);
  });
}

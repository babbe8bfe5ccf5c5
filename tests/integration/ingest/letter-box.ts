// A real HTTP server around the letter box, and signed deliveries as Shopify sends them.
import { createHmac, randomUUID } from "node:crypto";
import http from "node:http";
import type { AddressInfo } from "node:net";

import { handleWebhook } from "../../../app/ingest/receive.server";
import { env } from "../../../app/env.server";

export interface LetterBox {
  url: string;
  port: number;
  close(): Promise<void>;
}

/** Listens on a free loopback port; a rejection of the handler destroys the connection, so no test passes on one. */
export async function openLetterBox(): Promise<LetterBox> {
  const server = http.createServer((req, res) => {
    handleWebhook(req, res).catch(() => res.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/webhooks`,
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** base64 HMAC-SHA-256 under the app's secret. */
export function sign(body: string | Uint8Array): string {
  return createHmac("sha256", env().SHOPIFY_API_SECRET).update(body).digest("base64");
}

export interface Delivery {
  topic: string;
  domain: string;
  body: string | Uint8Array;
  webhookId?: string;
  triggeredAt?: Date;
  headers?: Record<string, string>;
}

/** The headers Shopify sends. */
export function headersOf(delivery: Delivery): Record<string, string> {
  return {
    "content-type": "application/json",
    "x-shopify-topic": delivery.topic,
    "x-shopify-shop-domain": delivery.domain,
    "x-shopify-hmac-sha256": sign(delivery.body),
    "x-shopify-webhook-id": delivery.webhookId ?? randomUUID(),
    "x-shopify-event-id": randomUUID(),
    "x-shopify-api-version": "2026-07",
    "x-shopify-triggered-at": (delivery.triggeredAt ?? new Date()).toISOString(),
    ...delivery.headers,
  };
}

/** Sends one delivery; the answer's status. */
export async function deliver(box: LetterBox, delivery: Delivery): Promise<number> {
  const body = typeof delivery.body === "string" ? delivery.body : new Uint8Array(delivery.body);
  const response = await fetch(box.url, { method: "POST", headers: headersOf(delivery), body });
  await response.arrayBuffer();
  return response.status;
}

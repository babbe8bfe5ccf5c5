// A stand-in for the app at the other end of the wire: a plain HTTP server that records deliveries and
// answers as told.
import { createHmac } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { createSimulator, type Simulator } from "../../simulator/simulator";
import type { SimSubscription } from "../../simulator/state";
import { WebhookEngine } from "../../simulator/webhooks";

export interface Received {
  headers: IncomingHttpHeaders;
  body: string;
  isSigned: boolean;
}

export interface Receiver {
  uri: string;
  received: Received[];
  /** What to answer; null hangs. */
  answer: (delivery: Received) => number | null;
  close(): Promise<void>;
}

export async function startReceiver(secret: string): Promise<Receiver> {
  const received: Received[] = [];
  const server: Server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on("data", (chunk: Buffer) => chunks.push(chunk));
    req.on("end", () => {
      const body = Buffer.concat(chunks).toString("utf8");
      const isSigned =
        req.headers["x-shopify-hmac-sha256"] === createHmac("sha256", secret).update(body).digest("base64");
      const delivery = { headers: req.headers, body, isSigned };
      received.push(delivery);
      const status = receiver.answer(delivery);
      if (status !== null) res.writeHead(status, status >= 300 && status < 400 ? { location: "/elsewhere" } : {}).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const receiver: Receiver = {
    uri: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks`,
    received,
    answer: () => 200,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return receiver;
}

/** A simulator with an engine and without any other server. */
export function quietSimulator(): { sim: Simulator; engine: WebhookEngine } {
  const sim = createSimulator({ apiKey: "unit-key", apiSecret: "unit-secret" });
  return { sim, engine: new WebhookEngine(sim) };
}

export function subscribe(
  sim: Simulator,
  domain: string,
  topics: string[],
  uri: string,
  origin: SimSubscription["origin"] = "api",
): void {
  const at = sim.now().toISOString();
  for (const topic of topics) {
    const id = sim.newId();
    sim.shop(domain).subscriptions[id] = {
      id,
      topic,
      uri,
      origin,
      failures: 0,
      filter: null,
      includeFields: [],
      createdAt: at,
      updatedAt: at,
    };
  }
}

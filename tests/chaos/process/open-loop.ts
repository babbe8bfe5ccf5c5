// Sends deliveries at a given rate whether or not the answers come: as the world does, a slow receiver is not
// spared. Each delivery has a webhook id of its own and a body that the platform once sent.
import { createHmac, randomUUID } from "node:crypto";
import { Agent, request } from "node:http";

import type { Delivery } from "../../simulator/webhooks";
import type { Acknowledged } from "./accepted";

/** After this the sender gives up; nobody may need it. */
const GIVE_UP_MS = 12_000;
const SEND_TICK_MS = 4;
const RUN_TICK_MS = 10;

export interface Sample extends Acknowledged {
  /** 0: no answer. */
  status: number;
  error: string | null;
  /** Milliseconds since the load began. */
  sentAt: number;
  /** In the time in which this process ran: what a busy machine took from the sender is no one's answer. */
  ms: number;
}
export interface Sender {
  /** Ports of the web processes, in turn. */
  ports: () => readonly number[];
  bodies: readonly Pick<Delivery, "shop" | "topic" | "body">[];
  secret: string;
}

/** Sends for so many milliseconds and resolves when the last answer is there. */
export async function sendOpenLoop(sender: Sender, perSecond: number, lengthMs: number): Promise<Sample[]> {
  const line = newLine();
  const { started } = line;
  const answers: Promise<Sample>[] = [];
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const elapsed = performance.now() - started;
      const due = Math.floor((Math.min(elapsed, lengthMs) / 1_000) * perSecond);
      while (answers.length < due) answers.push(sendOne(sender, line, answers.length));
      if (elapsed < lengthMs) return;
      clearInterval(timer);
      resolve();
    }, SEND_TICK_MS);
  });
  const samples = await Promise.all(answers);
  line.end();
  return samples;
}

/** Sends as fast as answers come, so many at once, for so many milliseconds. */
export async function sendClosedLoop(sender: Sender, atOnce: number, lengthMs: number): Promise<Sample[]> {
  const line = newLine();
  const samples: Sample[] = [];
  const sendOn = async (): Promise<void> => {
    while (performance.now() - line.started < lengthMs) {
      const sample = await sendOne(sender, line, samples.length);
      samples.push(sample);
      // A receiver that refuses must not become a busy loop here.
      if (sample.status !== 200) await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, sendOn));
  line.end();
  return samples;
}

interface Line {
  agent: Agent;
  started: number;
  /** Milliseconds this process has run since the line was opened. */
  ran(): number;
  end(): void;
}

function newLine(): Line {
  const agent = new Agent({ keepAlive: true, maxSockets: Infinity });
  let ticks = 0;
  // A late tick is one tick: the ones that were missed meanwhile are not made up for.
  const ticking = setInterval(() => (ticks += 1), RUN_TICK_MS);
  return {
    agent,
    started: performance.now(),
    ran: () => ticks * RUN_TICK_MS,
    end() {
      clearInterval(ticking);
      agent.destroy();
    },
  };
}

function sendOne(sender: Sender, line: Line, number: number): Promise<Sample> {
  const source = sender.bodies[number % sender.bodies.length];
  const ports = sender.ports();
  if (!source) throw new Error("there is nothing to send");
  const about = { domain: source.shop, topic: source.topic, webhookId: randomUUID() };
  const sentAt = performance.now() - line.started;
  const ran = line.ran();
  return new Promise((resolve) => {
    const finish = (status: number, error: string | null): void => {
      clearTimeout(timer);
      resolve({ ...about, status, error, sentAt, ms: line.ran() - ran });
    };
    const outgoing = request(
      {
        host: "127.0.0.1",
        port: ports[number % Math.max(1, ports.length)],
        path: "/webhooks",
        method: "POST",
        agent: line.agent,
        headers: headersOf(source, about.webhookId, sender.secret),
      },
      (answer) => {
        answer.resume();
        answer.once("end", () => finish(answer.statusCode ?? 0, null));
        answer.once("error", (error) => finish(0, error.message));
      },
    );
    const timer = setTimeout(() => {
      finish(0, `no answer within ${GIVE_UP_MS} ms`);
      outgoing.destroy();
    }, GIVE_UP_MS);
    outgoing.once("error", (error: NodeJS.ErrnoException) => finish(0, error.code ?? error.message));
    outgoing.end(source.body);
  });
}

function headersOf(
  { shop, topic, body }: Sender["bodies"][number],
  webhookId: string,
  secret: string,
): Record<string, string> {
  return {
    "Content-Type": "application/json",
    "Content-Length": String(Buffer.byteLength(body)),
    "X-Shopify-Topic": topic,
    "X-Shopify-Hmac-Sha256": createHmac("sha256", secret).update(body, "utf8").digest("base64"),
    "X-Shopify-Shop-Domain": shop,
    "X-Shopify-API-Version": "2026-07",
    "X-Shopify-Webhook-Id": webhookId,
    "X-Shopify-Triggered-At": new Date().toISOString(),
  };
}

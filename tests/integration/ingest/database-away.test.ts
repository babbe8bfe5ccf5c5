import { randomUUID } from "node:crypto";
import net from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { routerPool } from "../../../app/db.server";
import { drainOnce } from "../../../app/ingest/drain.server";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";
import { runningTime } from "../../setup/running-time";
import { deliver, openLetterBox, type LetterBox } from "./letter-box";

const database = useTestDatabase({ realWaits: true });
const DOMAIN = "away.myshopify.com";
let box: LetterBox;
let link: FaultyLink;

/** A TCP relay to PostgreSQL that can be cut or swallow everything without a word. */
interface FaultyLink {
  port: number;
  /** flowing: as it should; cut: connections are refused and dropped; silent: bytes go nowhere. */
  mode: "flowing" | "cut" | "silent";
  setMode(mode: FaultyLink["mode"]): void;
  close(): Promise<void>;
}
async function openLink(target: { host: string; port: number }): Promise<FaultyLink> {
  const sockets = new Set<net.Socket>();
  const state: { mode: FaultyLink["mode"] } = { mode: "flowing" };
  const server = net.createServer((client) => {
    sockets.add(client);
    client.on("error", () => client.destroy());
    if (state.mode === "cut") return void client.destroy();
    const upstream = net.connect(target);
    sockets.add(upstream);
    upstream.on("error", () => client.destroy());
    client.on("data", (chunk) => state.mode === "flowing" && upstream.write(chunk));
    upstream.on("data", (chunk) => state.mode === "flowing" && client.write(chunk));
    client.on("close", () => upstream.destroy());
    upstream.on("close", () => state.mode === "flowing" && client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as net.AddressInfo).port,
    get mode() {
      return state.mode;
    },
    setMode(mode) {
      state.mode = mode;
      if (mode === "cut") for (const socket of sockets) socket.destroy();
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

beforeAll(async () => {
  const url = new URL(database.ownerUrl());
  link = await openLink({ host: url.hostname, port: Number(url.port) });
  for (const name of ["DATABASE_URL", "DATABASE_ROUTER_URL"]) {
    const through = new URL(process.env[name] ?? "");
    through.port = String(link.port);
    process.env[name] = through.href;
  }
  await createTestShop(DOMAIN);
  box = await openLetterBox();
});
afterAll(async () => {
  await box.close();
  link.setMode("cut");
  await link.close();
});

async function timed(webhookId = randomUUID()) {
  const { value: status, ms } = await runningTime(() =>
    deliver(box, { topic: "discounts/create", domain: DOMAIN, body: "{}", webhookId }),
  );
  return { status, ms, webhookId };
}
async function stored(webhookId: string) {
  const { rows } = await database.owner().query("SELECT FROM webhook_inbox WHERE webhook_id = $1", [webhookId]);
  return rows.length;
}
/** Polls until the letter box takes deliveries again. */
const recovered = () => expect.poll(async () => (await timed()).status, { timeout: 60_000 }).toBe(200);

describe("A11 the database is away", () => {
  it("A11 connections are refused: 503 at once, nothing stored; 200 as soon as it is back", async () => {
    expect((await timed()).status).toBe(200);
    link.setMode("cut");
    const answers = await Promise.all(Array.from({ length: 20 }, () => timed()));
    expect(new Set(answers.map((each) => each.status))).toEqual(new Set([503]));
    expect(Math.max(...answers.map((each) => each.ms))).toBeLessThan(4_000);
    for (const { webhookId } of answers) expect(await stored(webhookId)).toBe(0);
    link.setMode("flowing");
    await recovered();
  });

  it("C19 A11 the server hangs without a word: every answer is 503 within 4 s", async () => {
    await recovered();
    link.setMode("silent");
    const answers = await Promise.all(Array.from({ length: 60 }, () => timed()));
    expect(new Set(answers.map((each) => each.status))).toEqual(new Set([503]));
    expect(Math.max(...answers.map((each) => each.ms))).toBeLessThan(4_000);
    link.setMode("cut");
    link.setMode("flowing");
    await recovered();
  });

  it("C19 the drain does not hang for ever either", async () => {
    await recovered();
    link.setMode("silent");
    const { ms } = await runningTime(() => expect(drainOnce()).rejects.toThrow());
    expect(ms).toBeLessThan(10_000);
    link.setMode("cut");
    link.setMode("flowing");
    await recovered();
  });

  it("A11 the pool is exhausted: 503 within 4 s, never 200 before COMMIT", async () => {
    await recovered();
    const held = await Promise.all(Array.from({ length: 8 }, () => routerPool().connect()));
    try {
      const answers = await Promise.all(Array.from({ length: 10 }, () => timed()));
      expect(new Set(answers.map((each) => each.status))).toEqual(new Set([503]));
      expect(Math.max(...answers.map((each) => each.ms))).toBeLessThan(4_000);
    } finally {
      for (const client of held) client.release();
    }
    expect((await timed()).status).toBe(200);
  });

  it("A11 a lock holds up the COMMIT: 503 in time, and the repetition finds the row or stores it", async () => {
    const owner = await database.owner().connect();
    const webhookId = randomUUID();
    try {
      await owner.query("BEGIN");
      await owner.query("LOCK TABLE webhook_inbox IN SHARE MODE");
      const answer = await timed(webhookId);
      expect(answer.status).toBe(503);
      expect(answer.ms).toBeLessThan(4_000);
    } finally {
      await owner.query("ROLLBACK");
      owner.release();
    }
    await expect.poll(async () => (await timed(webhookId)).status, { timeout: 60_000 }).toBe(200);
    expect(await stored(webhookId)).toBe(1);
  });
});

// Whoever asks too often is told so, at every door that the world can reach: the list is made from the server's own
// doors, and a new one without a limit fails here.
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import path from "node:path";

import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";

import { createListener } from "../../../app/server/listener.server";
import { remixDoor } from "../../../app/server/remix-door.server";
import { visitorAddress } from "../../../app/server/visitor-address";
import { ACCOUNT_DOORS } from "../../../app/storefront/account.server";
import { DOORS } from "../../../app/storefront/doors.server";
import { PAGES } from "../../../app/storefront/page-doors.server";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";
import { listening } from "../storefront/beside-the-clock";
import { feedUrls } from "../../../app/reviews/feeds/feed-address.server";
import { setReviewSettings } from "../../builders/review";
import { requestOf, type DoorAsk } from "./door-asks";

useTestDatabase();
const DOMAIN = "limits-test.myshopify.com";
const APP = path.join(import.meta.dirname, "../../../app");
let server: Server;
let origin = "";
let feed = "";

beforeAll(async () => {
  const shopId = await createTestShop(DOMAIN);
  await setReviewSettings(shopId, { feeds: { enabled: true, generation: 1 } });
  feed = new URL(feedUrls(shopId, 1).google).pathname;
  // A build without routes: what it answers does not matter here, only that it is not asked too often.
  const pages = remixDoor(() => Promise.reject(new Error("no page is rendered here")));
  server = createServer(
    createListener((req, res) => pages(req, res).catch(() => void (res.headersSent || res.writeHead(404).end()))),
  );
  origin = await listening(server);
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

// Limits fill up again while a slow machine asks: the clock that they read stands still.
beforeEach(() => {
  const frozen = performance.now();
  vi.spyOn(performance, "now").mockImplementation(() => frozen);
});

/** A customer nobody else of this file speaks for, so that each door's own limit is what is met. */
let customers = 600;
async function firstRefusal(ask: DoorAsk, most: number): Promise<number | null> {
  const caller = { shop: DOMAIN, customerId: String(customers++) };
  for (let sent = 1; sent <= most; sent++) {
    const response = await fetch(await requestOf(origin, ask, caller));
    await response.arrayBuffer();
    if (response.status === 429) return sent;
  }
  return null;
}
const proxyAsk = (name: string, method: "GET" | "POST"): DoorAsk => {
  // A body that fits nowhere: the door's limit is counted before it is read.
  return { name, credential: "proxy", method, path: `/proxy/${name}`, ...(method === "POST" ? { json: [] } : {}) };
};

describe("E11 F08 every public door has a limit", () => {
  it("F08 the list of doors is whole", () => {
    const text = readFileSync(path.join(APP, "server/listener.server.ts"), "utf8");
    const handlers = [
      ...new Set(
        [...text.matchAll(/return (?:await )?(handle\w+|answerReadiness|pages)\(|await (handleProxy)\(/g)].map(
          (m) => m[1] ?? m[2],
        ),
      ),
    ];
    /** Handler → where its limit is tried, or why it has none. */
    const known: Record<string, string> = {
      handleProxy: "tried below, each of its doors",
      handleAccount: "tried below, each of its doors",
      handleCustomerBlock: "tried below",
      handleUnsubscribe: "tried below",
      handleMedia: "tried below: for addresses that are none",
      handleFeed: "tried below",
      pages: "tried below",
      answerReadiness:
        "asked by orchestrators: two questions of one row, two seconds at most, and nothing of a shop in the answer",
      handleMetrics: "needs the operator's token, and is not there without one",
      handleWebhook:
        "none on purpose: neither the address nor the shop is signed, so a limit by either would let a stranger shut Shopify out; " +
        "what has no valid signature costs one hash of a capped body (A09, A10) and what has one is answered 503 beyond capacity (A11)",
    };
    expect(handlers.sort()).toEqual(Object.keys(known).sort());
  });

  it.each([...DOORS].map(([name, { method }]) => [name, method] as const))("F08 /proxy/%s", async (name, method) => {
    expect(await firstRefusal(proxyAsk(name, method), 60)).not.toBeNull();
  });

  it.each([...PAGES.keys()])("F08 /proxy/%s, looks and forms", async (name) => {
    expect(await firstRefusal(proxyAsk(name, "GET"), 80)).not.toBeNull();
    expect(await firstRefusal({ ...proxyAsk(name, "POST"), form: { t: "x" } }, 40)).not.toBeNull();
  });

  it("F08 /proxy/review-upload", async () => {
    const ask = { ...proxyAsk("review-upload", "POST"), query: { ticket: "x", drop: "1" } };
    expect(await firstRefusal(ask, 80)).not.toBeNull();
  });

  it.each([...ACCOUNT_DOORS].map(([name, { method }]) => [name, method] as const))(
    "F08 /account-api/%s",
    async (name, method) => {
      const ask: DoorAsk = { name, credential: "account", method, path: `/account-api/${name}`, json: [] };
      expect(await firstRefusal(ask, 80)).not.toBeNull();
    },
  );

  it("F08 the admin's block, feeds, links of mails, guesses of pictures, and pages", async () => {
    const at = (target: string, credential: "block" | "link", method: "GET" | "POST" = "GET"): DoorAsk => {
      return { name: target, credential, method, path: target };
    };
    expect(await firstRefusal(at("/admin-api-block/member", "block"), 150)).not.toBeNull();
    expect(await firstRefusal(at(feed, "link"), 20)).not.toBeNull();
    expect(await firstRefusal(at("/unsubscribe/none", "link", "POST"), 250)).not.toBeNull();
    expect(await firstRefusal(at(`/media/1/${"a".repeat(22)}/w640.webp`, "link"), 250)).not.toBeNull();
    expect(await firstRefusal(at("/app", "link"), 700)).not.toBeNull();
  });
});

describe("F08 whose address counts", () => {
  const from = (forwarded: string | string[] | undefined, hops: number) =>
    visitorAddress(
      {
        headers: { "x-forwarded-for": forwarded as string },
        socket: { remoteAddress: "10.0.0.9" },
      } as unknown as IncomingMessage,
      hops,
    );

  it("F08 without a proxy of ours nobody's word is taken for an address", () => {
    expect(from("203.0.113.7", 0)).toBe("10.0.0.9");
    expect(from(undefined, 0)).toBe("10.0.0.9");
  });

  it("F08 behind proxies of ours what the outermost of them saw counts, not what the caller wrote before it", () => {
    expect(from("203.0.113.7", 1)).toBe("203.0.113.7");
    expect(from("1.1.1.1, 2.2.2.2, 203.0.113.7", 1)).toBe("203.0.113.7");
    expect(from("1.1.1.1, 203.0.113.7, 10.0.0.1", 2)).toBe("203.0.113.7");
    expect(from(["1.1.1.1", "203.0.113.7"], 1)).toBe("203.0.113.7");
    expect(from("", 1)).toBe("10.0.0.9");
    expect(from("x".repeat(5_000), 1)).toHaveLength(64);
  });
});

import { randomUUID } from "node:crypto";
import net from "node:net";
import zlib from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { routerPool } from "../../../app/db.server";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";
import { deliver, headersOf, openLetterBox, sign, type LetterBox } from "./letter-box";

useTestDatabase();

const DOMAIN = "letters.myshopify.com";
let box: LetterBox;
let shopId: number;

beforeAll(async () => {
  shopId = await createTestShop(DOMAIN);
  box = await openLetterBox();
});
afterAll(() => box.close());

async function rowsOf(webhookId: string) {
  const { rows } = await routerPool().query<{
    shop_id: number | null;
    status: string;
    body: string | null;
    error: string | null;
    topic: string;
    subject: string | null;
  }>("SELECT shop_id, status, body, error, topic, subject FROM webhook_inbox WHERE webhook_id = $1", [webhookId]);
  return rows;
}
const ORDER = JSON.stringify({
  id: 9007199254740993,
  admin_graphql_api_id: "gid://shopify/Order/9007199254740993",
  name: "#1001",
});

/** Sends raw bytes and returns the status line's code, or null when the connection closed without one. */
function raw(text: string | Buffer, keepOpen = false): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(box.port, "127.0.0.1");
    let answer = "";
    socket.on("data", (chunk) => {
      answer += chunk.toString("latin1");
      const status = /^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1];
      if (status) {
        resolve(Number(status));
        socket.destroy();
      }
    });
    socket.on("close", () => resolve(null));
    socket.on("error", reject);
    socket.write(text);
    if (!keepOpen) socket.end();
  });
}

describe("A01 the same webhook id", () => {
  it("A01 twice in a row: one row, both answers 200", async () => {
    const webhookId = randomUUID();
    const delivery = { topic: "orders/create", domain: DOMAIN, body: ORDER, webhookId };
    expect([await deliver(box, delivery), await deliver(box, delivery)]).toEqual([200, 200]);
    expect(await rowsOf(webhookId)).toEqual([
      {
        shop_id: shopId,
        status: "pending",
        body: ORDER,
        error: null,
        topic: "orders/create",
        subject: "gid://shopify/Order/9007199254740993",
      },
    ]);
  });

  it("A01 fifty times at once: one row, every answer 200", async () => {
    const webhookId = randomUUID();
    const delivery = { topic: "orders/paid", domain: DOMAIN, body: ORDER, webhookId };
    const statuses = await Promise.all(Array.from({ length: 50 }, () => deliver(box, delivery)));
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(await rowsOf(webhookId)).toHaveLength(1);
  });

  it("A01 another topic or another shop under the same id is another delivery", async () => {
    const webhookId = randomUUID();
    await deliver(box, { topic: "orders/paid", domain: DOMAIN, body: ORDER, webhookId });
    await deliver(box, { topic: "orders/updated", domain: DOMAIN, body: ORDER, webhookId });
    await deliver(box, { topic: "orders/paid", domain: "never-installed.myshopify.com", body: ORDER, webhookId });
    const rows = await rowsOf(webhookId);
    expect(rows.map((row) => [row.topic, row.shop_id]).sort()).toEqual(
      [
        ["orders/paid", shopId],
        ["orders/paid", null],
        ["orders/updated", shopId],
      ].sort(),
    );
  });

  it("200 parallel different deliveries are all stored", async () => {
    const ids = Array.from({ length: 200 }, () => randomUUID());
    const statuses = await Promise.all(
      ids.map((webhookId) => deliver(box, { topic: "orders/create", domain: DOMAIN, body: ORDER, webhookId })),
    );
    expect(new Set(statuses)).toEqual(new Set([200]));
    const { rows } = await routerPool().query<{ n: number }>(
      "SELECT count(DISTINCT webhook_id)::int AS n FROM webhook_inbox WHERE webhook_id = ANY($1)",
      [ids],
    );
    expect(rows[0]?.n).toBe(200);
  });
});

describe("A09 bad signatures", () => {
  const cases: [string, string | undefined][] = [
    ["absent", undefined],
    ["empty", ""],
    ["too short", "YWJj"],
    ["too long", "A".repeat(88)],
    ["not base64", "!".repeat(44)],
    ["url-safe base64", `${"-".repeat(43)}=`],
    ["hex", "a".repeat(64)],
    ["of other bytes", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="],
  ];
  it.each(cases)("A09 %s → 401 and no row", async (_name, signature) => {
    const webhookId = randomUUID();
    const headers = headersOf({ topic: "orders/create", domain: DOMAIN, body: ORDER, webhookId });
    if (signature === undefined) delete headers["x-shopify-hmac-sha256"];
    else headers["x-shopify-hmac-sha256"] = signature;
    const response = await fetch(box.url, { method: "POST", headers, body: ORDER });
    expect(response.status).toBe(401);
    expect(await rowsOf(webhookId)).toEqual([]);
  });

  it("A09 a signature of the parsed instead of the raw body → 401", async () => {
    const spaced = JSON.stringify(JSON.parse(ORDER), null, 1);
    const headers = {
      ...headersOf({ topic: "orders/create", domain: DOMAIN, body: spaced }),
      "x-shopify-hmac-sha256": sign(JSON.stringify(JSON.parse(spaced))),
    };
    expect((await fetch(box.url, { method: "POST", headers, body: spaced })).status).toBe(401);
  });

  it("A09 unicode and repeated signature headers → 401, never 500", async () => {
    const head = (lines: string[]) =>
      Buffer.from(`POST /webhooks HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n${lines.join("\r\n")}\r\n\r\n{}`, "utf8");
    expect(await raw(head(["X-Shopify-Hmac-Sha256: 署名署名署名署名署名署名署名署名署名署名署名="]), true)).toBe(401);
    const good = sign("{}");
    expect(await raw(head([`X-Shopify-Hmac-Sha256: ${good}`, `X-Shopify-Hmac-Sha256: ${good}`]), true)).toBe(401);
    expect(await raw(head(["X-Shopify-Topic: orders/create"]), true)).toBe(401);
  });

  it("A09 a large body behind a hopeless signature is not read", async () => {
    // Only the head is sent; an answer without the announced 30 MB proves that nobody waited for them.
    const head = `POST /webhooks HTTP/1.1\r\nHost: x\r\nContent-Length: 30000000\r\nX-Shopify-Hmac-Sha256: nonsense\r\n\r\n`;
    expect(await raw(head, true)).toBe(401);
  });

  it("other methods → 405", async () => {
    const response = await fetch(box.url);
    expect([response.status, response.headers.get("allow")]).toEqual([405, "POST"]);
  });
});

describe("A10 odd bodies", () => {
  it("A10 a 5 MB order of 500 lines is stored whole", async () => {
    const webhookId = randomUUID();
    const body = JSON.stringify({
      id: 1,
      line_items: Array.from({ length: 500 }, (_, i) => ({ id: i, properties: "絆".repeat(3_400) })),
    });
    expect(Buffer.byteLength(body)).toBeGreaterThan(5_000_000);
    expect(await deliver(box, { topic: "orders/create", domain: DOMAIN, body, webhookId })).toBe(200);
    const rows = await rowsOf(webhookId);
    expect(rows[0]?.status).toBe("pending");
    expect(rows[0]?.body === body).toBe(true);
  });

  it("A10 more than 8 MB: 200 and quarantined after a good signature, 401 before one", async () => {
    const webhookId = randomUUID();
    const body = Buffer.alloc(9 * 1024 * 1024, 0x20);
    expect(await deliver(box, { topic: "orders/create", domain: DOMAIN, body, webhookId })).toBe(200);
    expect(await rowsOf(webhookId)).toMatchObject([
      { status: "quarantined", body: null, error: expect.stringMatching(/^too_large/) },
    ]);
    const headers = { "x-shopify-hmac-sha256": sign("other") };
    expect(await deliver(box, { topic: "orders/create", domain: DOMAIN, body, headers })).toBe(401);
  });

  it("A10 beyond 32 MB: 413, announced or not, with an alert", async () => {
    const announced = `POST /webhooks HTTP/1.1\r\nHost: x\r\nContent-Length: 40000000\r\nX-Shopify-Topic: orders/create\r\nX-Shopify-Shop-Domain: ${DOMAIN}\r\nX-Shopify-Hmac-Sha256: ${sign("x")}\r\n\r\n`;
    expect(await raw(announced, true)).toBe(413);
    const chunk = Buffer.alloc(1024 * 1024, 0x20);
    const chunked = Buffer.concat([
      Buffer.from(
        `POST /webhooks HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nX-Shopify-Hmac-Sha256: ${sign("x")}\r\n\r\n`,
      ),
      ...Array.from({ length: 33 }, () => Buffer.concat([Buffer.from("100000\r\n"), chunk, Buffer.from("\r\n")])),
    ]);
    expect(await raw(chunked, true)).toBe(413);
    await expect
      .poll(
        async () => {
          const { inShop } = await import("../../../app/db.server");
          return inShop(
            shopId,
            async (tx) =>
              (await tx.query("SELECT kind FROM health_alert WHERE kind = 'delivery_too_large'")).rows.length,
          );
        },
        { timeout: 30_000 },
      )
      .toBe(1);
  });

  it("A10 compressed bodies are not unpacked: quarantined", async () => {
    const webhookId = randomUUID();
    const bomb = zlib.gzipSync(Buffer.alloc(50_000_000));
    expect(
      await deliver(box, {
        topic: "orders/create",
        domain: DOMAIN,
        body: bomb,
        webhookId,
        headers: { "content-encoding": "gzip" },
      }),
    ).toBe(200);
    expect(await rowsOf(webhookId)).toMatchObject([
      { status: "quarantined", body: null, error: "content_encoding: gzip" },
    ]);
    const wrong = { "content-encoding": "gzip", "x-shopify-hmac-sha256": sign("other") };
    expect(await deliver(box, { topic: "orders/create", domain: DOMAIN, body: bomb, headers: wrong })).toBe(401);
  });

  it.each([
    ["broken UTF-8", Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d])],
    ["a NUL byte", Buffer.from('{"a":"\0"}')],
  ])("A10 %s: 200 and quarantined, neighbours unharmed", async (_name, body) => {
    const [bad, good] = [randomUUID(), randomUUID()];
    const statuses = await Promise.all([
      deliver(box, { topic: "orders/create", domain: DOMAIN, body, webhookId: bad }),
      deliver(box, { topic: "orders/create", domain: DOMAIN, body: ORDER, webhookId: good }),
    ]);
    expect(statuses).toEqual([200, 200]);
    expect(await rowsOf(bad)).toMatchObject([{ status: "quarantined", body: null, error: "not_text" }]);
    expect(await rowsOf(good)).toMatchObject([{ status: "pending" }]);
  });

  it("A10 an empty body with a good signature is acknowledged", async () => {
    const webhookId = randomUUID();
    expect(await deliver(box, { topic: "orders/create", domain: DOMAIN, body: "", webhookId })).toBe(200);
    expect(await rowsOf(webhookId)).toHaveLength(1);
  });

  it("new-style header names, a missing webhook id and a domain that is none are all acknowledged", async () => {
    const body = `{"n":"${randomUUID()}"}`;
    const headers = {
      "shopify-topic": "orders/create",
      "shopify-shop-domain": DOMAIN,
      "shopify-hmac-sha256": sign(body),
    };
    const send = () => fetch(box.url, { method: "POST", headers, body });
    expect([(await send()).status, (await send()).status]).toEqual([200, 200]);
    const { rows } = await routerPool().query("SELECT webhook_id FROM webhook_inbox WHERE body = $1", [body]);
    expect(rows).toEqual([{ webhook_id: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) }]);
    const webhookId = randomUUID();
    expect(await deliver(box, { topic: "orders/create", domain: "evil.example.com", body: ORDER, webhookId })).toBe(
      200,
    );
    expect(await rowsOf(webhookId)).toMatchObject([{ status: "quarantined", error: "no_shop_domain", shop_id: null }]);
  });
});

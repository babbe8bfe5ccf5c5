// The built app as strangers reach it: over raw HTTP, in production, with nothing between. What a test in process
// cannot show: headers of every answer, the server's own limits, files, and what an error tells.
import { readdirSync } from "node:fs";
import { connect, type Socket } from "node:net";
import path from "node:path";

import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { closeDatabase } from "../../app/db.server";
import { startStack, type Stack } from "../demo/stack";
import { doorAsks, requestOf, type Credential } from "../integration/attack/door-asks";
import { sessionToken } from "../integration/routes/admin-requests";
import { furnishShop, type FurnishedShop } from "../integration/tenancy/furnished-shop";
import { digestRows, type RowDigest } from "../integration/tenancy/row-digest";

const SILENT_CALLERS = 1_000;
let stack: Stack;
let owner: pg.Pool;
let shop: FurnishedShop;
let before: RowDigest;
const silent: Socket[] = [];
let closed = 0;

beforeAll(async () => {
  // Only doors: a worker of its own accord would change rows.
  stack = await startStack({ seed: "none", appEnv: { KIZUNA_ROLE: "web" } });
  for (const [name, value] of Object.entries(stack.appEnv)) if (value !== undefined) process.env[name] = value;
  owner = new pg.Pool({ connectionString: stack.database.ownerUrl, max: 2 });
  shop = await furnishShop(owner, "attacked.myshopify.com", "Attacked");
  await closeDatabase();
  before = await digest();
  await openSilentCallers();
});
afterAll(async () => {
  for (const socket of silent) socket.destroy();
  await owner?.end();
  await stack?.stop();
});

const digest = () => digestRows(owner);
const at = (target: string) => new URL(target, stack.app.url);

// Half a request each, and then nothing: as long as one waits for the rest it holds a socket and little else.
async function openSilentCallers(): Promise<void> {
  const { hostname, port } = new URL(stack.app.url);
  const opened = Array.from({ length: SILENT_CALLERS }, () => {
    const socket = connect(Number(port), hostname);
    socket.on("error", () => undefined);
    socket.on("close", () => closed++);
    socket.resume();
    silent.push(socket);
    return new Promise<void>((resolve) => {
      socket.on("connect", () => socket.write("POST /webhooks HTTP/1.1\r\nHost: kizuna\r\nX-Slow: ", () => resolve()));
      socket.on("close", () => resolve());
    });
  });
  await Promise.all(opened);
}

/** A request as bytes; the whole answer. */
function speak(bytes: string): Promise<string> {
  const { hostname, port } = new URL(stack.app.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    let answer = "";
    socket.on("data", (part) => (answer += part.toString("latin1")));
    socket.on("end", () => resolve(answer));
    socket.on("error", reject);
  });
}

const ROUTES = path.join(import.meta.dirname, "../../app/routes");
/** The address of every page, with a number where it takes one. */
const pages = readdirSync(ROUTES)
  .map((name) => name.replace(/\.tsx?$/, ""))
  .filter((id) => id === "app" || id.startsWith("app."))
  .map(
    (id) =>
      `/${id
        .replace(/\._index$/, "")
        .replace(/\$\w+/, "1")
        .replaceAll(".", "/")}`,
  );

describe("A14 a thousand callers who say nothing", () => {
  it("A14 do not keep anybody else from being answered", async () => {
    expect((await fetch(at("/healthz"))).status).toBe(200);
    expect((await fetch(at("/readyz"))).status).toBe(200);
    const [history] = doorAsks(shop).filter(({ name }) => name === "proxy/history");
    const [delivery] = doorAsks(shop).filter(({ topic }) => topic === "orders/updated");
    if (!history || !delivery) throw new Error("no such door");
    const customer = { shop: shop.domain, customerId: shop.numbers.customer };
    expect((await fetch(await requestOf(stack.app.url, history, customer))).status).toBe(200);
    expect((await fetch(await requestOf(stack.app.url, delivery, customer, { secret: "another" }))).status).toBe(401);
  });
});

describe("E01 E06 without a signature, a token or a session", () => {
  it("E01 E06 E08 A09 no door of the built app opens, and no row changes", async () => {
    const wrong: Record<Credential, number[]> = {
      ...{ proxy: [400], account: [401], block: [401], webhook: [401] },
      link: [404],
    };
    for (const ask of doorAsks(shop)) {
      const spoiled = ask.credential === "link" ? { ...ask, path: `${ask.path}A` } : ask;
      const caller = { shop: shop.domain, customerId: shop.numbers.customer };
      const answer = await fetch(
        await requestOf(stack.app.url, spoiled, caller, { secret: "a secret of another app" }),
      );
      expect([ask.name, ask.method, answer.status]).toEqual([ask.name, ask.method, wrong[ask.credential][0]]);
      expect([ask.name, (await answer.text()).includes(shop.mark)]).toEqual([ask.name, false]);
    }
    expect(await digest()).toEqual(before);
  });

  it("E06 no page is shown and no act is done, whichever way a page is asked for", async () => {
    expect(pages.length).toBeGreaterThan(30);
    for (const page of pages) {
      for (const [method, suffix] of [
        ["GET", ""],
        ["GET", ".data"],
        ["POST", ""],
        ["POST", ".data"],
        ["DELETE", ""],
      ] as const) {
        const address = at(`${page}${suffix}?shop=${shop.domain}`);
        const body = method === "POST" ? '{"points":100}' : undefined;
        const headers = { "content-type": "application/json", "user-agent": "Mozilla/5.0 Chrome/142" };
        const answer = await fetch(address, { method, headers, redirect: "manual", ...(body ? { body } : {}) });
        const text = await answer.text();
        expect([page, method, suffix, answer.status >= 500]).toEqual([page, method, suffix, false]);
        expect([page, method, suffix, /attacked(?!\.myshopify)/i.test(text)]).toEqual([page, method, suffix, false]);
        if (answer.status === 200) expect([page, method, /<main|data-page/i.test(text)]).toEqual([page, method, false]);
      }
    }
    expect(await digest()).toEqual(before);
  });
});

describe("F16 what every answer carries", () => {
  it("F16 E05 E15 documents and data are framed by nobody else, kept by no cache and not sniffed", async () => {
    const targets = [
      "/",
      "/auth/login",
      "/app",
      `/app?shop=${shop.domain}`,
      "/app/members?shop=*",
      "/nowhere",
      "/app/nowhere",
    ];
    const nonces: string[] = [];
    for (const target of targets) {
      const answer = await fetch(at(target), {
        redirect: "manual",
        headers: { "user-agent": "Mozilla/5.0 Chrome/142" },
      });
      const html = await answer.text();
      expect([target, answer.headers.get("x-content-type-options")]).toEqual([target, "nosniff"]);
      expect([target, answer.headers.get("x-powered-by"), answer.headers.get("server")]).toEqual([target, null, null]);
      if (!answer.headers.get("content-type")?.startsWith("text/html")) continue;
      const policy = answer.headers.get("content-security-policy") ?? "";
      const framers = target.includes(shop.domain) ? `https://${shop.domain} https://admin.shopify.com` : "'none'";
      const nonce = /'nonce-([A-Za-z0-9+/]{22}==)'/.exec(policy)?.[1] ?? "none";
      const scripts = `'self' 'nonce-${nonce}' ${stack.appEnv["APP_BRIDGE_URL"]}`;
      expect([target, policy]).toEqual([
        target,
        `frame-ancestors ${framers}; script-src ${scripts}; style-src 'self' 'unsafe-inline' https://cdn.shopify.com; ` +
          "object-src 'none'; base-uri 'none'; form-action 'self';",
      ]);
      const inline = html.match(/<script(?![^>]*\ssrc=)[^>]*>/g) ?? [];
      expect(inline.filter((tag) => !tag.includes(`nonce="${nonce}"`))).toEqual([]);
      expect([target, html.match(/\son[a-z]+="|javascript:/g)]).toEqual([target, null]);
      nonces.push(nonce);
      expect([target, answer.headers.get("cache-control")]).toEqual([target, "private, no-store"]);
    }
    expect(nonces.length).toBeGreaterThan(3);
    expect(new Set(nonces).size).toBe(nonces.length);
  });

  it("F16 E07 a Host header of the caller's choice leads nobody away", async () => {
    for (const host of ["evil.example", "evil.example:80", "a@evil.example"]) {
      const answer = await speak(
        `GET /app?shop=${shop.domain} HTTP/1.1\r\nHost: ${host}\r\nX-Forwarded-Host: ${host}\r\nConnection: close\r\n\r\n`,
      );
      expect(answer).toMatch(/^HTTP\/1\.1 [234]/);
      expect(answer).not.toContain("evil.example");
    }
  });
});

describe("F14 what is not there", () => {
  it("F14 no source, source map, setting or tool is served", async () => {
    const [script] = /\/assets\/[\w.-]+\.js/.exec(await (await fetch(at("/auth/login"))).text()) ?? [];
    expect(script).toBeDefined();
    const targets = [
      ...[
        "/.env",
        "/.env.example",
        "/.git/HEAD",
        "/package.json",
        "/package-lock.json",
        "/server.js",
        "/build/server.js",
      ],
      ...[
        "/prisma/schema.prisma",
        "/app/env.server.ts",
        "/metrics",
        "/debug",
        "/__debug",
        "/control/clock",
        "/graphiql",
      ],
      ...[`${script ?? ""}.map`, "/assets/../server/index.js", "/assets/%2e%2e/%2e%2e/package.json", "/assets/"],
    ];
    for (const target of targets) {
      const raw = await speak(`GET ${target} HTTP/1.1\r\nHost: kizuna\r\nConnection: close\r\n\r\n`);
      expect([target, /^HTTP\/1\.1 (?:400|401|404)/.test(raw)]).toEqual([target, true]);
      expect([target, /DATABASE_URL|"dependencies"|createServer/.test(raw)]).toEqual([target, false]);
    }
  });
});

describe("what an error tells", () => {
  /** No path of the machine, no frame of a stack, no word of the database. */
  const INSIDES = /\bat \w[\w.]* \(|node_modules|\/app\/\w+\.server|\.ts:\d+|SELECT |pg_|relation "/;

  it("F14 E02 odd requests are refused without a word of what is inside, and the next one is answered", async () => {
    const requests = [
      "GET /app/%E0%A4%A HTTP/1.1\r\nHost: k\r\nConnection: close\r\n\r\n",
      "GET /%00 HTTP/1.1\r\nHost: k\r\nConnection: close\r\n\r\n",
      "GET /proxy/history?%E0%A4%A HTTP/1.1\r\nHost: k\r\nConnection: close\r\n\r\n",
      "TRACE / HTTP/1.1\r\nHost: k\r\nConnection: close\r\n\r\n",
      "POST /webhooks HTTP/1.1\r\nHost: k\r\nContent-Length: 5\r\nContent-Length: 6\r\nConnection: close\r\n\r\nhello",
      "POST /webhooks HTTP/1.1\r\nHost: k\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "GET /app HTTP/1.1\r\nHost: k\r\nX: a\r\n b\r\nConnection: close\r\n\r\n",
      `GET /app HTTP/1.1\r\nHost: k\r\nX: ${"a".repeat(20_000)}\r\nConnection: close\r\n\r\n`,
      `GET /app?${"a".repeat(20_000)} HTTP/1.1\r\nHost: k\r\nConnection: close\r\n\r\n`,
      "nonsense\r\n\r\n",
    ];
    for (const each of requests) {
      const answer = await speak(each);
      expect([each.slice(0, 60), /^HTTP\/1\.1 [234]/.test(answer)]).toEqual([each.slice(0, 60), true]);
      expect([each.slice(0, 60), INSIDES.exec(answer)?.[0]]).toEqual([each.slice(0, 60), undefined]);
    }
    expect((await fetch(at("/healthz"))).status).toBe(200);
    expect(await digest()).toEqual(before);
  });

  it("F14 E06 a page that breaks says so to its own merchant in general words", async () => {
    const token = await sessionToken(shop.domain);
    for (const [method, target] of [
      ["POST", "/app/members.data"],
      ["POST", "/app/rewards/1.data"],
      ["GET", "/app/members/1.data"],
    ] as const) {
      const answer = await fetch(at(`${target}?shop=${shop.domain}`), {
        method,
        redirect: "manual",
        headers: {
          authorization: `Bearer ${token}`,
          "content-type": "application/json",
          "user-agent": "Mozilla/5.0 Chrome/142",
        },
        ...(method === "POST" ? { body: '{"not json' } : {}),
      });
      const text = await answer.text();
      expect([target, INSIDES.exec(text)?.[0]]).toEqual([target, undefined]);
    }
  });

  it("E02 names that mean something to the language mean nothing in a body", async () => {
    const caller = { shop: shop.domain, customerId: "" };
    for (const text of [
      '{"__proto__":{"outcome":"polluted"}}',
      '{"constructor":{"prototype":{"x":1}}}',
      '{"toString":1,"reviewId":"1"}',
    ]) {
      const vote = doorAsks(shop).find(({ name }) => name === "proxy/review-vote");
      if (!vote) throw new Error("no such door");
      const good = await requestOf(stack.app.url, vote, caller);
      const answer = await fetch(good.url, { method: "POST", headers: good.headers, body: text });
      expect([text, answer.status, await answer.json()]).toEqual([text, 400, { outcome: "bad_body" }]);
    }
    expect(await digest()).toEqual(before);
  });
});

describe("A14 the end of those who said nothing", () => {
  it("A14 every silent caller is sent away by the server itself", async () => {
    await expect.poll(() => closed, { timeout: 120_000, interval: 250 }).toBe(SILENT_CALLERS);
    expect((await fetch(at("/healthz"))).status).toBe(200);
  });
});

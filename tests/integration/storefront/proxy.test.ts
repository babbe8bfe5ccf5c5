import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { ShopId } from "../../../app/db.server";
import { adjustPoints } from "../../../app/loyalty/adjust-points.server";
import { handleProxy } from "../../../app/storefront/proxy.server";
import { signProxyQuery } from "../../../app/storefront/proxy-signature";
import { createTestMember } from "../../builders/member";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";

useTestDatabase();

const TOKYO = "proxy-tokyo.myshopify.com";
const OTHER = "proxy-other.myshopify.com";
let server: Server;
let origin = "";

beforeAll(async () => {
  const tokyo = await createTestShop(TOKYO);
  const other = await createTestShop(OTHER);
  await give(tokyo, "77", [137, -37]);
  await give(other, "88", [5_000]);
  server = createServer((req, res) => {
    void handleProxy(req, res).then((handled) => handled || res.writeHead(404).end());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

async function give(shopId: ShopId, customer: string, amounts: number[]): Promise<void> {
  const { memberId } = await createTestMember(shopId, { customerId: `gid://shopify/Customer/${customer}` });
  for (const points of amounts) {
    const adjustment = {
      memberId,
      points,
      reason: "adjust_gift",
      note: null,
      actor: "staff:1",
      key: `gift ${points}`,
    } as const;
    expect((await adjustPoints(shopId, adjustment, new Date())).outcome).toBe("adjusted");
  }
}

function signed(over: Record<string, string> = {}, own: Record<string, string> = {}): string {
  const parameters = new URLSearchParams({
    ...own,
    shop: TOKYO,
    path_prefix: "/apps/kizuna",
    timestamp: String(Math.floor(Date.now() / 1000)),
    logged_in_customer_id: "77",
    ...over,
  });
  const secret = process.env.SHOPIFY_API_SECRET ?? "";
  parameters.set("signature", signProxyQuery(parameters, secret));
  return parameters.toString();
}
const read = (query: string, init?: RequestInit) => fetch(`${origin}/proxy/history?${query}`, init);
interface Page {
  entries: { points: number; text: string; on: string }[];
  next: string | null;
}

describe("the shoppers' door over HTTP", () => {
  it("shows the signed-in shopper their history with reasons, in both languages", async () => {
    const english = (await (await read(signed({}, { locale: "en" }))).json()) as Page;
    expect(english.entries.map(({ points, text }) => [points, text])).toEqual([
      [-37, "A gift from the shop"],
      [137, "A gift from the shop"],
    ]);
    const japanese = (await (await read(signed({}, { locale: "ja" }))).json()) as Page;
    expect(japanese.entries[0]?.text).toBe("お店からのプレゼント");
    expect(japanese.entries[0]?.on).toMatch(/^20\d\d年\d{1,2}月\d{1,2}日$/);
  });

  it("pages through the history without gaps", async () => {
    const first = (await (await read(signed())).json()) as Page;
    expect(first.next).toBeNull();
    const rest = (await (await read(signed({}, { before: "1" }))).json()) as Page;
    expect(rest.entries).toEqual([]);
  });

  it("E05 answers so that no cache keeps it", async () => {
    const answer = await read(signed());
    expect(answer.status).toBe(200);
    expect(answer.headers.get("cache-control")).toBe("private, no-store");
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
  });

  it("E04 answers JSON only, never Liquid", async () => {
    const answer = await read(signed({}, { locale: "{{ shop.name }}" }));
    expect(answer.headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(await answer.text()).not.toContain("{{");
  });

  it("E01 refuses an unsigned, forged or stale request", async () => {
    const stale = signed({ timestamp: String(Math.floor(Date.now() / 1000) - 3_600) });
    for (const query of [
      "",
      `${signed()}x`,
      signed().replace("logged_in_customer_id=77", "logged_in_customer_id=88"),
      stale,
    ]) {
      expect((await read(query)).status).toBe(400);
    }
  });

  it("E02 counts only the signed customer id: not one in a body, a header or the path", async () => {
    const nobody = signed({ logged_in_customer_id: "" });
    expect((await read(nobody)).status).toBe(401);
    expect((await read(nobody, { headers: { "x-logged-in-customer-id": "77" } })).status).toBe(401);
    expect((await fetch(`${origin}/proxy/history/77?${nobody}`)).status).toBe(404);
    expect((await read(`${nobody}&logged_in_customer_id=77`)).status).toBe(400);
  });

  it("E03 changes nothing on any method: only reads are answered", async () => {
    for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
      const answer = await read(signed(), {
        method,
        body: "points=1000000",
        headers: { "content-type": "application/x-www-form-urlencoded" },
      });
      expect([method, answer.status, answer.headers.get("allow")]).toEqual([method, 405, "GET, HEAD"]);
    }
    const page = (await (await read(signed())).json()) as Page;
    expect(page.entries).toHaveLength(2);
  });

  it("D08 finds nothing of another shop's customer", async () => {
    const foreign = (await (await read(signed({ logged_in_customer_id: "88" }))).json()) as Page;
    expect(foreign.entries).toEqual([]);
    const own = (await (await read(signed({ shop: OTHER, logged_in_customer_id: "88" }))).json()) as Page;
    expect(own.entries).toHaveLength(1);
    expect((await read(signed({ shop: "never-installed.myshopify.com" }))).status).toBe(404);
  });

  it("refuses what is no entry id", async () => {
    for (const before of ["-1", "1e3", "1; DROP TABLE member", "99999999999999999999"]) {
      expect((await read(signed({}, { before }))).status).toBe(400);
    }
  });

  it("slows down one shopper without slowing the next", async () => {
    const burst = await Promise.all(Array.from({ length: 40 }, () => read(signed({ logged_in_customer_id: "4242" }))));
    const statuses = burst.map(({ status }) => status);
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(0);
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(20);
    expect((await read(signed({ logged_in_customer_id: "4343" }))).status).toBe(200);
  });

  it("leaves other paths to the app", async () => {
    expect(await rawStatus("/proxyhistory")).toBe(404);
    expect(await rawStatus("/proxy/../history")).toBe(400);
  });
});

/** Without fetch's own tidying of the path. */
function rawStatus(path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(origin);
    request({ hostname, port, path }, (res) => resolve(res.resume().statusCode ?? 0))
      .on("error", reject)
      .end();
  });
}

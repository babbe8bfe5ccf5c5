// Where the app calls out to, and that nobody but its operator and Shopify can choose the place.
import { readFileSync, readdirSync } from "node:fs";
import { createServer, type Server } from "node:http";
import path from "node:path";

import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { env } from "../../../app/env.server";
import { shopifyFetch, shopifyFileFetch } from "../../../app/shopify/transport.server";
import { useTestDatabase } from "../../setup/postgres";
import { listening } from "../storefront/beside-the-clock";

useTestDatabase();
const APP = path.join(import.meta.dirname, "../../../app");

/** Every file that opens a connection other than to the database, and who chooses where to. */
const CALLERS: Record<string, string> = {
  "app/clock.server.ts": "the simulator, an address of this machine",
  "app/mail/smtp.server.ts": "SMTP_URL",
  "app/shopify/transport.server.ts": "a shop's own domain; files that Shopify's answers point to",
  "app/storage/s3-store.server.ts": "KIZUNA_S3_ENDPOINT",
};
/** OpenTelemetry's exporter, which is off by default, goes where its own variable says. */
const ASKS =
  /(?<![.\w])fetch\(|\bclient\.fetch\(|\bhttps?\.(?:request|get)\(|\bnet\.(?:connect|createConnection)\(|\btls\.connect\(|\bcreateTransport\(|new AwsClient\(|new WebSocket\(/;

describe("F06 calls to the outside", () => {
  it("F06 leave through four files; no address that a shopper, a merchant or a review names is ever fetched", () => {
    const sources = readdirSync(APP, { recursive: true, encoding: "utf8" }).filter(
      // What browsers run calls its own page's origin only; its content security policy says so.
      (file) => /\.tsx?$/.test(file) && !/^(?:generated|ui)\/|^storefront\/pages\/|\.client\./.test(file),
    );
    const asking = sources.filter((file) => ASKS.test(readFileSync(path.join(APP, file), "utf8")));
    expect(asking.map((file) => `app/${file}`).sort()).toEqual(Object.keys(CALLERS).sort());
  });

  describe("a redirect", () => {
    const reached: string[] = [];
    const servers: Server[] = [];
    let inside = "";
    let shop = "";
    beforeAll(async () => {
      const stranger = createServer((req, res) => {
        reached.push(`${req.url ?? ""} ${String(req.headers["x-shopify-access-token"])}`);
        res.end("{}");
      });
      inside = await listening(stranger);
      const redirecting = createServer((req, res) => {
        const status = Number(new URL(req.url ?? "", "http://x").searchParams.get("status"));
        res.writeHead(status, { Location: `${inside}/metadata` }).end();
      });
      shop = await listening(redirecting);
      servers.push(stranger, redirecting);
    });
    afterEach(() => {
      delete env().SHOPIFY_SIMULATOR_URL;
    });
    afterAll(async () => {
      for (const server of servers) await new Promise((resolve) => server.close(resolve));
    });

    it.each([301, 302, 303, 307, 308])("F06 of status %i is not followed, and takes no token along", async (status) => {
      env().SHOPIFY_SIMULATOR_URL = shop;
      const call = { method: "POST", body: "{}", headers: { "X-Shopify-Access-Token": "shpat_secret" } };
      await expect(shopifyFetch(`https://a.myshopify.com/admin?status=${status}`, call)).rejects.toThrow();
      await expect(shopifyFileFetch(`${shop}/bulk?status=${status}`)).rejects.toThrow();
      expect(reached).toEqual([]);
    });
  });

  it.each([
    "http://a.myshopify.com/admin",
    "https://a.myshopify.com.evil.example/",
    "https://evil.example/.myshopify.com",
    "https://a.myshopify.com:8443/admin",
    "https://user@a.myshopify.com/admin",
    "https://evil.example#.myshopify.com/",
    "https://169.254.169.254/latest",
    "https://2130706433/",
    "https://[::ffff:127.0.0.1]/",
    "file:///etc/passwd",
  ])("F06 a call with a shop's token never goes to %s", async (address) => {
    await expect(shopifyFetch(address)).rejects.toThrow("refused");
  });

  it.each(["http://storage.example/bulk.jsonl", "file:///etc/passwd", "ftp://storage.example/x"])(
    "F06 a bulk file is not fetched from %s",
    async (address) => {
      await expect(shopifyFileFetch(address)).rejects.toThrow("refused");
    },
  );
});

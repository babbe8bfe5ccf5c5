import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { abstractFetch } from "@shopify/shopify-api/runtime";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { env } from "../../../app/env.server";
import { installShopifyTransport, shopifyFetch, shopifyFileFetch } from "../../../app/shopify/transport.server";
import { useTestDatabase } from "../../setup/postgres";

useTestDatabase();
const seen: { url: string | undefined; host: unknown; token: unknown; method: string | undefined }[] = [];
const simulator = createServer((request: IncomingMessage, response) => {
  const { url, method, headers } = request;
  seen.push({ url, method, host: headers["x-sim-host"], token: headers["x-shopify-access-token"] });
  response.end("ok");
});
let base = "";
beforeAll(async () => {
  await new Promise<void>((resolve) => simulator.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(simulator.address() as AddressInfo).port}`;
});
afterEach(() => {
  delete env().SHOPIFY_SIMULATOR_URL;
  seen.length = 0;
});
afterAll(() => void simulator.close());

describe("transport", () => {
  it("sends a shop's calls to the simulator, naming the shop", async () => {
    env().SHOPIFY_SIMULATOR_URL = base;
    const response = await shopifyFetch("https://Tokyo-Sample.myshopify.com/admin/api/2026-07/graphql.json?x=1", {
      method: "POST",
      headers: { "x-shopify-access-token": "shpat_1" },
      body: "{}",
    });
    expect(await response.text()).toBe("ok");
    expect(seen).toEqual([
      {
        url: "/admin/api/2026-07/graphql.json?x=1",
        method: "POST",
        host: "tokyo-sample.myshopify.com",
        token: "shpat_1",
      },
    ]);
  });

  it("makes Shopify's own library do the same", async () => {
    env().SHOPIFY_SIMULATOR_URL = base;
    installShopifyTransport();
    await (
      await abstractFetch("https://tokyo-sample.myshopify.com/admin/oauth/access_token", { method: "POST" })
    ).text();
    expect(seen.map((each) => [each.url, each.host])).toEqual([
      ["/admin/oauth/access_token", "tokyo-sample.myshopify.com"],
    ]);
    await expect(abstractFetch("https://example.com/")).rejects.toThrow("refused");
  });

  it.each([
    "https://example.com/admin",
    "https://tokyo.myshopify.com.evil.example/admin",
    "https://evil.example/tokyo.myshopify.com/",
    "http://tokyo.myshopify.com/admin",
    "https://tokyo.myshopify.com:8443/admin",
    "https://user@evil.example/.myshopify.com",
  ])("refuses %s with and without the simulator", async (address) => {
    await expect(shopifyFetch(address)).rejects.toThrow("refused");
    env().SHOPIFY_SIMULATOR_URL = base;
    await expect(shopifyFetch(address)).rejects.toThrow("refused");
    expect(seen).toEqual([]);
  });

  it("F14 will not take a simulator on another machine", async () => {
    env().SHOPIFY_SIMULATOR_URL = "https://simulator.example";
    await expect(shopifyFetch("https://tokyo.myshopify.com/admin")).rejects.toThrow("this machine");
    expect(() => installShopifyTransport()).toThrow("this machine");
  });

  it("fetches result files over https only, beside the simulator from this machine only", async () => {
    await expect(shopifyFileFetch(`${base}/file`)).rejects.toThrow("refused");
    env().SHOPIFY_SIMULATOR_URL = base;
    expect(await (await shopifyFileFetch(`${base}/file`)).text()).toBe("ok");
    await expect(shopifyFileFetch("https://storage.example/file")).rejects.toThrow("refused");
  });
});

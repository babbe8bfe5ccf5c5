import { beforeAll, describe, expect, it } from "vitest";

import { env } from "../../../app/env.server";
import { loader as authLoader } from "../../../app/routes/auth.$";
import { frameAncestors, newNonce, setDocumentHeaders, writtenPolicy } from "../../../app/security-headers.server";
import { useTestDatabase } from "../../setup/postgres";
import { adminRequest } from "./admin-requests";

useTestDatabase();

const SHOP = "tokyo-test.myshopify.com";
const NONCE = "AAAAAAAAAAAAAAAAAAAAAA==";
const policy = (path: string) => frameAncestors(new URL(path, "https://kizuna.test"));
/** What every document may load and run; `inline` says which of its own scripts. */
const rules = (inline: string) =>
  `script-src 'self' ${inline} https://cdn.shopify.com/shopifycloud/; style-src 'self' 'unsafe-inline' ` +
  "https://cdn.shopify.com; object-src 'none'; base-uri 'none'; form-action 'self'";

describe("F16 who may frame a page", () => {
  it("F16 names the request's own shop and the admin, nobody else", () => {
    expect(policy(`/app?shop=${SHOP}`)).toBe(`frame-ancestors https://${SHOP} https://admin.shopify.com;`);
    expect(policy(`/app/members/3?shop=${SHOP}&embedded=1`)).toBe(
      `frame-ancestors https://${SHOP} https://admin.shopify.com;`,
    );
  });

  it.each([
    ["no shop", "/app"],
    ["an empty shop", "/app?shop="],
    ["a wildcard", "/app?shop=*"],
    ["a wildcard below the platform", "/app?shop=*.myshopify.com"],
    ["another host", "/app?shop=evil.example"],
    ["a host that only ends alike", "/app?shop=evilmyshopify.com"],
    ["a host that only begins alike", `/app?shop=${SHOP}.evil.example`],
    ["a second directive", `/app?shop=${encodeURIComponent(`${SHOP}; script-src *`)}`],
    ["a second source", `/app?shop=${encodeURIComponent(`${SHOP} https://evil.example`)}`],
    ["a line break", `/app?shop=${encodeURIComponent(`${SHOP}\r\nX-Injected: 1`)}`],
    ["capital letters", "/app?shop=Tokyo-Test.myshopify.com"],
    ["two shops", `/app?shop=${SHOP}&shop=other-test.myshopify.com`],
    ["another host, on the page that fetches a token", "/auth/session-token?shop=evil.example"],
    ["another page that signs in", `/auth/callback?shop=${SHOP}`],
  ])("F16 lets nobody frame a page for %s", (_name, path) => {
    expect(policy(path)).toBe("frame-ancestors 'none';");
  });

  it("F16 lets nobody frame pages outside of the admin", () => {
    expect(policy(`/?shop=${SHOP}`)).toBe("frame-ancestors 'none';");
    expect(policy(`/auth/login?shop=${SHOP}`)).toBe("frame-ancestors 'none';");
    expect(policy(`/apple?shop=${SHOP}`)).toBe("frame-ancestors 'none';");
  });

  describe("on a document", () => {
    let headers: Headers;
    beforeAll(() => {
      headers = new Headers();
      setDocumentHeaders(new Request(`https://kizuna.test/app?shop=${SHOP}`), headers, NONCE);
    });

    it("F16 replaces the library's wider policy: scripts are ours, App Bridge or this answer's own", () => {
      expect(headers.get("Content-Security-Policy")).toBe(
        `frame-ancestors https://${SHOP} https://admin.shopify.com; ${rules(`'nonce-${NONCE}'`)};`,
      );
    });

    it("F16 forbids sniffing, caching and full referrers", () => {
      expect(headers.get("X-Content-Type-Options")).toBe("nosniff");
      expect(headers.get("Cache-Control")).toBe("private, no-store");
      expect(headers.get("Referrer-Policy")).toBe("strict-origin-when-cross-origin");
    });
  });
});

describe("what of a document may run", () => {
  it("names its scripts by 128 random bits, different ones each time", () => {
    const nonces = Array.from({ length: 1_000 }, newNonce);
    expect(nonces.filter((nonce) => Buffer.from(nonce, "base64").length !== 16)).toEqual([]);
    expect(new Set(nonces).size).toBe(1_000);
  });

  it("is said in the document, too, where it is written into another one", () => {
    const request = (headers: HeadersInit) => new Request(`https://kizuna.test/app?shop=${SHOP}`, { headers });
    expect(writtenPolicy(request({ "X-Shopify-Bounce": "1" }), NONCE)).toBe(rules(`'nonce-${NONCE}'`));
    expect(writtenPolicy(request({}), NONCE)).toBe(null);
  });
});

describe("the pages of the library", () => {
  const ask = async (path: string) => {
    const answer = await authLoader({ request: adminRequest(path, "none"), params: {}, context: {} }).catch(
      (thrown: unknown) => thrown,
    );
    if (!(answer instanceof Response)) throw answer;
    return { headers: answer.headers, html: await answer.text() };
  };
  const framed = `frame-ancestors https://${SHOP} https://admin.shopify.com;`;

  it("F16 guard the page that leaves the frame as our own, its script by the nonce", async () => {
    const path = `/auth/exit-iframe?shop=${SHOP}&exitIframe=${encodeURIComponent(`${env().SHOPIFY_APP_URL}/app`)}`;
    const [first, second] = [await ask(path), await ask(path)];
    const nonce = / nonce="([^"]+)"/.exec(first.html)?.[1] ?? "";
    expect(first.html).toContain(`<script nonce="${nonce}">window.open(`);
    expect(first.headers.get("Content-Security-Policy")).toBe(`${framed} ${rules(`'nonce-${nonce}'`)};`);
    expect(second.html).not.toContain(nonce);
    expect(second.headers.get("Content-Security-Policy")).not.toContain(nonce);
    expect(first.headers.get("Cache-Control")).toBe("private, no-store");
    expect(first.headers.get("X-Content-Type-Options")).toBe("nosniff");
  });

  it("F16 let the page that fetches a token hold the document that is written into it, and load nothing foreign", async () => {
    const { headers, html } = await ask(`/auth/session-token?shop=${SHOP}`);
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html).toMatch(
      /<script data-api-key="[^"]+" src="https:\/\/cdn\.shopify\.com\/shopifycloud\/app-bridge\.js">/,
    );
    expect(headers.get("Content-Security-Policy")).toBe(`${framed} ${rules("'unsafe-inline'")};`);
  });

  it("F16 are framed by nobody for a shop that is none", async () => {
    const { headers } = await ask(`/auth/session-token?shop=${encodeURIComponent("evil.example https://x.example")}`);
    expect(headers.get("Content-Security-Policy")).toBe(`frame-ancestors 'none'; ${rules("'unsafe-inline'")};`);
  });
});

import { beforeAll, describe, expect, it } from "vitest";

import { frameAncestors, setDocumentHeaders } from "../../../app/security-headers.server";
import { useTestDatabase } from "../../setup/postgres";

useTestDatabase();

const SHOP = "tokyo-test.myshopify.com";
const policy = (path: string) => frameAncestors(new URL(path, "https://kizuna.test"));

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
      setDocumentHeaders(new Request(`https://kizuna.test/app?shop=${SHOP}`), headers);
    });

    it("F16 replaces the library's wider policy, and forbids plug-ins and another base for its addresses", () => {
      expect(headers.get("Content-Security-Policy")).toBe(
        `frame-ancestors https://${SHOP} https://admin.shopify.com; object-src 'none'; base-uri 'none';`,
      );
    });

    it("F16 forbids sniffing, caching and full referrers", () => {
      expect(headers.get("X-Content-Type-Options")).toBe("nosniff");
      expect(headers.get("Cache-Control")).toBe("private, no-store");
      expect(headers.get("Referrer-Policy")).toBe("strict-origin-when-cross-origin");
    });
  });
});

import { createHmac } from "node:crypto";

import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { PROXY_AGE_SECONDS_MAX, signProxyQuery, verifyProxyQuery } from "../../../app/storefront/proxy-signature";

const SECRET = "a-secret-for-these-tests-only";
const NOW = 1_780_000_000;

/** A query as Shopify forwards it: the visitor's parameters, Shopify's own, the signature last. */
function forwarded(own: [string, string][], over: Record<string, string> = {}): URLSearchParams {
  const parameters = new URLSearchParams(own);
  const shopify = {
    shop: "tokyo.myshopify.com",
    path_prefix: "/apps/kizuna",
    timestamp: String(NOW),
    logged_in_customer_id: "77",
    ...over,
  };
  for (const [key, value] of Object.entries(shopify)) parameters.append(key, value);
  parameters.set("signature", signProxyQuery(parameters, SECRET));
  return parameters;
}
const verify = (parameters: URLSearchParams | string, now = NOW) => verifyProxyQuery(String(parameters), SECRET, now);

describe("E01 the app-proxy signature", () => {
  it("E01 is the documented construction: sorted k=v joined with nothing, values of a key joined by commas", () => {
    const parameters = new URLSearchParams(
      "extra=1&extra=2&shop=shop-name.myshopify.com&path_prefix=%2Fapps%2Freviews&timestamp=1317327555",
    );
    const message = "extra=1,2path_prefix=/apps/reviewsshop=shop-name.myshopify.comtimestamp=1317327555";
    expect(signProxyQuery(parameters, "hush")).toBe(createHmac("sha256", "hush").update(message).digest("hex"));
  });

  it("E01 accepts what Shopify signs, whatever the visitor added", () => {
    const visitor = fc.array(
      fc.tuple(
        fc.string({ unit: "grapheme", minLength: 1 }).map((key) => `v_${key}`),
        fc.string({ unit: "grapheme" }),
      ),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(visitor, (own) => {
        expect(verify(forwarded(own))).toMatchObject({
          outcome: "verified",
          shop: "tokyo.myshopify.com",
          customerId: "77",
        });
      }),
    );
  });

  it("E01 sorts bytewise, not by locale", () => {
    const parameters = forwarded([
      ["Zeta", "1"],
      ["alpha", "2"],
      ["é", "3"],
    ]);
    expect(verify(parameters).outcome).toBe("verified");
  });

  it.each([
    ["missing", (p: URLSearchParams) => p.delete("signature"), "unsigned"],
    ["of another length", (p: URLSearchParams) => p.set("signature", "abc"), "forged"],
    ["in upper case", (p: URLSearchParams) => p.set("signature", (p.get("signature") ?? "").toUpperCase()), "forged"],
    ["in unicode of the same length", (p: URLSearchParams) => p.set("signature", "é".repeat(64)), "forged"],
    ["with an altered shop", (p: URLSearchParams) => p.set("shop", "evil.myshopify.com"), "forged"],
    ["with a parameter added afterwards", (p: URLSearchParams) => p.append("more", "1"), "forged"],
    ["with an altered customer", (p: URLSearchParams) => p.set("logged_in_customer_id", "78"), "forged"],
  ])("E01 refuses a signature %s", (_case, alter, reason) => {
    const parameters = forwarded([["page", "1"]]);
    alter(parameters);
    expect(verify(parameters)).toEqual({ outcome: "refused", reason });
  });

  it("E01 refuses a signed request older, or newer, than the window", () => {
    const parameters = forwarded([]);
    expect(verify(parameters, NOW + PROXY_AGE_SECONDS_MAX).outcome).toBe("verified");
    expect(verify(parameters, NOW + PROXY_AGE_SECONDS_MAX + 1)).toEqual({ outcome: "refused", reason: "stale" });
    expect(verify(parameters, NOW - PROXY_AGE_SECONDS_MAX - 1)).toEqual({ outcome: "refused", reason: "stale" });
    expect(verify(forwarded([], { timestamp: "soon" }))).toEqual({ outcome: "refused", reason: "malformed" });
  });

  it("E01 keeps encoded separators inside their value", () => {
    const tricky = forwarded([["q", "a=1&b=2"]]);
    expect(verify(tricky).outcome).toBe("verified");
    // The same bytes split into two parameters are not what was signed with one value "a,b" either.
    const joined = forwarded([["a", "1,2"]]).toString();
    expect(verify(joined.replace("a=1%2C2", "a=1&a=2"))).toMatchObject({ outcome: "verified" });
    expect(verify(joined.replace("a=1%2C2", "a=1"))).toEqual({ outcome: "refused", reason: "forged" });
  });
});

describe("E02 who is signed in", () => {
  it("E02 refuses a second customer id, even correctly signed", () => {
    const parameters = new URLSearchParams(
      "logged_in_customer_id=1&logged_in_customer_id=2&shop=tokyo.myshopify.com&path_prefix=/apps/kizuna",
    );
    parameters.append("timestamp", String(NOW));
    parameters.set("signature", signProxyQuery(parameters, SECRET));
    expect(verify(parameters)).toEqual({ outcome: "refused", reason: "repeated" });
  });

  it("E02 reads a blank id as nobody", () => {
    expect(verify(forwarded([], { logged_in_customer_id: "" }))).toMatchObject({
      outcome: "verified",
      customerId: null,
    });
  });

  it.each(["7; drop", "gid://shopify/Customer/7", "-7", "７"])("E02 refuses the customer id %s", (id) => {
    expect(verify(forwarded([], { logged_in_customer_id: id }))).toEqual({ outcome: "refused", reason: "malformed" });
  });

  it.each([
    "evil.com",
    "tokyo.myshopify.com.evil.com",
    "tokyo.myshopify.com\n",
    "-a.myshopify.com",
    "ｔokyo.myshopify.com",
  ])("E07 refuses the shop %j", (shop) =>
    expect(verify(forwarded([], { shop }))).toEqual({ outcome: "refused", reason: "malformed" }),
  );
});

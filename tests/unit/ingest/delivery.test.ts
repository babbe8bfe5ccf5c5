import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { afterFailure, ATTEMPTS_MAX } from "../../../app/ingest/after-failure";
import { readDeliveryHeaders } from "../../../app/ingest/delivery-headers";
import { isStale } from "../../../app/ingest/event";
import { orderOfEvent, stateInstant, subjectInHead } from "../../../app/ingest/order-of-event";
import { readBody } from "../../../app/ingest/read-body";
import { looksLikeSignature, SignatureCheck } from "../../../app/ingest/signature";

describe("signature", () => {
  const sign = (secret: string, body: Uint8Array) => createHmac("sha256", secret).update(body).digest("base64");

  it("A09 accepts the signature of exactly these bytes, however they are cut", () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 8 }),
        fc.string({ minLength: 1 }),
        (chunks, secret) => {
          const check = new SignatureCheck(secret);
          for (const chunk of chunks) check.update(chunk);
          expect(check.matches(sign(secret, Buffer.concat(chunks)))).toBe(true);
        },
      ),
    );
  });

  it("A09 refuses every other text of the right shape", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        const check = new SignatureCheck("secret");
        check.update(Buffer.from("{}"));
        const given = Buffer.from(bytes).toString("base64");
        expect(looksLikeSignature(given)).toBe(true);
        expect(check.matches(given)).toBe(false);
      }),
    );
  });

  it("A09 never throws, whatever is compared", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (given) => {
        expect(new SignatureCheck("secret").matches(given)).toBe(false);
      }),
    );
  });
});

describe("headers", () => {
  it("reads both spellings, lower-cases topic and domain", () => {
    const old = readDeliveryHeaders({
      "x-shopify-topic": "Orders/Paid",
      "x-shopify-shop-domain": "Tokyo.MyShopify.com",
      "x-shopify-webhook-id": "w",
    });
    const fresh = readDeliveryHeaders({
      "shopify-topic": "orders/paid",
      "shopify-shop-domain": "tokyo.myshopify.com",
      "shopify-webhook-id": "w",
    });
    expect(old).toEqual(fresh);
    expect(old).toMatchObject({ topic: "orders/paid", domain: "tokyo.myshopify.com", webhookId: "w" });
  });

  it.each([
    "evil.com",
    "a.myshopify.com.evil.com",
    "a.myshopify.com\n",
    "-a.myshopify.com",
    "а.myshopify.com",
    "a b.myshopify.com",
    "",
  ])("E07 %j is no shop", (domain) => {
    expect(readDeliveryHeaders({ "x-shopify-shop-domain": domain }).domain).toBe("");
  });

  it.each([
    ["2026-11-22T01:02:03.456789Z", "2026-11-22T01:02:03.456Z"],
    ["2026-11-22T10:02:03+09:00", "2026-11-22T01:02:03.000Z"],
    ["yesterday", null],
    ["", null],
    ["+275760-09-13T00:00:00Z", null],
  ])("triggered-at %j → %j", (text, instant) => {
    expect(readDeliveryHeaders({ "x-shopify-triggered-at": text }).triggeredAt).toBe(instant);
  });
});

describe("A06 staleness", () => {
  const now = new Date("2026-11-22T00:00:00Z");
  it.each([
    [null, false],
    ["2026-11-21T23:50:00Z", false],
    ["2026-11-21T23:49:59Z", true],
    ["2026-11-22T00:05:00Z", false],
  ])("triggered at %j: %j", (at, stale) => {
    expect(isStale({ triggeredAt: at === null ? null : new Date(at) }, now)).toBe(stale);
  });
});

describe("A10 bodies", () => {
  it("what JSON.stringify writes is read back", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        // Long integers come back as text, everything else as it was: what matters is that nothing is set aside.
        expect(readBody(JSON.stringify(value)).outcome).toBe("read");
      }),
    );
  });

  it.each([
    ['{"a":1,"a":2}', "duplicate_keys"],
    ['{"a":{"b":1,"b":1}}', "duplicate_keys"],
    ['{"a":[{"b":1},{"b":1,"c":[],"c":[]}]}', "duplicate_keys"],
    ['{"a":1,"\\u0061":2}', "duplicate_keys"],
    ['{"a":1', "malformed"],
    ["", "malformed"],
    ["\ufeff{}", "malformed"],
    ["[]", "not_an_object"],
    ["null", "not_an_object"],
    ['"text"', "not_an_object"],
  ])("%s is set aside: %s", (text, reason) => {
    expect(readBody(text)).toEqual({ outcome: "unreadable", reason });
  });

  it("text that looks like keys inside strings is no key", () => {
    expect(readBody('{"a":"\\"b\\":1,\\"b\\":2","c":"x\\\\"}').outcome).toBe("read");
    expect(readBody('{"__proto__":1,"constructor" : 2}').outcome).toBe("read");
  });

  it("ids beyond 2^53 keep their digits", () => {
    expect(readBody('{"id":9007199254740993,"n":12}')).toEqual({
      outcome: "read",
      payload: { id: "9007199254740993", n: 12 },
    });
  });
});

describe("the order of an event", () => {
  it.each([
    ["orders/paid", { id: 5, admin_graphql_api_id: "gid://shopify/Order/5" }, "gid://shopify/Order/5"],
    ["orders/delete", { id: "9007199254740993" }, "gid://shopify/Order/9007199254740993"],
    ["orders/edited", { order_edit: { order_id: 6 } }, "gid://shopify/Order/6"],
    ["refunds/create", { id: 1, order_id: 7, admin_graphql_api_id: "gid://shopify/Refund/1" }, "gid://shopify/Order/7"],
    ["returns/close", { id: 1, order: { id: 8 } }, "gid://shopify/Order/8"],
    ["disputes/create", { id: 1, order_id: null }, null],
    ["customers/update", { id: 9 }, null],
    ["orders/paid", { id: "1; DROP" }, null],
  ])("%s %j → %s", (topic, payload, gid) => {
    expect(orderOfEvent(topic, payload)).toBe(gid);
  });

  it("reads when a state was current", () => {
    expect(stateInstant({ updated_at: "2026-11-22T10:00:00+09:00" })).toBe(Date.parse("2026-11-22T01:00:00Z"));
    expect(stateInstant({ updated_at: "soon" })).toBeNull();
    expect(stateInstant({})).toBeNull();
  });

  it("guesses a subject from the beginning of a body", () => {
    expect(subjectInHead("orders/paid", '{"id":1,"admin_graphql_api_id":"gid:\\/\\/')).toBeNull();
    expect(subjectInHead("orders/paid", '{"id":1,"admin_graphql_api_id": "gid://shopify/Order/1",')).toBe(
      "gid://shopify/Order/1",
    );
    expect(subjectInHead("orders/edited", '{"order_edit":{"id":7,"app_id":null,"order_id":3,')).toBe(
      "gid://shopify/Order/3",
    );
    expect(
      subjectInHead("refunds/create", '{"id":2,"order_id":3,"admin_graphql_api_id":"gid://shopify/Refund/2"'),
    ).toBe("gid://shopify/Order/3");
  });
});

describe("A12 after a failure", () => {
  const named = (name: string) => Object.assign(new Error("x"), { name });

  it("comes back later and later, never in step, and is dead after the last attempt", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: ATTEMPTS_MAX - 1 }), (attempts) => {
        const disposal = afterFailure(new Error("x"), attempts);
        expect(disposal.status).toBe("pending");
        if (!("afterSeconds" in disposal)) throw new Error("no delay");
        expect(disposal.afterSeconds).toBeGreaterThanOrEqual(2 ** attempts / 2);
        expect(disposal.afterSeconds).toBeLessThanOrEqual(2 ** attempts);
      }),
    );
    expect(afterFailure(new Error("x"), ATTEMPTS_MAX).status).toBe("dead");
  });

  it("does not bury an event because Shopify is down", () => {
    for (const name of ["ThrottledError", "TransientShopifyError", "UnauthorizedShopError"]) {
      const disposal = afterFailure(named(name), 50);
      expect(disposal.status).toBe("pending");
      if ("afterSeconds" in disposal) expect(disposal.afterSeconds).toBeLessThanOrEqual(900);
    }
  });

  it("survives things that are not errors", () => {
    expect(afterFailure("text", 1)).toMatchObject({ status: "pending", detail: "unknown: text" });
    expect(afterFailure({ code: "40P01" }, 1)).toMatchObject({ status: "pending" });
  });
});

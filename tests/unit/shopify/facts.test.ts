import { describe, expect, it } from "vitest";

import { consentFromPayload, customerFactsFromPayload, mergeFromPayload } from "../../../app/shopify/customer-facts";
import { gidNumber, isGid, toGid } from "../../../app/shopify/gid";
import { parseJsonExact } from "../../../app/shopify/json";
import { resolvedCustomerNamespace } from "../../../app/shopify/metafields";
import { expectNoUserErrors, UserErrors } from "../../../app/shopify/shopify-errors";
import { isTopic, topicToEnum } from "../../../app/shopify/topics";

describe("gids", () => {
  it("A10 carry ids of any length as text", () => {
    expect(toGid("Order", "820982911946154508")).toBe("gid://shopify/Order/820982911946154508");
    expect(gidNumber("gid://shopify/Order/820982911946154508")).toBe("820982911946154508");
    expect(gidNumber("gid://shopify/ProductVariant/1?x=1")).toBe("1");
  });

  it.each([
    "",
    "1",
    "gid://shopify/Order/",
    "gid://shopify/Order/1x",
    "gid://other/Order/1",
    "gid://shopify/Order/1\n",
  ])("%j is none", (text) => {
    expect(() => gidNumber(text)).toThrow(RangeError);
    expect(isGid(text, "Order")).toBe(false);
  });

  it("are told apart by type, and made of nothing but digits", () => {
    expect(isGid("gid://shopify/Customer/1", "Order")).toBe(false);
    expect(isGid(1, "Order")).toBe(false);
    for (const id of ["", "-1", "1.5", "1e3", "١", "1".repeat(26)])
      expect(() => toGid("Order", id), id).toThrow(RangeError);
    expect(() => toGid("Order", 2 ** 70)).toThrow(RangeError);
  });
});

describe("customers", () => {
  const body = {
    id: 706405506930370084n,
    admin_graphql_api_id: "gid://shopify/Customer/706405506930370084",
    first_name: " 花子 ",
    last_name: "山田",
    email: " Hanako@Example.jp ",
    verified_email: true,
    state: "enabled",
    created_at: "2026-01-01T09:00:00+09:00",
    updated_at: "2026-02-01T09:00:00+09:00",
  };
  const parse = (change: object = {}) => customerFactsFromPayload({ ...body, id: "706405506930370084", ...change });

  it("say what a body carries and leave out what it does not", () => {
    expect(parse()).toEqual({
      customerId: "gid://shopify/Customer/706405506930370084",
      name: "山田 花子",
      email: "Hanako@Example.jp",
      verifiedEmail: true,
      state: "enabled",
      createdAt: "2026-01-01T00:00:00.000Z",
      updatedAt: "2026-02-01T00:00:00.000Z",
    });
    expect(parse({ tags: "b, a" }).tags).toEqual(["a", "b"]);
    expect(parse({ tags: "" }).tags).toEqual([]);
  });

  it("are named as the shop shows them", () => {
    expect(parse({ first_name: "John", last_name: "Smith" }).name).toBe("John Smith");
    expect(parse({ first_name: null, last_name: "山田" }).name).toBe("山田");
    expect(parse({ first_name: "ハナコ", last_name: null }).name).toBe("ハナコ");
    expect(parse({ first_name: null, last_name: "" }).name).toBe("");
  });

  it("A13 survive a state nobody knows and a body without instants", () => {
    expect(parse({ state: "ascended", created_at: null, updated_at: null })).toMatchObject({
      state: "unknown",
      createdAt: null,
      updatedAt: "1970-01-01T00:00:00.000Z",
    });
    expect(() => parse({ updated_at: "soon" })).toThrow();
    expect(() => customerFactsFromPayload({})).toThrow();
  });

  it("change their consent by channel", () => {
    const consent = { state: "SUBSCRIBED", opt_in_level: null, consent_updated_at: "2026-02-01T00:00:00Z" };
    const email = parseJsonExact(
      '{"customer_id":706405506930370084,"email_address":"x","email_marketing_consent":{"state":null}}',
    );
    expect(consentFromPayload(email)).toEqual({
      customerId: "gid://shopify/Customer/706405506930370084",
      channel: "email",
      state: null,
      at: null,
    });
    expect(consentFromPayload({ id: 5, phone: null, sms_marketing_consent: consent })).toEqual({
      customerId: "gid://shopify/Customer/5",
      channel: "sms",
      state: "subscribed",
      at: "2026-02-01T00:00:00.000Z",
    });
  });

  it("B09 merge only as far as Shopify says", () => {
    const merge = (status: string) =>
      mergeFromPayload({
        admin_graphql_api_customer_kept_id: "gid://shopify/Customer/1",
        admin_graphql_api_customer_deleted_id: "gid://shopify/Customer/2",
        status,
      }).status;
    expect(["completed", "failed", "in_progress", "requested", "COMPLETED", "half-done"].map(merge)).toEqual([
      "completed",
      "failed",
      "in_progress",
      "requested",
      "completed",
      "unknown",
    ]);
  });
});

describe("names and answers", () => {
  it("the namespace Liquid may need is spelled with the app's id", () => {
    expect(resolvedCustomerNamespace("gid://shopify/App/4242")).toBe("app--4242--kizuna");
    expect(() => resolvedCustomerNamespace("kizuna")).toThrow(RangeError);
  });

  it("A13 topics nobody subscribed to are unknown, whatever their case", () => {
    expect(isTopic("orders/create")).toBe(true);
    expect(["orders/imagined", "ORDERS_CREATE", "", "__proto__"].some(isTopic)).toBe(false);
    expect(topicToEnum("customers_email_marketing_consent/update")).toBe("CUSTOMERS_EMAIL_MARKETING_CONSENT_UPDATE");
  });

  it("C05 userErrors are thrown with their fields, an empty answer is a refusal", () => {
    const payload = { userErrors: [{ code: "TAKEN", field: ["input", "code"], message: "has been taken" }] };
    expect(() => expectNoUserErrors("create", payload)).toThrow(UserErrors);
    expect(() => expectNoUserErrors("create", payload)).toThrow("TAKEN input.code");
    expect(() => expectNoUserErrors("create", null)).toThrow("answered nothing");
    expect(expectNoUserErrors("create", { userErrors: [], id: 1 }).id).toBe(1);
  });
});

import { beforeEach, describe, expect, it } from "vitest";

import { CUSTOMER_NAMESPACE, type CustomerLoyaltyValue } from "../../../app/shopify/metafields";
import {
  ensureLoyaltyDefinition,
  publishCustomerBalances,
  publishProgram,
} from "../../../app/shopify/publish-metafields.server";
import { UserErrors } from "../../../app/shopify/shopify-errors";
import { useFakeShopify } from "../../builders/fake-shopify";
import { createTestShop } from "../../builders/shop";
import { storeTestSession } from "../../builders/shopify-session";
import { useTestDatabase } from "../../setup/postgres";

useTestDatabase();
const shopify = useFakeShopify();
interface SentMetafield {
  ownerId: string;
  namespace: string;
  key: string;
  type: string;
  value: string;
}
const sent = () =>
  shopify.calls
    .filter((call) => call.operation === "SetMetafields")
    .map((call) => call.variables["metafields"] as SentMetafield[]);
const balance = (id: number) => ({
  customerId: `gid://shopify/Customer/${id}`,
  value: {
    v: 1,
    balance: id,
    pending: 0,
    debt: 0,
    nextExpiry: null,
    currency: "JPY",
    updatedAt: "2026-03-01T00:00:00.000Z",
  } satisfies CustomerLoyaltyValue,
});
const balances = (count: number) => Array.from({ length: count }, (_, index) => balance(index + 1));

let shopId = 0;
let number = 0;
beforeEach(async () => {
  const domain = `publish-${++number}.myshopify.com`;
  shopId = await createTestShop(domain);
  await storeTestSession(domain);
});

describe("customer balances", () => {
  it("go out 25 a call, each once", async () => {
    shopify.on("SetMetafields", () => ({ metafieldsSet: { metafields: [], userErrors: [] } }));
    const outcome = await publishCustomerBalances(shopId, balances(60));
    expect(sent().map((batch) => batch.length)).toEqual([25, 25, 10]);
    expect(outcome).toEqual({ published: balances(60).map((each) => each.customerId), refused: [] });
    expect(sent()[0]?.[6]).toEqual({
      ownerId: "gid://shopify/Customer/7",
      namespace: CUSTOMER_NAMESPACE,
      key: "loyalty",
      type: "json",
      value:
        '{"v":1,"balance":7,"pending":0,"debt":0,"nextExpiry":null,"currency":"JPY","updatedAt":"2026-03-01T00:00:00.000Z"}',
    });
  });

  it("a deleted customer is reported and does not hold up the others", async () => {
    const gone = new Set(["gid://shopify/Customer/3", "gid://shopify/Customer/30"]);
    shopify.on("SetMetafields", ({ variables }) => {
      const userErrors = (variables["metafields"] as SentMetafield[]).flatMap((each, elementIndex) =>
        gone.has(each.ownerId)
          ? [
              {
                code: "INVALID",
                elementIndex,
                field: ["metafields", String(elementIndex), "ownerId"],
                message: "Owner does not exist.",
              },
            ]
          : [],
      );
      return { metafieldsSet: { metafields: null, userErrors } };
    });
    const outcome = await publishCustomerBalances(shopId, balances(40));
    expect(outcome.refused.map((each) => each.customerId).sort()).toEqual([...gone].sort());
    expect(new Set(outcome.published).size).toBe(38);
    expect(outcome.published).toHaveLength(38);
    const accepted = sent().filter((batch) => !batch.some((each) => gone.has(each.ownerId)));
    expect(new Set(accepted.flat().map((each) => each.ownerId)).size).toBe(38);
  });

  it("an error that names nobody is thrown, not looped on", async () => {
    shopify.on("SetMetafields", () => ({
      metafieldsSet: {
        metafields: null,
        userErrors: [{ code: "INTERNAL_ERROR", elementIndex: null, field: null, message: "?" }],
      },
    }));
    await expect(publishCustomerBalances(shopId, balances(2))).rejects.toThrow(UserErrors);
    expect(shopify.calls).toHaveLength(1);
  });

  it("nobody due: nobody called", async () => {
    expect(await publishCustomerBalances(shopId, [])).toEqual({ published: [], refused: [] });
    expect(shopify.calls).toEqual([]);
  });
});

describe("the program", () => {
  it("is written on the installation with the resolved namespace of the customers' points", async () => {
    shopify.on("ReadInstallation", () => ({
      currentAppInstallation: { id: "gid://shopify/AppInstallation/5", app: { id: "gid://shopify/App/4242" } },
    }));
    shopify.on("SetMetafields", () => ({ metafieldsSet: { metafields: [], userErrors: [] } }));
    await publishProgram(shopId, { status: "live", currency: "JPY" });
    const [[metafield] = []] = sent();
    expect(metafield).toMatchObject({
      ownerId: "gid://shopify/AppInstallation/5",
      namespace: "kizuna",
      key: "program",
      type: "json",
    });
    expect(JSON.parse(metafield?.value ?? "")).toEqual({
      status: "live",
      currency: "JPY",
      v: 1,
      customerNamespace: "app--4242--kizuna",
    });
  });

  it("throws when Shopify refuses it", async () => {
    shopify.on("ReadInstallation", () => ({
      currentAppInstallation: { id: "gid://shopify/AppInstallation/5", app: { id: "gid://shopify/App/4242" } },
    }));
    shopify.on("SetMetafields", () => ({
      metafieldsSet: {
        metafields: null,
        userErrors: [{ code: "INVALID_VALUE", elementIndex: 0, field: ["value"], message: "too long" }],
      },
    }));
    await expect(publishProgram(shopId, {})).rejects.toThrow(UserErrors);
  });
});

describe("the definition that lets Liquid read", () => {
  const answer = (code: string | null) => () => ({
    metafieldDefinitionCreate: {
      createdDefinition: code ? null : { id: "gid://shopify/MetafieldDefinition/1" },
      userErrors: code ? [{ code, field: ["definition"], message: code }] : [],
    },
  });

  it("is created once and then found", async () => {
    shopify.on("CreateMetafieldDefinition", answer(null));
    expect(await ensureLoyaltyDefinition(shopId)).toEqual({ outcome: "created" });
    expect(shopify.calls[0]?.variables["definition"]).toMatchObject({
      namespace: CUSTOMER_NAMESPACE,
      key: "loyalty",
      ownerType: "CUSTOMER",
      access: { storefront: "PUBLIC_READ" },
    });
    shopify.on("CreateMetafieldDefinition", answer("TAKEN"));
    expect(await ensureLoyaltyDefinition(shopId)).toEqual({ outcome: "present" });
    shopify.on("CreateMetafieldDefinition", answer("INVALID"));
    await expect(ensureLoyaltyDefinition(shopId)).rejects.toThrow(UserErrors);
  });
});

import { beforeEach, describe, expect, it } from "vitest";

import { inShop } from "../../../app/db.server";
import { publishBalances } from "../../../app/jobs/handlers/publish-balances.server";
import { publishShopProgram } from "../../../app/jobs/handlers/publish-program.server";
import type { ShownProgram } from "../../../app/jobs/program-value";
import { saveProgram } from "../../../app/loyalty/program.server";
import { saveReward } from "../../../app/loyalty/rewards/save-reward.server";
import { CUSTOMER_NAMESPACE, type CustomerLoyaltyValue } from "../../../app/shopify/metafields";
import {
  ensureLoyaltyDefinition,
  publishCustomerBalances,
  publishProgram,
} from "../../../app/shopify/publish-metafields.server";
import { UserErrors } from "../../../app/shopify/shopify-errors";
import { useFakeShopify } from "../../builders/fake-shopify";
import { createTestMember } from "../../builders/member";
import { createTestShop } from "../../builders/shop";
import { storeTestSession } from "../../builders/shopify-session";
import { useTestDatabase } from "../../setup/postgres";
import { SAMPLE_REWARDS, sampleRules } from "../../storefront/sample-program";

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
    joined: true,
    tier: { id: "gold", until: "2026-12-31" },
    progress: null,
    done: ["join"],
    referral: null,
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
        '{"v":1,"balance":7,"pending":0,"debt":0,"nextExpiry":null,"joined":true,"tier":{"id":"gold","until":"2026-12-31"},"progress":null,"done":["join"],"referral":null,"currency":"JPY","updatedAt":"2026-03-01T00:00:00.000Z"}',
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

describe("what the jobs publish", () => {
  const NOW = new Date("2026-11-22T00:00:00Z");
  const context = { now: NOW, signal: new AbortController().signal };
  beforeEach(() => {
    shopify.on("ReadInstallation", () => ({
      currentAppInstallation: { id: "gid://shopify/AppInstallation/5", app: { id: "gid://shopify/App/4242" } },
    }));
    shopify.on("SetMetafields", () => ({ metafieldsSet: { metafields: [], userErrors: [] } }));
  });

  it("the program with its rewards, none of them a draft", async () => {
    await saveProgram(shopId, sampleRules(), "staff:1", NOW);
    const [first] = SAMPLE_REWARDS;
    if (!first) throw new Error("no reward");
    const { points, terms, texts, picture, stock } = first;
    for (const status of ["active", "draft"] as const)
      await saveReward(shopId, { id: null, draft: { points, terms, texts, picture, stock }, status }, "staff:1", NOW);
    await publishShopProgram({ shopId }, context);
    const [[metafield] = []] = sent();
    const value = JSON.parse(metafield?.value ?? "") as ShownProgram;
    expect(value).toMatchObject({ v: 1, status: "live", customerNamespace: "app--4242--kizuna" });
    expect(value.rewards).toHaveLength(1);
    expect(value.ways.map(({ id }) => id)).toContain("join");
    expect(metafield?.value).not.toContain("staff:1");
  });

  it("a member's points, tier and deeds, and nothing that names the person", async () => {
    const member = await createTestMember(shopId, { name: "山田 花子", email: "hanako@example.jp" });
    await inShop(shopId, async (tx) => {
      await tx.query(
        `UPDATE member SET joined_at = $3, birthday = '03-14', tier_id = 'gold', tier_until = '2026-12-31T15:00:00Z', referral_code = 'HANA',
                tier_progress = '{"metric": "spend", "current": 9, "nextTierId": null, "nextThreshold": null, "periodEnd": "2026-12-31T15:00:00Z"}',
                balance_seq = balance_seq + 1 WHERE shop_id = $1 AND id = $2`,
        [shopId, member.memberId, NOW],
      );
      await tx.query(
        "INSERT INTO way_grant (shop_id, member_id, way_id, occasion, kind, points, at) VALUES ($1, $2, 'join', 'once', 'join', 100, $3)",
        [shopId, member.memberId, NOW],
      );
    });
    await publishBalances({ shopId }, context);
    const metafield = sent()
      .flat()
      .find(({ ownerId }) => ownerId === member.customerGid);
    expect(JSON.parse(metafield?.value ?? "")).toMatchObject({
      joined: true,
      tier: { id: "gold", until: "2026-12-31" },
      progress: { metric: "spend", current: 9, nextTierId: null, periodEnd: "2026-12-31" },
      done: ["join"],
      referral: "HANA",
    });
    for (const personal of ["山田", "hanako", "03-14"]) expect(metafield?.value).not.toContain(personal);
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

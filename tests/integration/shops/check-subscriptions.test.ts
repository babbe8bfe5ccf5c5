import { HttpResponse } from "msw";
import { beforeEach, describe, expect, it } from "vitest";

import { inShop } from "../../../app/db.server";
import { API_VERSION } from "../../../app/shopify/api-version";
import { SHOP_TOPICS, topicToEnum } from "../../../app/shopify/topics";
import { checkSubscriptions } from "../../../app/shops/check-subscriptions.server";
import { useFakeShopify } from "../../builders/fake-shopify";
import { createTestShop } from "../../builders/shop";
import { storeTestSession } from "../../builders/shopify-session";
import { useTestDatabase } from "../../setup/postgres";

useTestDatabase();
const shopify = useFakeShopify();

interface Subscription {
  id: string;
  topic: string;
  uri: string;
  filter: string | null;
  includeFields: string[];
  apiVersion: { handle: string };
}
let existing: Subscription[] = [];
let shopId = 0;
let number = 0;
const subscribe = (topic: string, change: Partial<Subscription> = {}): Subscription => ({
  id: `gid://shopify/WebhookSubscription/${++number}`,
  topic,
  uri: "https://kizuna.test/webhooks",
  filter: null,
  includeFields: [],
  apiVersion: { handle: API_VERSION },
  ...change,
});

beforeEach(async () => {
  const domain = `subscriptions-${++number}.myshopify.com`;
  shopId = await createTestShop(domain);
  await storeTestSession(domain);
  existing = [];
  shopify.on("ListSubscriptions", ({ variables }) => {
    const from = Number(variables["after"] ?? 0);
    const hasNextPage = existing.length > from + 30;
    return {
      webhookSubscriptions: {
        nodes: existing.slice(from, from + 30),
        pageInfo: { hasNextPage, endCursor: String(from + 30) },
      },
    };
  });
  shopify.on("CreateSubscription", ({ variables }) => {
    const { uri } = variables["subscription"] as { uri: string };
    existing.push(subscribe(String(variables["topic"]), { uri }));
    return { webhookSubscriptionCreate: { webhookSubscription: { id: existing.at(-1)?.id }, userErrors: [] } };
  });
  shopify.on("DeleteSubscription", ({ variables }) => {
    existing = existing.filter((each) => each.id !== variables["id"]);
    return { webhookSubscriptionDelete: { deletedWebhookSubscriptionId: variables["id"], userErrors: [] } };
  });
});
const ALL = SHOP_TOPICS.map(topicToEnum).sort();
const topics = () => existing.map((each) => each.topic).sort();
const runs = async () =>
  inShop(
    shopId,
    async (tx) =>
      (
        await tx.query(
          "SELECT seen, matched, healed, unexplained FROM reconciliation_run WHERE kind = 'subscriptions' ORDER BY id",
        )
      ).rows,
  );

describe("subscriptions", () => {
  it("are all created at install, and then left alone", async () => {
    expect(await checkSubscriptions(shopId)).toMatchObject({ outcome: "created", present: 0, removed: 0 });
    expect(topics()).toEqual(ALL);
    expect(existing.every((each) => each.uri === "https://kizuna.test/webhooks")).toBe(true);
    const before = existing;
    expect(await checkSubscriptions(shopId)).toMatchObject({ outcome: "complete", restored: [], present: ALL.length });
    expect(existing).toBe(before);
    expect(await runs()).toEqual([
      { seen: ALL.length, matched: 0, healed: ALL.length, unexplained: 0 },
      { seen: ALL.length, matched: ALL.length, healed: 0, unexplained: 0 },
    ]);
  });

  it("A08 removed after failed deliveries: restored, and the gap begins at the high-water mark", async () => {
    await checkSubscriptions(shopId);
    const mark = new Date("2026-03-01T08:00:00Z");
    await inShop(shopId, (tx) =>
      tx.query(
        "INSERT INTO reconciliation_run (shop_id, kind, mark, status) VALUES ($1, 'orders', $2, 'done'), ($1, 'orders', $3, 'failed')",
        [shopId, mark, new Date("2026-03-02T00:00:00Z")],
      ),
    );
    existing = existing.filter((each) => !["ORDERS_PAID", "ORDERS_UPDATED"].includes(each.topic));
    expect(await checkSubscriptions(shopId)).toMatchObject({
      outcome: "gap",
      restored: ["orders/updated", "orders/paid"],
      since: mark,
    });
    expect(topics()).toEqual(ALL);
  });

  it("altered ones are replaced, foreign topics and duplicates removed", async () => {
    await checkSubscriptions(shopId);
    const [first, second, third, fourth] = existing;
    if (!first || !second || !third || !fourth) throw new Error("no subscriptions");
    first.uri = "https://elsewhere.example/webhooks";
    second.filter = "id:*";
    third.includeFields = ["id"];
    fourth.apiVersion = { handle: "2025-01" };
    existing.push(subscribe("CARTS_CREATE"), subscribe("ORDERS_DELETE"));
    const check = await checkSubscriptions(shopId);
    expect(check).toMatchObject({ outcome: "gap", removed: 6, since: null });
    expect(check.restored).toHaveLength(4);
    expect(topics()).toEqual(ALL);
  });

  it("D11 a topic refused for want of a scope is reported and does not stop the others", async () => {
    shopify.on("CreateSubscription", ({ variables }) => {
      if (variables["topic"] === "DISPUTES_CREATE") {
        return HttpResponse.json({ data: null, errors: [{ message: "no", extensions: { code: "ACCESS_DENIED" } }] });
      }
      if (variables["topic"] === "CUSTOMERS_MERGE") {
        return {
          webhookSubscriptionCreate: {
            webhookSubscription: null,
            userErrors: [{ field: ["topic"], message: "Invalid topic" }],
          },
        };
      }
      existing.push(subscribe(String(variables["topic"])));
      return { webhookSubscriptionCreate: { webhookSubscription: { id: existing.at(-1)?.id }, userErrors: [] } };
    });
    const check = await checkSubscriptions(shopId);
    expect(check.refused.sort()).toEqual(["customers/merge", "disputes/create"]);
    expect(topics()).toHaveLength(ALL.length - 2);
    // Refused again an hour later: no gap, since nothing of it was ever there.
    expect(await checkSubscriptions(shopId)).toMatchObject({ outcome: "complete" });
  });

  it("another worker was quicker: not a refusal", async () => {
    shopify.on("CreateSubscription", ({ variables }) => {
      existing.push(subscribe(String(variables["topic"])));
      return {
        webhookSubscriptionCreate: {
          webhookSubscription: null,
          userErrors: [{ field: ["callbackUrl"], message: "Address for this topic has already been taken" }],
        },
      };
    });
    expect((await checkSubscriptions(shopId)).refused).toEqual([]);
  });
});

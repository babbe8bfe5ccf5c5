// Shopify without its approval for protected customer data: answers with errors under 200 and nulls in place of data.
import { HttpResponse, type JsonBodyType } from "msw";
import { beforeEach, describe, expect, it } from "vitest";

import { inShop, queryShop, routerPool } from "../../../app/db.server";
import { applyOrder } from "../../../app/ingest/apply-order.server";
import { runJob } from "../../../app/jobs/run-job.server";
import { judgeContact } from "../../../app/journeys/contact-gate";
import { mailSettingsSchema } from "../../../app/journeys/mail-settings";
import { readContact } from "../../../app/journeys/read-contact.server";
import { defaultEarningRules } from "../../../app/loyalty/earning-rules";
import { saveProgram } from "../../../app/loyalty/program.server";
import { adminClient } from "../../../app/shopify/admin-client.server";
import { readOrderQuery } from "../../../app/shopify/documents/order";
import { orderFactsFromPayload } from "../../../app/shopify/parse-order-payload";
import { readCustomers } from "../../../app/shopify/read-customers.server";
import { readOrder } from "../../../app/shopify/read-orders.server";
import { RefusedByShopifyError } from "../../../app/shopify/shopify-errors";
import { readDeniedData, readSyncHealth } from "../../../app/shops/sync-health.server";
import { cost, useFakeShopify } from "../../builders/fake-shopify";
import { createTestShop } from "../../builders/shop";
import { storeTestSession } from "../../builders/shopify-session";
import { useTestDatabase } from "../../setup/postgres";
import { orderNode } from "../ingest/order-node";
import { orderBody } from "../ingest/payloads";

useTestDatabase();
const shopify = useFakeShopify();
const never = new AbortController().signal;
const HOUR_AGO = new Date(Date.now() - 3_600_000);
const known = { processedAt: HOUR_AGO, now: new Date() };
const ORDER = { id: 5_001, shopNumber: 1, updatedAt: HOUR_AGO, customer: 41 };
const ORDER_GID = "gid://shopify/Order/5001";
const page = (nodes: unknown[]) => ({ nodes, pageInfo: { hasNextPage: false, endCursor: null } });

type Path = (string | number)[];
const denial = (path: Path, code = "ACCESS_DENIED") => ({
  message: `This app is not approved to use the ${String(path.at(-1))} field. See https://shopify.dev/docs/apps/launch/protected-customer-data for more details.`,
  locations: [{ line: 1, column: 1 }],
  path,
  extensions: { code },
});
const partly = (data: unknown, errors: unknown[]) =>
  HttpResponse.json({ data, errors, extensions: { cost: cost() } } as JsonBodyType);

const customer = {
  id: "gid://shopify/Customer/41",
  firstName: "花子" as string | null,
  lastName: "山田" as string | null,
  locale: "ja",
  tags: ["常連"],
  state: "ENABLED",
  verifiedEmail: true,
  createdAt: HOUR_AGO.toISOString(),
  updatedAt: HOUR_AGO.toISOString(),
  defaultEmailAddress: { emailAddress: "hanako@example.com", marketingState: "SUBSCRIBED" } as object | null,
};
const bare = { ...customer, firstName: null, lastName: null, defaultEmailAddress: null };
const deniedCustomer = (root: Path) =>
  [["firstName"], ["lastName"], ["defaultEmailAddress", "emailAddress"]].map((field) => denial([...root, ...field]));

let shopId = 0;
let number = 0;
let isApproved = false;
beforeEach(async () => {
  const domain = `denied-${++number}.myshopify.com`;
  shopId = await createTestShop(domain);
  await routerPool().query("UPDATE shop SET installed_at = now() - interval '1 day' WHERE id = $1", [shopId]);
  await storeTestSession(domain);
  const rules = defaultEarningRules({ currency: "JPY", taxesIncluded: true });
  await saveProgram(shopId, rules, "system", new Date("2026-01-01T00:00:00Z"));
  isApproved = false;
  shopify.on("ScanOrders", () => ({ orders: page([orderNode(ORDER)]) }));
  shopify.on("ReadOrder", () => {
    const order = orderNode(ORDER);
    return isApproved ? { order } : partly({ order: { ...order, email: null } }, [denial(["order", "email"])]);
  });
  shopify.on("ScanCustomers", () =>
    isApproved
      ? { customers: page([customer]) }
      : partly({ customers: page([bare]) }, deniedCustomer(["customers", "nodes", 0])),
  );
  shopify.on("ReadCustomers", () =>
    isApproved ? { nodes: [customer] } : partly({ nodes: [bare] }, deniedCustomer(["nodes", 0])),
  );
});
const alerts = () =>
  queryShop<{ params: unknown; resolved: boolean }>(
    shopId,
    "SELECT params, resolved_at IS NOT NULL AS resolved FROM health_alert WHERE kind = 'protected_data_denied'",
  );
const members = () =>
  queryShop<{ id: number; email: string | null; name: string; available: number }>(
    shopId,
    "SELECT id, email, name, available FROM member",
  );

describe("D11 the approval for protected customer data is missing", () => {
  it("D11 orders and customers work with what there is, nothing is mailed, and the health page says so once", async () => {
    for (let pass = 0; pass < 2; pass++)
      expect(await runJob("reconcile-shop", { shopId }, never)).toEqual({ outcome: "ran" });
    const [member] = await members();
    expect(member).toMatchObject({ email: null, name: "", available: 10 });
    expect(await alerts()).toEqual([
      { params: { fields: ["defaultEmailAddress", "email", "firstName", "lastName"] }, resolved: false },
    ]);
    expect((await readSyncHealth(shopId)).deniedFields).toContain("email");
    const contact = await inShop(shopId, (tx) => readContact(tx, member?.id ?? 0, new Date()));
    if (!contact) throw new Error("the member is nobody");
    const gate = { hasChannel: true, settings: mailSettingsSchema.parse({}), timeZone: "Asia/Tokyo" };
    expect(judgeContact({ kind: "referral_rewarded", params: { points: 5 } }, contact, gate, new Date())).toEqual({
      decision: "skip",
      why: "no_address",
    });

    isApproved = true;
    await readOrder(shopId, ORDER_GID, known);
    expect(await readDeniedData(shopId)).toEqual(["defaultEmailAddress", "firstName", "lastName"]);
    await runJob("reconcile-shop", { shopId }, never);
    expect(await members()).toMatchObject([{ email: "hanako@example.com", name: "山田 花子" }]);
    expect(await readDeniedData(shopId)).toEqual([]);
    expect(await alerts()).toMatchObject([{ resolved: true }]);
  });

  it("D11 what was known before the approval went is kept", async () => {
    isApproved = true;
    await runJob("reconcile-shop", { shopId }, never);
    isApproved = false;
    customer.updatedAt = bare.updatedAt = new Date().toISOString();
    await runJob("reconcile-shop", { shopId }, never);
    expect(await members()).toMatchObject([{ email: "hanako@example.com", name: "山田 花子" }]);
    expect(await readDeniedData(shopId)).toEqual(["defaultEmailAddress", "firstName", "lastName"]);
  });

  it("D11 an order that hides its customer is no guest's: what its body said stays", async () => {
    const body = orderFactsFromPayload(
      JSON.parse(orderBody({ ...ORDER, updatedAt: new Date(HOUR_AGO.getTime() - 60_000) })),
    );
    await inShop(shopId, (tx) => applyOrder(tx, body, "payload", new Date()));
    shopify.on("ReadOrder", () =>
      partly({ order: { ...orderNode(ORDER), email: null, customer: null, purchasingEntity: null } }, [
        denial(["order", "customer"]),
        denial(["order", "purchasingEntity"]),
        denial(["order", "email"]),
      ]),
    );
    const reading = await readOrder(shopId, ORDER_GID, known);
    if (reading.outcome !== "found") throw new Error(reading.outcome);
    expect(reading.facts).toMatchObject({ customerId: null, email: null, customerTags: [] });
    expect(reading.facts.uncarried).toEqual(["collections", "customer", "customerTags", "email"]);
    await inShop(shopId, (tx) => applyOrder(tx, reading.facts, "read", new Date()));
    const [stored] = await queryShop<{ customer_gid: string; email: string; facts: unknown }>(
      shopId,
      "SELECT customer_gid, email, facts FROM customer_order",
    );
    expect(stored).toMatchObject({
      customer_gid: "gid://shopify/Customer/41",
      email: "hanako@example.com",
      facts: { customerId: "gid://shopify/Customer/41", email: "hanako@example.com" },
    });
    expect(await members()).toMatchObject([{ available: 10 }]);
  });

  it.each([
    ["a denied field that is needed", { order: null }, [denial(["order", "lineItems"])]],
    ["a denied order", { order: null }, [denial(["order"])]],
    ["no answer at all", null, [denial(["order", "email"])]],
    [
      "another error beside it",
      { order: { email: null } },
      [denial(["order", "email"]), denial(["order", "email"], "BAD")],
    ],
    ["an error without a path", { order: { email: null } }, [{ message: "x", extensions: { code: "ACCESS_DENIED" } }]],
  ])("D11 %s stays an error", async (_name, data, errors) => {
    shopify.on("ReadOrder", () => partly(data, errors));
    await expect(readOrder(shopId, ORDER_GID, known)).rejects.toThrow(RefusedByShopifyError);
  });

  it("D11 only who can do without is given a part: other callers are refused", async () => {
    const client = await adminClient(shopId);
    await expect(client.request(readOrderQuery, { id: ORDER_GID })).rejects.toThrow(RefusedByShopifyError);
  });

  it("D11 customers that are kept from us as a whole are not taken for deleted ones", async () => {
    isApproved = true;
    await runJob("reconcile-shop", { shopId }, never);
    shopify.on("ReadCustomers", () => partly({ nodes: [null] }, [denial(["nodes", 0])]));
    shopify.on("ScanCustomers", () => partly(null, [denial(["customers"])]));
    await expect(readCustomers(shopId, [customer.id])).rejects.toThrow(RefusedByShopifyError);
    expect(await runJob("reconcile-shop", { shopId }, never)).toEqual({ outcome: "ran" });
    expect(await members()).toMatchObject([{ email: "hanako@example.com" }]);
    expect(await readDeniedData(shopId)).toEqual(["customers", "nodes"]);
    isApproved = true;
    shopify.on("ReadCustomers", () => ({ nodes: [customer] }));
    shopify.on("ScanCustomers", () => ({ customers: page([customer]) }));
    await runJob("reconcile-shop", { shopId }, never);
    expect(await readDeniedData(shopId)).toEqual([]);
  });
});

import { beforeAll, describe, expect, it } from "vitest";

import { inShop, type ShopId } from "../../../app/db.server";
import { defaultEarningRules } from "../../../app/loyalty/earning-rules";
import { saveProgram } from "../../../app/loyalty/program.server";
import { recordOrder } from "../../../app/loyalty/record-order.server";
import { settleOrder } from "../../../app/loyalty/settle-order.server";
import { action, loader } from "../../../app/routes/app.settings._index";
import { balanceOf, createTestMember } from "../../builders/member";
import { orderFacts } from "../../builders/order-facts";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";
import { adminPost, adminRequest, sessionToken, storeOfflineSession } from "./admin-requests";

useTestDatabase();

const SHOP = "settings-test.myshopify.com";
const NOW = new Date("2026-07-01T00:00:00Z");
let token: string;
let shopId: ShopId;

beforeAll(async () => {
  shopId = await createTestShop(SHOP);
  await storeOfflineSession(SHOP);
  token = await sessionToken(SHOP);
  const rules = defaultEarningRules({ currency: "JPY", taxesIncluded: true });
  await saveProgram(shopId, { ...rules, testOrders: "always" }, "staff:1", new Date("2026-01-01T00:00:00Z"));
});

const open = () => loader({ request: adminRequest("/app/settings", token), params: {}, context: {} });
const send = (body: unknown) => action({ request: adminPost("/app/settings", token, body), params: {}, context: {} });

describe("the settings page", () => {
  it("B06 offers to remove test points only while there are some, and leaves real ones alone", async () => {
    const { customerGid: customerId } = await createTestMember(shopId);
    const arrive = (test: boolean) =>
      inShop(shopId, async (tx) => {
        const { orderId } = await recordOrder(tx, orderFacts({ customerId, test }), "read", NOW);
        return settleOrder(tx, orderId, NOW);
      });
    await arrive(false);
    expect(await open()).toMatchObject({ testPoints: { orders: 0, points: 0 } });
    await arrive(true);
    expect(await open()).toMatchObject({ testPoints: { orders: 1, points: 137 } });

    for (const body of [null, {}, { intent: "remove_everything" }])
      expect(await send(body)).toEqual({ outcome: "invalid" });
    expect(await balanceOf(shopId, customerId)).toMatchObject({ available: 274 });
    expect(await send({ intent: "remove_test_points" })).toEqual({ outcome: "removed" });
    expect(await balanceOf(shopId, customerId)).toMatchObject({ available: 137, revoked: 137 });
    expect(await open()).toMatchObject({ testPoints: { orders: 0, points: 0 } });
  });
});

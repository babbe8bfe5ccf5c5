// Many hands at one balance: shoppers, workers, sweeps, merges. Real connections, real processes.
import { spawn, type ChildProcess } from "node:child_process";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { inShop } from "../../../app/db.server";
import { expireDuePoints } from "../../../app/loyalty/expire-due-points.server";
import { mergeMembers } from "../../../app/loyalty/merge-members.server";
import { answerRedeem } from "../../../app/storefront/redeem.server";
import { statusOf } from "../../../app/storefront/door";
import { INVARIANTS } from "../../../app/operator/invariants";
import { useTestDatabase } from "../../setup/postgres";
import { failNext } from "../../simulator/faults";
import { refundOrder } from "../../simulator/order-engine";
import { DOMAIN } from "../simulator/platform";
import { expectLedgerAddsUp } from "./ledger-invariants";
import { AMOUNT_OFF, codesOfRedemption, startRedemptionShop, type RedemptionShop } from "./redemption-shop";

const database = useTestDatabase();
let shop: RedemptionShop;
let reward = 0;
let server: Server;
let origin = "";

beforeAll(async () => {
  shop = await startRedemptionShop(() => database.owner(), { expiry: { kind: "after_days", days: 1 } });
  reward = await shop.reward(AMOUNT_OFF);
  server = createServer(
    (req, res) =>
      void knock(req.url ?? "", req).then(([status, body]) => {
        res.writeHead(status, { "Content-Type": "application/json" });
        res.end(JSON.stringify(body));
      }),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await expectLedgerAddsUp(database.owner());
  await expectSound();
  server.close();
  await shop.stop();
});
beforeEach(() => {
  shop.now = shop.platform.sim.now();
  shop.platform.sim.faults.operations = [];
});

// The door without its signature and its limit, which would answer 429 to the ninety that are too many.
async function knock(url: string, req: AsyncIterable<Buffer>): Promise<[number, unknown]> {
  const parts: Buffer[] = [];
  for await (const part of req) parts.push(part);
  const answer = await answerRedeem({
    shopId: shop.shopId,
    customerId: url.slice(1),
    parameters: new URLSearchParams(),
    visitor: "test",
    body: JSON.parse(Buffer.concat(parts).toString()) as unknown,
    now: shop.now,
  });
  return [statusOf(answer.outcome), answer];
}
async function post(customerId: string, requestKey: string): Promise<{ outcome: string; redemption?: { id: number } }> {
  const response = await fetch(`${origin}/${customerId}`, {
    method: "POST",
    body: JSON.stringify({ rewardId: reward, requestKey }),
  });
  return (await response.json()) as { outcome: string; redemption?: { id: number } };
}

async function expectSound(): Promise<void> {
  for (const id of ["I1", "I2", "I3", "I6", "I8", "I14"]) {
    const law = INVARIANTS.find((each) => each.id === id);
    const { rows } = await database.owner().query<{ violations: string }>(law?.sql ?? "");
    expect([id, Number(rows[0]?.violations)]).toEqual([id, 0]);
  }
}

describe("one balance", () => {
  it("C01 a hundred parallel redemptions over HTTP: exactly as many as it affords", async () => {
    const { customerId, memberId } = await shop.member(735);
    const answers = await Promise.all(Array.from({ length: 100 }, (_, i) => post(customerId, `parallel-${i}`)));
    const bought = answers.filter(({ redemption }) => redemption);
    expect(bought).toHaveLength(7);
    expect(answers.filter(({ outcome }) => outcome === "insufficient_points")).toHaveLength(93);
    expect(await shop.balance(memberId)).toMatchObject({ available: 35, reserved: 700 });
    const ids = bought.flatMap(({ redemption }) => redemption?.id ?? []);
    await until(async () => {
      await shop.complete();
      return (await countOpen(ids)) === 0;
    });
    for (const { redemption } of bought) expect(codesOfRedemption(shop, redemption?.id ?? 0)).toHaveLength(1);
  });

  it("C02 the door answers a repeated click with the same code, and 409 for other wishes under its key", async () => {
    const { customerId } = await shop.member(500);
    const [first, second] = await Promise.all([post(customerId, "double-click"), post(customerId, "double-click")]);
    expect(first.redemption?.id).toBeDefined();
    expect(second.redemption?.id).toBe(first.redemption?.id);
    const other = await fetch(`${origin}/${customerId}`, {
      method: "POST",
      body: JSON.stringify({ rewardId: reward, requestKey: "double-click", points: 100 }),
    });
    expect([other.status, await other.json()]).toEqual([409, { outcome: "key_reused" }]);
    const nonsense = await fetch(`${origin}/${customerId}`, {
      method: "POST",
      body: JSON.stringify({ rewardId: "1" }),
    });
    expect(nonsense.status).toBe(400);
  });

  it("C01 through two worker processes, one of them killed while Shopify hangs, and a new one in its place", async () => {
    const { customerId, memberId } = await shop.member(1_250);
    // What the inline attempt would do is left to the workers: the platform is down while they buy.
    failNext(shop.platform.sim.faults, "discountCodeBasicCreate", "503", { times: "always" });
    const answers = await Promise.all(Array.from({ length: 30 }, (_, i) => post(customerId, `workers-${i}`)));
    const bought = answers.flatMap(({ redemption }) => redemption?.id ?? []);
    expect(bought).toHaveLength(12);
    shop.platform.sim.faults.operations = [];
    failNext(shop.platform.sim.faults, "discountCodeBasicCreate", "timeout", { done: true });
    shop.later(2 * 3_600_000);
    const [killed, survivor] = [startWorker(), startWorker()];
    // Whoever came first waits for an answer that never comes. If that is the survivor, its answer comes too
    // late: its lease is over by then, and it may write nothing.
    await until(async () => (await countOpen(bought)) === 1 && (await countLeased()) === 1);
    killed.kill("SIGKILL");
    await gone(killed);
    await shop.endLeases();
    shop.later(3_600_000);
    const next = startWorker();
    await until(async () => (await countOpen(bought)) === 0);
    for (const worker of [survivor, next]) worker.kill("SIGTERM");
    await Promise.all([survivor, next].map(gone));
    for (const id of bought) {
      expect((await shop.read(id)).status).toBe("issued");
      expect(codesOfRedemption(shop, id)).toHaveLength(1);
    }
    expect(await shop.balance(memberId)).toMatchObject({ available: 50, reserved: 1_200, redeemed: 0 });
  });

  it("C09 redemptions racing the expiry of the same lots: each point goes one way, and nobody waits for ever", async () => {
    const members = await Promise.all(Array.from({ length: 6 }, () => shop.member(0)));
    for (const { memberId } of members) for (let i = 0; i < 5; i++) await shop.give(memberId, 60);
    shop.later(3 * 86_400_000);
    for (const { memberId } of members) await shop.give(memberId, 150);
    const races = members.flatMap(({ customerGid }) => [
      shop.redeem(customerGid, reward),
      shop.redeem(customerGid, reward),
      expireDuePoints(shop.shopId, shop.now),
    ]);
    await Promise.all(races);
    for (const { memberId } of members)
      expect(await shop.balance(memberId)).toMatchObject({ available: 50, reserved: 100, debt: 0 });
    await expectSound();
  });
});

describe("B09 a merge with redemptions in flight", () => {
  it("takes what is reserved and what is used along, and a later refund finds it", async () => {
    const gone = await shop.member(300);
    const kept = await shop.member(50);
    const used = await shop.redeem(gone.customerGid, reward);
    const open = await shop.redeem(gone.customerGid, reward);
    if (!("redemption" in used) || !("redemption" in open)) throw new Error("not bought");
    const order = shop.order({ customerId: gone.customerId, discountCodes: [used.redemption.code ?? ""] });
    await shop.hear(order);
    await shop.complete();
    await inShop(shop.shopId, (tx) => mergeMembers(tx, kept.customerGid, gone.customerGid, shop.now));
    expect(await shop.balance(gone.memberId)).toMatchObject({ available: 0, reserved: 0, redeemed: 0 });
    expect(await shop.balance(kept.memberId)).toMatchObject({ reserved: 100, redeemed: 100 });
    await expectSound();
    refundOrder(shop.platform.sim, DOMAIN, order.id, { lines: [{ lineId: order.lines[0]?.id ?? "", quantity: 1 }] });
    await shop.hear(order);
    await shop.complete();
    expect(await shop.read(used.redemption.id)).toMatchObject({ memberId: kept.memberId, returned: 100 });
    expect(await shop.balance(kept.memberId)).toMatchObject({ reserved: 100, redeemed: 0 });
    await expectSound();
  });

  it("while Shopify is still at work, the code is written down for the member that was kept", async () => {
    const gone = await shop.member(100);
    const kept = await shop.member(0);
    failNext(shop.platform.sim.faults, "discountCodeBasicCreate", "timeout", { done: true });
    const buying = shop.redeem(gone.customerGid, reward);
    await until(async () => (await countLeased()) > 0);
    await inShop(shop.shopId, (tx) => mergeMembers(tx, kept.customerGid, gone.customerGid, shop.now));
    const answer = await buying;
    if (!("redemption" in answer)) throw new Error(answer.outcome);
    await shop.endLeases();
    shop.later(3_600_000);
    await shop.complete();
    expect(await shop.read(answer.redemption.id)).toMatchObject({ memberId: kept.memberId, status: "issued" });
    expect(codesOfRedemption(shop, answer.redemption.id)).toHaveLength(1);
    expect(await shop.balance(kept.memberId)).toMatchObject({ reserved: 100, available: 0 });
    await expectSound();
  });
});

function startWorker(): ChildProcess {
  const script = join(import.meta.dirname, "redemption-worker.ts");
  return spawn(process.execPath, ["--import", "tsx", script, String(shop.shopId), shop.now.toISOString()], {
    env: { ...process.env, SHOPIFY_SIMULATOR_URL: shop.platform.address },
    stdio: ["ignore", "ignore", "inherit"],
  });
}
function gone(worker: ChildProcess): Promise<void> {
  return new Promise((resolve) =>
    worker.exitCode !== null || worker.signalCode !== null ? resolve() : worker.once("exit", () => resolve()),
  );
}
async function countLeased(): Promise<number> {
  const { rows } = await database
    .owner()
    .query<{ count: number }>("SELECT count(*)::int AS count FROM redemption WHERE lease_until > now()");
  return rows[0]?.count ?? 0;
}
async function countOpen(ids: number[]): Promise<number> {
  const { rows } = await database
    .owner()
    .query<{ count: number }>(
      "SELECT count(*)::int AS count FROM redemption WHERE status = 'reserved' AND id = ANY ($1)",
      [ids],
    );
  return rows[0]?.count ?? 0;
}
async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 600; i++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("it never came to that");
}

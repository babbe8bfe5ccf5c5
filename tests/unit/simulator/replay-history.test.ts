// The reading rules of Online Retail files, one by one, and what they become in a shop.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, it } from "vitest";

import { totals } from "../../simulator/order-math";
import { assertConserved } from "../../simulator/orders/conservation";
import { payloadProblems } from "../../simulator/payloads/validate";
import { pence, readHistory, type History } from "../../simulator/replay-history";
import { loadHistory, REPLAY_SHOP, replayMessages } from "../../simulator/replay-loader";
import { createSimulator } from "../../simulator/simulator";

const HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";
let folder: string;
let number = 0;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "history-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** [InvoiceNo, StockCode, Quantity, date, price, customer] */
type Line = [string, string, number, string, string, string];
const csv = (lines: Line[]): string =>
  HEADER +
  lines
    .map(
      ([no, code, quantity, date, price, customer]) =>
        `${no},${code},"THING, ""${code}""",${quantity},${date},${price},${customer},United Kingdom\n`,
    )
    .join("");
function file(lines: Line[], isPacked = false): string {
  const path = join(folder, `part-${number++}.csv${isPacked ? ".gz" : ""}`);
  writeFileSync(path, isPacked ? gzipSync(csv(lines)) : csv(lines));
  return path;
}
const read = (lines: Line[]): Promise<History> => readHistory([file(lines)]);
const kept = (history: History): Record<string, number[]> =>
  Object.fromEntries(
    history.orders.map((order) => [order.invoiceNo, order.lines.map((line) => line.quantity - line.refunded)]),
  );

it("groups lines by invoice, dates it by its earliest line, and reads several files as one history", async () => {
  const first = file([["100", "A", 2, "2010-12-01 09:00:00", "1.50", "17.0"]], true);
  const second = file([
    ["100", "B", 1, "2010-12-01 08:59:00", "2.00", "17"],
    ["101", "A", 1, "2010-12-02 10:00", "1.50", ""],
  ]);
  const { orders, counts } = await readHistory([first, second]);
  expect(orders.map(({ invoiceNo, date, customerId, lines }) => [invoiceNo, date, customerId, lines.length])).toEqual([
    ["100", "2010-12-01 08:59:00", "17", 2],
    ["101", "2010-12-02 10:00:00", null, 1],
  ]);
  expect(orders[0]?.lines[0]?.description).toBe('THING, "A"');
  expect(counts).toEqual({ orders: 2, guests: 1, members: 1, refundInvoices: 0, unmatchedRefundLines: 0 });
});

it("drops lines without quantity or price, ignores empty orders and other letters, keeps repeated lines", async () => {
  const day = "2011-01-05 10:00:00";
  const history = await read([
    ["200", "A", 1, day, "1.00", "1"],
    ["200", "A", 1, day, "1.00", "1"],
    ["200", "B", -3, day, "1.00", "1"],
    ["200", "C", 1, day, "0.00", "1"],
    ["201", "A", 5, day, "-1.00", "2"],
    ["A202", "A", 1, day, "9.00", "3"],
    ["C203", "A", -1, day, "1.00", "4"],
  ]);
  expect(kept(history)).toEqual({ 200: [1, 1] });
  expect(history.counts).toEqual({ orders: 1, guests: 0, members: 1, refundInvoices: 1, unmatchedRefundLines: 1 });
});

it("rounds unit prices half up to pence", () => {
  expect(["2.55", "2.555", "2.5549", "0.005", "0.0049", "3", ".5", "11062.06"].map(pence)).toEqual([
    255, 256, 255, 1, 0, 300, 50, 1_106_206,
  ]);
  expect(["-1.00", "-0.005", "-0.0051"].map((price) => pence(price) + 0)).toEqual([-100, 0, -1]);
  expect(() => pence("1,50")).toThrow("not a price");
  expect(() => pence("")).toThrow("not a price");
});

it("takes refunds from the newest order first, lines in file order, never from later orders or other customers", async () => {
  const history = await read([
    ["300", "A", 5, "2011-01-01 10:00:00", "1.00", "1"],
    ["301", "A", 2, "2011-01-02 10:00:00", "1.00", "1"],
    ["301", "A", 2, "2011-01-02 10:00:00", "1.00", "1"],
    ["302", "A", 9, "2011-01-09 10:00:00", "1.00", "1"],
    ["303", "A", 9, "2011-01-02 10:00:00", "1.00", "2"],
    ["C304", "A", -3, "2011-01-03 10:00:00", "1.00", "1"],
    ["C305", "A", -4, "2011-01-03 10:00:00", "1.00", "1"],
    ["C306", "A", -4, "2011-01-04 10:00:00", "1.00", "1"],
  ]);
  // C304 takes 2 + 1 of 301, C305 its last and 3 of 300, C306 the last 2 of 300 and 2 of nothing.
  expect(kept(history)).toEqual({ 300: [0], 301: [0, 0], 302: [9], 303: [9] });
  expect(history.orders.find(({ invoiceNo }) => invoiceNo === "300")?.refunds).toEqual([
    { invoiceNo: "C305", date: "2011-01-03 10:00:00", lines: [{ line: 0, quantity: 3 }] },
    { invoiceNo: "C306", date: "2011-01-04 10:00:00", lines: [{ line: 0, quantity: 2 }] },
  ]);
  expect(history.counts).toMatchObject({ refundInvoices: 3, unmatchedRefundLines: 1 });
});

it("orders of the same moment: the higher invoice number is the newer one; refunds of guests match nothing", async () => {
  const at = "2011-02-01 10:00:00";
  const history = await read([
    ["401", "A", 1, at, "1.00", "1"],
    ["400", "A", 1, at, "1.00", "1"],
    ["C402", "A", -1, at, "1.00", "1"],
    ["403", "A", 1, at, "1.00", ""],
    ["C404", "A", -1, at, "1.00", ""],
  ]);
  expect(kept(history)).toEqual({ 400: [1], 401: [0], 403: [1] });
  expect(history.counts.unmatchedRefundLines).toBe(1);
});

it("says which file is not such a history", async () => {
  const path = join(folder, "other.csv");
  writeFileSync(path, "a,b\n1,2\n");
  await expect(readHistory([path])).rejects.toThrow("no column InvoiceNo");
  await expect(readHistory([join(folder, "absent.csv.gz")])).rejects.toThrow("ENOENT");
  await expect(read([["1", "A", 1, "1/12/2010 8:26", "1.00", "1"]])).rejects.toThrow("not a date");
});

it("becomes orders in a GBP shop, loads once, and sends every state of an order", async () => {
  const lines: Line[] = [
    ["500", "A", 3, "2010-12-01 08:26:00", "2.55", "7"],
    ["500", "B", 1, "2010-12-01 08:26:00", "1.10", "7"],
    ["C501", "A", -1, "2011-01-10 12:00:00", "2.55", "7"],
    ["C502", "B", -1, "2011-05-10 12:00:00", "1.10", "7"],
    ["503", "A", 1, "2011-05-11 12:00:00", "2.55", ""],
  ];
  const sim = createSimulator({ apiKey: "k", apiSecret: "s" });
  const shop = loadHistory(sim, await read(lines));
  loadHistory(sim, await read(lines));
  const [order, guest] = Object.values(shop.orders);
  if (!order || !guest) throw new Error("two orders expected");
  expect(Object.keys(shop.orders)).toHaveLength(2);
  // Half past eight in London in winter; noon in May is eleven in UTC.
  expect([order.processedAt, guest.processedAt]).toEqual(["2010-12-01T08:26:00.000Z", "2011-05-11T11:00:00.000Z"]);
  expect(totals(order)).toMatchObject({
    totalMinor: 875,
    currentSubtotalMinor: 510,
    refundedMinor: 365,
    financialStatus: "partially_refunded",
  });
  expect(guest.customerId).toBeNull();
  assertConserved(order);
  const messages = replayMessages(shop);
  expect(messages.map(({ topic }) => topic)).toEqual([
    "orders/paid",
    "refunds/create",
    "orders/updated",
    "refunds/create",
    "orders/updated",
    "orders/paid",
  ]);
  for (const message of messages) expect(payloadProblems(message.topic, message.body())).toEqual([]);
  const states = messages
    .filter(({ topic }) => topic !== "refunds/create")
    .map(
      ({ body }) => JSON.parse(body()) as { current_subtotal_price: string; updated_at: string; processed_at: string },
    );
  expect(states.map((state) => state.current_subtotal_price)).toEqual(["8.75", "6.20", "5.10", "2.55"]);
  const [placed, once, twice] = states.map((state) => Date.parse(state.updated_at));
  expect([Number(once) - Number(placed), Number(twice) - Number(once)]).toEqual([1_000, 1_000]);
  expect(states[0]?.processed_at).toBe("2010-12-01T08:26:00+00:00");
});

it("duplicates carry the same webhook id, and a seed fixes the order", async () => {
  const sim = createSimulator({ apiKey: "k", apiSecret: "s" });
  const lines = Array.from({ length: 200 }, (_, index): Line => [
    String(600 + index),
    "A",
    1,
    "2011-03-01 10:00:00",
    "1.00",
    String(index),
  ]);
  const shop = loadHistory(sim, await read(lines));
  const options = { duplicates: 0.2, shuffle: true, seed: 9 };
  const ids = replayMessages(shop, options).map(({ webhookId }) => webhookId);
  expect(new Set(ids).size).toBe(200);
  expect(ids.length).toBeGreaterThan(220);
  expect(ids.length).toBeLessThan(260);
  expect(replayMessages(shop, options).map(({ webhookId }) => webhookId)).toEqual(ids);
  expect(replayMessages(shop, { ...options, seed: 10 }).map(({ webhookId }) => webhookId)).not.toEqual(ids);
  expect(shop.domain).toBe(REPLAY_SHOP);
});

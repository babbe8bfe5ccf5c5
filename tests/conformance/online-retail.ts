// The expected totals of the UCI Online Retail history, recomputed from the file alone: imports nothing of
// the app or the simulator, so that a shared mistake cannot hide.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

import { parse } from "csv-parse/sync";

export interface ExpectedTotals {
  orders: number;
  guests: number;
  refundInvoices: number;
  unmatchedRefundLines: number;
  members: number;
  pointsGranted: number;
  pointsClawedBack: number;
  pointsNet: number;
}

interface Row {
  InvoiceNo: string;
  StockCode: string;
  Quantity: string;
  InvoiceDate: string;
  UnitPrice: string;
  CustomerID: string;
}
interface Line {
  stockCode: string;
  quantity: number;
  kept: number;
  pence: number;
}
interface Order {
  invoice: string;
  date: string;
  customer: string;
  lines: Line[];
}

/** "2.555" → 256: half up, on the decimal digits, never through a float. */
function toPence(price: string): number {
  const negative = price.startsWith("-");
  const [whole = "0", fraction = ""] = price.replace("-", "").split(".");
  const thousandths = `${fraction}000`;
  const pence = Number(whole) * 100 + Number(thousandths.slice(0, 2)) + (Number(thousandths[2]) >= 5 ? 1 : 0);
  return negative ? -pence : pence;
}

function readInvoices(files: string[]): Map<string, Row[]> {
  const invoices = new Map<string, Row[]>();
  for (const file of files) {
    const bytes = readFileSync(file);
    const rows: Row[] = parse(file.endsWith(".gz") ? gunzipSync(bytes) : bytes, { columns: true, bom: true });
    for (const row of rows) invoices.set(row.InvoiceNo, [...(invoices.get(row.InvoiceNo) ?? []), row]);
  }
  return invoices;
}
const earliest = (rows: Row[]) => rows.map((row) => row.InvoiceDate).sort()[0] ?? "";

/** Folds the history by the reading rules: orders, then refund lines in date order, then points. */
export function expectedTotals(files: string[]): ExpectedTotals {
  const invoices = readInvoices(files);
  const orders: Order[] = [];
  const refunds: { invoice: string; date: string; rows: Row[] }[] = [];
  for (const [invoice, rows] of invoices) {
    if (invoice.startsWith("C")) refunds.push({ invoice, date: earliest(rows), rows });
    if (!/^\d/.test(invoice)) continue;
    const lines = rows
      .map((row) => ({
        stockCode: row.StockCode,
        quantity: Number(row.Quantity),
        kept: Number(row.Quantity),
        pence: toPence(row.UnitPrice),
      }))
      .filter((line) => line.quantity > 0 && line.pence > 0);
    if (lines.length > 0) orders.push({ invoice, date: earliest(rows), customer: rows[0]?.CustomerID ?? "", lines });
  }
  const newestFirst = [...orders].sort((a, b) =>
    a.date === b.date ? (a.invoice < b.invoice ? 1 : -1) : a.date < b.date ? 1 : -1,
  );
  const ordersOf = new Map<string, Order[]>();
  for (const order of newestFirst) {
    if (order.customer !== "") ordersOf.set(order.customer, [...(ordersOf.get(order.customer) ?? []), order]);
  }
  let unmatchedRefundLines = 0;
  refunds.sort((a, b) => (a.date === b.date ? (a.invoice < b.invoice ? -1 : 1) : a.date < b.date ? -1 : 1));
  for (const refund of refunds) {
    for (const row of refund.rows) {
      let left = Math.abs(Number(row.Quantity));
      const candidates = (ordersOf.get(row.CustomerID) ?? []).filter((order) => order.date <= refund.date);
      for (const line of candidates
        .flatMap((order) => order.lines)
        .filter((each) => each.stockCode === row.StockCode)) {
        const taken = Math.min(left, line.kept);
        line.kept -= taken;
        left -= taken;
      }
      if (left > 0) unmatchedRefundLines += 1;
    }
  }
  const ofMembers = orders.filter((order) => order.customer !== "");
  const points = (amount: (line: Line) => number) =>
    ofMembers.reduce(
      (sum, order) => sum + Math.floor(order.lines.reduce((pence, line) => pence + amount(line), 0) / 100),
      0,
    );
  const pointsGranted = points((line) => line.quantity * line.pence);
  const pointsNet = points((line) => line.kept * line.pence);
  return {
    orders: orders.length,
    guests: orders.length - ofMembers.length,
    refundInvoices: refunds.length,
    unmatchedRefundLines,
    members: new Set(ofMembers.map((order) => order.customer)).size,
    pointsGranted,
    pointsClawedBack: pointsGranted - pointsNet,
    pointsNet,
  };
}

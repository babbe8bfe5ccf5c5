// Reads UCI "Online Retail" files (.csv or .csv.gz, several as one history) into orders and refunds.
//
// How they are read: lines are grouped by InvoiceNo, dated by its earliest InvoiceDate; invoices of digits
// are orders, "C…" ones are refunds, other letters are ignored. Unit prices are rounded half up to pence.
// In orders, lines without positive quantity and price are dropped, an order left empty is ignored, and
// repeated lines stay. Each refund line, in date order, takes back |Quantity| of its StockCode from the same
// customer's orders dated at or before it, newest first (date, then InvoiceNo), and within an order from its
// lines in file order, by what is left of them; a refund line with anything left over is unmatched. A line
// without CustomerID has no "same customer": as a refund it matches nothing.
import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";

import { parse } from "csv-parse";

export interface HistoryLine {
  stockCode: string;
  description: string;
  quantity: number;
  pricePence: number;
  /** Units that refunds took back. */
  refunded: number;
}
export interface HistoryOrder {
  invoiceNo: string;
  /** "2010-12-01 08:26:00", London time as in the file. */
  date: string;
  customerId: string | null;
  lines: HistoryLine[];
  refunds: HistoryRefund[];
}
/** What one refund invoice took from one order. */
export interface HistoryRefund {
  invoiceNo: string;
  date: string;
  lines: { line: number; quantity: number }[];
}
export interface History {
  orders: HistoryOrder[];
  counts: { orders: number; guests: number; members: number; refundInvoices: number; unmatchedRefundLines: number };
}

interface Row {
  InvoiceNo: string;
  StockCode: string;
  Description: string;
  Quantity: string;
  InvoiceDate: string;
  UnitPrice: string;
  CustomerID: string;
}
interface Invoice {
  invoiceNo: string;
  date: string;
  customerId: string | null;
  rows: Row[];
}

const COLUMNS = [
  "InvoiceNo",
  "StockCode",
  "Description",
  "Quantity",
  "InvoiceDate",
  "UnitPrice",
  "CustomerID",
] as const;

/** Reads files as one history. @throws Error when a file lacks a column or holds a broken number or date */
export async function readHistory(files: readonly string[]): Promise<History> {
  const invoices = new Map<string, Invoice>();
  for (const file of files) {
    const source: Readable = createReadStream(file);
    const text = file.endsWith(".gz") ? source.pipe(createGunzip()) : source;
    // Errors of the first stream do not travel through pipe() by themselves.
    source.on("error", (error) => text.destroy(error));
    const rows = text.pipe(parse({ columns: true, bom: true, relax_quotes: true, skip_empty_lines: true }));
    text.on("error", (error) => rows.destroy(error));
    for await (const row of rows as AsyncIterable<Row>) addRow(invoices, row, file);
  }
  return assemble([...invoices.values()]);
}

function addRow(invoices: Map<string, Invoice>, row: Row, file: string): void {
  const missing = COLUMNS.find((column) => row[column] === undefined);
  if (missing) throw new Error(`${file}: no column ${missing}; Online Retail files have ${COLUMNS.join(", ")}`);
  const date = normalDate(row.InvoiceDate, file);
  const customerId = row.CustomerID.trim().replace(/\.0+$/, "") || null;
  const invoice = invoices.get(row.InvoiceNo);
  if (!invoice) {
    invoices.set(row.InvoiceNo, { invoiceNo: row.InvoiceNo, date, customerId, rows: [row] });
    return;
  }
  if (date < invoice.date) invoice.date = date;
  invoice.customerId ??= customerId;
  invoice.rows.push(row);
}

/** "2010-12-01 08:26:00" (the shape whose text order is time order). */
function normalDate(text: string, file: string): string {
  const match = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d)(?::(\d\d))?/.exec(text.trim());
  if (!match) throw new Error(`${file}: "${text}" is not a date like 2010-12-01 08:26:00`);
  return `${match[1]} ${match[2]}:${match[3] ?? "00"}`;
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number)) throw new Error(`"${text}" is not a whole number`);
  return number;
}

/** "2.555" → 256: half up, on the text, so that no binary fraction decides. */
export function pence(text: string): number {
  const match = /^(-?)(\d*)(?:\.(\d*))?$/.exec(text.trim());
  if (!match || !/\d/.test(text)) throw new Error(`"${text}" is not a price`);
  const fraction = (match[3] ?? "").padEnd(3, "0");
  const whole = Number(`${match[2] || "0"}${fraction.slice(0, 2)}`);
  // Half up means towards +∞: −0.005 → 0, −0.0051 → −0.01.
  if (match[1]) return -(whole + (Number(`0.${fraction.slice(2)}`) > 0.5 ? 1 : 0));
  return whole + (fraction.slice(2, 3) >= "5" ? 1 : 0);
}

const byDateThenNumber = (a: { date: string; invoiceNo: string }, b: { date: string; invoiceNo: string }): number =>
  a.date < b.date ? -1 : a.date > b.date ? 1 : a.invoiceNo < b.invoiceNo ? -1 : a.invoiceNo > b.invoiceNo ? 1 : 0;

function assemble(invoices: Invoice[]): History {
  const orders = invoices.filter(({ invoiceNo }) => /^\d+$/.test(invoiceNo)).flatMap(toOrder);
  orders.sort(byDateThenNumber);
  const refunds = invoices.filter(({ invoiceNo }) => invoiceNo.startsWith("C")).sort(byDateThenNumber);
  const byCustomer = new Map<string, HistoryOrder[]>();
  for (const order of orders) {
    if (!order.customerId) continue;
    const own = byCustomer.get(order.customerId);
    if (own) own.push(order);
    else byCustomer.set(order.customerId, [order]);
  }
  let unmatchedRefundLines = 0;
  for (const refund of refunds) {
    const own = refund.customerId ? (byCustomer.get(refund.customerId) ?? []) : [];
    for (const row of refund.rows) if (takeBack(own, refund, row) > 0) unmatchedRefundLines += 1;
  }
  const guests = orders.filter((order) => order.customerId === null).length;
  return {
    orders,
    counts: {
      orders: orders.length,
      guests,
      members: byCustomer.size,
      refundInvoices: refunds.length,
      unmatchedRefundLines,
    },
  };
}

function toOrder({ invoiceNo, date, customerId, rows }: Invoice): HistoryOrder[] {
  const lines = rows
    .map((row) => ({
      stockCode: row.StockCode,
      description: row.Description,
      quantity: wholeNumber(row.Quantity),
      pricePence: pence(row.UnitPrice),
      refunded: 0,
    }))
    .filter((line) => line.quantity > 0 && line.pricePence > 0);
  return lines.length > 0 ? [{ invoiceNo, date, customerId, lines, refunds: [] }] : [];
}

/** Applies one refund line; answers the units that found no order. */
function takeBack(own: HistoryOrder[], refund: Invoice, row: Row): number {
  let left = Math.abs(wholeNumber(row.Quantity));
  for (let at = own.length - 1; at >= 0 && left > 0; at--) {
    const order = own[at];
    if (!order || order.date > refund.date) continue;
    for (const [index, line] of order.lines.entries()) {
      if (left === 0) break;
      if (line.stockCode !== row.StockCode) continue;
      const quantity = Math.min(left, line.quantity - line.refunded);
      if (quantity === 0) continue;
      line.refunded += quantity;
      left -= quantity;
      note(order, refund, index, quantity);
    }
  }
  return left;
}

function note(order: HistoryOrder, refund: Invoice, line: number, quantity: number): void {
  let entry = order.refunds.find((known) => known.invoiceNo === refund.invoiceNo);
  if (!entry) {
    entry = { invoiceNo: refund.invoiceNo, date: refund.date, lines: [] };
    order.refunds.push(entry);
  }
  const known = entry.lines.find((one) => one.line === line);
  if (known) known.quantity += quantity;
  else entry.lines.push({ line, quantity });
}

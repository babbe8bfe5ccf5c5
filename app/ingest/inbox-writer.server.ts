// Group commit: deliveries that arrive while an INSERT is under way go into the next one together.
// Each is answered after the COMMIT of the statement that holds it, never before.
import type pg from "pg";

import { routerPool } from "../db.server";

/** One row for the letter box. */
export interface InboxRow {
  domain: string;
  topic: string;
  webhookId: string;
  eventId: string | null;
  apiVersion: string | null;
  triggeredAt: string | null;
  /** UTF-8 without NUL, or NULL when the body cannot be kept as text. */
  body: Buffer | null;
  /** What the body seems to be about; shown to people, trusted by nobody. */
  subject: string | null;
  status: "pending" | "quarantined";
  error: string | null;
}

interface Waiting {
  row: InboxRow;
  since: number;
  deadline: number;
  resolve: () => void;
  reject: (error: Error) => void;
}

const GROUP_ROWS_MAX = 32;
const GROUP_BYTES_MAX = 4 * 1024 * 1024;
const FLUSHES_AT_ONCE = 2;
/** Bodies waiting for a database that is away; beyond it the sender is asked to come back. */
const WAITING_BYTES_MAX = 96 * 1024 * 1024;
/** When the first in the line has waited so long, whoever came now would wait for nothing and keep the others waiting. */
const FIRST_WAITS_MS_MAX = 1_500;
const QUERY_TIMEOUT_MS = 3_000;

const waiting: Waiting[] = [];
let waitingBytes = 0;
let flushes = 0;

/** The letter box did not take the row in time or at all; the delivery must be answered 503. */
export class InboxUnavailableError extends Error {
  override readonly name = "InboxUnavailableError";
}

/**
 * Stores a delivery; resolves after COMMIT, also when the row was there already.
 * @throws InboxUnavailableError when the database is away, full or too slow
 */
export function storeDelivery(row: InboxRow, deadline: number): Promise<void> {
  const bytes = row.body?.length ?? 0;
  const since = Date.now();
  const firstWaits = since - (waiting[0]?.since ?? since);
  if (waitingBytes + bytes > WAITING_BYTES_MAX || firstWaits > FIRST_WAITS_MS_MAX)
    return Promise.reject(new InboxUnavailableError("too much is waiting"));
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => settle(() => reject(new InboxUnavailableError("deadline"))), deadline - Date.now());
    let settled = false;
    function settle(answer: () => void): void {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      waitingBytes -= bytes;
      answer();
    }
    waitingBytes += bytes;
    waiting.push({
      row,
      since,
      deadline,
      resolve: () => settle(resolve),
      reject: (error) => settle(() => reject(error)),
    });
    if (flushes < FLUSHES_AT_ONCE) void flush();
  });
}

function nextGroup(): Waiting[] {
  const group: Waiting[] = [];
  const now = Date.now();
  let bytes = 0;
  while (waiting.length > 0 && group.length < GROUP_ROWS_MAX && bytes < GROUP_BYTES_MAX) {
    const next = waiting.shift();
    if (!next || next.deadline <= now) continue;
    bytes += next.row.body?.length ?? 0;
    group.push(next);
  }
  return group;
}

async function flush(): Promise<void> {
  flushes++;
  try {
    for (let group = nextGroup(); group.length > 0; group = nextGroup()) await storeGroup(group);
  } finally {
    flushes--;
  }
}

async function storeGroup(group: Waiting[]): Promise<void> {
  try {
    await insertRows(group.map((entry) => entry.row));
    for (const entry of group) entry.resolve();
  } catch (error) {
    // A value PostgreSQL refuses must not cost its neighbours their answer.
    if (group.length > 1 && isDataError(error)) {
      for (const entry of group) await storeGroup([entry]);
      return;
    }
    const unavailable = new InboxUnavailableError("the inbox refused the row", { cause: error });
    for (const entry of group) entry.reject(unavailable);
  }
}

function isDataError(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return typeof code === "string" && (code.startsWith("22") || code.startsWith("23"));
}

const COLUMNS = 10;
const statements = new Map<number, string>();
function statementFor(rows: number): string {
  let text = statements.get(rows);
  if (text === undefined) {
    const tuples = Array.from({ length: rows }, (_, row) => {
      const at = (column: number) => `$${row * COLUMNS + column}`;
      return `(${at(1)}::text,${at(2)}::text,${at(3)}::text,${at(4)}::text,${at(5)}::text,${at(6)}::timestamptz,${at(7)}::text,${at(8)}::text,${at(9)}::text,${at(10)}::text)`;
    });
    text = `INSERT INTO webhook_inbox (shop_id, domain, topic, webhook_id, event_id, api_version, triggered_at, body, subject, status, error)
      SELECT shop.id, given.* FROM (VALUES ${tuples.join(",")})
        AS given (domain, topic, webhook_id, event_id, api_version, triggered_at, body, subject, status, error)
        LEFT JOIN shop ON shop.domain = given.domain
      ON CONFLICT (domain, topic, webhook_id) DO NOTHING`;
    statements.set(rows, text);
  }
  return text;
}

async function insertRows(rows: InboxRow[]): Promise<void> {
  // One order for everybody: two groups that hold the same deliveries cannot wait for each other.
  const sorted = rows.length > 1 ? [...rows].sort((a, b) => (key(a) < key(b) ? -1 : 1)) : rows;
  const query: pg.QueryConfig & { query_timeout: number } = {
    name: `inbox-${sorted.length}`,
    text: statementFor(sorted.length),
    values: sorted.flatMap((row) => [
      row.domain,
      row.topic,
      row.webhookId,
      row.eventId,
      row.apiVersion,
      row.triggeredAt,
      // A Buffer travels as it is: no decoding, no escaping.
      row.body,
      row.subject,
      row.status,
      row.error,
    ]),
    query_timeout: QUERY_TIMEOUT_MS,
  };
  await routerPool().query(query);
}

function key(row: InboxRow): string {
  return `${row.domain}\n${row.topic}\n${row.webhookId}`;
}

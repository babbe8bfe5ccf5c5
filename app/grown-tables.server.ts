// Plans are kept by each connection, and follow what PostgreSQL knows of a table's size. A shop that has just come brings
// a hundred thousand orders before PostgreSQL has looked at the tables again, which it does once a minute.
import { routerPool } from "./db.server";
import { log } from "./log.server";

const FIRST_AT = 256;
let handled = 0;
let next = FIRST_AT;

/**
 * Tells of rows that were written. Each time this process has written twice as many as the last time, tables that grew by
 * half are counted anew: a few dozen times in a process's life. Never fails.
 */
export async function noteRowsWritten(rows: number): Promise<void> {
  handled += rows;
  if (handled < next) return;
  while (next <= handled) next *= 2;
  try {
    await routerPool().query("SELECT count_grown_tables()");
  } catch (error) {
    log().warn({ code: (error as { code?: string }).code }, "tables could not be counted");
  }
}

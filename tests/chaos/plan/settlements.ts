// Which deliveries took effect, as seen from outside: a delivery is settled in the transaction that holds its effect,
// so two commits that settle one delivery are two effects.
import type pg from "pg";

/** Counts commits per row of the letter box. */
export class Settlements {
  readonly #open = new Map<pg.Client, string[]>();
  readonly #commits = new Map<string, number>();

  /** Reads a statement of the app and its answer. */
  note(client: pg.Client, text: string, values: unknown, result: pg.QueryResult): void {
    if (text.includes("settle_event(")) {
      const [row] = result.rows as { settled?: boolean }[];
      if (row?.settled === true) this.#open.set(client, [...(this.#open.get(client) ?? []), ...idsIn(values)]);
      return;
    }
    const command = text.trim().toUpperCase();
    if (command !== "COMMIT" && command !== "ROLLBACK" && command !== "BEGIN") return;
    // PostgreSQL answers a failed transaction's COMMIT with ROLLBACK.
    if (result.command === "COMMIT")
      for (const id of this.#open.get(client) ?? []) this.#commits.set(id, (this.#commits.get(id) ?? 0) + 1);
    this.#open.delete(client);
  }

  /** Rows that were settled by more than one commit; starts anew. */
  takeDoubled(): string[] {
    const doubled = [...this.#commits].filter(([, count]) => count > 1).map(([id]) => id);
    this.#commits.clear();
    return doubled;
  }
}

// settle_event(id, lease, …) for one, or settle_event(mark.id, …) over an array of ids in second place.
function idsIn(values: unknown): string[] {
  const [first, second] = Array.isArray(values) ? (values as unknown[]) : [];
  return (Array.isArray(second) ? (second as unknown[]) : [first]).map(String);
}

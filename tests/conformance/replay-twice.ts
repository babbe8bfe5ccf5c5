// A real order history through the whole product, twice, against totals recomputed from the file alone.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

import pg from "pg";
import { expect } from "vitest";

import { runAudit } from "../../app/operator/audit.server";
import type { Stack } from "../demo/stack";
import { replayInto } from "../simulator/replay";
import { expectedTotals } from "./online-retail";

const FOLDER = join(
  process.env.KIZUNA_SHARED ?? join(import.meta.dirname, "../../../shared"),
  "data/orders/online-retail",
);

/** The history's files; none where KIZUNA_SHARED does not hold them. */
export const HISTORY_FILES = existsSync(FOLDER)
  ? readdirSync(FOLDER)
      .filter((name) => /\.csv(\.gz)?$/.test(name))
      .map((name) => join(FOLDER, name))
  : [];
/** What stands behind a test's name where they are missing. */
export const SKIPPED = HISTORY_FILES.length === 0 ? " (skipped: its files are not in KIZUNA_SHARED)" : "";

/**
 * Signed webhooks over HTTP, doubled and shuffled: exactly the points a recomputation gives, books in order, and a
 * second replay that changes nothing.
 */
export async function expectReplayed(stack: Stack, files: string[]): Promise<void> {
  const target = { shell: stack.simulator.addresses.shell, ownerUrl: stack.database.ownerUrl };
  const options = { files, duplicates: 0.2, shuffle: true, seed: 20_101_201, say: () => undefined };
  const expected = expectedTotals(files);
  const first = await replayInto(target, options);
  expect(first).toMatchObject(expected);
  expect(first.deliveries).toBeGreaterThan(expected.orders * 1.15);

  const audit = await runAudit(target.ownerUrl);
  expect(audit.invariants.filter(({ violations }) => violations > 0)).toEqual([]);
  expect(audit.invariants.find(({ id }) => id === "I4")?.rows).toBeGreaterThanOrEqual(
    expected.orders - expected.guests,
  );

  const before = await ledgerState(target.ownerUrl);
  const second = await replayInto(target, options);
  expect(second).toMatchObject({ ...expected, deliveries: first.deliveries });
  expect(await ledgerState(target.ownerUrl)).toEqual(before);
}

async function ledgerState(ownerUrl: string): Promise<unknown> {
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  try {
    const { rows } = await owner.query(
      "SELECT count(*) AS entries, max(id) AS newest, md5(string_agg(key || points, ',' ORDER BY id)) AS digest FROM points_entry",
    );
    return rows[0];
  } finally {
    await owner.end();
  }
}

// A tenth of a real shop's half year, always the same: all orders of every tenth customer, and every tenth guest
// order. `npm run test:corpora` replays the whole. Reads the data named by KIZUNA_SHARED; says so where it is absent.
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

import { parse } from "csv-parse/sync";
import { stringify } from "csv-stringify/sync";
import { afterAll, beforeAll, describe, it } from "vitest";

import { startStack, type Stack } from "../demo/stack";
import { expectReplayed, HISTORY_FILES, SKIPPED } from "./replay-twice";

const MINUTE = 60_000;
const ONE_IN = 10;

/** Whole customers, so that refunds stay with their orders. */
function tenthOf(file: string, folder: string, number: number): string {
  const bytes = readFileSync(file);
  const rows: Record<string, string>[] = parse(file.endsWith(".gz") ? gunzipSync(bytes) : bytes, {
    columns: true,
    bom: true,
  });
  const kept = rows.filter(({ CustomerID = "", InvoiceNo = "" }) => {
    const whose = CustomerID === "" ? `guest ${InvoiceNo}` : CustomerID;
    return createHash("sha256").update(whose).digest().readUInt32BE() % ONE_IN === 0;
  });
  const target = join(folder, `tenth-${number}.csv`);
  writeFileSync(target, stringify(kept, { header: true }));
  return target;
}

describe.skipIf(HISTORY_FILES.length === 0)(`UCI Online Retail, a tenth${SKIPPED}`, () => {
  let folder = "";
  let stack: Stack;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "kizuna-history-"));
    stack = await startStack({ seed: "none" });
  }, 5 * MINUTE);
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await stack.stop();
  }, 2 * MINUTE);

  it(
    "gives exactly the points a recomputation gives, keeps the books in order, and a second replay changes nothing",
    () =>
      expectReplayed(
        stack,
        HISTORY_FILES.map((file, index) => tenthOf(file, folder, index)),
      ),
    10 * MINUTE,
  );
});

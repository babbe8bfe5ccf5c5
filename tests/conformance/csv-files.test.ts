// CSV files that other parsers are tested with: whatever they hold, an import answers and never crashes.
// Reads the data named by KIZUNA_SHARED; says so where it is absent.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

import { readPointsFile } from "../../app/loyalty/transfers/points-file";

const folder = join(process.env.KIZUNA_SHARED ?? join(import.meta.dirname, "../../../shared"), "data/robustness/csv");
const files = existsSync(folder)
  ? readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".csv"))
  : [];

describe.skipIf(files.length === 0)(
  `CSV spectrum${files.length === 0 ? " (skipped: its files are not in KIZUNA_SHARED)" : ""}`,
  () => {
    it("E18 is answered file by file", () => {
      expect(files.length).toBeGreaterThan(10);
      for (const name of files) {
        const { outcome } = readPointsFile(readFileSync(join(folder, name)));
        expect(["read", "empty", "no_columns", "broken"], name).toContain(outcome);
      }
    });
  },
);

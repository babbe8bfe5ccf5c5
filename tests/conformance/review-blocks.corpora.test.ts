import { describe, expect, it } from "vitest";

import { HAS_HOSTILE_TEXTS, hostileTexts } from "./hostile-texts";
import { expectInertBlocks, expectNothingRunsInBlocks } from "./inert-review-blocks";

/** Some three hundred pages are rendered by Liquid and parsed as browsers do. */
const PATIENCE_MS = 900_000;

describe.skipIf(!HAS_HOSTILE_TEXTS)(
  `review blocks and all hostile texts${HAS_HOSTILE_TEXTS ? "" : " (skipped: they are not in KIZUNA_SHARED)"}`,
  () => {
    it("E12 are shown as texts on every page of the theme", { timeout: PATIENCE_MS }, async () => {
      const texts = hostileTexts();
      expect(texts.length).toBeGreaterThan(7_000);
      expect(await expectInertBlocks(texts)).toBeGreaterThan(300);
    });

    it("E12 run nowhere: not from Liquid, not from scripts, not in the dialog", { timeout: PATIENCE_MS }, async () => {
      await expectNothingRunsInBlocks(hostileTexts(9));
    });
  },
);

import { describe, expect, it } from "vitest";

import { HAS_HOSTILE_TEXTS, hostileTexts } from "./hostile-texts";
import { expectInert, expectNothingRuns } from "./inert-review-pages";

/** Some hundred pages of a few hundred fields each are parsed as browsers do. */
const PATIENCE_MS = 900_000;

describe.skipIf(!HAS_HOSTILE_TEXTS)(
  `review pages and all hostile texts${HAS_HOSTILE_TEXTS ? "" : " (skipped: they are not in KIZUNA_SHARED)"}`,
  () => {
    it("E12 are shown as texts, and nothing of a sample runs in Chromium", { timeout: PATIENCE_MS }, async () => {
      const texts = hostileTexts();
      expect(texts.length).toBeGreaterThan(7_000);
      // Parsing is the proof; every ninth document is opened as well, so that each kind of page comes in both languages.
      await expectNothingRuns(expectInert(texts).filter((_, index) => index % 9 === 0));
    });
  },
);

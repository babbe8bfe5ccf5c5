import { describe, expect, it } from "vitest";

import { HAS_HOSTILE_TEXTS, hostileTexts } from "./hostile-texts";
import { expectInertMails, expectNoMailRuns } from "./inert-mails";

/** A few thousand mails are made and parsed. */
const PATIENCE_MS = 900_000;

describe.skipIf(!HAS_HOSTILE_TEXTS)(
  `mails and all hostile texts${HAS_HOSTILE_TEXTS ? "" : " (skipped: they are not in KIZUNA_SHARED)"}`,
  () => {
    it("E12 are read as texts, and nothing of a sample runs in Chromium", { timeout: PATIENCE_MS }, async () => {
      const texts = hostileTexts();
      expect(texts.length).toBeGreaterThan(7_000);
      // Parsing is the proof; every fortieth mail is opened as well, so that each kind comes in both languages.
      await expectNoMailRuns((await expectInertMails(texts)).filter((_, index) => index % 40 === 0));
    });
  },
);

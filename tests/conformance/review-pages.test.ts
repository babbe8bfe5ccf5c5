// One in twenty of the texts that were collected to break pages; `npm run test:corpora` takes all of them.
import { describe, it } from "vitest";

import { HAS_HOSTILE_TEXTS, hostileTexts } from "./hostile-texts";
import { expectInert, expectNothingRuns } from "./inert-review-pages";

describe.skipIf(!HAS_HOSTILE_TEXTS)(
  `review pages and hostile texts${HAS_HOSTILE_TEXTS ? "" : " (skipped: they are not in KIZUNA_SHARED)"}`,
  () => {
    it("E12 are shown as texts, and nothing of them runs in Chromium", async () => {
      const documents = expectInert(hostileTexts(20));
      await expectNothingRuns(documents);
    });
  },
);

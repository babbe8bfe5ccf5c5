// One in forty of the texts that were collected to break pages; `npm run test:corpora` takes all of them.
import { describe, it } from "vitest";

import { HAS_HOSTILE_TEXTS, hostileTexts } from "./hostile-texts";
import { expectNothingRunsInBlocks } from "./inert-review-blocks";

describe.skipIf(!HAS_HOSTILE_TEXTS)(
  `review blocks and hostile texts${HAS_HOSTILE_TEXTS ? "" : " (skipped: they are not in KIZUNA_SHARED)"}`,
  () => {
    it("E12 are shown as texts, and nothing of them runs in Chromium", async () => {
      await expectNothingRunsInBlocks(hostileTexts(40));
    });
  },
);

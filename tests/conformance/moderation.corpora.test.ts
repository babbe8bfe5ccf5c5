// Every hostile text, in the place of a review: judged without a crash, and what would run is never published.
import { describe, it } from "vitest";

import { HAS_HOSTILE_TEXTS, hostileTexts } from "./hostile-texts";
import { contentOf, expectJudged } from "./judged-texts";

describe.skipIf(!HAS_HOSTILE_TEXTS)(
  `moderation of hostile texts${HAS_HOSTILE_TEXTS ? "" : " (skipped: they are not in KIZUNA_SHARED)"}`,
  () => {
    it("E12 all of them are judged", () => expectJudged(hostileTexts().map(contentOf)));
  },
);

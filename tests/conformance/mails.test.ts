// One in twenty of the texts that were collected to break pages; `npm run test:corpora` takes all of them.
import { describe, it } from "vitest";

import { HAS_HOSTILE_TEXTS, hostileTexts } from "./hostile-texts";
import { expectInertMails, expectNoMailRuns } from "./inert-mails";

describe.skipIf(!HAS_HOSTILE_TEXTS)(
  `mails and hostile texts${HAS_HOSTILE_TEXTS ? "" : " (skipped: they are not in KIZUNA_SHARED)"}`,
  () => {
    it("E12 are read as texts, and nothing of them runs in Chromium", async () => {
      // Parsing is the proof; every fifth mail is opened as well, so that each kind is.
      await expectNoMailRuns((await expectInertMails(hostileTexts(20))).filter((_, index) => index % 5 === 0));
    });
  },
);

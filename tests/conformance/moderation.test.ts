// Word lists and messages that nobody here wrote, and no rule was fitted to: how much of them is noticed.
// Reads the data named by KIZUNA_SHARED; says so where it is absent.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

import { profanityIn } from "../../app/reviews/moderation/profanity";
import { SPAM_FROM, spamScore } from "../../app/reviews/moderation/spam";
import { hostileTexts } from "./hostile-texts";
import { contentOf, expectJudged } from "./judged-texts";

const folder = join(process.env.KIZUNA_SHARED ?? join(import.meta.dirname, "../../../shared"), "data/moderation");
const isHere = existsSync(folder);
const note = isHere ? "" : " (skipped: its files are not in KIZUNA_SHARED)";
const lines = (name: string) =>
  readFileSync(join(folder, name), "utf8")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
const share = (words: string[], mild: boolean) =>
  words.filter((word) => profanityIn(word, mild).length > 0).length / words.length;

describe.skipIf(!isHere)(`word lists${note}`, () => {
  it("finds every entry of the list it is built on when mild words count, and about half of them by default", () => {
    for (const name of ["LDNOOBW/en", "LDNOOBW/ja"]) {
      expect(share(lines(name), true)).toBe(1);
      expect(share(lines(name), false)).toBeGreaterThan(0.25);
      expect(share(lines(name), false)).toBeLessThan(0.7);
    }
  });

  it("finds most of a Japanese list it has never seen", () => {
    expect(share(lines("inappropriate-words-ja/Offensive.txt"), true)).toBeGreaterThan(0.85);
    expect(share(lines("inappropriate-words-ja/Sexual.txt"), true)).toBeGreaterThan(0.5);
  });
});

describe.skipIf(!isHere)(`SMS spam${note}`, () => {
  it("is held with a precision of 0.9 and more, and most of it is held", () => {
    const text = readFileSync(join(folder, "sms_spam.csv"), "utf8");
    const messages = [...text.matchAll(/^"(ham|spam)","((?:[^"]|"")*)"/gm)].map(([, kind, body = ""]) => ({
      isSpam: kind === "spam",
      isHeld: spamScore(body.replaceAll('""', '"')).score >= SPAM_FROM,
    }));
    expect(messages.length).toBeGreaterThan(5_000);
    const held = messages.filter(({ isHeld }) => isHeld);
    const precision = held.filter(({ isSpam }) => isSpam).length / held.length;
    const recall = held.filter(({ isSpam }) => isSpam).length / messages.filter(({ isSpam }) => isSpam).length;
    expect(precision).toBeGreaterThanOrEqual(0.9);
    expect(recall).toBeGreaterThan(0.7);
  });
});

describe.skipIf(!isHere)(`hostile texts${note}`, () => {
  it("E12 are judged without a crash, and what would run is never published", () => {
    expectJudged(hostileTexts(20).map(contentOf));
  });
});

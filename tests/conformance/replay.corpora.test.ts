// A real shop's half year, whole: see replay-twice.ts. Reads the data named by KIZUNA_SHARED; says so where it is
// absent.
import { afterAll, beforeAll, describe, it } from "vitest";

import { startStack, type Stack } from "../demo/stack";
import { expectReplayed, HISTORY_FILES, SKIPPED } from "./replay-twice";

const MINUTE = 60_000;

describe.skipIf(HISTORY_FILES.length === 0)(`UCI Online Retail, whole${SKIPPED}`, () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ seed: "none" });
  }, 5 * MINUTE);
  afterAll(() => stack.stop(), 2 * MINUTE);

  it(
    "gives exactly the points a recomputation gives, keeps the books in order, and a second replay changes nothing",
    () => expectReplayed(stack, HISTORY_FILES),
    20 * MINUTE,
  );
});

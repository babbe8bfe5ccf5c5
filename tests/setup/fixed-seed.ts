// Properties are tried with the same values in every run, so that a change is judged by what it does and not by
// luck. KIZUNA_SEED looks further: a number, or "random".
import { readFileSync } from "node:fs";

import { expect } from "vitest";

const FIXED = 20_261_122;

const { testPath } = expect.getState();
// Most files have no properties and need not wait for the library.
if (testPath === undefined || readFileSync(testPath, "utf8").includes('"fast-check"')) {
  const { default: fc } = await import("fast-check");
  const named = process.env["KIZUNA_SEED"];
  fc.configureGlobal({ seed: named === "random" ? Date.now() : Number(named ?? FIXED) });
}

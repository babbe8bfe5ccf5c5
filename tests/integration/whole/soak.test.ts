// The whole product under a random true history and a platform that duplicates, reorders, delays, loses,
// forges and refuses, with the app killed twice on the way. KIZUNA_SOAK_SEEDS="1-20" or "4,9" runs others.
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { runAudit } from "../../../app/operator/audit.server";
import { startStack, type Stack } from "../../demo/stack";
import { soak } from "./soak";

const MINUTE = 60_000;
const seeds = (process.env.KIZUNA_SOAK_SEEDS ?? "1").split(",").flatMap((part) => {
  const [first = 1, last = first] = part.split("-").map(Number);
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
});

describe("a soak of the whole product", () => {
  let stack: Stack;
  let owner: pg.Pool;
  beforeAll(async () => {
    stack = await startStack({ seed: "none" });
    owner = new pg.Pool({ connectionString: stack.database.ownerUrl, max: 3 });
  }, 3 * MINUTE);
  afterAll(async () => {
    await owner.end();
    await stack.stop();
  }, MINUTE);

  it.each(seeds)(
    "seed %i: every member ends with what the true history gives, and hearing it all again changes nothing",
    async (seed) => {
      const { differences, ...report } = await soak(stack, owner, seed);
      process.stdout.write(`${JSON.stringify(report)}\n`);
      expect(differences).toEqual([]);
    },
    12 * MINUTE,
  );

  it("keeps the books in order", async () => {
    const { invariants } = await runAudit(stack.database.ownerUrl);
    expect(invariants.filter(({ violations }) => violations > 0)).toEqual([]);
  });
});

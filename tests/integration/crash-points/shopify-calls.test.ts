// Every use case that changes something at Shopify × whatever can become of the call × a death at each of its
// own writes: resumed, it ends where it would have ended, and nothing is there twice.
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";

import { env } from "../../../app/env.server";
import { useTestDatabase } from "../../setup/postgres";
import { failNext, type OperationFault } from "../../simulator/faults";
import { expectLedgerAddsUp } from "../loyalty/ledger-invariants";
import { startRedemptionShop, type RedemptionShop } from "../loyalty/redemption-shop";
import { endLeases, plantCrash, type CrashPlan } from "./crash";
import { useCases, type Case, type UseCase } from "./use-cases";

const database = useTestDatabase();
const HOUR_MS = 3_600_000;
/** Far more than any of them writes; a use case that writes more fails the test. */
const WRITES_MAX = 60;
let shop: RedemptionShop;
let crash: CrashPlan;
let table: Record<string, UseCase>;
const NAMES = [
  "publish balances",
  "publish the program",
  "define the points",
  "publish ratings",
  "take ratings away",
  "subscribe to events",
  "end a code",
  "make a friend's code",
  "read past orders",
  "stop reading past orders",
];

interface Happening {
  kind: OperationFault["kind"];
  done?: boolean;
  code?: string;
}
const HAPPENINGS: Record<string, Happening> = {
  "ok, answer lost": { kind: "ok_answer_lost" },
  "connection reset": { kind: "reset" },
  "connection reset, done": { kind: "reset", done: true },
  "500": { kind: "500" },
  "502, done": { kind: "502", done: true },
  "503": { kind: "503" },
  HTML: { kind: "html" },
  "HTML, done": { kind: "html", done: true },
  THROTTLED: { kind: "throttled" },
  userErrors: { kind: "user_error", code: "INTERNAL_ERROR" },
};

/** A death behind an answer asks what is known of it: done or not done, said or not said. */
const WITH_CRASH: ReadonlySet<string> = new Set(["ok, answer lost", "500", "502, done", "userErrors"]);
const SLOW_ONES: ReadonlySet<string> = new Set(["ok, answer lost", "500", "userErrors"]);

beforeAll(async () => {
  shop = await startRedemptionShop(() => database.owner(), {
    referral: {
      enabled: true,
      friend: { kind: "amount", value: 300, minimumMinor: 500, validDays: 30 },
      advocatePoints: 200,
      holdDays: 7,
      minimumOrderMinor: 500,
      perMonthMax: 100,
    },
  });
  if (shop.platform.shop.install) shop.platform.shop.install.scopes = env().SCOPES.split(",");
  crash = await plantCrash(database.owner());
  table = useCases(shop, () => database.owner());
});
afterAll(async () => {
  await expectLedgerAddsUp(database.owner());
  await shop.stop();
});
beforeEach(() => {
  shop.now = shop.platform.sim.now();
  shop.platform.sim.faults.operations = [];
});

function use(name: string): UseCase {
  const found = table[name];
  if (!found) throw new Error(`no use case ${name}`);
  return found;
}

async function isSettled(made: Case): Promise<boolean> {
  try {
    await made.expectSettled();
    return true;
  } catch {
    return false;
  }
}

/** Whoever died is overtaken; the queue brings the job again until it has nothing more to do. */
async function resume(made: Case): Promise<void> {
  for (let round = 0; round < 4; round++) {
    await endLeases(database.owner());
    shop.later(HOUR_MS);
    await made.work().catch(() => undefined);
    if (await isSettled(made)) break;
  }
  await made.expectSettled();
  await made.work();
  await made.expectSettled();
}

function fail(operation: string, { kind, done, code }: Happening): void {
  failNext(shop.platform.sim.faults, operation, kind, {
    ...(done === undefined ? {} : { done }),
    ...(code === undefined ? {} : { code }),
  });
}

it("is the whole table", () => {
  expect(Object.keys(table)).toEqual(NAMES);
});

describe.each(NAMES)("%s", (name) => {
  it("C02 C06 dies at each of its writes and goes on", async () => {
    for (let write = 1; ; write++) {
      expect(write).toBeLessThan(WRITES_MAX);
      const made = await use(name).prepare();
      await crash.arm(write);
      await made.work().catch(() => undefined);
      const tried = await crash.disarm();
      await resume(made);
      if (tried < write) break;
    }
  });

  it.each(Object.keys(HAPPENINGS))("C04 C05 %s", async (title) => {
    const happening = HAPPENINGS[title];
    if (!happening) throw new Error("no such happening");
    const { operations, isSlow = false } = use(name);
    if (isSlow && !SLOW_ONES.has(title)) return;
    for (const operation of operations) {
      for (const isCrash of isSlow ? [true] : WITH_CRASH.has(title) ? [false, true] : [false]) {
        const made = await use(name).prepare();
        fail(operation, happening);
        if (isCrash) await crash.arm(1);
        await made.work().catch(() => undefined);
        await crash.disarm();
        await resume(made);
        shop.platform.sim.faults.operations = [];
      }
    }
  });
});

describe("waits that are long", () => {
  const SAME_MUTATION: ReadonlySet<string> = new Set(["publish the program", "define the points"]);
  // Different mutations side by side: each waits as long as it is told, once.
  const different = () => NAMES.filter((name) => !SAME_MUTATION.has(name) && use(name).isSlow !== true);

  it("C05 429 is waited for", async () => {
    const cases = [];
    for (const name of different()) cases.push(await use(name).prepare());
    for (const name of different()) for (const operation of use(name).operations) fail(operation, { kind: "429" });
    await Promise.all(cases.map((made) => made.work().catch(() => undefined)));
    for (const made of cases) await resume(made);
  });

  it.each([false, true])("C04 a call that hangs is given up, done: %s", async (done) => {
    const cases = [];
    for (const name of different()) cases.push(await use(name).prepare());
    const real = AbortSignal.timeout.bind(AbortSignal);
    vi.spyOn(AbortSignal, "timeout").mockImplementation((ms) => real(Math.min(ms, 400)));
    for (const name of different())
      for (const operation of use(name).operations) fail(operation, { kind: "timeout", done });
    await Promise.all(cases.map((made) => made.work().catch(() => undefined)));
    vi.restoreAllMocks();
    shop.platform.sim.faults.operations = [];
    for (const made of cases) await resume(made);
  });
});

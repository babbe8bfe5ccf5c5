// Each kind that Shopify makes × each thing that can happen to the call × a crash before our commit or none:
// never two of anything, never lost points. Real use cases, real HTTP, a database that refuses the commit.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { runAudit } from "../../../app/operator/audit.server";
import { resolveRedemption } from "../../../app/loyalty/rewards/cancel-redemption.server";
import type { Redemption } from "../../../app/loyalty/rewards/redemption";
import type { RewardTerms } from "../../../app/loyalty/rewards/reward-terms";
import { useTestDatabase } from "../../setup/postgres";
import { failNext, type OperationFault } from "../../simulator/faults";
import { expectLedgerAddsUp } from "./ledger-invariants";
import { AMOUNT_OFF, CODE_TERMS, codesOfRedemption, startRedemptionShop, type RedemptionShop } from "./redemption-shop";

const database = useTestDatabase();
const HOUR_MS = 3_600_000;
let shop: RedemptionShop;
const rewards = new Map<string, number>();

const COMMON = { perMemberLimit: null, tierIds: [], from: null, until: null };
const KINDS: Record<string, { terms: RewardTerms; operation: string; made(redemption: Redemption): number }> = {
  amount_off: {
    terms: AMOUNT_OFF,
    operation: "discountCodeBasicCreate",
    made: ({ id }) => codesOfRedemption(shop, id).length,
  },
  free_shipping: {
    terms: { kind: "free_shipping", ...CODE_TERMS, maximumShippingMinor: null },
    operation: "discountCodeFreeShippingCreate",
    made: ({ id }) => codesOfRedemption(shop, id).length,
  },
  gift_card: {
    terms: { kind: "gift_card", ...COMMON, valueMinor: 500, validDays: 365 },
    operation: "giftCardCreate",
    made: ({ id }) =>
      Object.values(shop.platform.shop.giftCards).filter(({ note }) => note === `Kizuna redemption ${id}`).length,
  },
  store_credit: {
    terms: { kind: "store_credit", ...COMMON, valueMinor: 500, validDays: 365 },
    operation: "storeCreditAccountCredit",
    made: ({ fingerprint }) => creditsEnding(fingerprint),
  },
  early_access: {
    terms: { kind: "early_access", ...COMMON, tag: "early-access" },
    operation: "tagsAdd",
    made: () => 1,
  },
};
function creditsEnding(at: string | null): number {
  return Object.values(shop.platform.shop.storeCredit)
    .flatMap(({ transactions }) => transactions)
    .filter(({ type, expiresAt }) => type === "credit" && (at === null ? expiresAt === null : same(expiresAt, at)))
    .length;
}
const same = (a: string | null, b: string): boolean => a !== null && Date.parse(a) === Date.parse(b);

interface Happening {
  kind: OperationFault["kind"] | "ok";
  done?: boolean;
  code?: string;
  /** How it must end; several where the platform's lie cannot be told from the truth. */
  ends: "given" | "back" | "person";
}
const HAPPENINGS: Record<string, Happening> = {
  ok: { kind: "ok", ends: "given" },
  "ok, answer lost": { kind: "ok_answer_lost", ends: "given" },
  "connection reset": { kind: "reset", ends: "given" },
  "connection reset, done": { kind: "reset", done: true, ends: "given" },
  "500": { kind: "500", ends: "given" },
  "502, done": { kind: "502", done: true, ends: "given" },
  "503": { kind: "503", ends: "given" },
  HTML: { kind: "html", ends: "given" },
  "HTML, done": { kind: "html", done: true, ends: "given" },
  THROTTLED: { kind: "throttled", ends: "given" },
  "429": { kind: "429", ends: "given" },
  userErrors: { kind: "user_error", code: "INVALID", ends: "back" },
  taken: { kind: "taken", ends: "person" },
};

beforeAll(async () => {
  shop = await startRedemptionShop(() => database.owner());
  for (const [name, { terms }] of Object.entries(KINDS)) rewards.set(name, await shop.reward(terms));
  // A commit that the database refuses: what a crash between Shopify's answer and our commit leaves behind.
  await database.owner().query(`
    CREATE TABLE crash (left_over int NOT NULL);
    INSERT INTO crash VALUES (0);
    CREATE FUNCTION crash_now() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
    BEGIN
      IF NEW.status IN ('issued', 'posted', 'voided', 'needs_person') AND OLD.status = 'reserved' AND nextval('crash_countdown') <= 1 THEN
        RAISE EXCEPTION 'crash';
      END IF;
      RETURN NEW;
    END $$;
    CREATE SEQUENCE crash_countdown;
    SELECT setval('crash_countdown', 1000);
    CREATE TRIGGER crash BEFORE UPDATE ON redemption FOR EACH ROW EXECUTE FUNCTION crash_now();`);
});
afterAll(async () => {
  await expectLedgerAddsUp(database.owner());
  const report = await runAudit(database.ownerUrl());
  expect(report.invariants.filter(({ violations }) => violations > 0)).toEqual([]);
  await shop.stop();
});
beforeEach(() => {
  shop.now = shop.platform.sim.now();
  shop.platform.sim.faults.operations = [];
});

async function crashOnce(): Promise<void> {
  await database.owner().query("ALTER SEQUENCE crash_countdown RESTART WITH 1");
}

/** Runs the completer as long as anything is due within a day. */
async function settle(): Promise<void> {
  for (let round = 0; round < 8; round++) {
    await shop.endLeases();
    await shop.complete();
    shop.later(HOUR_MS);
  }
}

describe.each(Object.keys(KINDS))("%s", (name) => {
  const kind = KINDS[name];
  if (!kind) throw new Error("no such kind");
  const cases = Object.entries(HAPPENINGS)
    // Only what carries a code can be taken.
    .filter(([, { kind: what }]) => what !== "taken" || !["early_access", "store_credit"].includes(name))
    .flatMap(([title, happening]) =>
      [false, true]
        .filter((isCrash) => !isCrash || (happening.kind !== "throttled" && happening.kind !== "429"))
        .map((isCrash) => ({
          title: isCrash ? `${title}, then a crash before our commit` : title,
          happening,
          isCrash,
        })),
    );

  it.each(cases)("C03 C04 C05 $title", async ({ happening, isCrash }) => {
    const { memberId, customerGid, customerId } = await shop.member(100);
    if (happening.kind !== "ok")
      failNext(shop.platform.sim.faults, kind.operation, happening.kind, {
        ...(happening.done === undefined ? {} : { done: happening.done }),
        ...(happening.code === undefined ? {} : { code: happening.code }),
      });
    if (isCrash) await crashOnce();
    const answer = await shop.redeem(customerGid, rewards.get(name) ?? 0);
    if (!("redemption" in answer)) throw new Error(answer.outcome);
    await settle();
    const redemption = await shop.read(answer.redemption.id);
    const balance = await shop.balance(memberId);
    const ends = happening.ends;
    // A refusal whose own record was lost is asked for again, and then nothing stands in its way.
    const isAskedAgain = isCrash && (ends === "back" || ends === "person");
    if (ends === "given" || isAskedAgain) {
      expect(redemption.status).toBe(name === "amount_off" || name === "free_shipping" ? "issued" : "posted");
      expect(kind.made(redemption)).toBe(1);
      expect(balance).toMatchObject({ available: 0, debt: 0 });
      expect(balance.reserved + balance.redeemed).toBe(100);
      if (name === "early_access") expect(shop.platform.shop.customers[customerId]?.tags).toContain("early-access");
    } else if (ends === "back") {
      expect(redemption).toMatchObject({ status: "voided", returned: 100 });
      if (name !== "early_access") expect(kind.made(redemption)).toBe(0);
      expect(balance).toMatchObject({ available: 100, reserved: 0, redeemed: 0 });
    } else {
      expect(redemption.status).toBe("needs_person");
      expect(kind.made(redemption)).toBe(0);
      expect(balance).toMatchObject({ available: 0, reserved: 100 });
    }
    // Once settled, nothing moves any more.
    await settle();
    expect(await shop.balance(memberId)).toEqual(balance);
    if (name !== "early_access") expect(kind.made(redemption)).toBeLessThanOrEqual(1);
  });
});

describe("an answer that never comes", () => {
  it("C04 a hanging call that was done is found, for codes, cards and credits", async () => {
    const bought = [];
    for (const name of ["amount_off", "gift_card", "store_credit"]) {
      failNext(shop.platform.sim.faults, KINDS[name]?.operation ?? "", "timeout", { done: true });
      const { customerGid, memberId } = await shop.member(100);
      bought.push(shop.redeem(customerGid, rewards.get(name) ?? 0).then((answer) => ({ name, answer, memberId })));
    }
    for (const { name, answer, memberId } of await Promise.all(bought)) {
      if (!("redemption" in answer)) throw new Error(answer.outcome);
      expect(answer.outcome).toBe("reserved");
      // Another worker takes over while the first still waits: the first one's word no longer counts.
      await settle();
      const redemption = await shop.read(answer.redemption.id);
      expect(["issued", "posted"]).toContain(redemption.status);
      expect(KINDS[name]?.made(redemption)).toBe(1);
      expect(await shop.balance(memberId)).toMatchObject({ available: 0, debt: 0 });
    }
  });

  it("a credit that never ends is not repeated after a lost answer: a person decides", async () => {
    const reward = await shop.reward({ kind: "store_credit", ...COMMON, valueMinor: 777, validDays: null });
    const verdicts = { given: "posted", not_given: "voided" } as const;
    for (const [verdict, status] of Object.entries(verdicts)) {
      const { customerGid, memberId } = await shop.member(100);
      const before = creditsEnding(null);
      failNext(shop.platform.sim.faults, "storeCreditAccountCredit", "ok_answer_lost");
      const answer = await shop.redeem(customerGid, reward);
      if (!("redemption" in answer)) throw new Error(answer.outcome);
      await settle();
      expect(await shop.read(answer.redemption.id)).toMatchObject({
        status: "needs_person",
        lastError: "credit_answer_lost",
      });
      expect(creditsEnding(null)).toBe(before + 1);
      expect(await shop.balance(memberId)).toMatchObject({ reserved: 100 });
      const { id } = answer.redemption;
      await resolveRedemption(shop.shopId, id, verdict as keyof typeof verdicts, "staff:1", shop.now);
      await settle();
      expect((await shop.read(id)).status).toBe(status);
      expect(creditsEnding(null)).toBe(before + 1);
    }
    const { rows } = await database.owner().query("SELECT 1 FROM health_alert WHERE kind = 'redemption_stuck'");
    expect(rows.length).toBeGreaterThan(0);
  });
});

// A shop with ways to earn and one member, for tests of what acts and days give.
import type pg from "pg";
import { expect } from "vitest";

import { inShop, type ShopId } from "../../../app/db.server";
import { defaultEarningRules, type EarningRules } from "../../../app/loyalty/earning-rules";
import { saveProgram } from "../../../app/loyalty/program.server";
import { grantWay, type GrantWayOutcome, type WayToGrant } from "../../../app/loyalty/ways/grant-way.server";
import { programAt, readCalendar } from "../../../app/loyalty/ways/program-now.server";
import { INVARIANTS } from "../../../app/operator/invariants";
import { createTestMember, type TestMember } from "../../builders/member";
import { createTestShop } from "../../builders/shop";
import { expectLedgerAddsUp } from "./ledger-invariants";

export const START = new Date("2026-01-01T00:00:00Z");
export const NOW = new Date("2026-06-10T03:00:00Z");
/** A shop-local day's first instant. */
export const day = (text: string): Date => new Date(`${text}T00:00:00+09:00`);
export const yen = defaultEarningRules({ currency: "JPY", taxesIncluded: true });

/** A yen shop whose program has these parts since START, and one member. */
export async function createWaysShop(parts: Partial<EarningRules>): Promise<{ shopId: ShopId; member: TestMember }> {
  const shopId = await createTestShop();
  await saveProgram(shopId, { ...yen, ...parts }, "staff:1", START);
  return { shopId, member: await createTestMember(shopId) };
}

/** Grants the shop's way of a kind for an occasion. */
export async function grantIn(
  shopId: ShopId,
  kind: string,
  wanted: Pick<WayToGrant, "memberId" | "occasion"> & Partial<WayToGrant>,
  now: Date,
): Promise<GrantWayOutcome> {
  return inShop(shopId, async (tx) => {
    const inForce = await programAt(tx, await readCalendar(tx), now);
    const way = inForce?.rules.ways.find((each) => each.kind === kind) as WayToGrant["way"] | undefined;
    if (!inForce || !way) throw new Error("no such way");
    return grantWay(tx, { way, inForce, ...wanted }, now);
  });
}

/** The ledger adds up, and no occasion gave twice. */
export async function expectOnceEach(owner: pg.Pool): Promise<void> {
  await expectLedgerAddsUp(owner);
  const law = INVARIANTS.find(({ id }) => id === "I9");
  const { rows } = await owner.query<{ rows: string; violations: string }>(law?.sql ?? "");
  expect(Number(rows[0]?.rows)).toBeGreaterThan(0);
  expect(Number(rows[0]?.violations), law?.law).toBe(0);
}

// An account with lots, for tests of single movements: what it holds follows from its lots.
import { AccountDraft, type DraftLot, type Posting, type PlannedEntry } from "../../../../app/loyalty/posting-plan";

export const NOW = "2026-06-06T01:00:00.000Z";
/** What a sentence may name. */
export const NAME = { en: "x", ja: "x" };

/** An available lot of ten points that never expires, from an order of its own number. */
export function lotOf(id: number | null, fields: Partial<DraftLot> = {}): DraftLot {
  return {
    id,
    sourceType: "order",
    sourceId: String(id),
    rule: "order",
    version: 3,
    size: 10,
    remaining: 10,
    expired: 0,
    state: "available",
    availableAt: NOW,
    expiresAt: null,
    createdAt: NOW,
    isTest: false,
    isChanged: false,
    ...fields,
  };
}

/** Member 1 with these lots; further balances as named. */
export function accountOf(lots: DraftLot[], further: Partial<AccountDraft["balances"]> = {}): AccountDraft {
  const sum = (state: DraftLot["state"]) =>
    lots.filter((lot) => lot.state === state).reduce((total, { remaining }) => total + remaining, 0);
  return new AccountDraft(
    1,
    {
      pending: sum("pending"),
      available: sum("available"),
      expired: lots.reduce((total, { expired }) => total + expired, 0),
      ...{ reserved: 0, redeemed: 0, revoked: 0, debt: 0 },
      ...further,
    },
    lots,
  );
}

/** A posting of a redemption or an adjustment, with a key of its own. */
export function postingOf(type = "redemption", fields: Partial<Posting> = {}): Posting {
  const source = { type, id: "77", rule: "r", version: 5, actor: "shopper", isTest: false };
  return { source, keyPrefix: `${type}/77`, reason: "adjust_other", params: { name: NAME }, ...fields };
}

/** Each entry on one line: "3 redemption available>reserved 10 redemption/77/take-3". */
export function linesOf(account: { entries: readonly PlannedEntry[] }): string[] {
  return account.entries.map(
    ({ lot, kind, from, to, points, key }) =>
      `${lot === null ? "debt" : (lot.id ?? "new")} ${kind} ${from}>${to} ${points} ${key}`,
  );
}

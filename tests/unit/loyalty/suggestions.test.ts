import { describe, expect, it } from "vitest";

import { ADJUSTMENT_MAX, CONFIRM_ABOVE, needsConfirmation } from "../../../app/loyalty/adjust-limits";
import { chooseSuggestions, type SuggestionFacts } from "../../../app/loyalty/suggestions";

const WELL: SuggestionFacts = {
  isLive: true,
  stuck: 0,
  stuckPoints: 0,
  heldReferrals: 0,
  hasReward: true,
  heldPoints: 1_000,
  endingPoints: 0,
  endingMembers: 0,
  hasReminderDays: true,
  isReminderOn: true,
  hasMail: true,
};
const kinds = (change: Partial<SuggestionFacts>) => chooseSuggestions({ ...WELL, ...change }).map(({ kind }) => kind);

describe("what Home suggests", () => {
  it("is nothing while all is well, or while points end and members are told", () => {
    expect(kinds({})).toEqual([]);
    expect(kinds({ endingPoints: 500, endingMembers: 2 })).toEqual([]);
  });

  it("is each thing with its own figures", () => {
    expect(chooseSuggestions({ ...WELL, stuck: 3, stuckPoints: 900 })).toEqual([
      { kind: "needs_person", count: 3, points: 900 },
    ]);
    expect(chooseSuggestions({ ...WELL, heldReferrals: 2 })).toEqual([{ kind: "held_referrals", count: 2 }]);
    expect(chooseSuggestions({ ...WELL, hasReward: false })).toEqual([{ kind: "no_reward", points: 1_000 }]);
    const ending = { ...WELL, endingPoints: 12_400, endingMembers: 31 };
    expect(chooseSuggestions({ ...ending, hasReminderDays: false })).toEqual([
      { kind: "expiring", points: 12_400, members: 31, missing: "days" },
    ]);
    expect(chooseSuggestions({ ...ending, isReminderOn: false })).toEqual([
      { kind: "expiring", points: 12_400, members: 31, missing: "message" },
    ]);
    expect(kinds({ hasMail: false })).toEqual(["no_mail"]);
  });

  it("is three at most, people who wait first; a program that is not live asks for neither reward nor mail", () => {
    const all = {
      stuck: 1,
      heldReferrals: 1,
      hasReward: false,
      endingPoints: 1,
      hasReminderDays: false,
      hasMail: false,
    };
    expect(kinds(all)).toEqual(["needs_person", "held_referrals", "no_reward"]);
    expect(kinds({ ...all, isLive: false })).toEqual(["needs_person", "held_referrals", "expiring"]);
  });
});

describe("a large adjustment", () => {
  it("is one above the limit in either direction, over all its members", () => {
    expect([CONFIRM_ABOVE, -CONFIRM_ABOVE, 1].some((points) => needsConfirmation(points))).toBe(false);
    expect([CONFIRM_ABOVE + 1, -CONFIRM_ABOVE - 1, ADJUSTMENT_MAX].every((points) => needsConfirmation(points))).toBe(
      true,
    );
    expect(needsConfirmation(101, 100)).toBe(true);
    expect(needsConfirmation(100, 100)).toBe(false);
  });
});

// What a merchant should do today, from facts and never from guesses: at most three, the most urgent first. Pure.

export interface SuggestionFacts {
  isLive: boolean;
  /** Redemptions that a person must decide, and the points they keep. */
  stuck: number;
  stuckPoints: number;
  heldReferrals: number;
  /** Whether members can choose anything. */
  hasReward: boolean;
  /** Points that members hold or wait for. */
  heldPoints: number;
  /** Points that end within 30 days, and their members; 0 where the date moves with each act. */
  endingPoints: number;
  endingMembers: number;
  /** Whether the program names days on which members are told, and whether that message is on. */
  hasReminderDays: boolean;
  isReminderOn: boolean;
  /** Whether this server can send mail at all. */
  hasMail: boolean;
}
export type Suggestion =
  | { kind: "needs_person"; count: number; points: number }
  | { kind: "held_referrals"; count: number }
  | { kind: "no_reward"; points: number }
  | { kind: "expiring"; points: number; members: number; missing: "days" | "message" }
  | { kind: "no_mail" };

const SHOWN_MAX = 3;

/** At most three suggestions; people who wait come before money, money before settings. */
export function chooseSuggestions(facts: SuggestionFacts): Suggestion[] {
  const all: (Suggestion | null)[] = [
    facts.stuck > 0 ? { kind: "needs_person", count: facts.stuck, points: facts.stuckPoints } : null,
    facts.heldReferrals > 0 ? { kind: "held_referrals", count: facts.heldReferrals } : null,
    facts.isLive && !facts.hasReward ? { kind: "no_reward", points: facts.heldPoints } : null,
    untold(facts),
    facts.isLive && !facts.hasMail ? { kind: "no_mail" } : null,
  ];
  return all.filter((each) => each !== null).slice(0, SHOWN_MAX);
}

function untold({ endingPoints, endingMembers, hasReminderDays, isReminderOn }: SuggestionFacts): Suggestion | null {
  if (endingPoints === 0 || (hasReminderDays && isReminderOn)) return null;
  const missing = hasReminderDays ? "message" : "days";
  return { kind: "expiring", points: endingPoints, members: endingMembers, missing };
}

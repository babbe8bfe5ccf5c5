import { describe, expect, it } from "vitest";

import { byLoudness, judgeHealth, loudest, type HealthFacts } from "../../../app/ui/health/judge-health";

const NOW = new Date("2026-11-22T00:00:00Z");
const facts = (): HealthFacts => ({
  sync: {
    waiting: 0,
    lagSeconds: 0,
    dead: 0,
    quarantined: 0,
    lastDeliveryAt: NOW,
    lastReconciliation: null,
    refusedTopics: [],
    deniedFields: [],
    alerts: [],
  },
  details: {
    readAt: NOW,
    lastOrderEventAt: NOW,
    parked: 0,
    unpublished: { members: 0, products: 0 },
    isPublishingRetried: false,
    turnedAwayAt: null,
    subscriptions: null,
    audit: null,
  },
  mail: { hasChannel: true, overdue: 0, failed: 0, lastSentAt: NOW },
});
const line = (change: (all: HealthFacts) => void, check: string) => {
  const all = facts();
  change(all);
  return judgeHealth(all).find((each) => each.check === check);
};

describe("the lines of the health page", () => {
  it("are calm when nothing is wrong", () => {
    expect(loudest(judgeHealth(facts()))).toBeNull();
  });

  it("judge the mail: no channel, late, refused, sent, nothing to send", () => {
    expect(line(({ mail }) => (mail.hasChannel = false), "mail")?.state).toBe("off");
    expect(line(({ mail }) => (mail.overdue = 3), "mail")).toMatchObject({ state: "look", way: "messages" });
    expect(line(({ mail }) => (mail.failed = 2), "mail")).toMatchObject({ said: { say: "mail_failed", count: 2 } });
    expect(line(({ mail }) => (mail.lastSentAt = null), "mail")?.state).toBe("none");
    expect(line(() => undefined, "mail")?.state).toBe("well");
  });

  it("judge a comparison by how it ended", () => {
    const run = {
      kind: "orders",
      startedAt: NOW,
      finishedAt: NOW as Date | null,
      status: "done",
      seen: 1,
      matched: 1,
      healed: 0,
      unexplained: 0,
    };
    const of = (change: Partial<typeof run>) =>
      line(({ sync }) => (sync.lastReconciliation = { ...run, ...change }), "comparison")?.state;
    expect(of({})).toBe("well");
    expect(of({ status: "running", finishedAt: null })).toBe("working");
    expect(of({ status: "failed" })).toBe("look");
    expect(of({ unexplained: 1 })).toBe("act");
  });

  it("come loudest first, and are counted by what needs somebody", () => {
    const all = facts();
    all.sync.dead = 1;
    all.sync.deniedFields = ["email"];
    const verdicts = judgeHealth(all);
    expect(byLoudness(verdicts).map(({ check }) => check)).toEqual([
      "waiting",
      "access",
      "orders",
      "storefront",
      "mail",
      "subscriptions",
      "comparison",
      "books",
    ]);
    expect(loudest(verdicts)).toEqual({ state: "act", count: 1 });
  });
});

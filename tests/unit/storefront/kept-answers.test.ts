import { describe, expect, it } from "vitest";

import { createKeptAnswers } from "../../../app/storefront/kept-answers";

const found = (text: string) => ({ outcome: "found", text });

/** A question that counts how often it was asked. */
function counted(answer: () => { outcome: string } & Record<string, unknown>) {
  let times = 0;
  return {
    ask: () => {
      times += 1;
      return Promise.resolve(answer());
    },
    times: () => times,
  };
}

describe("answers that are the same for everybody", () => {
  it("are read once while they are kept, and anew afterwards", async () => {
    const answers = createKeptAnswers(1_000);
    const { ask, times } = counted(() => found("a"));
    const first = await answers("shop 1 reviews?product=1", 0, ask);
    expect(await answers("shop 1 reviews?product=1", 999, ask)).toBe(first);
    expect(times()).toBe(1);
    expect(await answers("shop 1 reviews?product=1", 1_000, ask)).toEqual(first);
    expect(times()).toBe(2);
  });

  it("are never another question's or another shop's", async () => {
    const answers = createKeptAnswers();
    const one = await answers("1 reviews?product=1", 0, () => Promise.resolve(found("one")));
    const two = await answers("2 reviews?product=1", 0, () => Promise.resolve(found("two")));
    expect([one.json, two.json].map((json) => (JSON.parse(json) as { text: string }).text)).toEqual(["one", "two"]);
    expect(one.tag).not.toBe(two.tag);
  });

  it("are read once for all who ask at the same time", async () => {
    const answers = createKeptAnswers();
    let answer: (value: { outcome: string }) => void = () => undefined;
    const waiting = new Promise<{ outcome: string }>((resolve) => (answer = resolve));
    const all = [1, 2, 3].map(() => answers("key", 0, () => waiting));
    answer(found("late"));
    expect(new Set(await Promise.all(all)).size).toBe(1);
  });

  it.each(["bad_request", "not_found", "unavailable"])("are not kept when there is none: %s", async (outcome) => {
    const answers = createKeptAnswers();
    const { ask, times } = counted(() => ({ outcome }));
    expect((await answers("key", 0, ask)).status).toBeGreaterThanOrEqual(400);
    await answers("key", 1, ask);
    expect(times()).toBe(2);
  });

  it("are asked for again after a failure", async () => {
    const answers = createKeptAnswers();
    await expect(answers("key", 0, () => Promise.reject(new Error("the database is away")))).rejects.toThrow("away");
    expect((await answers("key", 1, () => Promise.resolve(found("b")))).status).toBe(200);
  });

  it("take no more room than they may, the oldest going first", async () => {
    const answers = createKeptAnswers(1_000, 3_000);
    const { ask, times } = counted(() => found("x".repeat(1_000)));
    for (const key of ["a", "b", "c"]) await answers(key, 0, ask);
    expect(times()).toBe(3);
    await answers("c", 1, ask);
    await answers("b", 1, ask);
    expect(times()).toBe(3);
    await answers("a", 1, ask);
    expect(times()).toBe(4);
  });
});

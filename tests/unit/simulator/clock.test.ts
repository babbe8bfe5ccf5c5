import { afterEach, describe, expect, it, vi } from "vitest";

import { createClock } from "../../simulator/clock";
import { createSimulator, emptyState } from "../../simulator/simulator";

const HOUR = 3_600_000;
afterEach(() => void vi.useRealTimers());

describe("the virtual clock", () => {
  it("stops at every timer on the way, in order, timers set on the way included", () => {
    vi.useFakeTimers({ now: new Date("2026-11-22T00:00:00Z") });
    const clock = createClock({ clockOffsetMs: 0 });
    const rung: string[] = [];
    const ring = (name: string, hours: number) =>
      clock.at(new Date(Date.parse("2026-11-22T00:00:00Z") + hours * HOUR), () => {
        rung.push(`${name} ${clock.now().toISOString().slice(11, 16)}`);
        if (name === "b") ring("d", 3);
      });
    ring("c", 4);
    ring("b", 2);
    ring("a", 1);
    const cancel = ring("never", 2);
    cancel();
    clock.advance(5 * HOUR);
    expect(rung).toEqual(["a 01:00", "b 02:00", "d 03:00", "c 04:00"]);
    expect(clock.now().toISOString()).toBe("2026-11-22T05:00:00.000Z");
  });

  it("runs by itself, and survives a far timer", () => {
    vi.useFakeTimers({ now: new Date("2026-11-22T00:00:00Z") });
    const clock = createClock({ clockOffsetMs: HOUR });
    const rung: string[] = [];
    clock.at(new Date("2026-11-22T01:00:10Z"), () => rung.push("soon"));
    clock.at(new Date("2027-11-22T00:00:00Z"), () => rung.push("far"));
    vi.advanceTimersByTime(11_000);
    expect(rung).toEqual(["soon"]);
    clock.setTo(new Date("2026-11-21T00:00:00Z"));
    expect(clock.now().toISOString()).toBe("2026-11-21T00:00:00.000Z");
    expect(() => clock.advance(-1)).toThrow(RangeError);
    clock.stop();
  });

  it("scheduled events survive a restart and are sent once", () => {
    const before = createSimulator({ apiKey: "k", apiSecret: "s", state: emptyState() });
    before.emitAt(new Date(before.now().getTime() + 48 * HOUR), {
      shop: "a.myshopify.com",
      topic: "shop/redact",
      ids: {},
    });
    before.clock.stop();
    const saved = JSON.parse(JSON.stringify(before.state)) as typeof before.state;
    const after = createSimulator({ apiKey: "k", apiSecret: "s", state: saved });
    const topics: string[] = [];
    after.onEvent(({ topic }) => topics.push(topic));
    after.clock.advance(47 * HOUR);
    expect(topics).toEqual([]);
    after.clock.advance(2 * HOUR);
    after.clock.advance(100 * HOUR);
    expect(topics).toEqual(["shop/redact"]);
    after.clock.stop();
  });
});

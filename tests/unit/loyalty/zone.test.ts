import fc from "fast-check";
import { DateTime, IANAZone } from "luxon";
import { describe, expect, it } from "vitest";

import { zoneOf } from "../../../app/loyalty/zone";

const ZONES = ["Asia/Tokyo", "America/New_York", "Europe/London", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia", "Asia/Pyongyang", "America/Sao_Paulo", "UTC"]; // prettier-ignore
const DAY_MS = 86_400_000;
const zones = fc.constantFrom(...ZONES);
const instants = fc.integer({ min: Date.UTC(1960, 0, 1), max: Date.UTC(2040, 0, 1) });

describe("zoneOf", () => {
  it("has the offset of the library's own zone at any instant, asked twice", () => {
    fc.assert(
      fc.property(zones, instants, (name, at) => {
        const expected = IANAZone.create(name).offset(at);
        expect([zoneOf(name).offset(at), zoneOf(name).offset(at)]).toEqual([expected, expected]);
      }),
      { numRuns: 2_000 },
    );
  });

  it("changes in the very instant in which the zone does", () => {
    for (const name of ["America/New_York", "Australia/Lord_Howe", "Europe/London"]) {
      const zone = IANAZone.create(name);
      for (let day = Date.UTC(2024, 0, 1); day < Date.UTC(2026, 0, 1); day += DAY_MS) {
        if (zone.offset(day) === zone.offset(day + DAY_MS)) continue;
        for (let at = day - 1; at <= day + DAY_MS; at += 450_000) expect(zoneOf(name).offset(at)).toBe(zone.offset(at));
      }
    }
  });

  it("gives the same dates", () => {
    fc.assert(
      fc.property(zones, instants, fc.integer({ min: 0, max: 800 }), (name, at, days) => {
        const end = (zone: string | IANAZone) =>
          DateTime.fromMillis(at, { zone }).plus({ days }).startOf("day").toMillis();
        expect(end(zoneOf(name))).toBe(end(name));
      }),
    );
  });

  it("is one zone per name", () => {
    expect(zoneOf("Asia/Tokyo")).toBe(zoneOf("Asia/Tokyo"));
  });
});

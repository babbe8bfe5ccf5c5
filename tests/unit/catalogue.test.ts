// tests/README.md says where each line of the catalogue is shown: here it is held to that.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

import { describe, expect, it } from "vitest";

const TESTS = path.join(import.meta.dirname, "..");
const readme = readFileSync(path.join(TESTS, "README.md"), "utf8");

/** How many lines each chapter of the catalogue has. */
const CHAPTERS = { A: 15, B: 15, C: 19, D: 13, E: 20, F: 18 };
const IDS = Object.entries(CHAPTERS).flatMap(([chapter, lines]) =>
  Array.from({ length: lines }, (_, at) => `${chapter}${String(at + 1).padStart(2, "0")}`),
);

/** The items of the standard that the checklist has to answer. */
const ASVS = [
  ...["1.2.10", "1.3.1", "1.3.4", "1.3.6", "2.3.1", "2.3.2", "2.3.3", "2.3.4", "2.4.1", "3.4.3", "3.4.6"],
  ...["3.5.1", "3.5.2", "3.5.3", "5.2.1", "5.2.2", "5.2.3", "5.2.4", "5.2.5", "5.2.6", "5.3.2", "5.4.1", "5.4.2"],
  ...["8.2.1", "8.2.2", "8.2.3", "8.3.1", "8.4.1", "9.1.1", "9.1.2", "9.1.3", "9.2.1", "9.2.2", "9.2.3"],
  ...["11.2.4", "11.5.1", "13.2.4", "13.2.5", "13.2.6", "13.3.1", "14.2.1", "14.2.7", "14.2.8", "15.2.1", "15.2.2"],
  ...["15.3.1", "15.3.2", "15.3.3", "15.3.4", "15.3.5", "15.3.6", "15.3.7", "15.4.2"],
  ...["16.2.5", "16.4.1", "16.5.1", "16.5.2", "16.5.3", "16.5.4"],
];

interface Row {
  id: string;
  what: string;
  files: string[];
  waits: string | null;
}
function rowsOf(heading: string): Row[] {
  const section = readme.split(/^## /m).find((each) => each.startsWith(heading)) ?? "";
  return section
    .split("\n")
    .map((line) => /^\| ([A-F]\d\d|\d+\.\d+\.\d+) +\| (.+?) +\| (.+?) +\|$/.exec(line))
    .filter((match) => match !== null)
    .map(([, id = "", what = "", shown = ""]) => ({
      id,
      what,
      files: [...shown.matchAll(/`([^`]+)`/g)].map(([, file]) => file ?? ""),
      waits: /^waits for: (.{8,})$/.exec(shown)?.[1] ?? null,
    }));
}
const catalogue = rowsOf("The catalogue of failures and attacks");
const checklist = rowsOf("OWASP ASVS 5.0");

/** The ids at the head of a file's test titles: `it("A01 A03 …`, `describe("C15 …`, a title of its own behind `it.each(…)`. */
function idsIn(file: string): Set<string> {
  const place = path.join(TESTS, `${file}.test.ts`);
  if (!existsSync(place)) return new Set();
  const titles = readFileSync(place, "utf8").matchAll(/\(\s*["'`]((?:[A-FI]\d\d?[ ,…]+)+)/g);
  return new Set([...titles].flatMap(([, head]) => head?.match(/[A-F]\d\d/g) ?? []));
}

describe("the table of the catalogue", () => {
  it("has each id once and in order", () => {
    expect(catalogue.map(({ id }) => id)).toEqual(IDS);
  });

  it("names files that hold a test with that id, or the feature that it waits for", () => {
    const empty = catalogue.filter(({ files, waits }) => files.length > 0 === (waits !== null));
    expect(empty.map(({ id }) => id)).toEqual([]);
    const wrong = catalogue.flatMap(({ id, files }) =>
      files
        .filter((file) => !idsIn(file).has(id))
        .map((file) => `${id}: no test of tests/${file}.test.ts begins with it`),
    );
    expect(wrong).toEqual([]);
  });
});

describe("the checklist of the standard", () => {
  it("has each item once and in order", () => {
    expect(checklist.map(({ id }) => id)).toEqual(ASVS);
  });

  it("names files that are there", () => {
    const wrong = checklist.filter(
      ({ files }) => files.length === 0 || files.some((file) => !existsSync(path.join(TESTS, `${file}.test.ts`))),
    );
    expect(wrong.map(({ id, files }) => `${id}: ${files.join()}`)).toEqual([]);
  });
});

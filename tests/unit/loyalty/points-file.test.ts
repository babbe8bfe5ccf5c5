import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { readPointsFile, type PointsFile } from "../../../app/loyalty/transfers/points-file";

const file = (text: string) => readPointsFile(new TextEncoder().encode(text));
const rows = (read: PointsFile) => (read.outcome === "read" ? read.rows : read);
const row = (row: number, email: string, points: number | null, problem: string | null = null) => ({
  row,
  email,
  points,
  problem,
});
// 「メールアドレス,ポイント」 in Shift_JIS, then a line in ASCII.
const SHIFT_JIS = Buffer.from(
  "8381 815b 838b 834183 68 838c 8358 2c 837c 8343 8393 8367 0d0a".replaceAll(" ", ""),
  "hex",
);

describe("E18 a file of points", () => {
  it.each([
    ["as Smile exports it", "email,points\r\na@example.com,120\r\nb@example.com,0\r\n"],
    ["with a byte order mark", "\uFEFFemail,points\na@example.com,120\nb@example.com,0"],
    ["separated by tabs", "Email\tPoints\na@example.com\t120\nb@example.com\t0\n"],
    [
      "separated by semicolons, other columns first",
      "Name;E-mail;Points Balance\nA;A@Example.com;120\nB;b@example.com;0\n",
    ],
    ["without headings", "a@example.com,120\nb@example.com,0\n"],
    ["with quotes and mixed line ends", '"email","points"\r\n"a@example.com","120"\n\n"b@example.com", 0 \r\n'],
    ["in Japanese", "メールアドレス,ポイント残高\nａ@example.com,１２０\nb@example.com,0\n"],
    ["of our own export", "email,points,name\r\na@example.com,120,'=1+1\r\nb@example.com,0,\r\n"],
  ])("is read %s", (_how, text) => {
    expect(rows(file(text))).toEqual([row(1, "a@example.com", 120), row(2, "b@example.com", 0)]);
  });

  it("is read in Shift_JIS and UTF-16", () => {
    const shiftJis = Buffer.concat([SHIFT_JIS, Buffer.from("a@example.com,5\r\n")]);
    expect(rows(readPointsFile(shiftJis))).toEqual([row(1, "a@example.com", 5)]);
    const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("email,points\r\na@example.com,5", "utf16le")]);
    expect(rows(readPointsFile(utf16))).toEqual([row(1, "a@example.com", 5)]);
  });

  it("says line by line what is wrong, and keeps the rest", () => {
    const text = [
      "email,points",
      'a@example.com,"1,240"',
      "nobody,5",
      "b@example.com,1e3",
      "c@example.com,12.5",
      "d@example.com,-5",
      "A@example.com,7",
      "e@example.com,99999999999",
      "f@example.com,",
      "g@example.com,8.00",
    ].join("\n");
    expect(rows(file(text))).toEqual([
      row(1, "a@example.com", 1240),
      row(2, "nobody", null, "bad_email"),
      row(3, "b@example.com", null, "bad_points"),
      row(4, "c@example.com", null, "bad_points"),
      row(5, "d@example.com", null, "negative_points"),
      row(6, "a@example.com", null, "duplicate"),
      row(7, "e@example.com", null, "too_many_points"),
      row(8, "f@example.com", null, "bad_points"),
      row(9, "g@example.com", 8),
    ]);
  });

  it("is refused as a whole when it holds nothing to go by", () => {
    expect(file("")).toEqual({ outcome: "empty" });
    expect(file("email,points\n")).toEqual({ outcome: "empty" });
    expect(file("title,body\nx,y\n")).toEqual({ outcome: "no_columns", headings: ["title", "body"] });
    expect(file('email,points\n"a@example.com,5\n')).toMatchObject({ outcome: "broken" });
    expect(readPointsFile(new Uint8Array([0x81, 0x20, 0xff]))).toEqual({ outcome: "broken", line: null });
  });

  it("never throws, whatever the bytes", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => readPointsFile(bytes).outcome.length > 0));
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => file(text).outcome.length > 0));
  });
});

// A file of points as other programs and spreadsheets write it: one address and one number per line. Pure.
//
// Encodings: UTF-8 (with or without a mark), UTF-16 with a mark, Shift_JIS (Excel in Japan). Separator: comma,
// tab or semicolon. Headings in English or Japanese; without headings the first two columns count.
import { parse } from "csv-parse/sync";

export type PointsRowProblem =
  | "bad_email"
  | "bad_points"
  | "negative_points"
  | "too_many_points"
  /** The address stands on an earlier line already. */
  | "duplicate";
export interface PointsRow {
  /** Line of data, from 1; the heading is not counted. */
  row: number;
  /** Trimmed, lower case; as given when it is no address. */
  email: string;
  points: number | null;
  problem: PointsRowProblem | null;
}
export type PointsFile =
  | { outcome: "read"; rows: PointsRow[] }
  | { outcome: "empty" }
  /** Neither headings that we know nor an address and a number in the first two columns. */
  | { outcome: "no_columns"; headings: string[] }
  /** Quotes that do not close, or bytes of no encoding we read. `line` is where it breaks. */
  | { outcome: "broken"; line: number | null }
  | { outcome: "too_long"; rowsMax: number };

export const ROWS_MAX = 1_000_000;
const POINTS_MAX = 1_000_000_000;
const EMAIL_HEADINGS = ["email", "emailaddress", "customeremail", "mail", "メールアドレス", "メール", "eメール"];
const POINTS_HEADINGS = [
  "points",
  "pointsbalance",
  "pointbalance",
  "balance",
  "point",
  "ポイント",
  "ポイント残高",
  "保有ポイント",
];

/** Reads a whole file. Rows with problems are kept, with the reason. */
export function readPointsFile(bytes: Uint8Array): PointsFile {
  const text = decode(bytes);
  if (text === null) return { outcome: "broken", line: null };
  const reader = new PointsReader();
  const broken = forEachRecord(text, (record) => reader.take(record));
  return broken ?? reader.file();
}

function decode(bytes: Uint8Array): string | null {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  for (const encoding of ["utf-8", "shift_jis"]) {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes);
    } catch {
      continue; // not of this encoding
    }
  }
  return null;
}

// Each record is handed on and forgotten: a million of them at once would be most of the memory.
function forEachRecord(
  text: string,
  take: (record: string[]) => void,
): Extract<PointsFile, { outcome: "broken" }> | null {
  const head = text.slice(0, text.search(/[\r\n]|$/));
  const delimiter = ["\t", ";", ","].find((mark) => head.includes(mark)) ?? ",";
  try {
    parse(text, {
      delimiter,
      record_delimiter: ["\r\n", "\n", "\r"],
      bom: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
      on_record(record: string[]) {
        take(record);
        return null;
      },
    });
    return null;
  } catch (error) {
    return { outcome: "broken", line: (error as { lines?: number }).lines ?? null };
  }
}

interface Columns {
  email: number;
  points: number;
  hasHeading: boolean;
}
function findColumns(first: string[]): Columns | null {
  const headings = first.map((text) =>
    text
      .normalize("NFKC")
      .toLowerCase()
      .replace(/[\s_\-()]/g, ""),
  );
  const [email, points] = [EMAIL_HEADINGS, POINTS_HEADINGS].map((known) =>
    headings.findIndex((heading) => known.includes(heading)),
  );
  if (email !== undefined && points !== undefined && email >= 0 && points >= 0)
    return { email, points, hasHeading: true };
  return isEmail(readEmail(first[0])) && readPoints(first[1]) !== null
    ? { email: 0, points: 1, hasHeading: false }
    : null;
}

/** Takes records one after the other; the first one says what the columns are. */
class PointsReader {
  readonly #rows: PointsRow[] = [];
  readonly #seen = new Set<string>();
  #first: string[] | null = null;
  #columns: Columns | null = null;
  #records = 0;

  take(record: string[]): void {
    if (this.#first === null) {
      this.#first = record;
      this.#columns = findColumns(record);
      if (this.#columns?.hasHeading) return;
    }
    this.#records += 1;
    if (this.#columns !== null && this.#records <= ROWS_MAX) this.#rows.push(this.#read(record, this.#columns));
  }

  file(): PointsFile {
    if (this.#first === null) return { outcome: "empty" };
    if (this.#columns === null) return { outcome: "no_columns", headings: this.#first.slice(0, 20) };
    if (this.#records === 0) return { outcome: "empty" };
    if (this.#records > ROWS_MAX) return { outcome: "too_long", rowsMax: ROWS_MAX };
    return { outcome: "read", rows: this.#rows };
  }

  #read(record: string[], { email: emailColumn, points: pointsColumn }: Columns): PointsRow {
    const email = readEmail(record[emailColumn]);
    const points = readPoints(record[pointsColumn]);
    const problem = problemOf(email, points, this.#seen);
    if (problem === null) this.#seen.add(email);
    return { row: this.#records, email, points: problem === null ? points : null, problem };
  }
}

function problemOf(email: string, points: number | null, seen: ReadonlySet<string>): PointsRowProblem | null {
  if (!isEmail(email)) return "bad_email";
  if (seen.has(email)) return "duplicate";
  if (points === null) return "bad_points";
  if (points < 0) return "negative_points";
  return points > POINTS_MAX ? "too_many_points" : null;
}

// A leading apostrophe is what our own export puts before a cell that a spreadsheet would take for a formula.
function readEmail(cell = ""): string {
  return cell
    .normalize("NFKC")
    .trim()
    .replace(/^'(?=[=+\-@])/, "")
    .toLowerCase();
}
function isEmail(text: string): boolean {
  return text.length <= 254 && /^[^\s@,;<>"]+@[^\s@,;<>"]+\.[^\s@.,;<>"]+$/.test(text);
}
// 1240 and 1,240 and １，２４０ and 1240.00; never 1e3, 12.5 or text.
function readPoints(cell = ""): number | null {
  const text = cell.normalize("NFKC").trim();
  if (!/^[+-]?(\d{1,15}|\d{1,3}(,\d{3})+)(\.0+)?$/.test(text)) return null;
  return Number(text.replaceAll(",", ""));
}

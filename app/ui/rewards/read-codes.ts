// Codes out of what people paste or upload: one a line, or the first column of a table. Pure.

const HEADINGS = new Set(["code", "codes", "coupon", "voucher", "コード", "クーポン", "クーポンコード"]);

/** Each code once, in order; a heading, quotes and further columns are left away. */
export function readCodes(text: string): string[] {
  const cells = text
    .replace(/^\uFEFF/, "")
    .split(/\r\n|\n|\r/)
    .map(firstCell)
    .filter((cell) => cell !== "");
  const codes = cells.filter((cell, index) => index > 0 || !HEADINGS.has(cell.toLowerCase()));
  return [...new Set(codes)];
}

function firstCell(line: string): string {
  const quoted = /^\s*"((?:[^"]|"")*)"/.exec(line);
  const cell = quoted ? (quoted[1] ?? "").replaceAll('""', '"') : (line.split(/[,;\t]/)[0] ?? "");
  return cell.trim();
}

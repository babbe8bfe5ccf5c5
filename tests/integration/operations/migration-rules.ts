// What a migration may not do to a table that is in use: whatever locks it for long, rewrites it, or takes away
// what the version that still runs reads or writes.

export interface Finding {
  rule: string;
  /** The statement, on one line. */
  statement: string;
}

const VOLATILE = /\b(?:random|gen_random_uuid|clock_timestamp|nextval|uuid_generate_v4)\s*\(/i;
/** Rule → what breaks it. `{table}`: only on tables that were there before this migration. */
const RULES: { rule: string; breaks(statement: string): boolean }[] = [
  {
    rule: "takes something away",
    breaks: (text) =>
      /^ALTER TABLE\b.*\bDROP (?:COLUMN|CONSTRAINT)\b|^DROP (?:TABLE|VIEW|FUNCTION|TRIGGER|INDEX|TYPE|SEQUENCE)\b/i.test(
        text,
      ),
  },
  { rule: "renames", breaks: (text) => /^ALTER\b.*\bRENAME\b/i.test(text) },
  { rule: "changes a type", breaks: (text) => /\bALTER (?:COLUMN )?"?\w+"? (?:SET DATA )?TYPE\b/i.test(text) },
  { rule: "sets not null", breaks: (text) => /\bSET NOT NULL\b/i.test(text) },
  {
    rule: "adds a column that old writers cannot fill",
    breaks: (text) => addedColumns(text).some((column) => /\bNOT NULL\b/i.test(column) && !/\bDEFAULT\b/i.test(column)),
  },
  {
    rule: "adds a column that rewrites the table",
    breaks: (text) =>
      addedColumns(text).some((column) => VOLATILE.test(column) || /\bGENERATED ALWAYS AS\b.*\bSTORED\b/i.test(column)),
  },
  {
    rule: "checks every row under a lock",
    breaks: (text) =>
      /^ALTER TABLE\b.*\bADD (?:CONSTRAINT "?\w+"? )?(?:CHECK|FOREIGN KEY|UNIQUE|PRIMARY KEY|EXCLUDE)\b/i.test(text) &&
      !/\bNOT VALID\b/i.test(text),
  },
  { rule: "builds an index under a lock", breaks: (text) => /^CREATE (?:UNIQUE )?INDEX (?!CONCURRENTLY)/i.test(text) },
  { rule: "changes every row at once", breaks: (text) => /^(?:UPDATE|DELETE FROM|TRUNCATE)\b/i.test(text) },
];

/** What this migration does that needs a person's yes. Bodies of functions are not looked into. */
export function findUnsafe(sql: string): Finding[] {
  const statements = statementsOf(sql);
  const fresh = new Set(
    statements.flatMap((text) => /^CREATE TABLE (?:IF NOT EXISTS )?"?(\w+)"?/i.exec(text)?.[1] ?? []),
  );
  return statements
    .filter((text) => !fresh.has(tableOf(text)))
    .flatMap((statement) => RULES.flatMap(({ rule, breaks }) => (breaks(statement) ? [{ rule, statement }] : [])));
}

function statementsOf(sql: string): string[] {
  return sql
    .replace(/\$(\w*)\$[\s\S]*?\$\1\$/g, "''")
    .replace(/--[^\n]*/g, "")
    .split(";")
    .map((text) => text.replace(/\s+/g, " ").trim())
    .filter((text) => text !== "");
}

function tableOf(statement: string): string {
  const found =
    /^CREATE (?:UNIQUE )?INDEX (?:CONCURRENTLY )?(?:IF NOT EXISTS )?"?\w+"? ON (?:ONLY )?"?(\w+)"?/i.exec(statement) ??
    /^ALTER TABLE (?:IF EXISTS )?(?:ONLY )?"?(\w+)"?/i.exec(statement) ??
    /^(?:UPDATE|DELETE FROM|TRUNCATE(?: TABLE)?) "?(\w+)"?/i.exec(statement);
  return found?.[1] ?? "";
}

function addedColumns(statement: string): string[] {
  if (!/^ALTER TABLE\b/i.test(statement)) return [];
  return statement
    .split(/,\s*(?=(?:ADD|ALTER|DROP)\b)/i)
    .filter((part) =>
      /\bADD (?:COLUMN )?(?:IF NOT EXISTS )?(?!CONSTRAINT|CHECK|FOREIGN|UNIQUE|PRIMARY|EXCLUDE)"?\w+"?/i.test(part),
    );
}

// Looks for words in everything that is kept: each column of each table, found in the catalogue, and each file.
import fs from "node:fs/promises";
import path from "node:path";
import type pg from "pg";

/** Tables in which a word stands, as schema.table; json, arrays and bytes included. */
export async function tablesWith(owner: pg.Pool, words: readonly string[]): Promise<string[]> {
  const { rows: tables } = await owner.query<{ name: string }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') ORDER BY 1`,
  );
  // Text as it is, bytes as hexadecimal, which is how a row shows them.
  const needles = words.flatMap((word) => [word.toLowerCase(), Buffer.from(word).toString("hex")]);
  const found: string[] = [];
  for (const { name } of tables) {
    const { rows } = await owner.query<{ hit: boolean }>(
      `SELECT EXISTS (SELECT FROM ${name} t, unnest($1::text[]) AS n (word) WHERE strpos(lower(t::text), n.word) > 0) AS hit`,
      [needles],
    );
    if (rows[0]?.hit) found.push(name);
  }
  return found;
}

/** Files below a folder that hold one of the words, by their path. */
export async function filesWith(folder: string, words: readonly string[]): Promise<string[]> {
  const entries = await fs.readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const found: string[] = [];
  for (const entry of entries.filter((each) => each.isFile())) {
    const file = path.join(entry.parentPath, entry.name);
    const bytes = await fs.readFile(file);
    if (words.some((word) => bytes.includes(word))) found.push(file);
  }
  return found;
}

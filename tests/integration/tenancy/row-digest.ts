// What a database holds, in a form that two looks can be compared by: "nothing changed" includes rows that nobody
// thought of, in tables that are not there yet.
import type pg from "pg";

/** Table → "how many rows / what is in them". */
export type RowDigest = Record<string, string>;

const TABLES = `
  SELECT n.nspname AS schema, c.relname AS name,
         ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname IN ('shop_id', 'domain') AND NOT a.attisdropped) AS columns
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
     AND (n.nspname = 'public' AND c.relname <> '_prisma_migrations' OR n.nspname = 'pgboss' AND c.relname = 'job') ORDER BY 1, 2`;

/** Digests every row of the database, or every row that belongs to one shop. Reads as the owner. */
export async function digestRows(owner: pg.Pool, shop?: { shopId: number; domain: string }): Promise<RowDigest> {
  const { rows: tables } = await owner.query<{ schema: string; name: string; columns: string[] }>(TABLES);
  const parts = tables.map(({ schema, name, columns }) => {
    const where = shop ? `WHERE ${belongsTo(schema, name, columns)}` : "WHERE $1::int IS NULL AND $2::text IS NULL";
    return `SELECT '${schema}.${name}' AS name, count(*) || ' / ' || coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') AS digest
              FROM ${schema}.${name} t ${where}`;
  });
  const { rows } = await owner.query<{ name: string; digest: string }>(parts.join(" UNION ALL "), [
    shop?.shopId ?? null,
    shop?.domain ?? null,
  ]);
  return Object.fromEntries(rows.map(({ name, digest }) => [name, digest]));
}

function belongsTo(schema: string, name: string, columns: readonly string[]): string {
  if (schema === "pgboss") return "t.data->>'shopId' = $1::int::text AND $2::text IS NOT NULL";
  if (name === "shop") return "t.id = $1::int AND $2::text IS NOT NULL";
  const shopId = columns.includes("shop_id") ? "t.shop_id = $1::int" : "$1::int IS NULL";
  const domain = columns.includes("domain") ? "t.domain = $2::text" : "$2::text IS NULL";
  return `(${shopId} OR ${domain})`;
}

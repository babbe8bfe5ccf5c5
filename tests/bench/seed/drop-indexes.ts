// Loading millions of rows by SQL without paying for each index row by row.
import type pg from "pg";

/** Takes away what makes bulk loading slow; the answer puts it back, and every foreign key is checked then. */
export async function dropIndexes(owner: pg.Pool, tables: readonly string[]): Promise<() => Promise<void>> {
  const { rows } = await owner.query<{ drop: string; make: string }>(
    `WITH loaded AS (SELECT unnest($1::text[])::regclass AS id)
     SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS drop,
            format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS make, 1 AS place
       FROM pg_constraint WHERE contype = 'f' AND conrelid IN (SELECT id FROM loaded)
     UNION ALL
     SELECT format('DROP INDEX %s', indexrelid::regclass), pg_get_indexdef(indexrelid), 0
       FROM pg_index i WHERE indrelid IN (SELECT id FROM loaded) AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)
      ORDER BY place`,
    [tables],
  );
  for (const { drop } of [...rows].reverse()) await owner.query(drop);
  return async () => {
    const client = await owner.connect();
    try {
      await client.query("SET maintenance_work_mem = '512MB'");
      for (const { make } of rows) await client.query(make);
      await client.query("RESET maintenance_work_mem");
    } finally {
      client.release();
    }
  };
}

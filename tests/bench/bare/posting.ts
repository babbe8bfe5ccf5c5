// The least that grants points safely: one statement per posting, which inserts an entry once and moves a balance.
import pg from "pg";

const CLIENTS = 8;
const MEMBERS = 2_000;
const POST = `WITH entry AS (
    INSERT INTO bench_entry (shop_id, member_id, key, points) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING points)
  UPDATE bench_balance SET points = bench_balance.points + entry.points FROM entry WHERE shop_id = $1 AND member_id = $2`;

/** Posts for `seconds` with 8 clients. @returns postings a second */
export async function postBarely(databaseUrl: string, seconds: number): Promise<number> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: CLIENTS });
  await pool.query("DROP TABLE IF EXISTS bench_entry, bench_balance");
  await pool.query(
    "CREATE TABLE bench_entry (shop_id int, id bigint GENERATED ALWAYS AS IDENTITY, member_id bigint, key text, points bigint, at timestamptz DEFAULT now(), PRIMARY KEY (shop_id, id), UNIQUE (shop_id, key))",
  );
  await pool.query("CREATE INDEX ON bench_entry (shop_id, member_id, id)");
  await pool.query(
    "CREATE TABLE bench_balance (shop_id int, member_id bigint, points bigint, PRIMARY KEY (shop_id, member_id))",
  );
  await pool.query("INSERT INTO bench_balance SELECT 1, n, 0 FROM generate_series(0, $1::int - 1) n", [MEMBERS]);
  let posted = 0;
  const until = performance.now() + seconds * 1_000;
  await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      while (performance.now() < until) {
        const n = posted++;
        await pool.query({ name: "post", text: POST, values: [1, n % MEMBERS, `order/${n}`, 100] });
      }
    }),
  );
  await pool.end();
  return posted / seconds;
}

// A process that dies at one exact write: from the k-th writing statement on, nothing reaches the database any
// more, whoever catches the error. What went out before has gone out.
import type pg from "pg";

export interface CrashPlan {
  /** Dies at the k-th write from now. */
  arm(write: number): Promise<void>;
  /** The process is started again. @returns how many writes were tried since it was armed */
  disarm(): Promise<number>;
}

const NEVER = 1_000_000_000;
/** Every table the app's roles write, but for the queue's own. */
const TABLES = `SELECT format('%I', tablename) AS name FROM pg_tables
  WHERE schemaname = 'public' AND tablename NOT IN ('crash_plan', '_prisma_migrations')`;

/** Plants the switch in the test's own database. */
export async function plantCrash(owner: pg.Pool): Promise<CrashPlan> {
  await owner.query(`
    CREATE SEQUENCE crash_writes;
    CREATE TABLE crash_plan (fails_from bigint NOT NULL);
    INSERT INTO crash_plan VALUES (${NEVER});
    CREATE FUNCTION crash_now() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
    BEGIN
      -- A sequence counts on when the transaction is undone.
      IF nextval('crash_writes') >= (SELECT fails_from FROM crash_plan) THEN
        RAISE EXCEPTION 'crash';
      END IF;
      RETURN NULL;
    END $$;`);
  const { rows } = await owner.query<{ name: string }>(TABLES);
  for (const { name } of rows)
    await owner.query(
      `CREATE TRIGGER crash BEFORE INSERT OR UPDATE OR DELETE ON ${name} FOR EACH STATEMENT EXECUTE FUNCTION crash_now()`,
    );
  return {
    async arm(write) {
      await owner.query("SELECT setval('crash_writes', 1, false)");
      await owner.query("UPDATE crash_plan SET fails_from = $1", [write]);
    },
    async disarm() {
      await owner.query("UPDATE crash_plan SET fails_from = $1", [NEVER]);
      const { rows: tried } = await owner.query<{ writes: string }>(
        "SELECT CASE WHEN is_called THEN last_value ELSE 0 END AS writes FROM crash_writes",
      );
      return Number(tried[0]?.writes ?? 0);
    },
  };
}

/** No process lives that held a lease. */
export async function endLeases(owner: pg.Pool): Promise<void> {
  for (const table of ["redemption", "message"])
    await owner.query(`UPDATE ${table} SET lease_until = now() - interval '1 second' WHERE lease_until IS NOT NULL`);
}

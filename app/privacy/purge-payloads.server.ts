import { routerPool } from "../db.server";
import type { JobData } from "../jobs/catalog";
import type { JobContext } from "../jobs/handlers.server";

const ROWS_AT_ONCE = 1_000;

/**
 * Empties every stored body of the shop that names one of the ids (a customer's and their orders'),
 * waiting ones included: a handler that comes later finds nothing and succeeds.
 */
export async function purgePayloads(
  data: JobData<"purge-payloads">,
  { signal }: Pick<JobContext, "signal">,
): Promise<{ purged: number }> {
  // Word boundaries: 123 must not empty the bodies of 91234.
  const pattern = `\\m(${data.ids.join("|")})\\M`;
  let after = 0;
  let purged = 0;
  while (!signal.aborted) {
    const { rows } = await routerPool().query<{ last: number | null; purged: number }>(
      `WITH slice AS (
         SELECT id, body ~ $3 AS hit FROM webhook_inbox
          WHERE shop_id = $1 AND id > $2 AND body IS NOT NULL AND (topic <> 'customers/redact' OR settled_at IS NOT NULL) ORDER BY id LIMIT $4
       ), emptied AS (
         UPDATE webhook_inbox i SET body = NULL FROM slice WHERE i.id = slice.id AND slice.hit RETURNING 1
       )
       SELECT (SELECT max(id) FROM slice) AS last, (SELECT count(*)::int FROM emptied) AS purged`,
      [data.shopId, after, pattern, ROWS_AT_ONCE],
    );
    const slice = rows[0];
    if (!slice || slice.last === null) return { purged };
    purged += slice.purged;
    after = slice.last;
  }
  throw new Error("the purge was interrupted and will run again");
}

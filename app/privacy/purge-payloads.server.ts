import { z } from "zod";

import { routerPool } from "../db.server";
import type { JobData } from "../jobs/catalog";
import type { JobContext } from "../jobs/handlers.server";

const ROWS_AT_ONCE = 1_000;

/**
 * Empties every stored body of the shop that names one of the ids (a customer's and their orders') or the address
 * of the request, waiting ones included: a handler that comes later finds nothing and succeeds.
 */
export async function purgePayloads(
  data: JobData<"purge-payloads">,
  { signal }: Pick<JobContext, "signal">,
): Promise<{ purged: number }> {
  // Word boundaries: 123 must not empty the bodies of 91234.
  const pattern = data.ids.length > 0 ? `\\m(${data.ids.join("|")})\\M` : null;
  const email = await readAddress(data);
  let after = 0;
  let purged = 0;
  while (!signal.aborted) {
    const { rows } = await routerPool().query<{ last: number | null; purged: number }>(
      `WITH slice AS (
         SELECT id, coalesce(body ~ $3, false) OR coalesce(strpos(lower(body), $4) > 0, false) AS hit FROM webhook_inbox
          WHERE shop_id = $1 AND id > $2 AND body IS NOT NULL AND (topic <> 'customers/redact' OR settled_at IS NOT NULL)
            AND id IS DISTINCT FROM $6 ORDER BY id LIMIT $5
       ), emptied AS (
         UPDATE webhook_inbox i SET body = NULL FROM slice WHERE i.id = slice.id AND slice.hit RETURNING 1
       )
       SELECT (SELECT max(id) FROM slice) AS last, (SELECT count(*)::int FROM emptied) AS purged`,
      [data.shopId, after, pattern, email, ROWS_AT_ONCE, data.inboxId ?? null],
    );
    const slice = rows[0];
    if (!slice || slice.last === null) return { purged: purged + (await emptyRequest(data)) };
    purged += slice.purged;
    after = slice.last;
  }
  throw new Error("the purge was interrupted and will run again");
}

const namedSchema = z.object({ customer: z.object({ email: z.string().trim().toLowerCase().min(3) }) });

// The last one to go: a purge that is begun again still knows whom it is about.
async function emptyRequest({ shopId, inboxId }: JobData<"purge-payloads">): Promise<number> {
  const { rowCount } = await routerPool().query(
    "UPDATE webhook_inbox SET body = NULL WHERE shop_id = $1 AND id = $2 AND settled_at IS NOT NULL AND body IS NOT NULL",
    [shopId, inboxId ?? null],
  );
  return rowCount ?? 0;
}

async function readAddress({ shopId, inboxId }: JobData<"purge-payloads">): Promise<string | null> {
  const { rows } = await routerPool().query<{ body: string | null }>(
    "SELECT body FROM webhook_inbox WHERE shop_id = $1 AND id = $2 AND topic = 'customers/redact'",
    [shopId, inboxId ?? null],
  );
  const body = rows[0]?.body;
  return body ? (namedSchema.safeParse(JSON.parse(body)).data?.customer.email ?? null) : null;
}

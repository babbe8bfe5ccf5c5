// The bugs that the bench must catch. Each lives here alone: as SQL on the bench's own database, or as another
// wording of a source that one child process loads.
import type { SourceRewrite } from "./rewrite-sources";

export interface PlantedBug {
  bug: string;
  /** Runs as the owner once the schema is there. */
  sql?: string;
  rewrites?: readonly SourceRewrite[];
}

export const PLANTED: readonly PlantedBug[] = [
  // Seen by what it does: two clicks are two reviews.
  {
    bug: "drop a unique key",
    sql: "DROP INDEX review_customer_product, review_line",
  },
  // Locks and leases let nobody come to it: the bench posts an entry again by itself.
  {
    bug: "drop the ledger's unique key",
    sql: 'DROP INDEX points_entry_shop_id_key_key; CREATE INDEX points_entry_shop_id_key_key ON points_entry ("shop_id", "key")',
  },
  {
    bug: "acknowledge before commit",
    rewrites: [
      {
        file: "app/ingest/receive.server.ts",
        find: "await storeDelivery(row, deadline);",
        replace: "void storeDelivery(row, deadline).catch(() => undefined);",
      },
    ],
  },
  // A float of four bytes keeps 24.99 as 24.98999…: every other amount loses a cent, and hardly any order a point.
  {
    bug: "float money",
    rewrites: [
      {
        file: "app/shopify/money.ts",
        find: 'const minor = Number(BigInt(whole + fraction.slice(0, digits).padEnd(digits, "0")));',
        replace: "const minor = Math.trunc(Math.fround(Number(`${whole}.${fraction || 0}`)) * 10 ** digits);",
      },
    ],
  },
  {
    bug: "skip the lease check",
    sql: `CREATE OR REPLACE FUNCTION settle_event(inbox_id bigint, lease uuid, outcome text, detail text)
            RETURNS boolean LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
              WITH settled AS (
                UPDATE webhook_inbox
                   SET status = outcome, error = detail, lease_token = NULL, lease_until = NULL, settled_at = now()
                 WHERE id = inbox_id AND shop_id = current_shop() AND outcome IN ('done', 'ignored') AND lease IS NOT NULL
                RETURNING 1)
              SELECT EXISTS (SELECT FROM settled) $$`,
  },
  {
    bug: "drop a shop filter",
    sql: "ALTER TABLE customer_order NO FORCE ROW LEVEL SECURITY; ALTER TABLE customer_order DISABLE ROW LEVEL SECURITY",
  },
  {
    bug: "synchronous_commit=off",
    sql: "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off', current_database()); END $$",
  },
  {
    bug: "post without lock",
    rewrites: [
      {
        file: "app/loyalty/ledger.server.ts",
        find: "OR customer_gid = ANY ($3)) ORDER BY id FOR NO KEY UPDATE`",
        replace: "OR customer_gid = ANY ($3)) ORDER BY id`",
      },
    ],
  },
  {
    bug: "trust the shop header",
    rewrites: [
      {
        file: "app/ingest/apply/order-states.server.ts",
        find: 'return inBody === gidNumber(context.shop.shopifyGid) ? "own" : "foreign";',
        replace: 'return inBody === gidNumber(context.shop.shopifyGid) ? "own" : "own";',
      },
    ],
  },
];

import { describe, expect, it } from "vitest";

import { inShop, routerPool } from "../../../app/db.server";
import { noteRowsWritten } from "../../../app/grown-tables.server";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";

useTestDatabase();

async function rowsAsPlanned(): Promise<number> {
  const { rows } = await routerPool().query<{ reltuples: number }>(
    "SELECT reltuples FROM pg_class WHERE oid = 'product_fact'::regclass",
  );
  return rows[0]?.reltuples ?? NaN;
}

describe("a table that grows fast", () => {
  it("is counted anew when its writer has written twice as much as before", async () => {
    const shopId = await createTestShop();
    await inShop(shopId, (tx) =>
      tx.query(
        `INSERT INTO product_fact (shop_id, product_gid, title, tags, collection_ids, updated_at)
         SELECT $1, 'gid://shopify/Product/' || n, '', '{}', '{}', '2026-01-01Z' FROM generate_series(1, 2000) AS n`,
        [shopId],
      ),
    );
    let written = 256;
    // A connection tells of what it wrote with one of the next transactions; until then there is nothing to count.
    await expect
      .poll(
        async () => {
          await inShop(shopId, (tx) => tx.query("SELECT 1"));
          await noteRowsWritten((written *= 2));
          return rowsAsPlanned();
        },
        { timeout: 20_000, interval: 200 },
      )
      .toBeGreaterThanOrEqual(2_000);
  });

  it("is left alone by whoever may not", async () => {
    const shopId = await createTestShop();
    await expect(inShop(shopId, (tx) => tx.query("SELECT count_grown_tables()"))).rejects.toMatchObject({
      code: "42501",
    });
  });
});

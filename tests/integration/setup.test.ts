// The database holds its own walls: tenants apart, roles apart, the ledger append-only.
import pg from "pg";
import { beforeAll, describe, expect, it } from "vitest";

import { inShop, prismaInShop, queryShop, routerPool, type ShopId } from "../../app/db.server";
import { createTestShop } from "../builders/shop";
import { useTestDatabase } from "../setup/postgres";

const database = useTestDatabase();
let tokyo: ShopId;
let newYork: ShopId;
let member: number;

beforeAll(async () => {
  tokyo = await createTestShop();
  newYork = await createTestShop(undefined, { currency: "USD", timeZone: "America/New_York", taxesIncluded: false });
  member = await addMember(tokyo, "花子");
  await addMember(newYork, "Ann");
  await addMember(newYork, "Bob");
});

async function addMember(shop: ShopId, name: string): Promise<number> {
  const { rows } = await inShop(shop, (tx) =>
    tx.query<{ id: number }>("INSERT INTO member (shop_id, name, first_seen_at) VALUES ($1, $2, now()) RETURNING id", [
      shop,
      name,
    ]),
  );
  return rows[0]!.id;
}

describe("D09 row-level security", () => {
  it("D09 a shop sees its own rows and no others, whichever door is used", async () => {
    const names = async (shop: ShopId) => ({
      transaction: (await inShop(shop, (tx) => tx.query("SELECT name FROM member ORDER BY name"))).rows,
      statement: await queryShop(shop, "SELECT name FROM member ORDER BY name"),
      prisma: await prismaInShop(shop, (tx) =>
        tx.member.findMany({ select: { name: true }, orderBy: { name: "asc" } }),
      ),
    });
    const hanako = [{ name: "花子" }];
    expect(await names(tokyo)).toEqual({ transaction: hanako, statement: hanako, prisma: hanako });
    const both = [{ name: "Ann" }, { name: "Bob" }];
    expect(await names(newYork)).toEqual({ transaction: both, statement: both, prisma: both });
  });

  it("D09 a row of another shop can neither be written, moved nor changed", async () => {
    await expect(
      inShop(tokyo, (tx) =>
        tx.query("INSERT INTO member (shop_id, name, first_seen_at) VALUES ($1, 'x', now())", [newYork]),
      ),
    ).rejects.toThrow(/row-level security/);
    await expect(inShop(tokyo, (tx) => tx.query("UPDATE member SET shop_id = $1", [newYork]))).rejects.toThrow();
    const changed = await inShop(tokyo, (tx) => tx.query("UPDATE member SET name = 'x' WHERE shop_id = $1", [newYork]));
    expect(changed.rowCount).toBe(0);
  });

  it("D09 without a shop there are no rows, also on a connection that served one before", async () => {
    const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
    await client.connect();
    try {
      const count = async () => (await client.query("SELECT count(*)::int AS n FROM member")).rows[0] as { n: number };
      expect(await count()).toEqual({ n: 0 });
      await client.query("BEGIN");
      await client.query("SELECT set_config('app.shop', $1, true)", [String(newYork)]);
      expect(await count()).toEqual({ n: 2 });
      await client.query("COMMIT");
      expect(await count()).toEqual({ n: 0 });
    } finally {
      await client.end();
    }
  });

  it("D09 the app's and the router's roles are neither superuser nor exempt, and every tenant table is forced", async () => {
    const { rows: roles } = await database
      .owner()
      .query(
        "SELECT rolname FROM pg_roles WHERE rolname IN ('test_app', 'test_router') AND NOT rolsuper AND NOT rolbypassrls",
      );
    expect(roles).toHaveLength(2);
    const { rows: open } = await database.owner().query(
      `SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'shop_id'
        WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace AND c.relname <> 'webhook_inbox'
          AND NOT (c.relrowsecurity AND c.relforcerowsecurity)`,
    );
    expect(open).toEqual([]);
  });
});

describe("the two roles", () => {
  it("D09 the router reads its list and no tenant table", async () => {
    await expect(routerPool().query("SELECT 1 FROM member")).rejects.toThrow(/permission denied/);
    await expect(routerPool().query("SELECT 1 FROM points_entry")).rejects.toThrow(/permission denied/);
    expect((await routerPool().query("SELECT 1 FROM pgboss.queue")).rowCount).toBeTypeOf("number");
    expect((await routerPool().query("SELECT id FROM shop WHERE id = $1", [tokyo])).rowCount).toBe(1);
  });

  it("D09 the app role reads neither the list of shops nor sessions, the letter box or the queue", async () => {
    for (const table of ["shop", "shopify_session", "webhook_inbox", "pgboss.job"]) {
      await expect(
        inShop(tokyo, (tx) => tx.query(`SELECT 1 FROM ${table}`)),
        table,
      ).rejects.toThrow(/permission denied/);
    }
  });
});

describe("C15 the ledger is append-only", () => {
  beforeAll(async () => {
    await inShop(tokyo, async (tx) => {
      const { rows } = await tx.query<{ id: number }>(
        `INSERT INTO lot (shop_id, member_id, source_type, source_id, rule, size, remaining, state, created_at)
         VALUES ($1, $2, 'adjustment', 'a', 'manual', 5, 5, 'available', now()) RETURNING id`,
        [tokyo, member],
      );
      await tx.query(
        `INSERT INTO points_entry (shop_id, member_id, lot_id, kind, from_bucket, to_bucket, points, key, source_type, source_id,
                                   rule, reason, actor, at)
         VALUES ($1, $2, $3, 'grant', 'issued', 'available', 5, 'k', 'adjustment', 'a', 'manual', 'adjusted', 'system', now())`,
        [tokyo, member, rows[0]!.id],
      );
    });
  });

  it("C15 UPDATE, DELETE and TRUNCATE of entries are refused for the app", async () => {
    for (const change of ["UPDATE points_entry SET points = 6", "DELETE FROM points_entry", "TRUNCATE points_entry"]) {
      await expect(
        inShop(tokyo, (tx) => tx.query(change)),
        change,
      ).rejects.toThrow(/permission denied/);
    }
  });

  it("C15 … and for the owner, also when it claims to be erasing another shop", async () => {
    for (const change of ["UPDATE points_entry SET points = 6", "DELETE FROM points_entry", "TRUNCATE points_entry"]) {
      await expect(database.owner().query(change), change).rejects.toThrow(/append-only|refused/);
    }
    const client = await database.owner().connect();
    try {
      await client.query("SELECT set_config('kizuna.erasing_shop', $1, false)", [String(newYork)]);
      await expect(client.query("DELETE FROM points_entry")).rejects.toThrow(/append-only/);
    } finally {
      client.release(true);
    }
    expect((await database.owner().query("SELECT points::int FROM points_entry")).rows).toEqual([{ points: 5 }]);
  });
});

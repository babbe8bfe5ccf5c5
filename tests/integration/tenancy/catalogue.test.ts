// What the database's own catalogue says of the walls between shops. A new table, index or function that forgets
// the shop fails here, whatever the code around it does.
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";

import { beforeAll, describe, expect, it } from "vitest";

import { inShop, queryShop, routerPool, type ShopId } from "../../../app/db.server";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";

const database = useTestDatabase();
const ROOT = path.join(import.meta.dirname, "../../..");

/** All that is known before a shop is: who asks is what these tables answer. Nothing else may lack the shop. */
const ROUTING_LIST: Record<string, string> = {
  "public.shop": "finds a shop by its domain",
  "public.shopify_session": "the library loads a session by its id, which holds the domain",
  "public.webhook_inbox": "a delivery is stored before anybody looks for its shop; its key begins with the domain",
};
/** pg-boss: its jobs name their shop in data and key, and no worker reads it as a tenant. */
const QUEUE_SCHEMA = "pgboss";
/** Prisma's own list of migrations. */
const MIGRATIONS = "public._prisma_migrations";

/** The functions that act with the owner's rights: what each gives the role that may call it. */
const OWNERS_FUNCTIONS: Record<string, string> = {
  count_grown_tables: "kizuna_router",
  due_shops: "kizuna_router",
  enqueue_job: "kizuna_app",
  erase_shop: "kizuna_app",
  erase_shop_rows: "kizuna_app",
  members_found: "kizuna_app",
  members_with_grams: "kizuna_app",
  newest_migration: "kizuna_router",
  reviews_with_grams: "kizuna_app",
  settle_event: "kizuna_app",
  waiting_totals: "kizuna_router",
};

const rows = async <T extends Record<string, unknown>>(sql: string, values: unknown[] = []): Promise<T[]> =>
  (await database.owner().query<T>(sql, values)).rows;

interface Table {
  [column: string]: unknown;
  name: string;
  owner: string;
  hasShop: boolean;
  shopIsGiven: boolean;
  enabled: boolean;
  forced: boolean;
}
let tables: Table[] = [];
let tenantTables: string[] = [];
beforeAll(async () => {
  tables = await rows<Table>(
    `SELECT n.nspname || '.' || c.relname AS name, pg_get_userbyid(c.relowner) AS owner, a.attname IS NOT NULL AS "hasShop",
            coalesce(a.attnotnull AND a.atttypid = 'int4'::regtype, false) AS "shopIsGiven",
            c.relrowsecurity AS enabled, c.relforcerowsecurity AS forced
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'shop_id' AND NOT a.attisdropped
      WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
      ORDER BY 1`,
  );
  tenantTables = tables.map(({ name }) => name).filter(isTenantTable);
});
function isTenantTable(name: string): boolean {
  return !(name in ROUTING_LIST) && name !== MIGRATIONS && !name.startsWith(`${QUEUE_SCHEMA}.`);
}

describe("tables", () => {
  it("D09 every table outside the routing list belongs to a shop, which every row names", () => {
    expect(tenantTables.length).toBeGreaterThan(40);
    const without = tables.filter(({ name, hasShop, shopIsGiven }) => isTenantTable(name) && !(hasShop && shopIsGiven));
    expect(without.map(({ name }) => name)).toEqual([]);
  });

  it("D09 the routing list is closed: what it names exists, and nothing else is outside of row-level security", () => {
    const names = tables.map(({ name }) => name);
    expect(Object.keys(ROUTING_LIST).filter((name) => !names.includes(name))).toEqual([]);
    const open = tables.filter(({ name, enabled }) => !enabled && !name.startsWith(`${QUEUE_SCHEMA}.`));
    expect(open.map(({ name }) => name).sort()).toEqual([...Object.keys(ROUTING_LIST), MIGRATIONS].sort());
  });

  it("D09 every tenant table forces row-level security, also on who owns it", () => {
    const unforced = tables.filter(({ name, enabled, forced }) => isTenantTable(name) && !(enabled && forced));
    expect(unforced.map(({ name }) => name)).toEqual([]);
  });

  it("D09 the app passes by one policy alone, which is the transaction's shop for what is read and what is written", async () => {
    const policies = await rows<{ name: string; roles: string[]; command: string; reads: string; writes: string }>(
      `SELECT n.nspname || '.' || c.relname AS name,
              ARRAY(SELECT CASE WHEN role = 0 THEN 'public' ELSE pg_get_userbyid(role)::text END FROM unnest(p.polroles) role) AS roles,
              p.polcmd::text || CASE WHEN p.polpermissive THEN '' ELSE ' restrictive' END AS command,
              pg_get_expr(p.polqual, p.polrelid) AS reads, pg_get_expr(p.polwithcheck, p.polrelid) AS writes
         FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace`,
    );
    const owners = new Map(tables.map(({ name, owner }) => [name, owner]));
    const forApp = policies.filter(({ name, roles }) => !(roles.length === 1 && roles[0] === owners.get(name)));
    const expected = tenantTables.toSorted().map((name) => ({
      name,
      roles: ["kizuna_app"],
      command: "*",
      reads: "(shop_id = ( SELECT current_shop() AS current_shop))",
      writes: "(shop_id = ( SELECT current_shop() AS current_shop))",
    }));
    expect(forApp.sort((a, b) => (a.name < b.name ? -1 : 1))).toEqual(expected);
  });
});

describe("roles", () => {
  it("D09 neither the app nor the router is a superuser, passes by row security, or could become somebody who does", async () => {
    const able = await rows(
      `SELECT who.rolname AS who, r.rolname AS becomes FROM pg_roles who, pg_roles r
        WHERE who.rolname IN ('test_app', 'test_router', 'kizuna_app', 'kizuna_router') AND pg_has_role(who.oid, r.oid, 'MEMBER')
          AND (r.rolsuper OR r.rolbypassrls OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication OR r.rolname LIKE 'pg\\_%')`,
    );
    expect(able).toEqual([]);
    const groups = await rows(
      `SELECT m.rolname AS member, g.rolname AS "group" FROM pg_auth_members a JOIN pg_roles m ON m.oid = a.member
         JOIN pg_roles g ON g.oid = a.roleid WHERE m.rolname IN ('test_app', 'test_router') ORDER BY 1`,
    );
    expect(groups).toEqual([
      { member: "test_app", group: "kizuna_app" },
      { member: "test_router", group: "kizuna_router" },
    ]);
  });

  it("D09 they own nothing, and can make nothing in a schema of ours", async () => {
    const names = "('test_app', 'test_router', 'kizuna_app', 'kizuna_router')";
    const owned = await rows(
      `SELECT 'table' AS kind, relname::text AS name FROM pg_class WHERE pg_get_userbyid(relowner) IN ${names}
        UNION ALL SELECT 'function', proname FROM pg_proc WHERE pg_get_userbyid(proowner) IN ${names}
        UNION ALL SELECT 'schema', nspname FROM pg_namespace WHERE pg_get_userbyid(nspowner) IN ${names}
        UNION ALL SELECT 'type', typname FROM pg_type WHERE pg_get_userbyid(typowner) IN ${names}
        UNION ALL SELECT 'database', datname FROM pg_database WHERE pg_get_userbyid(datdba) IN ${names}`,
    );
    expect(owned).toEqual([]);
    const makers = await rows(
      `SELECT r.rolname, n.nspname FROM pg_roles r, pg_namespace n
        WHERE r.rolname IN ${names} AND n.nspname IN ('public', '${QUEUE_SCHEMA}') AND has_schema_privilege(r.oid, n.oid, 'CREATE')`,
    );
    expect(makers).toEqual([]);
  });

  it("D09 the app reaches tenant tables only, the router the routing list and the queue only", async () => {
    const reach = await rows<{ who: string; name: string }>(
      `SELECT r.rolname AS who, n.nspname || '.' || c.relname AS name FROM pg_roles r, pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE r.rolname IN ('test_app', 'test_router') AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname IN ('public', '${QUEUE_SCHEMA}')
          AND has_schema_privilege(r.oid, n.oid, 'USAGE')
          AND (has_table_privilege(r.oid, c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
               OR has_any_column_privilege(r.oid, c.oid, 'SELECT, INSERT, UPDATE'))`,
    );
    const of = (who: string) => reach.filter((each) => each.who === who).map(({ name }) => name);
    expect(of("test_app").filter((name) => !isTenantTable(name))).toEqual([]);
    expect(of("test_router").filter((name) => isTenantTable(name) || name === MIGRATIONS)).toEqual([]);
    const truncating = await rows(
      `SELECT r.rolname, c.relname FROM pg_roles r, pg_class c WHERE r.rolname IN ('test_app', 'test_router') AND c.relkind IN ('r', 'p')
          AND c.relnamespace = 'public'::regnamespace AND has_table_privilege(r.oid, c.oid, 'TRUNCATE, REFERENCES, TRIGGER')`,
    );
    expect(truncating).toEqual([]);
  });
});

describe("spread over several databases by shop", () => {
  it("D10 every primary key and every unique index begins with the shop", async () => {
    const indexes = await rows<{ table: string; index: string; first: string | null; isPrimary: boolean }>(
      `SELECT n.nspname || '.' || c.relname AS "table", i.relname AS "index", a.attname AS first, x.indisprimary AS "isPrimary"
         FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
         JOIN pg_namespace n ON n.oid = c.relnamespace
         LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = x.indkey[0]
        WHERE x.indisunique AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')`,
    );
    const ours = indexes.filter(({ table }) => isTenantTable(table));
    expect(ours.filter(({ first }) => first !== "shop_id").map(({ index }) => index)).toEqual([]);
    const keyed = new Set(ours.filter(({ isPrimary }) => isPrimary).map(({ table }) => table));
    expect(tenantTables.filter((table) => !keyed.has(table))).toEqual([]);
  });

  it("D10 every foreign key begins with the shop on both of its sides and stays among tenant tables", async () => {
    const keys = await rows<{ name: string; from: string; to: string; columns: string[]; targets: string[] }>(
      `SELECT k.conname AS name, fn.nspname || '.' || f.relname AS "from", tn.nspname || '.' || t.relname AS "to",
              ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY u(num, at) JOIN pg_attribute a
                      ON a.attrelid = k.conrelid AND a.attnum = u.num ORDER BY u.at) AS columns,
              ARRAY(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY u(num, at) JOIN pg_attribute a
                      ON a.attrelid = k.confrelid AND a.attnum = u.num ORDER BY u.at) AS targets
         FROM pg_constraint k JOIN pg_class f ON f.oid = k.conrelid JOIN pg_namespace fn ON fn.oid = f.relnamespace
         JOIN pg_class t ON t.oid = k.confrelid JOIN pg_namespace tn ON tn.oid = t.relnamespace
        WHERE k.contype = 'f' AND fn.nspname <> '${QUEUE_SCHEMA}'`,
    );
    expect(keys.length).toBeGreaterThan(30);
    const stray = keys.filter(
      ({ from, to, columns, targets }) =>
        !isTenantTable(from) || !isTenantTable(to) || columns[0] !== "shop_id" || targets[0] !== "shop_id",
    );
    expect(stray).toEqual([]);
  });

  it("D10 foreign keys between tables go round in no circle, so that a shop can be erased table by table", async () => {
    const circles = await rows(
      `WITH RECURSIVE points_at AS (
         SELECT DISTINCT conrelid AS child, confrelid AS parent FROM pg_constraint WHERE contype = 'f' AND conrelid <> confrelid
            AND connamespace = 'public'::regnamespace
       ), way AS (
         SELECT child AS first, parent AS at, 1 AS steps FROM points_at
          UNION
         SELECT way.first, points_at.parent, way.steps + 1 FROM way JOIN points_at ON points_at.child = way.at WHERE way.steps < 30
       )
       SELECT DISTINCT first::regclass::text AS name FROM way WHERE first = at`,
    );
    expect(circles).toEqual([]);
  });

  it("D10 no exclusion constraint and no view reaches over the shop's edge", async () => {
    const others = await rows(
      `SELECT conname FROM pg_constraint WHERE contype = 'x' AND connamespace = 'public'::regnamespace
        UNION ALL SELECT relname FROM pg_class WHERE relkind IN ('v', 'm', 'f') AND relnamespace = 'public'::regnamespace`,
    );
    expect(others).toEqual([]);
  });
});

describe("functions with the owner's rights", () => {
  it("D09 are a closed list, each with a search path of its own and one role that may call it", async () => {
    const found = await rows<{ name: string; path: string | null; callers: string[] }>(
      `SELECT p.proname AS name, (SELECT c FROM unnest(p.proconfig) c WHERE c LIKE 'search_path=%') AS path,
              ARRAY(SELECT CASE WHEN a.grantee = 0 THEN 'public' ELSE pg_get_userbyid(a.grantee)::text END
                      FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a WHERE a.grantee <> p.proowner) AS callers
         FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE p.prosecdef AND n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`,
    );
    // A function may have several forms: each of them has to hold to what its name may do.
    const allowed = new Map(found.map(({ name, callers }) => [name, callers.join()]));
    expect([...allowed]).toEqual(Object.entries(OWNERS_FUNCTIONS).sort());
    expect(found.filter(({ name, callers }) => callers.join() !== OWNERS_FUNCTIONS[name])).toEqual([]);
    // Whatever a caller puts into its temporary schema comes last and stands for nothing.
    const loose = found.filter(({ path: own }) => !/^search_path=(public|pg_catalog), pg_temp$/.test(own ?? ""));
    expect(loose).toEqual([]);
  });

  describe("called by one shop for another", () => {
    let mine: ShopId;
    let theirs: ShopId;
    beforeAll(async () => {
      [mine, theirs] = [await createTestShop(), await createTestShop()];
      await routerPool().query("UPDATE shop SET uninstalled_at = now() WHERE id = $1", [theirs]);
    });

    it("D08 erasing it is refused", async () => {
      await expect(inShop(mine, (tx) => tx.query("SELECT erase_shop($1, now())", [theirs]))).rejects.toThrow(
        /from its own transaction/,
      );
      await expect(inShop(mine, (tx) => tx.query("SELECT erase_shop(NULL, now())"))).rejects.toThrow();
      const piece = (shop: ShopId | null) =>
        inShop(mine, (tx) => tx.query("SELECT erase_shop_rows($1, now(), 10)", [shop]));
      await expect(piece(theirs)).rejects.toThrow(/from its own transaction/);
      await expect(piece(null)).rejects.toThrow(/from its own transaction/);
      expect(await queryShop(theirs, "SELECT shop_id FROM shop_profile")).toHaveLength(1);
    });

    it("D08 giving it work is refused", async () => {
      for (const data of [{ shopId: theirs }, {}, { shopId: null }, { shopId: [mine, theirs] }])
        await expect(
          inShop(mine, (tx) => tx.query("SELECT enqueue_job('sweep', $1, 'key', NULL)", [JSON.stringify(data)])),
        ).rejects.toThrow(/must name the shop/);
    });

    it("D08 settling its deliveries settles nothing", async () => {
      const { rows: made } = await routerPool().query<{ id: number }>(
        `INSERT INTO webhook_inbox (shop_id, domain, topic, webhook_id, body, status, lease_token, lease_until)
         SELECT id, domain, 'orders/create', 'theirs', '{}', 'pending', '11111111-1111-4111-8111-111111111111', now() + interval '1 hour'
           FROM shop WHERE id = $1 RETURNING id`,
        [theirs],
      );
      const settle = (shop: ShopId) =>
        inShop(shop, async (tx) => {
          const { rows: said } = await tx.query<{ settled: boolean }>(
            "SELECT settle_event($1, '11111111-1111-4111-8111-111111111111', 'done', NULL) AS settled",
            [made[0]?.id],
          );
          return said[0]?.settled;
        });
      expect([await settle(mine), await settle(theirs)]).toEqual([false, true]);
    });

    it("D08 searching finds its members and reviews nowhere", async () => {
      await inShop(theirs, (tx) =>
        tx.query("INSERT INTO member (shop_id, name, first_seen_at, search_grams) VALUES ($1, 'x', now(), '{abc}')", [
          theirs,
        ]),
      );
      for (const search of ["members_with_grams('{abc}', 10)", "members_found('{abc}', 'nobody@')"]) {
        const found = (shop: ShopId) => queryShop(shop, `SELECT * FROM ${search}`);
        expect([(await found(mine)).length, (await found(theirs)).length]).toEqual([0, 1]);
      }
    });

    it("D09 without a shop none of them finds or changes anything", async () => {
      expect(await queryShop(0, "SELECT member_id FROM members_with_grams('{abc}', 10)")).toEqual([]);
      expect(await queryShop(0, "SELECT id FROM members_found('{abc}', 'nobody@')")).toEqual([]);
      await expect(inShop(0, (tx) => tx.query("SELECT erase_shop($1, now())", [theirs]))).rejects.toThrow();
      await expect(inShop(0, (tx) => tx.query("SELECT erase_shop_rows($1, now(), 1)", [theirs]))).rejects.toThrow();
      const shopless = routerPool().query("SELECT erase_shop($1, now())", [theirs]);
      await expect(shopless).rejects.toThrow(/permission denied/);
    });
  });
});

// Keys outside of the tables: what is locked, counted or remembered under a name. Where a name can be the same in two
// shops, the shop has to be part of it.
describe("keys outside of the tables", () => {
  const sources = readdirSync(path.join(ROOT, "app"), { recursive: true, encoding: "utf8" })
    .filter((file) => /\.tsx?$/.test(file) && !file.startsWith("generated"))
    .map((file) => ({ file: `app/${file}`, text: readFileSync(path.join(ROOT, "app", file), "utf8") }));
  /** The text of each call, to the end of its statement. */
  const calls = (pattern: RegExp) =>
    sources.flatMap(({ file, text }) =>
      [...text.matchAll(pattern)].map(({ index }) => ({
        file,
        call: text.slice(index, index + 160).replace(/\s+/g, " "),
      })),
    );

  it("D10 advisory locks name the shop", () => {
    /** What has no shop: the migration of the whole database, and a session, which is known by the shop's domain. */
    const withoutShop = ["app/operator/migrate.server.ts", "app/shopify/session-storage.server.ts"];
    const locks = calls(/pg_(?:try_)?advisory_(?:xact_)?lock\(/g);
    expect(locks.length).toBeGreaterThan(4);
    const bare = locks.filter(({ call }) => !/\[? ?(ALERT, )?(tx\.)?shopId/.test(call));
    expect([...new Set(bare.map(({ file }) => file))].sort()).toEqual(withoutShop);
  });

  it("D10 limits count each shop by itself", () => {
    const limits = calls(/\.allow\(/g).filter(({ file }) => !file.endsWith("rate-limit.ts"));
    expect(limits.length).toBeGreaterThan(9);
    /** Keys that hold the shop under another name: a whole token, a caller made beside the shop; guesses, and pages before anybody has signed in, belong to no shop. */
    const others =
      /^\.allow\((?:token|caller|shop|verdict\.shop|"any"|visitorAddress\(req, env\(\)\.KIZUNA_TRUSTED_HOPS\)),|^\.allow\(String\(shopId\)|^\.allow\(`\$\{(?:verdict\.shop|token\.shop|asked\.shopId|shopId|shop)\}/;
    expect(limits.filter(({ call }) => !others.test(call))).toEqual([]);
  });
});

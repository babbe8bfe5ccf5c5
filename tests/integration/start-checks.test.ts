// The process refuses roles and databases that would undo what the migrations protect.
import pg from "pg";
import { afterEach, describe, expect, inject, it, vi } from "vitest";

import { useTestDatabase } from "../setup/postgres";
import { testEnvironment } from "../setup/test-environment";

const database = useTestDatabase();
const urls = () => ({ app: process.env.DATABASE_URL ?? "", router: process.env.DATABASE_ROUTER_URL ?? "" });

afterEach(async () => {
  await (await import("../../app/db.server")).closeDatabase();
});

// The tests' cluster is a throw-away one, which only a process beside the simulator may use.
const BESIDE_SIMULATOR = {
  SHOPIFY_API_KEY: "demo-00f1e2d3c4b5a6978812345678",
  SHOPIFY_APP_URL: "http://127.0.0.1:3001",
  SHOPIFY_SIMULATOR_URL: "http://127.0.0.1:3002",
};

/** What the check says with other database URLs; null when it is content. */
async function refusal(change: { app?: string; router?: string; real?: true }): Promise<string | null> {
  const before = urls();
  Object.assign(
    process.env,
    testEnvironment({ appUrl: change.app ?? before.app, routerUrl: change.router ?? before.router }),
    change.real ? {} : BESIDE_SIMULATOR,
  );
  vi.resetModules();
  try {
    await (await import("../../app/server/start-checks.server")).refuseUnsafeStart();
    return null;
  } catch (error) {
    return (error as Error).message;
  } finally {
    await (await import("../../app/db.server")).closeDatabase();
    Object.assign(process.env, testEnvironment({ appUrl: before.app, routerUrl: before.router }));
    delete process.env.SHOPIFY_SIMULATOR_URL;
    vi.resetModules();
  }
}

async function asAdmin(work: (admin: pg.Client) => Promise<void>, name?: string): Promise<void> {
  const url = new URL(inject("testCluster").adminUrl);
  if (name) url.pathname = `/${name}`;
  const admin = new pg.Client({ connectionString: url.href });
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.end();
  }
}
const withOptions = (url: string, options: string) => `${url}?options=${encodeURIComponent(options)}`;
const databaseName = () => new URL(urls().app).pathname.slice(1);

describe("D09 the start checks the database roles", () => {
  it("accepts the two roles as the migrations made them", async () => {
    expect(await refusal({})).toBeNull();
  });

  it("D09 refuses a superuser and the owner of the tables", async () => {
    const admin = new URL(inject("testCluster").adminUrl);
    admin.pathname = `/${databaseName()}`;
    expect(await refusal({ app: admin.href })).toMatch(/superuser or bypasses/);
    expect(await refusal({ router: admin.href })).toMatch(/superuser or bypasses/);
    expect(await refusal({ app: database.ownerUrl() })).toMatch(/owns tenant tables/);
  });

  it("D09 refuses BYPASSRLS, its own or one it could take on", async () => {
    const { password } = inject("testCluster");
    const login = (role: string) => {
      const url = new URL(urls().app);
      url.username = role;
      return url.href;
    };
    await asAdmin(async (admin) => {
      await admin.query(
        `CREATE ROLE exempt_login LOGIN BYPASSRLS PASSWORD ${admin.escapeLiteral(password)} IN ROLE kizuna_app`,
      );
      await admin.query("CREATE ROLE exempt_group NOLOGIN BYPASSRLS");
      await admin.query(
        `CREATE ROLE climber LOGIN NOINHERIT PASSWORD ${admin.escapeLiteral(password)} IN ROLE kizuna_app, exempt_group`,
      );
    });
    try {
      expect(await refusal({ app: login("exempt_login") })).toMatch(/bypasses row-level security/);
      expect(await refusal({ app: login("climber") })).toMatch(/bypasses row-level security/);
    } finally {
      await asAdmin(async (admin) => void (await admin.query("DROP ROLE exempt_login, climber, exempt_group")));
    }
  });

  it("D09 refuses one role for both purposes", async () => {
    expect(await refusal({ router: urls().app })).toMatch(/DATABASE_ROUTER_URL: test_app can read tenant tables/);
    expect(await refusal({ app: urls().router })).toMatch(/DATABASE_URL: test_router is not a member of kizuna_app/);
  });
});

describe("C18 the start checks what the database keeps", () => {
  it("C18 refuses synchronous_commit=off, whether the connection, the role or the database says so", async () => {
    expect(await refusal({ app: withOptions(urls().app, "-c synchronous_commit=off") })).toMatch(
      /synchronous_commit is off/,
    );
    await asAdmin(
      async (admin) => void (await admin.query(`ALTER DATABASE ${databaseName()} SET synchronous_commit = off`)),
    );
    try {
      expect(await refusal({})).toMatch(/DATABASE_URL: synchronous_commit[^]*DATABASE_ROUTER_URL: synchronous_commit/);
    } finally {
      await asAdmin(
        async (admin) => void (await admin.query(`ALTER DATABASE ${databaseName()} RESET synchronous_commit`)),
      );
    }
  });

  it("C18 refuses fsync=off and full_page_writes=off beside anything real, for both roles", async () => {
    const said = await refusal({ real: true });
    for (const setting of ["fsync", "full_page_writes"])
      for (const variable of ["DATABASE_URL", "DATABASE_ROUTER_URL"])
        expect(said).toContain(`${variable}: ${setting} is off`);
    expect(await refusal({})).toBeNull();
  });

  it("refuses a database without tables and one that is not UTF-8, and says the way out", async () => {
    await asAdmin(async (admin) => {
      await admin.query("CREATE DATABASE bare");
      await admin.query("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0");
    });
    const named = (url: string, name: string) => url.replace(/\/[^/]*$/, `/${name}`);
    try {
      expect(await refusal({ app: named(urls().app, "bare"), router: named(urls().router, "bare") })).toMatch(
        /npm run db:migrate/,
      );
      expect(await refusal({ app: named(urls().app, "latin"), router: named(urls().router, "latin") })).toMatch(
        /LATIN1, not UTF8/,
      );
    } finally {
      await asAdmin(async (admin) => {
        await admin.query("DROP DATABASE bare WITH (FORCE)");
        await admin.query("DROP DATABASE latin WITH (FORCE)");
      });
    }
  });
});

// The server that npm installed: one per folder, gone when asked, honest about what is broken.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { closeDatabase, inShop } from "../../app/db.server";
import { isFree, startPostgres, type RunningPostgres } from "../setup/embedded-postgres";
import { startTestCluster, urlFor, TEMPLATE } from "../setup/global-postgres";
import { runningTime } from "../setup/running-time";
import { testEnvironment } from "../setup/test-environment";

const running: RunningPostgres[] = [];
const folders: string[] = [];
async function start(options: { folder?: string; port?: number; reset?: boolean } = {}) {
  const folder = options.folder ?? path.join(os.tmpdir(), `kizuna-test-own-${process.pid}-${folders.length}`);
  folders.push(folder);
  const server = await startPostgres({ ...options, folder, disposable: true });
  running.push(server);
  return server;
}
async function ask(url: string, text: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<{ answer: unknown }>(text)).rows[0]?.answer;
  } finally {
    await client.end();
  }
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
  for (const folder of folders.splice(0)) fs.rmSync(folder, { recursive: true, force: true });
});

describe("the embedded server", () => {
  it("is UTF-8 whatever LANG says, knows Japanese, asks for a password and hears loopback only", async () => {
    const server = await start();
    const url = server.adminUrl();
    expect(
      await ask(url, "SELECT pg_encoding_to_char(encoding) AS answer FROM pg_database WHERE datname = 'postgres'"),
    ).toBe("UTF8");
    expect(await ask(url, "SELECT length('花子') AS answer")).toBe(2);
    expect(await ask(url, "SELECT current_setting('listen_addresses') AS answer")).toBe("127.0.0.1");
    expect(await ask(url, "SELECT current_setting('synchronous_commit') AS answer")).toBe("on");
    await expect(ask(url.replace(/:[^:@]*@/, ":wrong@"), "SELECT 1")).rejects.toThrow(/password authentication failed/);
  });

  it("keeps its data over a restart and forgets it on reset", async () => {
    const first = await start();
    await ask(first.adminUrl(), "CREATE TABLE kept (n int)");
    await first.stop();
    const second = await start({ folder: first.folder });
    expect(await ask(second.adminUrl(), "SELECT to_regclass('kept')::text AS answer")).toBe("kept");
    await second.stop();
    const third = await start({ folder: first.folder, reset: true });
    expect(await ask(third.adminUrl(), "SELECT to_regclass('kept')::text AS answer")).toBeNull();
  });

  it("survives a stale postmaster.pid that names another process", async () => {
    const first = await start();
    await first.stop();
    fs.writeFileSync(
      path.join(first.folder, "data/postmaster.pid"),
      `${process.pid}\n${first.folder}/data\n0\n${first.port}\n\n127.0.0.1\n`,
    );
    const second = await start({ folder: first.folder });
    expect(await ask(second.adminUrl(), "SELECT 1 AS answer")).toBe(1);
  });

  it("says that a port is taken, and that a folder is broken, with a way out", async () => {
    const first = await start();
    expect(await isFree(first.port)).toBe(false);
    await expect(start({ port: first.port })).rejects.toThrow(/taken/);
    await first.stop();
    fs.rmSync(path.join(first.folder, "data/global"), { recursive: true });
    await expect(start({ folder: first.folder })).rejects.toThrow(/--reset/);
    fs.rmSync(path.join(first.folder, "data/PG_VERSION"));
    await expect(start({ folder: first.folder })).rejects.toThrow(/--reset/);
    expect(await ask((await start({ folder: first.folder, reset: true })).adminUrl(), "SELECT 1 AS answer")).toBe(1);
  });
});

describe("C19 a database that stops answering", () => {
  let cluster: Awaited<ReturnType<typeof startTestCluster>>;
  beforeAll(async () => {
    cluster = await startTestCluster();
    const url = (role: "app" | "router") => urlFor(cluster.facts, role, TEMPLATE);
    Object.assign(process.env, testEnvironment({ appUrl: url("app"), routerUrl: url("router") }));
  });
  afterAll(async () => {
    await closeDatabase();
    await cluster.stop();
  });
  const asksOne = async () => expect((await inShop(1, (tx) => tx.query("SELECT 1 AS one"))).rows).toEqual([{ one: 1 }]);

  it("C19 is noticed within seconds instead of never, and used again when it is back", async () => {
    const postmaster = Number(fs.readFileSync(path.join(cluster.folder, "data/postmaster.pid"), "utf8").split("\n")[0]);
    await asksOne();
    await closeDatabase();
    // Frozen, not dead: the kernel still accepts connections for it, as after a hang of the machine.
    process.kill(postmaster, "SIGSTOP");
    try {
      const { ms } = await runningTime(() =>
        expect(inShop(1, (tx) => tx.query("SELECT 1"))).rejects.toThrow(/timeout/),
      );
      expect(ms).toBeLessThan(6_000);
    } finally {
      process.kill(postmaster, "SIGCONT");
    }
    await asksOne();
  });

  it("C19 that ends a connection in the middle of a transaction fails that work and nothing else", async () => {
    const work = inShop(1, async (tx) => {
      const { rows } = await tx.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
      await ask(cluster.facts.adminUrl, `SELECT pg_terminate_backend(${rows[0]?.pid}) AS answer`);
      await new Promise((resolve) => setTimeout(resolve, 200)); // The end arrives while no query is under way.
      return tx.query("SELECT 1");
    });
    await expect(work).rejects.toThrow();
    await asksOne();
  });
});

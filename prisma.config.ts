// Prisma's command line through the JavaScript engine, so that nothing is downloaded.
import { PrismaPg } from "@prisma/adapter-pg";
import { defineConfig } from "prisma/config";

// What Prisma's adapter lacks for the command line:
// - the catalogue types "char" and name are unknown to it; text is exact, marked as a character;
// - it splits scripts at every semicolon, also inside function bodies; PostgreSQL itself takes the
//   whole script as one implicit transaction;
// - it drops the shadow database while still connected to it.
const CHAR = 18;
const NAME = 19;
const TEXT = 25;
const CHARACTER_COLUMN = 6;
type Connection = Awaited<ReturnType<PrismaPg["connect"]>>;
interface ConnectionInternals {
  performIO(query: unknown): Promise<{ fields: { dataTypeID: number }[] }>;
}

class MigrationAdapter extends PrismaPg {
  override async connect() {
    return complete(await super.connect());
  }
  override async connectToShadowDb() {
    const shadow = complete(await super.connectToShadowDb());
    shadow.underlyingDriver().on("error", () => {}); // Its idle connections end with the database.
    return shadow;
  }
}
function complete(connection: Connection): Connection {
  const { queryRaw } = connection;
  connection.queryRaw = async (query) => {
    const characters = new Set<number>();
    const reading: ConnectionInternals = {
      performIO: async (asked) => {
        const answer = await (connection as unknown as ConnectionInternals).performIO(asked);
        for (const [column, field] of answer.fields.entries()) {
          if (field.dataTypeID === CHAR) characters.add(column);
          if (field.dataTypeID === CHAR || field.dataTypeID === NAME) field.dataTypeID = TEXT;
        }
        return answer;
      },
    };
    const answer = await queryRaw.call(Object.setPrototypeOf(reading, connection) as Connection, query);
    const columnTypes = answer.columnTypes.map((type, column) => (characters.has(column) ? CHARACTER_COLUMN : type));
    return { ...answer, columnTypes };
  };
  connection.executeScript = async (script) => {
    const forced = script.startsWith('DROP DATABASE "prisma_migrate_shadow_db_') ? `${script} WITH (FORCE)` : script;
    await connection.underlyingDriver().query(forced);
  };
  return connection;
}

// Prisma gives its wait for the migration lock ten seconds and never cancels that timer: each command
// would linger for ten seconds after its work. The timer may still fire, but not hold the process.
const LOCK_WAIT_MS = 10_000;
const startTimer = globalThis.setTimeout;
globalThis.setTimeout = Object.assign((...[work, delay, ...rest]: Parameters<typeof setTimeout>) => {
  const timer = startTimer(work, delay, ...rest);
  return delay === LOCK_WAIT_MS ? timer.unref() : timer;
}, startTimer);

// As parts, not as one string: the shadow database is this connection with another database name, and
// a connection string would win over the name.
function connection(url: string | undefined) {
  if (!url) {
    throw new Error(
      "DATABASE_OWNER_URL is not set: the role that owns the tables, e.g. postgresql://owner:…@localhost/kizuna",
    );
  }
  const { hostname, port, username, password, pathname, searchParams } = new URL(url);
  return {
    host: searchParams.get("host") ?? hostname,
    port: port === "" ? 5432 : Number(port),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: decodeURIComponent(pathname.slice(1)),
    ssl: sslFrom(searchParams.get("sslmode")),
    connectionTimeoutMillis: 5_000,
    // Prisma never closes its connections: idle ones must not keep its process waiting.
    allowExitOnIdle: true,
  };
}
function sslFrom(mode: string | null) {
  if (mode === null || mode === "disable") return false;
  return { rejectUnauthorized: mode !== "no-verify" };
}

export default defineConfig({
  experimental: { adapter: true },
  engine: "js",
  schema: "prisma/schema.prisma",
  migrations: { path: "prisma/migrations" },
  adapter: async () => new MigrationAdapter(connection(process.env.DATABASE_OWNER_URL)),
});

// A complete environment for tests: valid in shape, worthless as secrets.
import { createHash } from "node:crypto";
import os from "node:os";
import path from "node:path";

const fixed = (name: string) => createHash("sha256").update(`kizuna tests: ${name}`).digest();

/** Everything app/env.server.ts asks for. */
export function testEnvironment(database: { appUrl: string; routerUrl: string }) {
  return {
    NODE_ENV: "test" as const,
    LOG_LEVEL: "silent",
    DATABASE_URL: database.appUrl,
    DATABASE_ROUTER_URL: database.routerUrl,
    SHOPIFY_API_KEY: fixed("key").toString("hex").slice(0, 32),
    SHOPIFY_API_SECRET: fixed("secret").toString("hex"),
    SHOPIFY_APP_URL: "https://kizuna.test",
    // Never the folder of a demo that runs beside the tests.
    KIZUNA_MEDIA_FOLDER: path.join(os.tmpdir(), `kizuna-test-media-${process.pid}`),
    KIZUNA_TOKEN_KEYS: `test:${fixed("token key").toString("base64")}`,
  };
}

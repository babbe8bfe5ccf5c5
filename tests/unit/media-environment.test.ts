import { expect, it } from "vitest";

import { parseEnv } from "../../app/env.server";

const ENVIRONMENT = {
  DATABASE_URL: "postgres://app@localhost/kizuna",
  DATABASE_ROUTER_URL: "postgres://router@localhost/kizuna",
  SHOPIFY_API_KEY: "test-api-key-0001",
  SHOPIFY_API_SECRET: "test-api-secret-0123456789",
  SHOPIFY_APP_URL: "https://app.example.com",
  KIZUNA_TOKEN_KEYS: `k1:${Buffer.alloc(32, 1).toString("base64")}`,
};

it("keeps media on the disk, and asks for no scope for it", () => {
  const { KIZUNA_MEDIA_STORE, SCOPES } = parseEnv(ENVIRONMENT);
  expect([KIZUNA_MEDIA_STORE, SCOPES.includes("files")]).toEqual(["disk", false]);
});

it("does not start with files at Shopify that nobody may write", () => {
  const chosen = { ...ENVIRONMENT, KIZUNA_MEDIA_STORE: "shopify" };
  expect(() => parseEnv(chosen)).toThrow(/SCOPES: .*write_files.*shopify\.app\.toml/);
  expect(() => parseEnv({ ...chosen, SCOPES: "read_orders,read_files" })).toThrow("SCOPES");
  expect(parseEnv({ ...chosen, SCOPES: "read_orders,write_files" }).KIZUNA_MEDIA_STORE).toBe("shopify");
});

it("does not start with a bucket that is described by half", () => {
  const chosen = { ...ENVIRONMENT, KIZUNA_MEDIA_STORE: "s3", KIZUNA_S3_ENDPOINT: "https://s3.example.com" };
  expect(() => parseEnv(chosen)).toThrow("KIZUNA_S3_ENDPOINT");
});

import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";

import { loggablePath } from "../../../app/server/access-log.server";
import { findUnsafeSettings, weakness, type StartSettings } from "../../../app/server/unsafe-environment";

const random = (name: string) => createHash("sha256").update(name).digest();
const sound: StartSettings = {
  NODE_ENV: "production",
  DATABASE_URL: `postgresql://web:${random("web").toString("hex")}@db.internal/kizuna`,
  DATABASE_ROUTER_URL: `postgresql://post:${random("post").toString("hex")}@db.internal/kizuna`,
  SHOPIFY_API_KEY: random("key").toString("hex").slice(0, 32),
  SHOPIFY_API_SECRET: random("secret").toString("hex").slice(0, 32),
  SHOPIFY_APP_URL: "https://kizuna.example.jp",
  KIZUNA_TOKEN_KEYS: `k1:${random("k1").toString("base64")}`,
};
const demo: StartSettings = {
  ...sound,
  SHOPIFY_API_KEY: "demo-0123456789abcdef",
  SHOPIFY_APP_URL: "http://127.0.0.1:4701",
  SHOPIFY_SIMULATOR_URL: "http://localhost:4700",
  APP_BRIDGE_URL: "http://localhost:4700/app-bridge.js",
};

describe("F14 the start refuses weak settings", () => {
  it("F14 accepts random secrets, production's and the demo's", () => {
    expect(findUnsafeSettings(sound)).toEqual([]);
    expect(findUnsafeSettings(demo)).toEqual([]);
  });

  it.each([
    "short",
    "changeme-changeme-1",
    "my-shopify-secret-1",
    "aaaaaaaaaaaaaaaaaaaaaaaa",
    "abcabcabcabcabcabcabc",
    "0123456789abcdefghij",
    "PASSWORD-XYZ-12345",
  ])("F14 refuses the API secret %s", (secret) => {
    expect(findUnsafeSettings({ ...sound, SHOPIFY_API_SECRET: secret })).toHaveLength(1);
  });

  it("F14 refuses a guessable token for the metrics", () => {
    const weak = { ...sound, KIZUNA_METRICS_TOKEN: "metrics-password-1" };
    expect(findUnsafeSettings(weak)).toEqual([expect.stringContaining("KIZUNA_METRICS_TOKEN")]);
    expect(findUnsafeSettings({ ...sound, KIZUNA_METRICS_TOKEN: random("metrics").toString("hex") })).toEqual([]);
  });

  it("F14 never repeats the value it refuses", () => {
    const [problem] = findUnsafeSettings({ ...sound, SHOPIFY_API_SECRET: "changeme-changeme-1" });
    expect(problem).toContain("SHOPIFY_API_SECRET");
    expect(problem).not.toContain("changeme-changeme-1");
  });

  it("F14 refuses a token key that is not random, wherever it stands in the list", () => {
    const zeros = `old:${Buffer.alloc(32).toString("base64")}`;
    expect(findUnsafeSettings({ ...sound, KIZUNA_TOKEN_KEYS: `${sound.KIZUNA_TOKEN_KEYS},${zeros}` })).toEqual([
      expect.stringContaining("key 2"),
    ]);
  });

  it("F14 refuses a database password that is tried first, in production", () => {
    const password = "postgres123456";
    const weak = { ...sound, DATABASE_URL: `postgresql://web:${password}@db/kizuna` };
    expect(findUnsafeSettings(weak)).toEqual([expect.stringContaining("DATABASE_URL")]);
    expect(findUnsafeSettings({ ...sound, DATABASE_URL: "postgresql://web@db/kizuna" })).toEqual([]);
  });

  it("accepts hexadecimal that happens to spell a word", () => {
    expect(weakness("deadbeefcafe4f00d1234567890abcde")).toBeNull();
  });
});

describe("the simulator and anything real exclude each other", () => {
  it("refuses the simulator beside a real client id, in any mode", () => {
    for (const NODE_ENV of ["production", "development"]) {
      expect(findUnsafeSettings({ ...demo, NODE_ENV, SHOPIFY_API_KEY: sound.SHOPIFY_API_KEY })).toHaveLength(1);
    }
  });

  it("refuses the demo's client id and App Bridge stand-in without the simulator", () => {
    expect(findUnsafeSettings({ ...sound, SHOPIFY_API_KEY: demo.SHOPIFY_API_KEY })).toHaveLength(1);
    expect(findUnsafeSettings({ ...sound, APP_BRIDGE_URL: "https://cdn.example.com/a.js" })).toHaveLength(1);
  });

  it("refuses a simulator, app or script that is not on this machine", () => {
    expect(findUnsafeSettings({ ...demo, SHOPIFY_SIMULATOR_URL: "http://10.0.0.7:4700" })).toHaveLength(1);
    expect(findUnsafeSettings({ ...demo, SHOPIFY_APP_URL: "https://kizuna.example.jp" })).toHaveLength(1);
    expect(findUnsafeSettings({ ...demo, APP_BRIDGE_URL: "https://evil.example.com/a.js" })).toHaveLength(1);
  });

  it("wants https and a bare origin in production", () => {
    expect(findUnsafeSettings({ ...sound, SHOPIFY_APP_URL: "http://kizuna.example.jp" })).toHaveLength(1);
    expect(findUnsafeSettings({ ...sound, SHOPIFY_APP_URL: "https://kizuna.example.jp/app" })).toHaveLength(1);
  });
});

describe("the access log", () => {
  it("cuts what could be a token out of a path and keeps words", () => {
    expect(loggablePath("/reviews/9f8e7d6c5b4a39281706f5e4d3c2b1a0/edit")).toBe("/reviews/[cut]/edit");
    expect(loggablePath("/app/members/41")).toBe("/app/members/41");
    expect(loggablePath("/app/an-uncommonly-long-page-name")).toBe("/app/an-uncommonly-long-page-name");
  });
});

import { availableParallelism } from "node:os";

import { defineConfig } from "vitest/config";

import { LongestFirst } from "./tests/setup/longest-first";

// Five projects: pure code in milliseconds, UI extensions in jsdom, real PostgreSQL and HTTP, real Chromium on the
// built app; and whole bodies of real data, which `npm test` leaves out.
const everywhere = {
  environment: "node",
  restoreMocks: true,
  setupFiles: "tests/setup/fixed-seed.ts",
} as const;
// Waits end when what is waited for is there: limits are for what never comes, on the slowest machine.
const patient = { testTimeout: 180_000, hookTimeout: 180_000 } as const;
const CORPORA = "tests/conformance/**/*.corpora.test.ts";

export default defineConfig({
  test: {
    // By default one core would be left to Vitest itself, which is half of a machine with two.
    maxWorkers: availableParallelism(),
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          ...everywhere,
          ...patient,
          name: "unit",
          include: ["tests/unit/**/*.test.ts", "tests/storefront/**/*.test.ts", "tests/tidy.test.ts"],
        },
      },
      {
        // The extensions' own components in a stand-in of Shopify's host.
        esbuild: { jsx: "automatic", jsxImportSource: "preact" },
        test: {
          ...everywhere,
          ...patient,
          name: "extensions",
          include: ["tests/extensions/**/*.test.ts"],
          environment: "jsdom",
          env: { SHOPIFY_APP_URL: "https://kizuna.test" },
          server: { deps: { inline: ["@shopify/ui-extensions-tester"] } },
        },
      },
      {
        test: {
          ...everywhere,
          ...patient,
          name: "integration",
          include: ["tests/integration/**/*.test.ts", "tests/conformance/**/*.test.ts"],
          exclude: [CORPORA],
          globalSetup: ["tests/setup/global-postgres.ts"],
          pool: "forks",
        },
      },
      {
        test: {
          ...everywhere,
          ...patient,
          name: "corpora",
          include: [CORPORA],
          globalSetup: ["tests/setup/global-postgres.ts"],
          pool: "forks",
        },
      },
      {
        test: {
          ...everywhere,
          name: "e2e",
          include: ["tests/e2e/**/*.test.ts"],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          pool: "forks",
        },
      },
    ],
  },
});

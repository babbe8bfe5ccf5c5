import { defineConfig } from "vitest/config";

// Four projects: pure code in milliseconds, UI extensions in jsdom, real PostgreSQL and HTTP, real Chromium on the
// built app.
const everywhere = {
  environment: "node",
  sequence: { shuffle: { files: true, tests: false } },
  restoreMocks: true,
} as const;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...everywhere,
          name: "unit",
          include: ["tests/unit/**/*.test.ts", "tests/storefront/**/*.test.ts", "tests/tidy.test.ts"],
          testTimeout: 60_000,
        },
      },
      {
        // The extensions' own components in a stand-in of Shopify's host.
        esbuild: { jsx: "automatic", jsxImportSource: "preact" },
        test: {
          ...everywhere,
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
          name: "integration",
          include: ["tests/integration/**/*.test.ts", "tests/conformance/**/*.test.ts"],
          globalSetup: ["tests/setup/global-postgres.ts"],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          pool: "forks",
        },
      },
      {
        test: {
          ...everywhere,
          name: "e2e",
          include: ["tests/e2e/**/*.test.ts"],
          globalSetup: ["tests/setup/global-stack.ts"],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          pool: "forks",
          fileParallelism: false,
        },
      },
    ],
  },
});

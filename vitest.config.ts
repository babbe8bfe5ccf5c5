import { defineConfig } from "vitest/config";

// Three projects: pure code in milliseconds, real PostgreSQL and HTTP, real Chromium on the built app.
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

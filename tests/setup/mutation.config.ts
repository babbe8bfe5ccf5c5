// The tests that must notice each planted change in the rules of points: `npm run mutate`.
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    environment: "node",
    setupFiles: ["tests/setup/fixed-seed.ts"],
    include: ["tests/unit/loyalty/**/*.test.ts"],
    testTimeout: 180_000,
  },
});

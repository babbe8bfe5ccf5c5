// The tests that must notice each planted change in the rules of points: `npm run mutate`. Mostly examples: properties take
// long, and a change that only they notice is one that no sentence describes.
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    environment: "node",
    restoreMocks: true,
    // One worker for all files of a run: most of what a change costs is loading them.
    isolate: false,
    include: ["tests/unit/loyalty/rules/*.test.ts", "tests/unit/loyalty/{earning-rules,expiry}.test.ts"],
  },
});

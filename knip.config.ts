import type { KnipConfig } from "knip";

const config: KnipConfig = {
  entry: [
    "app/server.ts",
    "tests/setup/*.{ts,mjs}",
    // Loaded by name at run time: the replay by the command line, browser code by the simulator's bundler.
    "tests/simulator/replay.ts",
    // Started as processes of their own.
    "tests/integration/loyalty/redemption-worker.ts",
    "app/reviews/media/decode-photo.server.ts",
    // Run by hand, and processes that the bench starts.
    "tests/bench/{bench,lighthouse,reviews-display,bare/*,programs/*}.ts",
    "tests/setup/*.config.ts",
    "tests/simulator/browser/client/{app-bridge/app-bridge,control/control,shell/admin,shell/app-page}.ts",
    "tests/simulator/browser/theme/assets/*.js",
    "extensions/storefront/assets/*.js",
    // Named by each shopify.extension.toml.
    "extensions/account/src/{profile,order}-block.tsx",
    "extensions/customer-block/src/customer-block.tsx",
  ],
  project: ["app/**/*.{ts,tsx}", "tests/**/*.ts", "extensions/**/*.{js,ts,tsx}"],
  // Read as files: data, fonts, schemas and server binaries; @prisma/client is the generated client's runtime.
  ignoreDependencies: [
    "@prisma/client",
    "@expo-google-fonts/noto-sans-jp",
    "@shopify/theme-check-docs-updater",
    "shopify-webhook-schemas",
    // Called by the check, with the rules that .secretlintrc.json names.
    "secretlint",
    "@secretlint/secretlint-rule-preset-recommend",
  ],
  ignoreBinaries: ["useradd"],
  ignoreExportsUsedInFile: true,
};
export default config;

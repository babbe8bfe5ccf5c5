import type { KnipConfig } from "knip";

const config: KnipConfig = {
  entry: [
    "app/server.ts",
    "tests/setup/*.{ts,mjs}",
    // Loaded by name at run time: the replay by the command line, browser code by the simulator's bundler.
    "tests/simulator/replay.ts",
    "tests/simulator/browser/client/{app-bridge/app-bridge,control/control,shell/admin,shell/app-page}.ts",
    "tests/simulator/browser/theme/assets/*.js",
    "extensions/storefront/assets/*.js",
  ],
  project: ["app/**/*.{ts,tsx}", "tests/**/*.ts", "extensions/**/*.js"],
  // Read as files: data, fonts, schemas and server binaries; @prisma/client is the generated client's runtime.
  ignoreDependencies: [
    "@prisma/client",
    "@expo-google-fonts/noto-sans-jp",
    "@shopify/theme-check-docs-updater",
    "shopify-webhook-schemas",
  ],
  ignoreBinaries: ["useradd"],
  ignoreExportsUsedInFile: true,
};
export default config;

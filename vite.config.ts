import { vitePlugin as remix } from "@remix-run/dev";
import { defineConfig } from "vite";

declare module "@remix-run/server-runtime" {
  interface Future {
    v3_singleFetch: true;
  }
}

export default defineConfig({
  plugins: [
    remix({
      ignoredRouteFiles: ["**/.*"],
      future: {
        v3_fetcherPersist: true,
        v3_relativeSplatPath: true,
        v3_throwAbortReason: true,
        v3_singleFetch: true,
        // It reads sessionStorage, which an iframe with denied storage does not have: client navigation would break.
        v3_lazyRouteDiscovery: false,
      },
    }),
  ],
  build: { assetsInlineLimit: 0, target: "es2022" },
  ssr: {
    // One copy of Polaris' React contexts on the server, and JSON locales that Node alone would refuse to import.
    noExternal: [
      "@shopify/polaris",
      "@shopify/polaris-icons",
      "@shopify/shopify-app-remix",
      "@shopify/app-bridge-react",
    ],
  },
});

// The arrows between the rooms; app/README.md draws them. Each rule says why.
const ROOMS = [
  "ingest",
  "jobs",
  "loyalty",
  "privacy",
  "shops",
  "shopify",
  "storefront",
  "operator",
  "ui",
  "publishing",
  "journeys",
  "mail",
  "reviews",
  "storage",
];
const BUSINESS = ["loyalty", "reviews", "journeys", "insights"];

module.exports = {
  forbidden: [
    {
      name: "no-circles",
      severity: "error",
      comment: "A circle cannot be understood one file at a time.",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "routes-not-to-database",
      severity: "error",
      comment: "Routes authenticate, parse, make one call and map the outcome; rooms read and write.",
      from: { path: "^app/(routes|ui|root|entry)" },
      to: { path: "^app/(db\\.server|generated)" },
    },
    {
      name: "rooms-not-to-routes",
      severity: "error",
      comment: "HTTP knows the rooms, never the other way round.",
      from: { path: `^app/(${ROOMS.filter((room) => room !== "ui").join("|")})/` },
      to: { path: "^app/(routes|root|entry|server)" },
    },
    {
      name: "business-rooms-apart",
      severity: "error",
      comment: "Loyalty, reviews, journeys and insights meet in the job catalog only.",
      from: { path: `^app/(${BUSINESS.join("|")})/` },
      to: { path: `^app/(${BUSINESS.join("|")})/`, pathNot: "^app/$1/" },
    },
    {
      name: "embassy-knows-no-room",
      severity: "error",
      comment: "shopify/ translates; it may not decide.",
      from: { path: "^app/shopify/" },
      to: { path: `^app/(${ROOMS.filter((room) => room !== "shopify").join("|")}|routes)/` },
    },
    {
      name: "loyalty-not-to-doors",
      severity: "error",
      comment: "The rules and the ledger do not know how an event arrived.",
      from: { path: "^app/loyalty/" },
      to: { path: "^app/(ingest|jobs|privacy|shops|storefront|operator|ui|mail)/" },
    },
    {
      name: "reviews-not-to-doors",
      severity: "error",
      comment: "What holds a review and what shows it does not depend on how it arrived.",
      from: { path: "^app/reviews/" },
      to: { path: "^app/(ingest|jobs|privacy|shops|storefront|operator|ui|mail)/" },
    },
    {
      name: "pure-to-pure",
      severity: "error",
      comment: "A file without .server does no I/O, so it may not reach a file that does.",
      from: {
        path: "^app/(loyalty|reviews|storage|journeys|mail|shopify|ingest|jobs|privacy|shops|storefront|ui)/",
        pathNot: "\\.server\\.tsx?$",
      },
      to: { path: "\\.server\\.tsx?$", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "channels-know-no-room",
      severity: "error",
      comment: "A channel carries, and a store keeps, what they are handed; they decide nothing and read no table.",
      // One file chooses the store, and hands the embassy to the one that needs it.
      from: { path: "^app/(mail|storage)/", pathNot: "^app/storage/media-store\\.server" },
      to: {
        path: "^app/(loyalty|reviews|journeys|shopify|ingest|jobs|privacy|shops|storefront|operator|ui|db\\.server|generated)",
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "mail-only-through-the-gate",
      severity: "error",
      comment: "Nothing is sent around journeys/contact-gate.ts: consent, suppression and caps are asked for there.",
      from: { path: "^app/", pathNot: "^app/(journeys|mail)/" },
      to: { path: "^app/mail/" },
    },
    {
      name: "app-not-to-tests",
      severity: "error",
      comment: "The product runs without its tests. The replay command loads the simulator on demand.",
      from: { path: "^app/", pathNot: "^app/operator/" },
      to: { path: "^tests/" },
    },
    {
      name: "ledger-writes-itself",
      severity: "error",
      comment: "Only loyalty reaches the ledger.",
      from: { path: "^app/", pathNot: "^app/loyalty/" },
      to: { path: "^app/loyalty/ledger\\.server" },
    },
    {
      name: "answers-stand-alone",
      severity: "error",
      comment: "UI extensions are compiled with these types: whatever they import would be compiled with them.",
      from: { path: "^app/(storefront/account-answers|server/customer-block-answer)" },
      to: {},
    },
    {
      name: "no-unlisted-package",
      severity: "error",
      comment: "What is imported is declared.",
      from: { path: "^app/" },
      to: { dependencyTypes: ["npm-no-pkg", "npm-unknown"] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "app/generated|app/shopify/generated" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      extensions: [".ts", ".tsx", ".mjs", ".js", ".json"],
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
    },
  },
};

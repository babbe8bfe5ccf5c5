// Types of the app's GraphQL documents, read from Shopify's real schema: `npm run codegen`.
// The output is committed; a test fails when it is out of date.
import type { CodegenConfig } from "@graphql-codegen/cli";
import { printSchema } from "graphql";

import { loadAdminSchema } from "./tests/setup/admin-schema";

// Countries and currencies come and go: as text they neither break the types nor fill the output.
function withOpenLists(sdl: string): string {
  return sdl.replace(/^enum (CountryCode|CurrencyCode) \{[\s\S]*?^\}/gm, "scalar $1");
}

const config: CodegenConfig = {
  schema: withOpenLists(printSchema(loadAdminSchema())),
  documents: ["app/shopify/documents/*.ts"],
  generates: {
    "app/shopify/generated/admin-operations.ts": {
      plugins: ["typescript-operations"],
      config: {
        enumType: "string-literal",
        disableDescriptions: true,
        skipTypename: true,
        useTypeImports: true,
        dedupeFragments: true,
        scalars: {
          ID: "string",
          DateTime: "string",
          Decimal: "string",
          URL: "string",
          UnsignedInt64: "string",
          Money: "string",
          CountryCode: "string",
          CurrencyCode: "string",
        },
      },
    },
  },
};

export default config;

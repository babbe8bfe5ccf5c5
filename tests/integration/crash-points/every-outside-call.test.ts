// No outside call is forgotten: each mutation that the app can send, and each file that speaks to the outside,
// is named here with the tests that let it crash. A new one fails until it has some.
import fs from "node:fs";
import path from "node:path";
import { parse, type OperationDefinitionNode } from "graphql";
import { expect, it } from "vitest";

const ROOT = path.join(import.meta.dirname, "../../..");
const TABLE = "tests/integration/crash-points/use-cases.ts";
const FILES = "tests/integration/crash-points/shopify-files.test.ts";
const REWARDS = "tests/integration/loyalty/redemption-crash-matrix.test.ts";

/** Root field of a mutation → where every answer to it is tried, with a crash behind it. */
const MUTATIONS: Record<string, string> = {
  bulkOperationCancel: TABLE,
  bulkOperationRunQuery: TABLE,
  discountCodeBasicCreate: REWARDS,
  discountCodeDeactivate: TABLE,
  discountCodeFreeShippingCreate: REWARDS,
  fileCreate: FILES,
  fileDelete: FILES,
  giftCardCreate: REWARDS,
  metafieldDefinitionCreate: TABLE,
  metafieldsDelete: TABLE,
  metafieldsSet: TABLE,
  stagedUploadsCreate: FILES,
  standardMetafieldDefinitionEnable: TABLE,
  storeCreditAccountCredit: REWARDS,
  tagsAdd: REWARDS,
  webhookSubscriptionCreate: TABLE,
  webhookSubscriptionDelete: TABLE,
};
/** Files that call out → what they change there, and where that is tried. null: they only read. */
const CALLERS: Record<string, string | null> = {
  "app/clock.server.ts": null,
  "app/mail/smtp.server.ts": "tests/integration/crash-points/mail-and-media.test.ts",
  "app/shopify/access-token.server.ts": "tests/integration/crash-points/token.test.ts",
  "app/shopify/admin-client.server.ts": "tests/integration/crash-points/shopify-calls.test.ts",
  "app/shopify/bulk-orders.server.ts": null,
  "app/shopify/read-staff.server.ts": null,
  "app/shopify/shop-files.server.ts": FILES,
  "app/shopify/transport.server.ts": null,
  "app/storage/disk-store.server.ts": "tests/integration/crash-points/mail-and-media.test.ts",
  "app/storage/s3-store.server.ts": "tests/integration/crash-points/mail-and-media.test.ts",
};
const CALLS_OUT =
  /(?<![\w.])fetch\(|\bshopifyFetch\(|\bshopifyFileFetch\(|fetch: shopifyFetch|createTransport\(|client\.fetch\(|\bhttps?\.(?:request|get)\(|\bnet\.connect\(|fs\.copyFile\(/;

function files(folder: string): string[] {
  return fs
    .readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .map((name) => `${folder}/${name}`)
    .filter((name) => /\.server\.ts$|\/documents\/.*\.ts$/.test(name) && !name.includes("/generated/"));
}
const read = (file: string) => fs.readFileSync(path.join(ROOT, file), "utf8");

function mutationsOf(source: string): string[] {
  return [...source.matchAll(/`(\s*(?:#[^\n]*\n\s*)*mutation\b[^`]*)`/g)].flatMap(([, text = ""]) =>
    parse(text.replace(/\$\{[^}]*\}/g, ""))
      .definitions.filter((each): each is OperationDefinitionNode => each.kind === "OperationDefinition")
      .flatMap(({ selectionSet }) =>
        selectionSet.selections.flatMap((each) => (each.kind === "Field" ? [each.name.value] : [])),
      ),
  );
}

it("C06 every mutation the app can send has a test that lets it crash", () => {
  const sources = files("app").map(read);
  const found = new Set(sources.flatMap(mutationsOf));
  expect([...found].sort()).toEqual(Object.keys(MUTATIONS));
  // A document that the pattern does not see is still a document.
  const written = sources.flatMap((source) => [...source.matchAll(/^\s*mutation \w+/gm)]).length;
  expect(written).toBe(Object.keys(MUTATIONS).length);
  for (const [mutation, test] of Object.entries(MUTATIONS)) expect(read(test), test).toContain(`"${mutation}"`);
});

it("C06 every file that speaks to the outside is known", () => {
  const found = files("app").filter((file) => CALLS_OUT.test(read(file)));
  expect(found.sort()).toEqual(Object.keys(CALLERS));
  for (const test of Object.values(CALLERS))
    if (test !== null) expect(fs.existsSync(path.join(ROOT, test)), test).toBe(true);
});

// A database that answers and cannot write: nothing is acknowledged that was not stored.
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";
import { deliver, openLetterBox, type LetterBox } from "../ingest/letter-box";

const database = useTestDatabase();
const DOMAIN = "full-disk.myshopify.com";
let box: LetterBox;

beforeAll(async () => {
  await createTestShop(DOMAIN);
  box = await openLetterBox();
  // Raises whatever SQLSTATE the body names, as the server does by itself when it runs out of something.
  await database.owner().query(
    `CREATE FUNCTION run_out() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN RAISE EXCEPTION 'out of something' USING ERRCODE = NEW.body::json->>'state'; END $$;
     CREATE TRIGGER run_out BEFORE INSERT ON webhook_inbox FOR EACH ROW WHEN (NEW.body LIKE '%"state"%') EXECUTE FUNCTION run_out();`,
  );
});
afterAll(() => box.close());

const stored = async () => (await database.owner().query("SELECT FROM webhook_inbox")).rowCount;

describe("F18 a database that has run out of something", () => {
  it.each([
    ["disk", "53100"],
    ["memory", "53200"],
    ["connections", "53300"],
    ["write access, as a standby", "25006"],
    ["time, as it shuts down", "57P01"],
    ["its write-ahead log", "58030"],
  ])("F18 %s (%s): 503, so that Shopify comes again, and no row", async (_what, state) => {
    const delivery = { topic: "orders/create", domain: DOMAIN, body: JSON.stringify({ id: 1, state }) };
    expect(await deliver(box, delivery)).toBe(503);
    expect(await stored()).toBe(0);
  });

  it("F18 the next delivery after it is stored as ever", async () => {
    expect(await deliver(box, { topic: "orders/create", domain: DOMAIN, body: '{"id":1}' })).toBe(200);
    expect(await stored()).toBe(1);
  });
});

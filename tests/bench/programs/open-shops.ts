// Shops with the demo's program, live since long ago. Started as a process of its own.
//   node --import tsx tests/bench/programs/open-shops.ts COUNT NAME
import { closeDatabase } from "../../../app/db.server";
import { saveProgram } from "../../../app/loyalty/program.server";
import { createTestShop } from "../../builders/shop";
import { demoProgram } from "../../demo/demo-program";

const [count = "1", name = "shop"] = process.argv.slice(2);
const since = new Date("2020-01-01T00:00:00Z");
const shops: number[] = [];
for (let n = 0; n < Number(count); n++) {
  const shopId = await createTestShop(`${name}-${n}.myshopify.com`);
  const { changes } = demoProgram({ currency: "JPY", taxesIncluded: true }, since);
  await saveProgram(shopId, { ...changes, status: "live" }, "system", since);
  shops.push(shopId);
}
await closeDatabase();
process.stdout.write(JSON.stringify({ shops }));

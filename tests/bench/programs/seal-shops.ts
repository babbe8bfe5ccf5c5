// Seals the ledgers of the shops named, as the nightly job does. Started as a process of its own.
//   node --import tsx tests/bench/programs/seal-shops.ts SHOP…
import { closeDatabase } from "../../../app/db.server";
import { sealLedger } from "../../../app/loyalty/seal-ledger.server";

for (const shopId of process.argv.slice(2).map(Number)) {
  const sealed = await sealLedger(shopId, new Date(), new AbortController().signal);
  if (sealed.outcome !== "sealed") throw new Error(`shop ${shopId}: ${sealed.outcome}`);
}
await closeDatabase();

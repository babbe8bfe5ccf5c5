// A worker process for the tests: runs the completer until it is told to stop, or killed.
import { closeDatabase } from "../../../app/db.server";
import { completeRedemptions } from "../../../app/loyalty/rewards/complete-redemptions.server";

const [shopId = "", now = ""] = process.argv.slice(2);
const stop = new AbortController();
process.on("SIGTERM", () => stop.abort());
process.stdout.write("ready\n");
while (!stop.signal.aborted) {
  await completeRedemptions(Number(shopId), new Date(now), stop.signal);
  await new Promise((resolve) => setTimeout(resolve, 50));
}
await closeDatabase();

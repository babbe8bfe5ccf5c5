// So many purchases of one member at the same moment. Started as a process of its own.
//   node --import tsx tests/bench/programs/race.ts SHOP CUSTOMER REWARD CLICKS
import { setTimeout as sleep } from "node:timers/promises";

import { closeDatabase } from "../../../app/db.server";
import { redeem } from "../../../app/loyalty/rewards/redeem.server";
import { toGid } from "../../../app/shopify/gid";

const ATTEMPTS_MAX = 10;
const [shop, customer = "", reward, clicks] = process.argv.slice(2);

// Who waits too long for a connection hears "unavailable", and the page sends the same click again.
async function click(n: number): Promise<string> {
  const wish = {
    customerGid: toGid("Customer", customer),
    rewardId: Number(reward),
    requestKey: `race-${n}`,
    actor: "shopper",
  };
  for (let attempt = 1; ; attempt++) {
    try {
      return (await redeem(Number(shop), wish, new Date())).outcome;
    } catch (error) {
      if (attempt === ATTEMPTS_MAX) throw error;
      await sleep(500);
    }
  }
}

const begun = performance.now();
const answers = await Promise.all(Array.from({ length: Number(clicks) }, (_, n) => click(n)));
const milliseconds = performance.now() - begun;
const count = (outcomes: string[]) => answers.filter((outcome) => outcomes.includes(outcome)).length;
await closeDatabase();
process.stdout.write(
  JSON.stringify({ issued: count(["issued", "reserved"]), refused: count(["insufficient_points"]), milliseconds }),
);

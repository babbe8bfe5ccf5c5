// A reward, and customers with points for it. Started as a process of its own.
//   node --import tsx tests/bench/programs/stock-reward.ts SHOP PRICE POINTS CUSTOMER…
import { closeDatabase } from "../../../app/db.server";
import { adjustPoints } from "../../../app/loyalty/adjust-points.server";
import { saveReward } from "../../../app/loyalty/rewards/save-reward.server";
import { createTestMember } from "../../builders/member";
import { REWARD } from "../../chaos/reward";

const [shopId = 0, price = 0, points = 0] = process.argv.slice(2, 5).map(Number);
const now = new Date();
const draft = { ...REWARD.draft, points: price };
const saved = await saveReward(shopId, { id: null, draft, status: "active" }, "system", now);
if (saved.outcome !== "saved") throw new Error(`the reward was not saved: ${saved.outcome}`);
for (const customer of process.argv.slice(5)) {
  const { memberId } = await createTestMember(shopId, { customerId: `gid://shopify/Customer/${customer}` }, now);
  const gift = {
    memberId,
    points,
    reason: "adjust_gift",
    note: null,
    actor: "staff:1",
    key: `bench ${customer}`,
  } as const;
  const given = await adjustPoints(shopId, gift, now);
  if (given.outcome !== "adjusted") throw new Error(`no points: ${given.outcome}`);
}
await closeDatabase();
process.stdout.write(JSON.stringify({ rewardId: saved.reward.id }));

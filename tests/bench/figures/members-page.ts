// One member's page in a shop with very many: balances, lots, orders, the history and what lies behind it.
import type { Figure } from "../figure";
import { crowdedLedger, measureVisits } from "../crowded-shop";
import type { Stage } from "../stage";

const PEOPLE = 12;

/** The server's time for the page's data, of members from the first to the last. */
export async function membersPage(stage: Stage): Promise<Figure> {
  const shop = await crowdedLedger(stage);
  const visits = Object.fromEntries(
    Array.from({ length: PEOPLE }, (_, n) => {
      const memberId = shop.members.first + Math.floor(((shop.size - 1) * n) / (PEOPLE - 1));
      return [`member ${n + 1} of ${PEOPLE}`, `/app/members/${memberId}`];
    }),
  );
  return measureVisits(stage, shop, {
    name: "members.page",
    visits,
    note: `${shop.size} members with ${shop.size * 10} entries`,
  });
}

// POST /proxy/join: a signed-in shopper joins the program.
import { z } from "zod";

import { raiseAlertInShop } from "../ingest/alert.server";
import { JOINS_PER_HOUR, joinProgram } from "../loyalty/ways/join-program.server";
import { toGid } from "../shopify/gid";
import { withBody } from "./door";

/** `how`: the shopper pressed the button, or it is their first visit while signed in. */
const joinBody = z.object({ how: z.enum(["click", "visit"]).default("click") });

/** Joins once. @throws what the Admin API client throws */
export const answerJoin = withBody(joinBody, async ({ how }, { shopId, customerId, now }) => {
  const joined = await joinProgram(shopId, toGid("Customer", customerId), now, how);
  if (joined.outcome !== "joined") return joined;
  const { isRush, ...answer } = joined;
  if (isRush) await raiseAlertInShop(shopId, "joins_rushed", { perHour: JOINS_PER_HOUR });
  return answer;
});

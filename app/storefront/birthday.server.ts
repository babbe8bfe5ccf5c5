// POST /proxy/birthday: a signed-in shopper gives or changes their birthday ("MM-DD").
import { z } from "zod";

import { setBirthday } from "../loyalty/ways/set-birthday.server";
import { toGid } from "../shopify/gid";
import { withBody } from "./door";

/** Remembers the birthday, under its lock and notice. @throws what the Admin API client throws */
export const answerBirthday = withBody(
  z.object({ birthday: z.string().max(5) }),
  ({ birthday }, { shopId, customerId, now }) => setBirthday(shopId, toGid("Customer", customerId), birthday, now),
);

// POST /proxy/social: a signed-in shopper says that they followed or shared.
import { z } from "zod";

import { claimSocial } from "../loyalty/ways/claim-social.server";
import { toGid } from "../shopify/gid";
import { withBody } from "./door";

/** Gives the points of the way for the current period. @throws what the Admin API client throws */
export const answerSocial = withBody(
  z.object({ wayId: z.string().max(40) }),
  ({ wayId }, { shopId, customerId, now }) => claimSocial(shopId, toGid("Customer", customerId), wayId, now),
);

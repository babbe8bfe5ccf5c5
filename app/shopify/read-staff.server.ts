// Who a member of staff is: an online token names its user. The token itself is of no use to us and is
// forgotten at once.
import { z } from "zod";

import { env } from "../env.server";
import { fullName } from "./customer-facts";
import { shopifyFetch } from "./transport.server";

const TIMEOUT_MS = 3_000;
const answerSchema = z.object({
  associated_user: z.object({
    id: z.union([z.number(), z.string()]),
    first_name: z.string().nullish(),
    last_name: z.string().nullish(),
  }),
});

/**
 * The name of the person behind a session token, by exchanging it for an online token.
 * @param idToken a session token that has been verified
 * @returns null when Shopify gives no name (or no answer in time): a name is never worth failing a page for
 */
export async function readStaffName(domain: string, idToken: string): Promise<{ userId: string; name: string } | null> {
  try {
    const response = await shopifyFetch(`https://${domain}/admin/oauth/access_token`, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify({
        client_id: env().SHOPIFY_API_KEY,
        client_secret: env().SHOPIFY_API_SECRET,
        grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
        subject_token: idToken,
        subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
        requested_token_type: "urn:shopify:params:oauth:token-type:online-access-token",
      }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const answer = answerSchema.safeParse(await response.json());
    if (!response.ok || !answer.success) return null;
    const { id, first_name: first, last_name: last } = answer.data.associated_user;
    const name = fullName(first, last);
    return name === "" ? null : { userId: String(id), name };
  } catch {
    return null; // away or no JSON: asked again at the next page
  }
}

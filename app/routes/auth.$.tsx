import type { LoaderFunctionArgs } from "@remix-run/node";

import { authenticate } from "../shopify.server";

/** Sign-in steps of Shopify's library: each answers with a redirect of its own. */
export async function loader({ request }: LoaderFunctionArgs) {
  await authenticate.admin(request);
  return null;
}

import type { LoaderFunctionArgs } from "@remix-run/node";

import { guardLibraryAnswer } from "../security-headers.server";
import { authenticate } from "../shopify.server";

/** Sign-in steps of Shopify's library: each answers with a redirect of its own. */
export async function loader({ request }: LoaderFunctionArgs) {
  try {
    await authenticate.admin(request);
  } catch (answer) {
    throw answer instanceof Response ? await guardLibraryAnswer(request, answer) : answer;
  }
  return null;
}

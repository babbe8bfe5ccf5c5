import type { LoaderFunctionArgs } from "@remix-run/node";

import { requireShop } from "../shop-session.server";

/** The program has one page so far. */
export async function loader({ request }: LoaderFunctionArgs) {
  const { redirect } = await requireShop(request);
  throw redirect("/app/program/earning");
}

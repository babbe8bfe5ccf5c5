import type { LoaderFunctionArgs } from "@remix-run/node";

import { requireShop } from "../shop-session.server";

/** Earning comes first. */
export async function loader({ request }: LoaderFunctionArgs) {
  const { redirect } = await requireShop(request);
  throw redirect("/app/program/earning");
}

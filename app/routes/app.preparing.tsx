import type { LoaderFunctionArgs } from "@remix-run/node";

import { requireShop } from "../shop-session.server";
import { readShopProfile } from "../shops/read-shop-profile.server";
import { PreparingPage } from "../ui/preparing-page";

export async function loader({ request }: LoaderFunctionArgs) {
  const { shopId, redirect } = await requireShop(request);
  if (await readShopProfile(shopId)) throw redirect("/app");
  return null;
}

/** Where pages that need the shop's facts send the browser while Shopify has not been read yet. */
export default PreparingPage;

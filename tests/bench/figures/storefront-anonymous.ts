// What anybody may read without signing in, reviews of a product, beside a bare server reading the same rows.
import { besideBare } from "../beside-bare";
import type { Figure } from "../figure";
import type { Magazine } from "../load";
import type { Stage } from "../stage";

/** Limits are per shop and per visitor: enough of both that none is reached. */
const SHOPS = 60;
const REVIEWS = 50;
const PRODUCT = 71;

async function magazineOf(stage: Stage): Promise<Magazine> {
  const { signProxyQuery } = await import("../../../app/storefront/proxy-signature");
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const paths = Array.from({ length: SHOPS }, (_, n) => {
    const query = new URLSearchParams({ shop: `anonymous-${n}.myshopify.com`, path_prefix: "/apps/kizuna", timestamp, logged_in_customer_id: "", product: String(PRODUCT) }); // prettier-ignore
    query.set("signature", signProxyQuery(query, stage.stack.apiSecret));
    return `/proxy/reviews?${query.toString()}`;
  });
  return (n) => ({
    method: "GET",
    path: paths[n % SHOPS] ?? "/",
    headers: { "x-forwarded-for": `203.0.${(n >> 8) & 255}.${n & 255}-${n}` },
  });
}

/** As many as eight clients can ask, with the first page of a product's reviews in each answer. */
export async function storefrontAnonymous(stage: Stage): Promise<Figure> {
  const database = await stage.openDatabase("anonymous");
  try {
    await stage.run("tests/bench/programs/write-reviews.ts", [String(SHOPS), String(REVIEWS)], { database });
    await database.owner.query("VACUUM (ANALYZE)");
    return await besideBare(stage, {
      name: "storefront.anonymous",
      bare: "storefront-anonymous",
      place: { database },
      magazine: await magazineOf(stage),
      asked: `the first page of ${REVIEWS} reviews in ${SHOPS} shops, each visitor once, nothing between caches`,
    });
  } finally {
    await database.drop();
  }
}

// A signed-in shopper's history through the app proxy's door, beside a bare server reading the same rows.
import { besideBare, CLIENTS } from "../beside-bare";
import type { Figure } from "../figure";
import type { Magazine } from "../load";
import type { Stage } from "../stage";

/** Limits are per shop and per shopper: enough of both that none is reached. */
const SHOPS = 60;
const MEMBERS_PER_SHOP = 25;
const ENTRIES = 5;
const FIRST_CUSTOMER = 5_000_000;
const domainOf = (shop: number) => `bench-${shop}.myshopify.com`;
const gidOf = (member: number) => `gid://shopify/Customer/${FIRST_CUSTOMER + member}`;

async function seed(stage: Stage): Promise<void> {
  stage.useRooms();
  const { adjustPoints } = await import("../../../app/loyalty/adjust-points.server");
  const { createTestMember } = await import("../../builders/member");
  const { createTestShop } = await import("../../builders/shop");
  const give = async (n: number) => {
    const shopId = await createTestShop(domainOf(n));
    for (let m = 0; m < MEMBERS_PER_SHOP; m++) {
      const { memberId } = await createTestMember(shopId, { customerId: gidOf(m) });
      for (let entry = 0; entry < ENTRIES; entry++) {
        const gift = { memberId, points: 100, reason: "adjust_gift", note: null, actor: "staff:1" } as const;
        await adjustPoints(shopId, { ...gift, key: `bench ${entry}` }, new Date());
      }
    }
  };
  let next = 0;
  await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      while (next < SHOPS) await give(next++);
    }),
  );
  await stage.owner.query("ANALYZE member, points_entry, shop");
}

async function magazineOf(stage: Stage): Promise<Magazine> {
  const { signProxyQuery } = await import("../../../app/storefront/proxy-signature");
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const shots = Array.from({ length: SHOPS * MEMBERS_PER_SHOP }, (_, n) => {
    const query = new URLSearchParams({
      shop: domainOf(n % SHOPS),
      path_prefix: "/apps/kizuna",
      timestamp,
      logged_in_customer_id: String(FIRST_CUSTOMER + (Math.floor(n / SHOPS) % MEMBERS_PER_SHOP)),
    });
    query.set("signature", signProxyQuery(query, stage.stack.apiSecret));
    return { method: "GET" as const, path: `/proxy/history?${query.toString()}`, headers: {} };
  });
  return (n) => shots[n % shots.length] ?? { method: "GET", path: "/", headers: {} };
}

/** As many as eight clients can ask. */
export async function storefrontRead(stage: Stage): Promise<Figure> {
  await seed(stage);
  return besideBare(stage, {
    name: "storefront.read",
    bare: "storefront-read",
    magazine: await magazineOf(stage),
    asked: `${SHOPS * MEMBERS_PER_SHOP} shoppers of ${SHOPS} shops with ${ENTRIES} entries each`,
  });
}

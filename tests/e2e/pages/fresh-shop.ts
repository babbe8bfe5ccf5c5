// A shop that never had the app: what an earlier test left with us is erased as Shopify would ask for it.
import pg from "pg";

import { eventually, type Control } from "./control";
import { STACK } from "./running-stack";

/** Uninstalls, and waits until nothing of the shop is left. */
export async function makeFresh(control: Control): Promise<void> {
  await control.uninstall();
  if (!(await isKnown(control.shop.domain))) return;
  await control.redactShop();
  if (await eventually(() => isKnown(control.shop.domain), false, 120_000))
    throw new Error(`${control.shop.domain} was not erased`);
}

async function isKnown(domain: string): Promise<boolean> {
  return asOwner(async (owner) => {
    const { rowCount } = await owner.query(
      "SELECT FROM shop LEFT JOIN shop_profile p ON p.shop_id = shop.id WHERE domain = $1 AND (p.shop_id IS NOT NULL OR shop.erasing IS NOT NULL)",
      [domain],
    );
    return rowCount !== 0;
  });
}

/** Looks at the stack's database, or sets up in it what no page can. */
export async function asOwner<T>(work: (owner: pg.Client) => Promise<T>): Promise<T> {
  const owner = new pg.Client({ connectionString: STACK.ownerUrl });
  await owner.connect();
  try {
    return await work(owner);
  } finally {
    await owner.end();
  }
}

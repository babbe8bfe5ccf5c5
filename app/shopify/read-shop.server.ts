import type { ShopId } from "../db.server";
import { adminClient } from "./admin-client.server";
import { readShopQuery, readThemesQuery } from "./documents/shop";
import { shopFactsFromNode, type ShopFacts } from "./shop-facts";

/**
 * The shop's own facts, as Shopify has them now.
 * @throws what the Admin API client throws
 */
export async function readShop(shopId: ShopId): Promise<ShopFacts> {
  const client = await adminClient(shopId, "interactive");
  const { shop } = await client.request(readShopQuery, {});
  return shopFactsFromNode(shop);
}

// Merchants place blocks in templates of their own naming too (page.points.json).
const TEMPLATES = ["templates/*.json", "config/settings_data.json"];

/**
 * Which of our theme blocks the published theme holds, by block handle ("my-points"), e.g. for the set-up
 * guide; null when there is no theme to look at.
 * @throws what the Admin API client throws
 */
export async function readPlacedBlocks(shopId: ShopId): Promise<string[] | null> {
  const client = await adminClient(shopId, "interactive");
  const { themes } = await client.request(readThemesQuery, { filenames: [...TEMPLATES] });
  const theme = themes?.nodes[0];
  if (!theme?.files) return null;
  const found = new Set<string>();
  for (const file of theme.files.nodes) {
    const content = "content" in file.body && typeof file.body.content === "string" ? file.body.content : "";
    for (const handle of placedBlocks(content)) found.add(handle);
  }
  return [...found].sort();
}

// A placed app block reads "type": "shopify://apps/kizuna/blocks/my-points/018f…"; a switched-off one
// carries "disabled": true and still counts as placed.
function placedBlocks(template: string): string[] {
  const handles = template.matchAll(/shopify:(?:\\?\/){2}apps\\?\/kizuna[\w-]*\\?\/blocks\\?\/([\w-]+)/g);
  return [...handles].flatMap((match) => match[1] ?? []);
}

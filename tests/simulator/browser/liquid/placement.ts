// Where blocks may stand, and which are placed: the theme editor's part of the platform.
import type { SimShop } from "../../state";
import type { ExtensionBlock } from "./extension";

/** Our theme's templates that offer a place for blocks; "embeds" are before </body> or in <head>. */
export const TEMPLATES = [
  "index",
  "collection",
  "product",
  "product.below",
  "cart",
  "search",
  "page.points",
  "page.reviews",
] as const;
export const EMBEDS = "embeds";
/** A template's second place, under what it shows itself. */
export const below = (template: string): string => `${template}.below`;

/** The blocks placed in a template, in order; unknown handles are skipped as Shopify does. */
export function placedBlocks(shop: SimShop, blocks: ExtensionBlock[], template: string): ExtensionBlock[] {
  const handles = shop.placedBlocks[template] ?? [];
  return handles.flatMap((handle) => blocks.find((block) => block.handle === handle) ?? []);
}

/** Whether the block's schema lets it stand in the template. */
export function mayStandIn(block: ExtensionBlock, template: string): boolean {
  if (block.schema.target !== "section") return template === EMBEDS;
  if (template === EMBEDS) return false;
  const type = template.split(".")[0] ?? template;
  const named = (templates: string[] | undefined) => templates?.some((name) => name === "*" || name === type) ?? false;
  if (block.schema.enabled_on?.templates) return named(block.schema.enabled_on.templates);
  return !named(block.schema.disabled_on?.templates);
}

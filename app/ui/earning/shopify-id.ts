// Ids as merchants meet them: the number at the end of an admin address, or the address itself.
import { gidNumber, isGid, toGid } from "../../shopify/gid";

/** The gid that a typed number, gid or admin address names, or null. */
export function readShopifyId(text: string, type: "Product" | "Collection" | "Customer"): string | null {
  const typed = text.trim();
  if (isGid(typed, type)) return typed;
  const number = /^(?:https:\/\/\S*\/)?(\d{1,20})(?:[?#]\S*)?$/.exec(typed)?.[1];
  return number ? toGid(type, number) : null;
}

/** A gid as people know it: its number. */
export function showShopifyId(gid: string): string {
  return `#${gidNumber(gid)}`;
}

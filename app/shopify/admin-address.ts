// Addresses inside the Shopify admin. App Bridge resolves the shopify: scheme to the shop that is open.
import { gidNumber } from "./gid";

/** The order's page in the Shopify admin. */
export function adminOrderUrl(orderGid: string): string {
  return `shopify://admin/orders/${gidNumber(orderGid)}`;
}

/** The customer's page in the Shopify admin. */
export function adminCustomerUrl(customerGid: string): string {
  return `shopify://admin/customers/${gidNumber(customerGid)}`;
}

/** The theme editor, asking to place one of our blocks on a page of the named template. */
export function themeEditorUrl(apiKey: string, block: string, template = "index"): string {
  const query = new URLSearchParams({
    template,
    addAppBlockId: `${apiKey}/${block}`,
    target: "newAppsSection",
  });
  return `shopify://admin/themes/current/editor?${query.toString()}`;
}

/** The theme editor, asking to switch one of our embeds on. */
export function themeEmbedUrl(apiKey: string, embed: string): string {
  const query = new URLSearchParams({ context: "apps", activateAppId: `${apiKey}/${embed}` });
  return `shopify://admin/themes/current/editor?${query.toString()}`;
}

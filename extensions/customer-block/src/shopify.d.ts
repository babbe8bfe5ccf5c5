import type { Api } from "@shopify/ui-extensions/admin.customer-details.block.render";

declare global {
  const shopify: Api;
}

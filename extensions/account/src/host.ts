// The host's global as our three targets have it: all have a session token and texts, two have an order.
import type { Api as OrderStatusApi } from "@shopify/ui-extensions/customer-account.order-status.block.render";
import type { Api as ProfileApi } from "@shopify/ui-extensions/customer-account.profile.block.render";
import type { Api as ThankYouApi } from "@shopify/ui-extensions/purchase.thank-you.block.render";

export type Host = Pick<ProfileApi, "sessionToken" | "i18n"> & { extension: { target: string } } & Partial<
    Pick<OrderStatusApi, "order">
  > &
  Partial<Pick<ThankYouApi, "orderConfirmation">>;

/** What the page around the block offers; the library's type of the global does not know the targets. */
export function host(): Host {
  return shopify as unknown as Host;
}

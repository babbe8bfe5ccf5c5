import type { CustomerBlockAnswer } from "../../../app/server/customer-block-answer";

/**
 * Reads the member of a customer. A path without a host is asked at the app's own address.
 * @throws when there is no answer
 */
export async function askMember(customerGid: string): Promise<CustomerBlockAnswer> {
  const parameters = new URLSearchParams({ customer: customerGid, locale: shopify.i18n.translate("locale") });
  const response = await fetch(`/admin-api-block/member?${parameters.toString()}`, {
    headers: { Authorization: `Bearer ${(await shopify.auth.idToken()) ?? ""}` },
  });
  if (!response.ok && response.status !== 404) throw new Error(`the app answered ${response.status}`);
  return (await response.json()) as CustomerBlockAnswer;
}

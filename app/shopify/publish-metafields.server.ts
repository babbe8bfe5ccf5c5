// Our half of the storefront: values written where Liquid reads them. The numbers come in as data.
import type { ShopId } from "../db.server";
import { adminClient } from "./admin-client.server";
import {
  createMetafieldDefinitionMutation,
  METAFIELDS_PER_CALL,
  readInstallationQuery,
  setMetafieldsMutation,
} from "./documents/metafield";
import {
  CUSTOMER_KEY,
  CUSTOMER_NAMESPACE,
  INSTALLATION_NAMESPACE,
  PROGRAM_KEY,
  resolvedCustomerNamespace,
  type CustomerLoyaltyValue,
  type ProgramValue,
} from "./metafields";
import { expectNoUserErrors, UserErrors } from "./shopify-errors";

export interface CustomerBalance {
  customerId: string;
  value: CustomerLoyaltyValue;
}
export interface PublishOutcome {
  published: string[];
  /** Customers that Shopify no longer has or refuses: publishing to them again is pointless. */
  refused: { customerId: string; reason: string }[];
}

/**
 * Writes customers' balances, 25 a call. One refused customer does not hold up the others of its call.
 * @throws what the Admin API client throws; what was published before the throw stays published
 */
export async function publishCustomerBalances(shopId: ShopId, balances: CustomerBalance[]): Promise<PublishOutcome> {
  const outcome: PublishOutcome = { published: [], refused: [] };
  if (balances.length === 0) return outcome;
  const client = await adminClient(shopId);
  const waiting = [...balances];
  while (waiting.length > 0) {
    const batch = waiting.splice(0, METAFIELDS_PER_CALL);
    const { metafieldsSet } = await client.request(setMetafieldsMutation, { metafields: batch.map(toMetafield) });
    const errors = metafieldsSet?.userErrors ?? [];
    if (errors.length === 0) {
      outcome.published.push(...batch.map((each) => each.customerId));
      continue;
    }
    // The call is all or nothing: take out those named and send the rest again.
    const named = new Map(
      errors.flatMap((error) =>
        error.elementIndex === null ? [] : [[error.elementIndex, error.code ?? error.message]],
      ),
    );
    if (named.size === 0) throw new UserErrors("metafieldsSet", errors);
    batch.forEach((each, index) => {
      const reason = named.get(index);
      if (reason === undefined) waiting.unshift(each);
      else outcome.refused.push({ customerId: each.customerId, reason });
    });
  }
  return outcome;
}

function toMetafield({ customerId, value }: CustomerBalance) {
  return {
    ownerId: customerId,
    namespace: CUSTOMER_NAMESPACE,
    key: CUSTOMER_KEY,
    type: "json",
    value: JSON.stringify(value),
  };
}

/**
 * Writes the program as the storefront shows it, with the namespace that `$app:kizuna` resolves to.
 * @throws UserErrors and what the Admin API client throws
 */
export async function publishProgram(
  shopId: ShopId,
  program: Omit<ProgramValue, "v" | "customerNamespace">,
): Promise<void> {
  const client = await adminClient(shopId);
  const { currentAppInstallation: installation } = await client.request(readInstallationQuery, {});
  const value: ProgramValue = { ...program, v: 1, customerNamespace: resolvedCustomerNamespace(installation.app.id) };
  const { metafieldsSet } = await client.request(setMetafieldsMutation, {
    metafields: [
      {
        ownerId: installation.id,
        namespace: INSTALLATION_NAMESPACE,
        key: PROGRAM_KEY,
        type: "json",
        value: JSON.stringify(value),
      },
    ],
  });
  expectNoUserErrors("metafieldsSet", metafieldsSet);
}

/**
 * Gives the customers' points a definition that Liquid may read; a no-op when it is there.
 * @throws UserErrors and what the Admin API client throws
 */
export async function ensureLoyaltyDefinition(shopId: ShopId): Promise<{ outcome: "created" | "present" }> {
  const client = await adminClient(shopId);
  const { metafieldDefinitionCreate } = await client.request(createMetafieldDefinitionMutation, {
    definition: {
      name: "Kizuna points",
      namespace: CUSTOMER_NAMESPACE,
      key: CUSTOMER_KEY,
      ownerType: "CUSTOMER",
      type: "json",
      access: { admin: "MERCHANT_READ", storefront: "PUBLIC_READ" },
    },
  });
  if (metafieldDefinitionCreate?.userErrors.some((error) => error.code === "TAKEN")) return { outcome: "present" };
  expectNoUserErrors("metafieldDefinitionCreate", metafieldDefinitionCreate);
  return { outcome: "created" };
}

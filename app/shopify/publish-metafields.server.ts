// Our half of the storefront: values written where Liquid reads them. The numbers come in as data.
import type { ShopId } from "../db.server";
import { adminClient } from "./admin-client.server";
import { createMetafieldDefinitionMutation, readInstallationQuery, setMetafieldsMutation } from "./documents/metafield";
import {
  CUSTOMER_KEY,
  CUSTOMER_NAMESPACE,
  INSTALLATION_NAMESPACE,
  PROGRAM_KEY,
  resolvedCustomerNamespace,
  type CustomerLoyaltyValue,
  type ProgramValue,
} from "./metafields";
import { expectNoUserErrors } from "./shopify-errors";
import { writeMetafields } from "./write-metafields.server";

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
  const { refused } = await writeMetafields(client, balances.map(toMetafield));
  outcome.refused = refused.map(({ input, reason }) => ({ customerId: input.ownerId, reason }));
  const gone = new Set(refused.map(({ input }) => input.ownerId));
  outcome.published = balances.map(({ customerId }) => customerId).filter((customerId) => !gone.has(customerId));
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

// What points buy beside discount codes: gift cards, store credit, a tag on the customer.
import type { ShopId } from "../db.server";
import { adminClient, type Purpose } from "./admin-client.server";
import {
  addTagsMutation,
  createGiftCardMutation,
  creditStoreCreditMutation,
  findGiftCardQuery,
  findStoreCreditQuery,
} from "./documents/reward";
import { decimalFromMinor } from "./money";
import type { CurrencyCode, Instant, Minor } from "./order-facts";
import { verdict, type MadeAtShopify } from "./reward-codes.server";

export interface GiftCardToMake {
  code: string;
  /** Tells whose card it is. */
  note: string;
  customerId: string;
  minor: Minor;
  currency: CurrencyCode;
  /** A day of the shop's zone, "2027-11-22"; null: never expires. */
  expiresOn: string | null;
}
/** Makes a gift card with a code of ours. @throws what the Admin API client throws; whether it exists is unknown then */
export async function makeGiftCard(shopId: ShopId, wanted: GiftCardToMake, purpose: Purpose): Promise<MadeAtShopify> {
  const client = await adminClient(shopId, purpose);
  const { giftCardCreate: payload } = await client.request(createGiftCardMutation, {
    input: {
      code: wanted.code,
      note: wanted.note,
      customerId: wanted.customerId,
      initialAmount: { amount: decimalFromMinor(wanted.minor, wanted.currency), currencyCode: wanted.currency },
      expiresOn: wanted.expiresOn,
    },
  });
  return verdict(payload?.giftCard?.id ?? null, payload?.userErrors);
}

/** The gift card with that code and note. null: none such is found. @throws what the Admin API client throws */
export async function findGiftCard(
  shopId: ShopId,
  wanted: { code: string; note: string },
  purpose: Purpose,
): Promise<{ gid: string } | null> {
  const client = await adminClient(shopId, purpose);
  const { giftCards } = await client.request(findGiftCardQuery, { query: wanted.code });
  const found = giftCards.nodes.find(({ note }) => note === wanted.note);
  return found ? { gid: found.id } : null;
}

export interface CreditToGive {
  customerId: string;
  minor: Minor;
  currency: CurrencyCode;
  /** Unique to the redemption: the one mark of ours that a credit carries. null: never expires. */
  expiresAt: Instant | null;
}
/** Credits a customer. @throws what the Admin API client throws; whether the credit was given is unknown then */
export async function giveStoreCredit(shopId: ShopId, wanted: CreditToGive, purpose: Purpose): Promise<MadeAtShopify> {
  const client = await adminClient(shopId, purpose);
  const { storeCreditAccountCredit: payload } = await client.request(creditStoreCreditMutation, {
    id: wanted.customerId,
    credit: {
      creditAmount: { amount: decimalFromMinor(wanted.minor, wanted.currency), currencyCode: wanted.currency },
      expiresAt: wanted.expiresAt,
    },
  });
  return verdict(payload?.storeCreditAccountTransaction?.id ?? null, payload?.userErrors);
}

/** The credit that ends at exactly that instant. null: none such is found. @throws what the Admin API client throws */
export async function findStoreCredit(
  shopId: ShopId,
  wanted: { customerId: string; expiresAt: Instant },
  purpose: Purpose,
): Promise<{ gid: string } | null> {
  const client = await adminClient(shopId, purpose);
  const { customer } = await client.request(findStoreCreditQuery, { id: wanted.customerId });
  for (const { transactions } of customer?.storeCreditAccounts.nodes ?? []) {
    for (const each of transactions.nodes) {
      if (each.__typename !== "StoreCreditAccountCreditTransaction" || each.expiresAt === null) continue;
      if (Date.parse(each.expiresAt) === Date.parse(wanted.expiresAt)) return { gid: each.id };
    }
  }
  return null;
}

/** Adds a tag; one that is there stays. @throws what the Admin API client throws */
export async function addCustomerTag(
  shopId: ShopId,
  customerId: string,
  tag: string,
  purpose: Purpose,
): Promise<MadeAtShopify> {
  const client = await adminClient(shopId, purpose);
  const { tagsAdd: payload } = await client.request(addTagsMutation, { id: customerId, tags: [tag] });
  return verdict(payload?.node?.id ?? null, payload?.userErrors);
}

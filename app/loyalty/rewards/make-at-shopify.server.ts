// Asks Shopify for what was bought, recognising what an earlier attempt may have made: a code or a card by its
// own code and our mark, a credit by the instant it ends, a tag by itself. One table of kinds.
import { DateTime } from "luxon";

import type { ShopId } from "../../db.server";
import type { Purpose } from "../../shopify/admin-client.server";
import { findCode, makeCode, type CodeBenefit, type MadeAtShopify } from "../../shopify/reward-codes.server";
import {
  addCustomerTag,
  findGiftCard,
  findStoreCredit,
  giveStoreCredit,
  makeGiftCard,
} from "../../shopify/reward-values.server";
import { markOf, type Redemption } from "./redemption";
import { minimumOf } from "./reward-offer";
import { isCodeKind, type CodeKind, type RewardTerms } from "./reward-terms";

export interface Ask {
  shopId: ShopId;
  redemption: Redemption;
  customerId: string;
  timeZone: string;
  /** An earlier attempt may have reached Shopify. */
  mayExist: boolean;
  purpose: Purpose;
}
export type MakeAnswer =
  | { outcome: "made"; gid: string | null }
  | { outcome: "refused"; reason: string }
  /** Nobody can tell whether it exists, or it exists and is not ours: it is not asked for again. */
  | { outcome: "unclear"; reason: string };

/** Makes what was bought, or finds it made. @throws what the Admin API client throws */
export async function makeAtShopify(ask: Ask): Promise<MakeAnswer> {
  const { kind } = ask.redemption;
  if (isCodeKind(kind)) return makeOrFindCode(ask);
  switch (kind) {
    case "gift_card":
      return makeOrFindGiftCard(ask);
    case "store_credit":
      return creditOnce(ask);
    case "early_access":
      return settled(await addCustomerTag(ask.shopId, ask.customerId, tagOf(ask.redemption.terms), ask.purpose));
    default:
      return { outcome: "unclear", reason: "not_made_at_shopify" };
  }
}

async function makeOrFindCode({ shopId, redemption, customerId, mayExist, purpose }: Ask): Promise<MakeAnswer> {
  const code = redemption.code ?? "";
  const find = async (): Promise<MakeAnswer | null> => {
    const found = await findCode(shopId, code, purpose);
    if (!found) return null;
    if (found.title !== markOf(redemption.id)) return { outcome: "unclear", reason: "code_is_not_ours" };
    return { outcome: "made", gid: found.gid };
  };
  const made = await makeCode(
    shopId,
    {
      code,
      title: markOf(redemption.id),
      customerId,
      startsAt: redemption.reservedAt,
      endsAt: redemption.expiresAt ?? redemption.reservedAt,
      currency: redemption.currency,
      minimumMinor: minimumOf(redemption.terms, redemption.valueMinor),
      combinesWith: combinations(redemption.terms),
      benefit: benefitOf(redemption),
    },
    purpose,
  );
  return orFound(made, find, mayExist);
}

async function makeOrFindGiftCard({
  shopId,
  redemption,
  customerId,
  timeZone,
  mayExist,
  purpose,
}: Ask): Promise<MakeAnswer> {
  const card = { code: redemption.code ?? "", note: markOf(redemption.id) };
  const find = async (): Promise<MakeAnswer | null> => {
    const found = await findGiftCard(shopId, card, purpose);
    return found && { outcome: "made", gid: found.gid };
  };
  const lastDay =
    redemption.expiresAt && DateTime.fromISO(redemption.expiresAt, { zone: timeZone }).minus({ seconds: 1 });
  const { valueMinor, currency } = redemption;
  const wanted = { ...card, customerId, minor: valueMinor ?? 0, currency, expiresOn: lastDay && lastDay.toISODate() };
  return orFound(await makeGiftCard(shopId, wanted, purpose), find, mayExist);
}

// A credit carries no key of ours: it is looked for before it is given again, and one that never ends cannot be.
async function creditOnce({ shopId, redemption, customerId, mayExist, purpose }: Ask): Promise<MakeAnswer> {
  const { fingerprint: expiresAt, valueMinor, currency } = redemption;
  if (mayExist) {
    if (expiresAt === null) return { outcome: "unclear", reason: "credit_answer_lost" };
    const found = await findStoreCredit(shopId, { customerId, expiresAt }, purpose);
    if (found) return { outcome: "made", gid: found.gid };
  }
  return settled(await giveStoreCredit(shopId, { customerId, minor: valueMinor ?? 0, currency, expiresAt }, purpose));
}

// "Taken" is our own lost answer if it carries our mark; a refusal counts only once nothing of ours is there.
async function orFound(
  made: MadeAtShopify,
  find: () => Promise<MakeAnswer | null>,
  mayExist: boolean,
): Promise<MakeAnswer> {
  if (made.outcome === "taken") return (await find()) ?? { outcome: "unclear", reason: "code_is_not_ours" };
  if (made.outcome === "refused" && mayExist) return (await find()) ?? made;
  return made;
}
function settled(made: MadeAtShopify): MakeAnswer {
  return made.outcome === "taken" ? { outcome: "unclear", reason: "taken" } : made;
}

function tagOf(terms: RewardTerms): string {
  return terms.kind === "early_access" ? terms.tag : "";
}
function combinations(terms: RewardTerms): { order: boolean; product: boolean; shipping: boolean } {
  return "combinesWith" in terms ? terms.combinesWith : { order: false, product: false, shipping: false };
}
function benefitOf({ terms, valueMinor }: Redemption): CodeBenefit {
  const code = terms as Extract<RewardTerms, { kind: CodeKind }>;
  switch (code.kind) {
    case "free_shipping":
      return { kind: "free_shipping", maximumMinor: code.maximumShippingMinor };
    case "free_product":
      return { kind: "amount", minor: valueMinor ?? code.valueMinor, items: pieceOf(code) };
    case "percentage_off":
      if (valueMinor === null) return { kind: "percentage", percent: code.percent, items: code.appliesTo };
      return { kind: "amount", minor: valueMinor, items: code.appliesTo };
    default:
      return { kind: "amount", minor: valueMinor ?? 0, items: code.appliesTo };
  }
}
function pieceOf({ productId, variantId }: { productId: string; variantId: string | null }) {
  return variantId === null
    ? { productIds: [productId], variantIds: [], collectionIds: [] }
    : { productIds: [], variantIds: [variantId], collectionIds: [] };
}

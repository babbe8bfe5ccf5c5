// Gift cards: giftCardCreate, giftCardDeactivate, giftCard, giftCards.
import { gid } from "../ids";
import { toMinor } from "../money";
import { createGiftCard, deactivateGiftCard, findGiftCard, giftCardBalance } from "../order-engine";
import { isGiftCardExpired } from "../orders/gift-cards";
import { describeScopes, hasScope } from "../scopes";
import type { Id, Minor, SimGiftCard } from "../state";
import { paginate } from "./connection";
import { moneyV2 } from "./money-bag";
import { compileSearch, type SearchTable } from "./search";
import {
  badRequest,
  dateTime,
  fields,
  idOf,
  notImplemented,
  say,
  text,
  type Args,
  type GraphContext,
  type TypeTable,
} from "./types";

const CODE_MIN = 8;
const CODE_MAX = 20;
const LAST = 4;

const refuse = (field: string, message: string, code: string) => ({
  giftCard: null,
  giftCardCode: null,
  userErrors: [{ field: ["input", field], message, code }],
});

export function giftCardCreate(args: Args, ctx: GraphContext): unknown {
  const input = args.input as Args;
  if (input.recipientAttributes || input.templateSuffix || input.crossCurrencyRedemptionStrategy)
    throw notImplemented("gift card recipients, templates and currencies of redemption");
  const value = readValue(input, ctx);
  if (typeof value !== "number") return value;
  const code = text(input.code)?.trim();
  const problem = code === undefined ? null : codeProblem(code, ctx);
  if (problem) return problem;
  const customer = readCustomer(input, ctx);
  if (customer === undefined) return refuse("customerId", "The customer could not be found.", "CUSTOMER_NOT_FOUND");
  const expiresOn = text(input.expiresOn);
  if (expiresOn !== null && expiresOn <= ctx.sim.now().toISOString().slice(0, 10))
    return refuse("expiresOn", "Expires on must be in the future", "INVALID");
  const card = createGiftCard(ctx.sim, ctx.shop.domain, {
    code,
    initialMinor: value,
    note: text(input.note),
    customerId: customer,
    expiresOn,
    source: "api_client",
  });
  ctx.sim.changed();
  return { giftCard: card, giftCardCode: card.code, userErrors: [] };
}

function readValue(input: Args, ctx: GraphContext): Minor | ReturnType<typeof refuse> {
  const money = input.initialAmount as { amount: unknown; currencyCode: string } | undefined;
  const field = money ? "initialAmount" : "initialValue";
  const given = money ? money.amount : input.initialValue;
  if (money && input.initialValue) throw notImplemented("gift cards with both initialAmount and initialValue");
  if (given === undefined || given === null)
    return refuse("initialValue", "An initial value is required", "MISSING_ARGUMENT");
  if (money && money.currencyCode !== ctx.shop.currency) throw notImplemented("gift cards in another currency");
  let minor: Minor;
  try {
    minor = toMinor(say(given), ctx.shop.currency);
  } catch {
    return refuse(field, "The initial value is not valid in the shop's currency", "INVALID");
  }
  return minor > 0 ? minor : refuse(field, "must be greater than 0", "GREATER_THAN");
}

function codeProblem(code: string, ctx: GraphContext): ReturnType<typeof refuse> | null {
  if (code.length < CODE_MIN) return refuse("code", `is too short (minimum is ${CODE_MIN} characters)`, "TOO_SHORT");
  if (code.length > CODE_MAX) return refuse("code", `is too long (maximum is ${CODE_MAX} characters)`, "TOO_LONG");
  if (!/^[a-z0-9]+$/i.test(code)) return refuse("code", "can only contain letters and numbers", "INVALID");
  return findGiftCard(ctx.shop, code) ? refuse("code", "Code has already been taken", "TAKEN") : null;
}

/** Null: for nobody; undefined: there is no such customer. */
function readCustomer(input: Args, ctx: GraphContext): Id | null | undefined {
  if (input.customerId === undefined || input.customerId === null) return null;
  const scope = ["write_customers"];
  if (!hasScope(ctx.install.scopes, scope))
    throw badRequest(`Access denied for customerId. Required access: ${describeScopes(scope)}`, "ACCESS_DENIED");
  const id = idOf("Customer", input.customerId);
  return id !== null && ctx.shop.customers[id] ? id : undefined;
}

export function giftCardDeactivate(args: Args, ctx: GraphContext): unknown {
  const id = idOf("GiftCard", args.id);
  if (id === null || !ctx.shop.giftCards[id])
    return {
      giftCard: null,
      userErrors: [{ field: ["id"], message: "The gift card could not be found.", code: "GIFT_CARD_NOT_FOUND" }],
    };
  const card = deactivateGiftCard(ctx.sim, ctx.shop.domain, id);
  ctx.sim.changed();
  return { giftCard: card, userErrors: [] };
}

export function giftCardConnection(args: Args, ctx: GraphContext): unknown {
  const fits = compileSearch(args.query, giftCardSearch(ctx), ctx.shop.timeZone);
  return paginate(Object.values(ctx.shop.giftCards).filter(fits), args, {
    position: position(args.sortKey),
    whole: ctx.bulk,
  });
}

export function giftCardSearch(ctx: GraphContext): SearchTable<SimGiftCard> {
  return {
    name: "gift cards",
    words({ code, customerId }) {
      const customer = customerId === null ? undefined : ctx.shop.customers[customerId];
      return [
        code,
        code.slice(-LAST),
        customer?.firstName ?? null,
        customer?.lastName ?? null,
        customer?.email ?? null,
      ];
    },
    fields: {
      id: { kind: "id", read: ({ id }) => id },
      customer_id: { kind: "id", read: ({ customerId }) => customerId },
      created_at: { kind: "time", read: ({ createdAt }) => createdAt },
      expires_on: { kind: "time", read: ({ expiresOn }) => expiresOn },
      source: { kind: "exact", read: ({ source }) => [source] },
      status: { kind: "test", test: (card, value) => hasStatus(ctx, card, value) },
      balance_status: { kind: "test", test: hasBalanceStatus },
    },
  };
}

function hasStatus(ctx: GraphContext, card: SimGiftCard, wanted: string): boolean {
  switch (wanted) {
    case "disabled":
      return card.deactivatedAt !== null;
    case "enabled":
      return card.deactivatedAt === null;
    case "expired":
      return isGiftCardExpired(ctx.shop, card, ctx.sim.now());
    default:
      throw notImplemented(`search of gift cards by status "${wanted}"`);
  }
}

function hasBalanceStatus(card: SimGiftCard, wanted: string): boolean {
  const left = giftCardBalance(card);
  const status = left === 0 ? "empty" : left === card.initialMinor ? "full" : "partial";
  return wanted === status || (wanted === "full_or_partial" && status !== "empty");
}

function position(sortKey: unknown) {
  switch (sortKey) {
    case undefined:
    case "ID":
      return ({ id }: SimGiftCard) => ({ value: 0, id });
    case "CREATED_AT":
      return ({ id, createdAt }: SimGiftCard) => ({ value: createdAt.slice(0, 19), id });
    default:
      throw notImplemented(`sorting gift cards by ${String(sortKey)}`);
  }
}

export const GIFT_CARD_TYPES: Record<string, TypeTable> = {
  GiftCard: fields<SimGiftCard>({
    id: ({ id }) => gid("GiftCard", id),
    balance: (card) => moneyV2(giftCardBalance(card), card.currency),
    initialValue: ({ initialMinor, currency }) => moneyV2(initialMinor, currency),
    createdAt: ({ createdAt }) => dateTime(createdAt),
    updatedAt: ({ updatedAt }) => dateTime(updatedAt),
    deactivatedAt: ({ deactivatedAt }) => dateTime(deactivatedAt),
    enabled: ({ deactivatedAt }) => deactivatedAt === null,
    expiresOn: ({ expiresOn }) => expiresOn,
    customer: ({ customerId }, _, ctx) => (customerId === null ? null : (ctx.shop.customers[customerId] ?? null)),
    lastCharacters: ({ code }) => code.slice(-LAST),
    maskedCode: ({ code }) => `•••• •••• •••• ${code.slice(-LAST)}`,
    note: ({ note }) => note,
  }),
};

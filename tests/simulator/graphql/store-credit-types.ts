// Store credit: storeCreditAccountCredit, storeCreditAccountDebit, accounts with their transactions.
import { gid } from "../ids";
import { toMinor } from "../money";
import {
  creditAccount,
  creditAccountFor,
  creditAccountOf,
  creditBalance,
  debitAccount,
  settleCredit,
} from "../order-engine";
import type { Minor, SimCreditTransaction, SimCustomer, SimShop, SimStoreCreditAccount } from "../state";
import { paginate } from "./connection";
import { moneyV2 } from "./money-bag";
import { compileSearch, type SearchTable } from "./search";
import {
  dateTime,
  fields,
  idOf,
  notImplemented,
  say,
  typed,
  upper,
  type Args,
  type GraphContext,
  type TypeTable,
} from "./types";

interface TransactionSource {
  account: SimStoreCreditAccount;
  transaction: SimCreditTransaction;
}

const TYPES: Record<SimCreditTransaction["type"], string> = {
  credit: "StoreCreditAccountCreditTransaction",
  debit: "StoreCreditAccountDebitTransaction",
  debit_revert: "StoreCreditAccountDebitRevertTransaction",
  expiration: "StoreCreditAccountExpirationTransaction",
};
const shown = (account: SimStoreCreditAccount, transaction: SimCreditTransaction): object =>
  typed(TYPES[transaction.type], { account, transaction });

const refuse = (field: string[], message: string, code: string) => ({
  storeCreditAccountTransaction: null,
  userErrors: [{ field, message, code }],
});

export function storeCreditAccountCredit(args: Args, ctx: GraphContext): unknown {
  const customerId = idOf("Customer", args.id);
  const input = args.creditInput as Args;
  if (input.notify === true) throw notImplemented("the platform's own mail about store credit");
  const money = readMoney(input.creditAmount, "creditInput.creditAmount", ctx.shop);
  if (typeof money === "object") return money;
  const expiresAt = input.expiresAt ? new Date(say(input.expiresAt)) : null;
  if (expiresAt !== null && expiresAt <= ctx.sim.now())
    return refuse(["creditInput", "expiresAt"], "The expiry date must be in the future", "EXPIRES_AT_IN_PAST");
  if (customerId !== null && !ctx.shop.customers[customerId])
    return refuse(["id"], "The owner does not exist", "OWNER_NOT_FOUND");
  const account =
    customerId === null
      ? namedAccount(args, ctx)
      : creditAccountFor(ctx.sim, ctx.shop.domain, customerId, ctx.shop.currency);
  if (!account) return refuse(["id"], "The store credit account could not be found", "ACCOUNT_NOT_FOUND");
  const transaction = creditAccount(ctx.sim, account, {
    amountMinor: money,
    expiresAt: expiresAt === null ? null : `${expiresAt.toISOString().slice(0, 19)}.000Z`,
  });
  ctx.sim.changed();
  return { storeCreditAccountTransaction: shown(account, transaction), userErrors: [] };
}

export function storeCreditAccountDebit(args: Args, ctx: GraphContext): unknown {
  const customerId = idOf("Customer", args.id);
  const money = readMoney((args.debitInput as Args).debitAmount, "debitInput.debitAmount", ctx.shop);
  if (typeof money === "object") return money;
  const account =
    customerId === null ? namedAccount(args, ctx) : creditAccountOf(ctx.shop, customerId, ctx.shop.currency);
  if (!account) return refuse(["id"], "The store credit account could not be found", "ACCOUNT_NOT_FOUND");
  settleCredit(ctx.sim, account);
  if (money > creditBalance(account))
    return refuse(
      ["debitInput", "debitAmount", "amount"],
      "The store credit account does not have sufficient funds to satisfy the request",
      "INSUFFICIENT_FUNDS",
    );
  const transaction = debitAccount(ctx.sim, account, { amountMinor: money });
  ctx.sim.changed();
  return { storeCreditAccountTransaction: shown(account, transaction), userErrors: [] };
}

function namedAccount(args: Args, ctx: GraphContext): SimStoreCreditAccount | null {
  const id = idOf("StoreCreditAccount", args.id);
  return id === null ? null : (ctx.shop.storeCredit[id] ?? null);
}

function readMoney(value: unknown, path: string, shop: SimShop): Minor | ReturnType<typeof refuse> {
  const { amount, currencyCode } = value as { amount: unknown; currencyCode: string };
  const field = path.split(".");
  if (currencyCode !== shop.currency) {
    if (currencyCode in shop.presentment) throw notImplemented("store credit in another currency than the shop's");
    return refuse(
      [...field, "currencyCode"],
      "The currency provided is not currently supported",
      "UNSUPPORTED_CURRENCY",
    );
  }
  const minor = toMinor(say(amount), shop.currency);
  return minor > 0 ? minor : refuse([...field, "amount"], "A positive amount must be used", "NEGATIVE_OR_ZERO_AMOUNT");
}

export function storeCreditAccount(args: Args, ctx: GraphContext): unknown {
  return namedAccount(args, ctx);
}

/** Customer.storeCreditAccounts */
export function accountConnection({ id }: SimCustomer, args: Args, ctx: GraphContext): unknown {
  const fits = compileSearch(args.query, ACCOUNT_SEARCH, ctx.shop.timeZone);
  const accounts = Object.values(ctx.shop.storeCredit).filter((account) => account.customerId === id && fits(account));
  return paginate(accounts, args, { position: (account) => ({ value: 0, id: account.id }), whole: ctx.bulk });
}

const ACCOUNT_SEARCH: SearchTable<SimStoreCreditAccount> = {
  name: "store credit accounts",
  words: () => [],
  fields: {
    id: { kind: "id", read: ({ id }) => id },
    currency_code: { kind: "exact", read: ({ currency }) => [currency] },
  },
};
const TRANSACTION_SEARCH: SearchTable<SimCreditTransaction> = {
  name: "store credit transactions",
  words: () => [],
  fields: {
    id: { kind: "id", read: ({ id }) => id },
    type: { kind: "exact", read: ({ type }) => [type] },
    expires_at: { kind: "time", read: ({ expiresAt }) => expiresAt },
  },
};

function transactionConnection(account: SimStoreCreditAccount, args: Args, ctx: GraphContext): unknown {
  settleCredit(ctx.sim, account);
  const fits = compileSearch(args.query, TRANSACTION_SEARCH, ctx.shop.timeZone);
  const sources = account.transactions.filter(fits).map((transaction) => shown(account, transaction));
  const byExpiry = args.sortKey === "EXPIRES_AT";
  return paginate(sources, args, {
    position(source) {
      const { id, at, expiresAt } = (source as TransactionSource).transaction;
      return { value: (byExpiry ? (expiresAt ?? "9999") : at).slice(0, 19), id };
    },
    whole: ctx.bulk,
  });
}

function orderPayment({ transaction }: TransactionSource, ctx: GraphContext): object | null {
  const order = transaction.orderId === null ? undefined : ctx.shop.orders[transaction.orderId];
  const payment = order?.payments.find(({ id }) => id === transaction.paymentId);
  return order && payment ? typed("OrderTransaction", { order, payment }) : null;
}

const COMMON: TypeTable = fields<TransactionSource>({
  account: ({ account }) => account,
  amount: ({ account, transaction }) => moneyV2(transaction.amountMinor, account.currency),
  balanceAfterTransaction: ({ account, transaction }) => moneyV2(transaction.balanceAfterMinor, account.currency),
  createdAt: ({ transaction }) => dateTime(transaction.at),
  event: ({ transaction }) => upper(transaction.event),
  origin: (source, _, ctx) => orderPayment(source, ctx),
});
const withId = (type: string): TypeTable =>
  new Map([...COMMON, ...fields<TransactionSource>({ id: ({ transaction }) => gid(type, transaction.id) })]);
const other = ({ account, transaction }: TransactionSource): object | null => {
  const found = account.transactions.find(({ id }) => id === transaction.ofId);
  return found ? { account, transaction: found } : null;
};

export const STORE_CREDIT_TYPES: Record<string, TypeTable> = {
  StoreCreditAccount: fields<SimStoreCreditAccount>({
    id: ({ id }) => gid("StoreCreditAccount", id),
    balance(account, _, ctx) {
      settleCredit(ctx.sim, account);
      return moneyV2(creditBalance(account), account.currency);
    },
    owner({ customerId }, _, ctx) {
      const customer = ctx.shop.customers[customerId];
      return customer ? typed("Customer", customer) : null;
    },
    transactions: transactionConnection,
  }),
  StoreCreditAccountCreditTransaction: new Map([
    ...withId("StoreCreditAccountCreditTransaction"),
    ...fields<TransactionSource>({
      expiresAt: ({ transaction }) => dateTime(transaction.expiresAt),
      remainingAmount: ({ account, transaction }) => moneyV2(transaction.remainingMinor, account.currency),
    }),
  ]),
  StoreCreditAccountDebitTransaction: withId("StoreCreditAccountDebitTransaction"),
  StoreCreditAccountDebitRevertTransaction: new Map([
    ...withId("StoreCreditAccountDebitRevertTransaction"),
    ...fields<TransactionSource>({ debitTransaction: other }),
  ]),
  StoreCreditAccountExpirationTransaction: new Map([
    ...COMMON,
    ...fields<TransactionSource>({ creditTransaction: other }),
  ]),
};

/** For `node`: a transaction of any account by its numeric id. */
export function findCreditTransaction(shop: SimShop, type: SimCreditTransaction["type"], id: string): object | null {
  for (const account of Object.values(shop.storeCredit)) {
    const transaction = account.transactions.find((one) => one.id === id && one.type === type);
    if (transaction) return { account, transaction };
  }
  return null;
}

// Store credit: accounts per customer and currency, credits that may expire, debits that use the credit
// expiring soonest first.
import type { Id, Instant, Minor, SimCreditTransaction, SimShop, SimStoreCreditAccount } from "../state";
import { customerOf, Refused, stamp, whole, type World } from "./world";

/** The customer's account in a currency; null when nothing was ever credited. */
export function creditAccountOf(shop: SimShop, customerId: Id, currency: string): SimStoreCreditAccount | null {
  return (
    Object.values(shop.storeCredit).find((one) => one.customerId === customerId && one.currency === currency) ?? null
  );
}

/** The same, opened when there is none. @throws Refused when there is no such customer */
export function creditAccountFor(
  world: World,
  domain: string,
  customerId: Id,
  currency: string,
): SimStoreCreditAccount {
  const shop = world.shop(domain);
  const known = creditAccountOf(shop, customerOf(shop, customerId).id, currency);
  if (known) return known;
  const account: SimStoreCreditAccount = { id: world.newId(), customerId, currency, transactions: [] };
  shop.storeCredit[account.id] = account;
  return account;
}

/** What the account holds; settle it first. */
export function creditBalance(account: SimStoreCreditAccount): Minor {
  return account.transactions.at(-1)?.balanceAfterMinor ?? 0;
}

/** Books the expirations that time has made due. */
export function settleCredit(world: Pick<World, "now" | "newId">, account: SimStoreCreditAccount): void {
  const now = stamp(world);
  const due = account.transactions
    .filter(({ remainingMinor, expiresAt }) => remainingMinor > 0 && expiresAt !== null && expiresAt <= now)
    .sort((a, b) => ((a.expiresAt ?? "") < (b.expiresAt ?? "") ? -1 : 1));
  for (const credit of due) {
    const at = credit.expiresAt ?? now;
    append(world, account, { type: "expiration", amountMinor: -credit.remainingMinor, at, ofId: credit.id });
    credit.remainingMinor = 0;
  }
}

interface Booking {
  amountMinor: Minor;
  event?: SimCreditTransaction["event"];
  orderId?: Id | null;
  paymentId?: Id | null;
}

/** Money comes in. @throws Refused unless it is at least one unit */
export function creditAccount(
  world: World,
  account: SimStoreCreditAccount,
  input: Booking & { expiresAt?: Instant | null },
): SimCreditTransaction {
  settleCredit(world, account);
  const amountMinor = whole(input.amountMinor, "a credit", 1);
  return append(world, account, {
    ...input,
    type: "credit",
    amountMinor,
    remainingMinor: amountMinor,
    expiresAt: input.expiresAt ?? null,
  });
}

/** Money goes out. @throws Refused when the account holds less */
export function debitAccount(world: World, account: SimStoreCreditAccount, input: Booking): SimCreditTransaction {
  settleCredit(world, account);
  let open = whole(input.amountMinor, "a debit", 1);
  if (open > creditBalance(account)) throw new Refused("the store credit does not suffice");
  const never = "9999";
  const credits = account.transactions
    .filter(({ remainingMinor }) => remainingMinor > 0)
    .sort((a, b) => ((a.expiresAt ?? never) < (b.expiresAt ?? never) ? -1 : 1));
  for (const credit of credits) {
    const used = Math.min(open, credit.remainingMinor);
    credit.remainingMinor -= used;
    open -= used;
  }
  return append(world, account, { ...input, type: "debit", amountMinor: -input.amountMinor });
}

function append(
  world: Pick<World, "now" | "newId">,
  account: SimStoreCreditAccount,
  facts: Partial<SimCreditTransaction> & Pick<SimCreditTransaction, "type" | "amountMinor">,
): SimCreditTransaction {
  const transaction: SimCreditTransaction = {
    id: world.newId(),
    type: facts.type,
    amountMinor: facts.amountMinor,
    balanceAfterMinor: creditBalance(account) + facts.amountMinor,
    at: facts.at ?? stamp(world),
    event: facts.event ?? "adjustment",
    expiresAt: facts.expiresAt ?? null,
    remainingMinor: facts.remainingMinor ?? 0,
    orderId: facts.orderId ?? null,
    paymentId: facts.paymentId ?? null,
    ofId: facts.ofId ?? null,
  };
  account.transactions.push(transaction);
  return transaction;
}

// What a cart is paid with before card or cash: gift cards that were typed in, and store credit.
import {
  creditAccountOf,
  creditBalance,
  findGiftCard,
  giftCardBalance,
  isGiftCardGood,
  settleCredit,
} from "../../order-engine";
import type { Minor } from "../../state";
import type { Visit } from "./visit";

type CardProblem = "card_expired" | "card_empty";
export interface Tender {
  cards: { code: string; last: string; takesMinor: Minor; leftMinor: Minor }[];
  rejected: { code: string; last: string; why: CardProblem }[];
  /** Null: nobody is signed in, or there is no credit. */
  credit: { balanceMinor: Minor; takesMinor: Minor; used: boolean } | null;
  /** What card, cash or transfer still has to pay. */
  dueMinor: Minor;
}

const LAST = 4;

/** Splits a total over the cart's gift cards and the customer's credit, in the order the platform takes them. */
export function tenderOf(visit: Visit, totalMinor: Minor): Tender {
  const { sim, shop, cart } = visit;
  const tender: Tender = { cards: [], rejected: [], credit: null, dueMinor: totalMinor };
  for (const code of cart.giftCards) {
    const card = findGiftCard(shop, code);
    if (!card) continue;
    const balance = giftCardBalance(card);
    const last = code.slice(-LAST);
    const why = !isGiftCardGood(shop, card, sim.now()) ? "card_expired" : balance === 0 ? "card_empty" : null;
    if (why) {
      tender.rejected.push({ code, last, why });
      continue;
    }
    const takesMinor = Math.min(balance, tender.dueMinor);
    tender.cards.push({ code, last, takesMinor, leftMinor: balance - takesMinor });
    tender.dueMinor -= takesMinor;
  }
  const account = visit.customer ? creditAccountOf(shop, visit.customer.id, shop.currency) : null;
  if (account) {
    settleCredit(sim, account);
    const balanceMinor = creditBalance(account);
    const takesMinor = cart.useCredit ? Math.min(balanceMinor, tender.dueMinor) : 0;
    if (balanceMinor > 0) tender.credit = { balanceMinor, takesMinor, used: cart.useCredit };
    tender.dueMinor -= takesMinor;
  }
  return tender;
}

/** Whether the text is one of the shop's gift cards; remembers it for this cart when it is. */
export function addGiftCard(visit: Visit, text: string): boolean {
  const card = findGiftCard(visit.shop, text);
  if (!card) return false;
  if (!visit.cart.giftCards.includes(card.code)) visit.cart.giftCards.push(card.code);
  return true;
}

// The engine's own invariants: money is neither made nor lost, and nothing goes back that never came.
import { lineFigures, refundTotal, totals } from "../order-math";
import type { SimOrder } from "../state";

/** @throws Error when an order's figures do not add up: a mistake in the simulator itself */
export function assertConserved(order: SimOrder): void {
  const fail = (what: string): never => {
    throw new Error(`order ${order.name}: ${what}`);
  };
  const figures = totals(order);
  const onTop = order.taxesIncluded ? 0 : figures.totalTaxMinor;
  const parts =
    figures.lineItemsMinor -
    figures.discountsMinor +
    (order.shipping?.priceMinor ?? 0) +
    onTop +
    order.dutiesMinor +
    order.tipMinor;
  if (parts !== figures.totalMinor)
    fail(`lines − discounts + shipping + tax + duties + tip = ${parts}, total = ${figures.totalMinor}`);
  for (const line of order.lines) {
    const one = lineFigures(order, line);
    if (one.currentQuantity < 0) fail(`line ${line.id} has ${one.currentQuantity} units left`);
    if (one.discountMinor > one.amountMinor) fail(`line ${line.id} is discounted below zero`);
    if (one.currentNetMinor < 0 || one.currentTaxMinor < 0) fail(`line ${line.id} gave back more than it cost`);
    if (one.currentQuantity === 0 && one.currentNetMinor !== 0)
      fail(`line ${line.id} has no units but ${one.currentNetMinor} left`);
  }
  if (figures.currentShippingMinor < 0) fail("more shipping went back than was charged");
  if (figures.refundedMinor + figures.refundsPendingMinor > figures.paidMinor)
    fail(`refunds ${figures.refundedMinor} exceed payments ${figures.paidMinor}`);
  const back = order.refunds.reduce((sum, refund) => sum + refundTotal(order, refund), 0);
  if (back > figures.totalMinor) fail(`refunds of ${back} exceed the total ${figures.totalMinor}`);
}

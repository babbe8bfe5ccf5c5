// The front door of the order engine: what shoppers and merchants can do to orders. Each act changes
// the state and emits the events the platform sends for it; refusals throw `Refused`.
export { createOrder, type CreateOrderInput } from "./orders/create";
export { priceCart, type CartLine, type PricedCart } from "./orders/price-cart";
export { payOrder, voidPayment } from "./orders/pay";
export { refundOrder, settleRefund } from "./orders/refund";
export { editOrder } from "./orders/edit";
export { assignCustomer, cancelOrder, deleteOrder } from "./orders/cancel";
export { cancelFulfilment, deliverOrder, fulfilOrder } from "./orders/fulfil";
export { createReturn, moveReturn, removeFromReturn } from "./orders/returns";
export { closeDispute, openDispute } from "./orders/disputes";
export {
  createCustomer,
  deleteCustomer,
  mergeCustomers,
  setEmailConsent,
  setSmsConsent,
  updateCustomer,
} from "./orders/customers";
export { deleteCollection, deleteProduct, updateShop, upsertCollection, upsertProduct } from "./orders/catalogue";
export {
  activateDiscount,
  createDiscount,
  deactivateDiscount,
  deleteDiscount,
  discountClass,
  discountStatus,
  findDiscount,
  updateDiscount,
  type DiscountInput,
} from "./orders/discounts";
export { createGiftCard, deactivateGiftCard, findGiftCard, giftCardBalance, isGiftCardGood } from "./orders/gift-cards";
export {
  creditAccount,
  creditAccountFor,
  creditAccountOf,
  creditBalance,
  debitAccount,
  settleCredit,
} from "./orders/store-credit";
export { Refused, silentWorld } from "./orders/world";

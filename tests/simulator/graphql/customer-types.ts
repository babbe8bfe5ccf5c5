// Customers.
import { gid } from "../ids";
import { totals } from "../order-math";
import type { SimCustomer } from "../state";
import { paginate } from "./connection";
import { metafieldFields } from "./metafield-types";
import { moneyV2 } from "./money-bag";
import { ordersOfCustomer } from "./order-access";
import { orderConnection } from "./order-types";
import { compileSearch } from "./search";
import { accountConnection } from "./store-credit-types";
import { customerPosition, customerSearch, orderPosition } from "./search-tables";
import { dateTime, fields, upper, type Args, type GraphContext, type TypeTable } from "./types";

/** A page of customers by search and sort key. */
export function customerConnection(ctx: GraphContext, args: Args): unknown {
  const fits = compileSearch(args.query, customerSearch(ctx), ctx.shop.timeZone);
  const found = Object.values(ctx.shop.customers).filter(fits);
  return paginate(found, args, { position: customerPosition(args.sortKey), whole: ctx.bulk });
}

const optInLevel = (customer: SimCustomer) =>
  customer.emailConsent.optInLevel === null ? null : upper(customer.emailConsent.optInLevel);

const CUSTOMER: TypeTable = fields<SimCustomer>({
  id: ({ id }) => gid("Customer", id),
  legacyResourceId: ({ id }) => id,
  firstName: ({ firstName }) => firstName || null,
  lastName: ({ lastName }) => lastName || null,
  displayName: ({ firstName, lastName, email }) => `${firstName} ${lastName}`.trim() || email,
  email: ({ email }) => email || null,
  phone: ({ phone }) => phone,
  locale: ({ locale }) => locale,
  note: () => null,
  state: ({ state }) => upper(state),
  tags: ({ tags }) => tags,
  taxExempt: () => false,
  verifiedEmail: () => true,
  validEmailAddress: ({ email }) => /^[^@\s]+@[^@\s]+$/.test(email),
  createdAt: ({ createdAt }) => dateTime(createdAt),
  updatedAt: ({ updatedAt }) => dateTime(updatedAt),
  defaultEmailAddress: (customer) => (customer.email ? customer : null),
  defaultPhoneNumber: (customer) => (customer.phone ? customer : null),
  emailMarketingConsent: (customer) => (customer.email ? customer : null),
  smsMarketingConsent: (customer) => (customer.smsConsent ? customer : null),
  numberOfOrders: ({ id }, _, ctx) =>
    String(ordersOfCustomer(ctx, id).filter(({ deletedAt }) => deletedAt === null).length),
  amountSpent({ id }, _, ctx) {
    const spent = ordersOfCustomer(ctx, id)
      .filter(({ deletedAt, test }) => deletedAt === null && !test)
      .map((order) => totals(order))
      .reduce((sum, { paidMinor, refundedMinor }) => sum + paidMinor - refundedMinor, 0);
    return moneyV2(spent, ctx.shop.currency);
  },
  orders: ({ id }, args, ctx) =>
    orderConnection(ctx, { ...pick(args), sortKey: args.sortKey ?? "ID" }, ordersOfCustomer(ctx, id)),
  storeCreditAccounts: accountConnection,
  lastOrder({ id }, _, ctx) {
    const page = paginate(ordersOfCustomer(ctx, id), { last: 1 }, { position: orderPosition("CREATED_AT") });
    return page.edges[0]?.node ?? null;
  },
});

/** Reads every paging argument, so that none counts as overlooked. */
function pick(args: Args): Args {
  const { first, last, after, before, reverse, query } = args;
  return { first, last, after, before, reverse, query };
}

export const CUSTOMER_TYPES: Record<string, TypeTable> = {
  Customer: new Map([...CUSTOMER, ...metafieldFields<SimCustomer>(({ id }) => gid("Customer", id))]),
  CustomerEmailAddress: fields<SimCustomer>({
    emailAddress: ({ email }) => email,
    marketingState: ({ emailConsent }) => upper(emailConsent.state),
    marketingOptInLevel: optInLevel,
    marketingUpdatedAt: ({ emailConsent }) => dateTime(emailConsent.updatedAt),
    validFormat: ({ email }) => /^[^@\s]+@[^@\s]+$/.test(email),
  }),
  CustomerPhoneNumber: fields<SimCustomer>({
    phoneNumber: ({ phone }) => phone,
    marketingState: ({ smsConsent }) => upper(smsConsent?.state ?? "not_subscribed"),
    marketingUpdatedAt: ({ smsConsent }) => dateTime(smsConsent?.updatedAt ?? null),
  }),
  CustomerEmailMarketingConsentState: fields<SimCustomer>({
    marketingState: ({ emailConsent }) => upper(emailConsent.state),
    marketingOptInLevel: optInLevel,
    consentUpdatedAt: ({ emailConsent }) => dateTime(emailConsent.updatedAt),
  }),
  CustomerSmsMarketingConsentState: fields<SimCustomer>({
    marketingState: ({ smsConsent }) => upper(smsConsent?.state ?? "not_subscribed"),
    marketingOptInLevel: () => "SINGLE_OPT_IN",
    consentUpdatedAt: ({ smsConsent }) => dateTime(smsConsent?.updatedAt ?? null),
  }),
};

// Customer bodies: their own topics, inside orders, consents, merge and privacy requests. The platform
// dropped tags and order counts from these bodies; whoever needs them asks the Admin API.
import { gid } from "../ids";
import type { Id, SimCustomer, SimEvent, SimShop } from "../state";
import { customerAddress } from "./addresses";
import { num, when, whenOrNull } from "./primitives";

function common(shop: SimShop, customer: SimCustomer): Record<string, unknown> {
  return {
    id: num(customer.id),
    created_at: when(customer.createdAt, shop),
    updated_at: when(customer.updatedAt, shop),
    first_name: customer.firstName,
    last_name: customer.lastName,
    state: customer.state,
    note: "",
    verified_email: true,
    multipass_identifier: null,
    tax_exempt: false,
    email: customer.email,
    phone: customer.phone,
    currency: shop.currency,
    tax_exemptions: [],
    admin_graphql_api_id: gid("Customer", customer.id),
    default_address: customerAddress(shop, customer),
  };
}

/** The customer inside an order. */
export const orderCustomer = (shop: SimShop, customer: SimCustomer): Record<string, unknown> => common(shop, customer);

/** customers/create, update, enable, disable. */
export function customerBody(shop: SimShop, customer: SimCustomer): Record<string, unknown> {
  return { ...common(shop, customer), addresses: [customerAddress(shop, customer)] };
}

export const customerDeleteBody = (id: Id): Record<string, unknown> => ({
  id: num(id),
  tax_exemptions: [],
  admin_graphql_api_id: gid("Customer", id),
});

/** customers/merge: `extra` is what mergeCustomers put there. */
export function mergeBody(extra: NonNullable<SimEvent["extra"]>): Record<string, unknown> {
  const failed = extra.status === "failed";
  const kept = String(extra.keptId);
  return {
    admin_graphql_api_customer_kept_id: gid("Customer", kept),
    admin_graphql_api_customer_deleted_id: gid("Customer", String(extra.deletedId)),
    admin_graphql_api_job_id: null,
    status: String(extra.status),
    errors: failed
      ? [
          {
            customer_ids: [num(kept)],
            field: "merge_in_progress",
            message: `${String(extra.name)} is currently being merged.`,
          },
        ]
      : [],
  };
}

export function emailConsentBody(shop: SimShop, customer: SimCustomer): Record<string, unknown> {
  const { state, optInLevel, updatedAt } = customer.emailConsent;
  return {
    customer_id: num(customer.id),
    email_address: customer.email,
    email_marketing_consent: { state, opt_in_level: optInLevel, consent_updated_at: whenOrNull(updatedAt, shop) },
  };
}

export function smsConsentBody(shop: SimShop, customer: SimCustomer): Record<string, unknown> {
  return {
    id: num(customer.id),
    phone: customer.phone,
    sms_marketing_consent: {
      state: customer.smsConsent?.state ?? "not_subscribed",
      opt_in_level: customer.smsConsent?.state === "subscribed" ? "single_opt_in" : null,
      consent_updated_at: whenOrNull(customer.smsConsent?.updatedAt ?? null, shop),
      consent_collected_from: "SHOPIFY",
    },
  };
}

/** customers/redact and customers/data_request. The customer may be gone already: extra says who. */
export function privacyBody(shop: SimShop, event: SimEvent): Record<string, unknown> {
  const id = event.ids.customerId ?? "0";
  const known = shop.customers[id];
  const email = String(event.extra?.email ?? known?.email ?? "unknown@example.com");
  const orders = Object.values(shop.orders).filter((order) => order.customerId === id);
  const body = {
    shop_id: num(shop.id),
    shop_domain: shop.domain,
    customer: { id: num(id), email, phone: known?.phone ?? "" },
  };
  const ids = orders.map((order) => num(order.id));
  if (event.topic === "customers/redact") return { ...body, orders_to_redact: ids };
  return { ...body, orders_requested: ids, data_request: { id: Number(event.extra?.requestId ?? 9_999) } };
}

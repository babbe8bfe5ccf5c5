// Customers: made, changed, merged, forgotten.
import type { Id, SimCustomer } from "../state";
import { customerOf, Refused, stamp, type World } from "./world";

type CustomerInput = Partial<
  Pick<SimCustomer, "firstName" | "lastName" | "phone" | "locale" | "tags" | "state" | "birthday">
> & {
  email?: string;
  acceptsMarketing?: boolean;
};

/** Makes a customer. @throws Refused when the address is taken or not one */
export function createCustomer(world: World, domain: string, input: CustomerInput & { email: string }): SimCustomer {
  const shop = world.shop(domain);
  checkEmail(world, domain, input.email, null);
  const now = stamp(world);
  const customer: SimCustomer = {
    id: world.newId(),
    firstName: input.firstName ?? "",
    lastName: input.lastName ?? "",
    email: input.email,
    phone: input.phone ?? null,
    locale: input.locale ?? shop.locale,
    tags: input.tags ?? [],
    state: input.state ?? "disabled",
    emailConsent: input.acceptsMarketing
      ? { state: "subscribed", optInLevel: "single_opt_in", updatedAt: now }
      : { state: "not_subscribed", optInLevel: null, updatedAt: null },
    smsConsent: null,
    birthday: input.birthday ?? null,
    createdAt: now,
    updatedAt: now,
  };
  shop.customers[customer.id] = customer;
  world.emit({ shop: domain, topic: "customers/create", ids: { customerId: customer.id } });
  return customer;
}

function checkEmail(world: World, domain: string, email: string, own: Id | null): void {
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) throw new Refused(`"${email}" is not an e-mail address`);
  const taken = Object.values(world.shop(domain).customers).some(
    (other) => other.id !== own && other.email.toLowerCase() === email.toLowerCase(),
  );
  if (taken) throw new Refused(`${email} has already been taken`);
}

/** Changes a customer's own facts. @throws Refused when the address is taken or not one */
export function updateCustomer(world: World, domain: string, customerId: Id, input: CustomerInput): SimCustomer {
  const customer = customerOf(world.shop(domain), customerId);
  if (input.email !== undefined) checkEmail(world, domain, input.email, customerId);
  const wasEnabled = customer.state === "enabled";
  const { acceptsMarketing, ...facts } = input;
  for (const [key, value] of Object.entries(facts)) if (value !== undefined) Object.assign(customer, { [key]: value });
  customer.updatedAt = stamp(world);
  world.emit({ shop: domain, topic: "customers/update", ids: { customerId } });
  if (wasEnabled !== (customer.state === "enabled"))
    world.emit({ shop: domain, topic: wasEnabled ? "customers/disable" : "customers/enable", ids: { customerId } });
  if (acceptsMarketing !== undefined)
    setEmailConsent(world, domain, customerId, acceptsMarketing ? "subscribed" : "unsubscribed");
  return customer;
}

/** The shopper's word on marketing e-mail. */
export function setEmailConsent(
  world: World,
  domain: string,
  customerId: Id,
  state: "subscribed" | "unsubscribed",
): SimCustomer {
  const customer = customerOf(world.shop(domain), customerId);
  const now = stamp(world);
  customer.emailConsent = {
    state,
    optInLevel: state === "subscribed" ? "single_opt_in" : customer.emailConsent.optInLevel,
    updatedAt: now,
  };
  customer.updatedAt = now;
  world.emit({ shop: domain, topic: "customers_email_marketing_consent/update", ids: { customerId } });
  world.emit({ shop: domain, topic: "customers/update", ids: { customerId } });
  return customer;
}

/** The shopper's word on marketing SMS. */
export function setSmsConsent(
  world: World,
  domain: string,
  customerId: Id,
  state: "subscribed" | "unsubscribed",
): SimCustomer {
  const customer = customerOf(world.shop(domain), customerId);
  const now = stamp(world);
  customer.smsConsent = { state, updatedAt: now };
  customer.updatedAt = now;
  world.emit({ shop: domain, topic: "customers_marketing_consent/update", ids: { customerId } });
  world.emit({ shop: domain, topic: "customers/update", ids: { customerId } });
  return customer;
}

/** Removes a customer. @throws Refused when orders hold them, as at the platform */
export function deleteCustomer(world: World, domain: string, customerId: Id): void {
  const shop = world.shop(domain);
  customerOf(shop, customerId);
  if (Object.values(shop.orders).some((order) => order.customerId === customerId && !order.deletedAt))
    throw new Refused(`customer ${customerId} has orders and cannot be deleted`);
  delete shop.customers[customerId];
  world.emit({ shop: domain, topic: "customers/delete", ids: { customerId } });
}

/** Two records become one; which one is kept is the platform's choice, here the caller's. */
export function mergeCustomers(
  world: World,
  domain: string,
  keptId: Id,
  deletedId: Id,
  outcome: "completed" | "failed" = "completed",
): void {
  const shop = world.shop(domain);
  if (keptId === deletedId) throw new Refused("a customer cannot be merged with itself");
  const kept = customerOf(shop, keptId);
  const deleted = customerOf(shop, deletedId);
  // The platform's "hard blockers": someone who holds gift cards or store credit is not merged.
  const holds = (id: Id): boolean =>
    Object.values(shop.giftCards).some((card) => card.customerId === id) ||
    Object.values(shop.storeCredit).some((account) => account.customerId === id);
  if (outcome === "completed" && (holds(keptId) || holds(deletedId)))
    throw new Refused("a customer with gift cards or store credit cannot be merged");
  const extra = { keptId, deletedId, status: outcome, name: `${deleted.firstName} ${deleted.lastName}`.trim() };
  if (outcome === "failed") {
    world.emit({ shop: domain, topic: "customers/merge", ids: { customerId: keptId }, extra });
    return;
  }
  for (const order of Object.values(shop.orders)) if (order.customerId === deletedId) order.customerId = keptId;
  kept.tags = [...new Set([...kept.tags, ...deleted.tags])];
  kept.updatedAt = stamp(world);
  delete shop.customers[deletedId];
  shop.mergedCustomers[deletedId] = keptId;
  world.emit({ shop: domain, topic: "customers/merge", ids: { customerId: keptId }, extra });
  world.emit({ shop: domain, topic: "customers/update", ids: { customerId: keptId } });
}

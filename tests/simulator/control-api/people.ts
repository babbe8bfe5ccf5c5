// /control/shops/:domain/customers…: customers and what privacy law makes of them.
import { z } from "zod";

import {
  createCustomer,
  deleteCustomer,
  mergeCustomers,
  setEmailConsent,
  setSmsConsent,
  updateCustomer,
} from "../order-engine";
import { issueCustomerToken } from "../customer-token";
import type { Context } from "../router";
import type { SimCustomer, SimShop } from "../state";
import { bodyAs, NotFound, param, query, queryNumber, type ControlRoutes } from "./respond";

const facts = {
  firstName: z.string().optional(),
  lastName: z.string().optional(),
  phone: z.string().nullable().optional(),
  locale: z.enum(["en", "ja"]).optional(),
  tags: z.array(z.string()).optional(),
  state: z.enum(["disabled", "enabled"]).optional(),
  birthday: z.iso.date().nullable().optional(),
  acceptsMarketing: z.boolean().optional(),
};
const word = z.enum(["subscribed", "unsubscribed"]).optional();

function found(shop: SimShop, ctx: Context): SimCustomer {
  const key = decodeURIComponent(param(ctx, "id"));
  const customer = shop.customers[key] ?? Object.values(shop.customers).find((candidate) => candidate.email === key);
  if (!customer) throw new NotFound(`${shop.domain} has no customer ${key}`);
  return customer;
}

/** Mounts the endpoints about customers. */
export function mountPeople(routes: ControlRoutes): void {
  const base = "/control/shops/:domain/customers";
  const { sim } = routes;
  routes.on("GET", base, "Customers, newest first. ?search=&limit=50", (ctx) => {
    const search = (query(ctx, "search") ?? "").toLowerCase();
    const customers = Object.values(routes.shop(ctx).customers)
      .filter(({ firstName, lastName, email }) =>
        `${lastName} ${firstName} ${lastName} ${email}`.toLowerCase().includes(search),
      )
      .sort((a, b) => Number(b.id) - Number(a.id));
    return { count: customers.length, customers: customers.slice(0, queryNumber(ctx, "limit", 50)) };
  });
  routes.on(
    "POST",
    base,
    "Makes a customer. {email, firstName?, lastName?, phone?, locale?, tags?, state?, birthday?, acceptsMarketing?}",
    async (ctx) => {
      const shop = routes.shop(ctx);
      return {
        customer: createCustomer(sim, shop.domain, await bodyAs(ctx, z.strictObject({ ...facts, email: z.string() }))),
      };
    },
  );
  const merge = z.strictObject({
    keptId: z.string(),
    deletedId: z.string(),
    outcome: z.enum(["completed", "failed"]).optional(),
  });
  routes.on("POST", `${base}/merge`, "Merges two. {keptId, deletedId, outcome?: completed | failed}", async (ctx) => {
    const shop = routes.shop(ctx);
    const { keptId, deletedId, outcome } = await bodyAs(ctx, merge);
    mergeCustomers(sim, shop.domain, keptId, deletedId, outcome);
    return { customer: shop.customers[keptId] };
  });
  routes.on("GET", `${base}/:id`, "One customer, by id or e-mail", (ctx) => ({
    customer: found(routes.shop(ctx), ctx),
  }));
  routes.on(
    "POST",
    `${base}/:id/session-token`,
    "A token as customer-account extensions get it, for five minutes",
    async (ctx) => {
      const shop = routes.shop(ctx);
      return { token: await issueCustomerToken(sim, shop.domain, found(shop, ctx).id) };
    },
  );
  routes.on("PATCH", `${base}/:id`, "Changes a customer: the fields of POST", async (ctx) => {
    const shop = routes.shop(ctx);
    const input = await bodyAs(ctx, z.strictObject({ ...facts, email: z.string().optional() }));
    return { customer: updateCustomer(sim, shop.domain, found(shop, ctx).id, input) };
  });
  routes.on("DELETE", `${base}/:id`, "Deletes a customer without orders", (ctx) => {
    const shop = routes.shop(ctx);
    deleteCustomer(sim, shop.domain, found(shop, ctx).id);
  });
  routes.on(
    "POST",
    `${base}/:id/consent`,
    "Marketing consent. {email?, sms?: subscribed | unsubscribed}",
    async (ctx) => {
      const shop = routes.shop(ctx);
      const customer = found(shop, ctx);
      const { email, sms } = await bodyAs(ctx, z.strictObject({ email: word, sms: word }));
      if (email) setEmailConsent(sim, shop.domain, customer.id, email);
      if (sms) setSmsConsent(sim, shop.domain, customer.id, sms);
      return { customer };
    },
  );
  for (const [step, topic] of [
    ["redact", "customers/redact"],
    ["data-request", "customers/data_request"],
  ] as const) {
    routes.on(
      "POST",
      `${base}/:id/${step}`,
      `Sends ${topic}. The customer need not exist (any more). {email?}`,
      async (ctx) => {
        const shop = routes.shop(ctx);
        const { email } = await bodyAs(ctx, z.strictObject({ email: z.email().optional() }));
        // Each request is one of its own: Shopify numbers them.
        const extra = { requestId: sim.newId(), ...(email ? { email } : {}) };
        sim.emit({ shop: shop.domain, topic, ids: { customerId: param(ctx, "id") }, extra });
      },
    );
  }
}

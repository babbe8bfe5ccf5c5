// /control/shops/:domain…: the shop itself, its catalogue, its app.
import { z } from "zod";

import { deleteCollection, deleteProduct, Refused, updateShop, upsertCollection, upsertProduct } from "../order-engine";
import { changeScopes, issueIdToken, expireTokens, installApp, revokeTokens, uninstallApp } from "../oauth";
import type { SimShop } from "../state";
import { bodyAs, NotFound, param, query, type ControlRoutes } from "./respond";

const both = z.strictObject({ en: z.string(), ja: z.string() });
const minor = z.int().min(0);
const productBody = z.strictObject({
  handle: z.string().optional(),
  title: both.optional(),
  description: both.optional(),
  vendor: z.string().optional(),
  productType: z.string().optional(),
  tags: z.array(z.string()).optional(),
  image: z.string().optional(),
  isGiftCard: z.boolean().optional(),
  optionName: z.string().nullable().optional(),
  variants: z
    .array(
      z.strictObject({
        id: z.string().optional(),
        title: z.string().optional(),
        sku: z.string().optional(),
        priceMinor: minor.optional(),
        compareAtMinor: minor.nullable().optional(),
        available: z.boolean().optional(),
      }),
    )
    .min(1)
    .optional(),
});
const collectionBody = z.strictObject({
  handle: z.string().optional(),
  title: both.optional(),
  productIds: z.array(z.string()).optional(),
});
const shopBody = z.strictObject({
  name: z.string().optional(),
  email: z.email().optional(),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional(),
  timeZone: z.string().optional(),
  taxesIncluded: z.boolean().optional(),
  taxRates: z
    .array(z.strictObject({ name: z.string(), basisPoints: z.number().min(0), productTag: z.string().nullable() }))
    .optional(),
  shippingMinor: minor.optional(),
  freeShippingFromMinor: minor.nullable().optional(),
  planName: z.string().optional(),
  isDevelopment: z.boolean().optional(),
  presentment: z.record(z.string(), z.number().positive()).optional(),
  locale: z.enum(["en", "ja"]).optional(),
});

function shown(shop: SimShop): Record<string, unknown> {
  const {
    domain,
    id,
    name,
    email,
    currency,
    presentment,
    timeZone,
    country,
    locale,
    taxesIncluded,
    taxRates,
    shippingMinor,
    freeShippingFromMinor,
    planName,
    isDevelopment,
    staff,
  } = shop;
  return {
    domain, id, name, email, currency, presentment, timeZone, country, locale, taxesIncluded, taxRates, shippingMinor, freeShippingFromMinor, planName, isDevelopment, staff,
    installed: shop.install !== null,
    scopes: shop.install?.scopes ?? [],
    counts: {
      orders: Object.values(shop.orders).filter((order) => !order.deletedAt).length,
      customers: Object.keys(shop.customers).length,
      products: Object.keys(shop.products).length,
      collections: Object.keys(shop.collections).length,
      subscriptions: Object.keys(shop.subscriptions).length,
      metafields: shop.metafields.length,
    },
  }; // prettier-ignore
}

/** Mounts the endpoints about shops. */
export function mountShops(routes: ControlRoutes): void {
  const base = "/control/shops/:domain";
  const { sim } = routes;
  routes.on("GET", "/control/shops", "The shops", () => ({ shops: Object.values(sim.state.shops).map(shown) }));
  routes.on("GET", base, "One shop with its counts", (ctx) => ({ shop: shown(routes.shop(ctx)) }));
  routes.on(
    "PATCH",
    base,
    "Changes settings: name, currency, timeZone, taxesIncluded, shippingMinor, isDevelopment, …",
    async (ctx) => {
      const shop = routes.shop(ctx);
      return { shop: shown(updateShop(sim, shop.domain, await bodyAs(ctx, shopBody))) };
    },
  );
  routes.on("GET", `${base}/metafields`, "Metafields. ?owner=gid://shopify/Customer/1&namespace=&key=", (ctx) => {
    const [owner, namespace, key] = [query(ctx, "owner"), query(ctx, "namespace"), query(ctx, "key")];
    const metafields = routes
      .shop(ctx)
      .metafields.filter(
        (one) =>
          (!owner || one.ownerGid === owner) &&
          (!namespace || one.namespace === namespace) &&
          (!key || one.key === key),
      );
    return { count: metafields.length, metafields };
  });
  routes.on("GET", `${base}/subscriptions`, "Webhook subscriptions", (ctx) => ({
    subscriptions: Object.values(routes.shop(ctx).subscriptions),
  }));
  routes.on(
    "DELETE",
    `${base}/subscriptions/:id`,
    "Removes a subscription, as the platform does after failures (:id may be a topic with . for /)",
    (ctx) => {
      const shop = routes.shop(ctx);
      const key = param(ctx, "id");
      const gone = Object.values(shop.subscriptions).filter(
        ({ id, topic }) => id === key || topic.replace("/", ".") === key,
      );
      if (gone.length === 0) throw new NotFound(`${shop.domain} has no subscription ${key}`);
      for (const { id } of gone) delete shop.subscriptions[id];
      return { removed: gone.length };
    },
  );
  mountCatalogue(routes, base);
  mountApp(routes, base);
}

function mountCatalogue(routes: ControlRoutes, base: string): void {
  const { sim } = routes;
  routes.on("GET", `${base}/products`, "Products", (ctx) => ({ products: Object.values(routes.shop(ctx).products) }));
  routes.on(
    "POST",
    `${base}/products`,
    "Makes a product. {title: {en, ja}, variants: [{priceMinor, title?}], tags?, …}",
    async (ctx) => {
      const shop = routes.shop(ctx);
      return { product: upsertProduct(sim, shop.domain, null, await bodyAs(ctx, productBody)) };
    },
  );
  routes.on("PATCH", `${base}/products/:id`, "Changes a product", async (ctx) => {
    const shop = routes.shop(ctx);
    return { product: upsertProduct(sim, shop.domain, param(ctx, "id"), await bodyAs(ctx, productBody)) };
  });
  routes.on("DELETE", `${base}/products/:id`, "Deletes a product", (ctx) =>
    deleteProduct(sim, routes.shop(ctx).domain, param(ctx, "id")),
  );
  routes.on("GET", `${base}/collections`, "Collections", (ctx) => ({
    collections: Object.values(routes.shop(ctx).collections),
  }));
  routes.on("POST", `${base}/collections`, "Makes a collection. {title: {en, ja}, productIds}", async (ctx) => {
    const shop = routes.shop(ctx);
    return { collection: upsertCollection(sim, shop.domain, null, await bodyAs(ctx, collectionBody)) };
  });
  routes.on("PATCH", `${base}/collections/:id`, "Changes a collection", async (ctx) => {
    const shop = routes.shop(ctx);
    return { collection: upsertCollection(sim, shop.domain, param(ctx, "id"), await bodyAs(ctx, collectionBody)) };
  });
  routes.on("DELETE", `${base}/collections/:id`, "Deletes a collection", (ctx) =>
    deleteCollection(sim, routes.shop(ctx).domain, param(ctx, "id")),
  );
}

function mountApp(routes: ControlRoutes, base: string): void {
  const { sim } = routes;
  const installed = (shop: SimShop): SimShop => {
    if (!shop.install) throw new Refused(`the app is not installed in ${shop.domain}`);
    return shop;
  };
  routes.on("POST", `${base}/app/install`, "Installs (or reinstalls) the app and opens its page once", async (ctx) => {
    const shop = routes.shop(ctx);
    await installApp(sim, shop.domain);
    return { shop: shown(shop) };
  });
  routes.on(
    "POST",
    `${base}/id-token`,
    "A session token of a staff member (the first), for one minute. {staffId?}",
    async (ctx) => {
      const shop = installed(routes.shop(ctx));
      const { staffId } = await bodyAs(ctx, z.strictObject({ staffId: z.string().optional() }));
      if (staffId && !shop.staff.some(({ id }) => id === staffId))
        throw new NotFound(`${shop.domain} has no staff member ${staffId}`);
      return { token: await issueIdToken(sim, shop.domain, staffId) };
    },
  );
  routes.on(
    "POST",
    `${base}/app/uninstall`,
    "Uninstalls the app; shop/redact follows 48 h later on the virtual clock",
    (ctx) => {
      const shop = installed(routes.shop(ctx));
      uninstallApp(sim, shop.domain);
      return { shop: shown(shop) };
    },
  );
  routes.on("POST", `${base}/app/scopes`, "Changes the granted scopes. {scopes: []}", async (ctx) => {
    const shop = installed(routes.shop(ctx));
    const { scopes } = await bodyAs(ctx, z.strictObject({ scopes: z.array(z.string()) }));
    changeScopes(sim, shop.domain, scopes);
    return { shop: shown(shop) };
  });
  routes.on("POST", `${base}/app/revoke-tokens`, "Revokes every token of the app", (ctx) =>
    revokeTokens(sim, installed(routes.shop(ctx)).domain),
  );
  routes.on("POST", `${base}/app/expire-tokens`, "Lets every access token expire now", (ctx) =>
    expireTokens(sim, installed(routes.shop(ctx)).domain),
  );
  routes.on("POST", `${base}/redact`, "Sends shop/redact now", (ctx) =>
    sim.emit({ shop: routes.shop(ctx).domain, topic: "shop/redact", ids: {} }),
  );
  routes.on("POST", `${base}/theme/publish`, "Publishes another theme. {name?}", async (ctx) => {
    const shop = routes.shop(ctx);
    const { name } = await bodyAs(ctx, z.strictObject({ name: z.string().optional() }));
    sim.emit({ shop: shop.domain, topic: "themes/publish", ids: {}, extra: { name: name ?? "Kura" } });
  });
}

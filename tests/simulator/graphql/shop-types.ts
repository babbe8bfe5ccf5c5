// The shop and the app's installation in it.
import { DateTime } from "luxon";

import { gid } from "../ids";
import type { SimInstall, SimShop } from "../state";
import { metafieldFields } from "./metafield-types";
import { fields, plain, type GraphContext, type TypeTable } from "./types";
import { API_VERSION } from "./version";

const localTime = (shop: SimShop, ctx: GraphContext) => DateTime.fromJSDate(ctx.sim.now(), { zone: shop.timeZone });
const address = (shop: SimShop) => ({ id: gid("ShopAddress", shop.id), countryCodeV2: shop.country });

const SHOP: TypeTable = fields<SimShop>({
  id: ({ id }) => gid("Shop", id),
  name: ({ name }) => name,
  email: ({ email }) => email,
  contactEmail: ({ email }) => email,
  shopOwnerName: ({ staff, name }) => staff[0]?.name ?? name,
  myshopifyDomain: ({ domain }) => domain,
  url: ({ domain }) => `https://${domain}`,
  primaryDomain: ({ id, domain }) => ({
    id: gid("Domain", id),
    host: domain,
    url: `https://${domain}`,
    sslEnabled: true,
  }),
  currencyCode: ({ currency }) => currency,
  enabledPresentmentCurrencies: ({ currency, presentment }) => [
    currency,
    ...Object.keys(presentment).filter((code) => code !== currency),
  ],
  ianaTimezone: ({ timeZone }) => timeZone,
  timezoneOffset: (shop, _, ctx) => localTime(shop, ctx).toFormat("ZZZ"),
  timezoneOffsetMinutes: (shop, _, ctx) => localTime(shop, ctx).offset,
  timezoneAbbreviation: (shop, _, ctx) => localTime(shop, ctx).toFormat("ZZZZ"),
  taxesIncluded: ({ taxesIncluded }) => taxesIncluded,
  plan: ({ planName, isDevelopment }) => ({
    publicDisplayName: isDevelopment ? "Development" : planName,
    displayName: isDevelopment ? "Developer Preview" : planName,
    partnerDevelopment: isDevelopment,
    shopifyPlus: /plus/i.test(planName),
  }),
  shopAddress: address,
  billingAddress: address,
});

const INSTALLATION: TypeTable = fields<SimInstall>({
  id: ({ installationId }) => gid("AppInstallation", installationId),
  app: (install) => install,
  accessScopes: ({ scopes }) => scopes.map((handle) => ({ handle, description: handle.replaceAll("_", " ") })),
  activeSubscriptions: () => [],
  launchUrl: (_, __, ctx) => `https://${ctx.shop.domain}/admin/apps/${ctx.sim.apiKey}`,
  uninstallUrl: () => null,
});

export const SHOP_TYPES: Record<string, TypeTable> = {
  Shop: new Map([...SHOP, ...metafieldFields<SimShop>(({ id }) => gid("Shop", id))]),
  ShopPlan: plain("publicDisplayName", "displayName", "partnerDevelopment", "shopifyPlus"),
  ShopAddress: plain("id", "countryCodeV2"),
  Domain: plain("id", "host", "url", "sslEnabled"),
  AppInstallation: new Map([
    ...INSTALLATION,
    ...metafieldFields<SimInstall>(({ installationId }) => gid("AppInstallation", installationId)),
  ]),
  App: fields<SimInstall>({
    id: ({ appId }) => gid("App", appId),
    apiKey: (_, __, ctx) => ctx.sim.apiKey,
    title: () => "Kizuna",
    handle: () => "kizuna",
    embedded: () => true,
    installation: (install) => install,
    webhookApiVersion: () => API_VERSION,
  }),
  AccessScope: plain("handle", "description"),
};

// Tokens and the life of an installation: token exchange, expiring offline tokens with rotating refresh,
// online tokens, revocation, scope changes, uninstall and reinstall.
import { randomBytes, randomUUID, timingSafeEqual } from "node:crypto";

import { jwtVerify, SignJWT } from "jose";

import { readAppConfig } from "./app-config";
import { takeFault } from "./faults";
import type { Context, Router } from "./router";
import type { Simulator } from "./simulator";
import type { Id, SimInstall, SimShop, SimToken } from "./state";

const OFFLINE_SECONDS = 3_600;
const ONLINE_SECONDS = 86_399;
const REFRESH_SECONDS = 90 * 86_400;
const ID_TOKEN_SECONDS = 60;
const REDACT_AFTER_MS = 48 * 3_600_000;
const NEVER_MS = Number.MAX_SAFE_INTEGER;
/** Kept after an uninstall: compliance topics belong to the app, not to the installation. */
const COMPLIANCE_TOPICS = ["customers/data_request", "customers/redact", "shop/redact"];
const EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
const ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token";
const TOKEN_KINDS: Record<string, SimToken["kind"]> = {
  "urn:shopify:params:oauth:token-type:offline-access-token": "offline",
  "urn:shopify:params:oauth:token-type:online-access-token": "online",
};

/** 小川 直子: names in these scripts begin with the family's. */
const FAMILY_FIRST = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;

/** Answered to the caller as an OAuth error. */
class OauthError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    description: string,
  ) {
    super(description);
  }
}

/** Mounts POST /admin/oauth/access_token; the header x-sim-host says which shop is meant. */
export function mountOauth(router: Router, sim: Simulator): void {
  router.on("POST", "/admin/oauth/access_token", async (ctx) => {
    const started = Date.now();
    const domain = String(ctx.req.headers["x-sim-host"] ?? "");
    const form = await readForm(ctx);
    const summary = `token ${shortGrant(form.grant_type)}`;
    const log = (status: number) =>
      sim.requestLog.add({
        at: sim.now().toISOString(),
        direction: "oauth",
        shop: domain,
        summary,
        status,
        ms: Date.now() - started,
      });
    if (takeFault(sim.faults, "tokenStatus5xx")) {
      log(503);
      return ctx.send(503, "<h1>Service unavailable</h1>");
    }
    try {
      const answer = await grant(sim, domain, form);
      if (takeFault(sim.faults, "tokenAnswerLost")) {
        log(0);
        ctx.res.destroy();
        return;
      }
      log(200);
      ctx.send(200, answer, { "cache-control": "no-store" });
    } catch (error) {
      if (!(error instanceof OauthError)) throw error;
      log(error.status);
      ctx.send(error.status, { error: error.code, error_description: error.message });
    }
  });
}

async function readForm(ctx: Context): Promise<Record<string, string>> {
  if (String(ctx.req.headers["content-type"] ?? "").includes("application/json")) {
    const body = await ctx.json();
    const entries = body && typeof body === "object" ? Object.entries(body) : [];
    return Object.fromEntries(entries.map(([key, value]) => [key, String(value)]));
  }
  return Object.fromEntries(new URLSearchParams(await ctx.body()));
}

const shortGrant = (grantType = "none"): string => grantType.split(":").at(-1) ?? grantType;

async function grant(sim: Simulator, domain: string, form: Record<string, string>): Promise<Record<string, unknown>> {
  const shop = sim.findShop(domain);
  if (!shop) throw new OauthError(404, "not_found", `there is no shop ${domain}`);
  if (!same(form.client_id, sim.apiKey) || !same(form.client_secret, sim.apiSecret)) {
    throw new OauthError(400, "application_cannot_be_found", "client id or secret is wrong");
  }
  switch (form.grant_type) {
    case EXCHANGE:
      return exchange(sim, shop, form);
    case "refresh_token":
      return refresh(sim, shop, form.refresh_token ?? "");
    default:
      throw new OauthError(
        400,
        "unsupported_grant_type",
        `simulator: grant type ${form.grant_type ?? "(none)"} is not implemented`,
      );
  }
}

async function exchange(sim: Simulator, shop: SimShop, form: Record<string, string>): Promise<Record<string, unknown>> {
  const kind = TOKEN_KINDS[form.requested_token_type ?? ""];
  if (form.subject_token_type !== ID_TOKEN || !kind) {
    throw new OauthError(400, "invalid_request", "subject_token_type or requested_token_type is wrong");
  }
  const staffId = await verifyIdToken(sim, shop, form.subject_token ?? "");
  const install = shop.install;
  if (!install) throw new OauthError(400, "invalid_subject_token", "the app is not installed in this shop");
  const scope = install.scopes.join(",");
  if (kind === "online") {
    const token = addToken(sim, install, { kind, refresh: null, seconds: ONLINE_SECONDS, staffId });
    return {
      access_token: token.access,
      scope,
      expires_in: ONLINE_SECONDS,
      associated_user_scope: scope,
      associated_user: associatedUser(shop, staffId),
    };
  }
  if (form.expiring !== "1")
    return { access_token: addToken(sim, install, { kind, refresh: null, seconds: null }).access, scope };
  return expiringAnswer(addToken(sim, install, { kind, refresh: newSecret("shprt"), seconds: OFFLINE_SECONDS }), scope);
}

function refresh(sim: Simulator, shop: SimShop, refreshToken: string): Record<string, unknown> {
  const install = shop.install;
  const old = install?.tokens.find((token) => token.refresh !== null && same(token.refresh, refreshToken));
  if (!install || !old || (old.refreshExpiresAtMs ?? 0) <= Date.now()) {
    throw new OauthError(400, "invalid_grant", "the refresh token is not valid");
  }
  // A second try with the same refresh token means that the first answer was lost: its tokens go.
  install.tokens = install.tokens.filter((token) => token.replaces !== old.access);
  const token = addToken(sim, install, {
    kind: "offline",
    refresh: newSecret("shprt"),
    seconds: OFFLINE_SECONDS,
    replaces: old.access,
  });
  return expiringAnswer(token, install.scopes.join(","));
}

function expiringAnswer(token: SimToken, scope: string): Record<string, unknown> {
  return {
    access_token: token.access,
    scope,
    expires_in: OFFLINE_SECONDS,
    refresh_token: token.refresh,
    refresh_token_expires_in: REFRESH_SECONDS,
  };
}

function addToken(
  sim: Simulator,
  install: SimInstall,
  options: { kind: SimToken["kind"]; refresh: string | null; seconds: number | null; staffId?: Id; replaces?: string },
): SimToken {
  const token: SimToken = {
    kind: options.kind,
    access: newSecret(options.kind === "online" ? "shpua" : "shpat"),
    refresh: options.refresh,
    expiresAtMs: options.seconds === null ? NEVER_MS : Date.now() + options.seconds * 1_000,
    refreshExpiresAtMs: options.refresh === null ? null : Date.now() + REFRESH_SECONDS * 1_000,
    ...(options.staffId ? { staffId: options.staffId } : {}),
    ...(options.replaces ? { replaces: options.replaces } : {}),
  };
  const now = Date.now();
  install.tokens = install.tokens.filter((one) => Math.max(one.expiresAtMs, one.refreshExpiresAtMs ?? 0) > now);
  install.tokens.push(token);
  sim.changed();
  return token;
}

const newSecret = (prefix: string): string => `${prefix}_${randomBytes(16).toString("hex")}`;

function same(given: string | undefined, expected: string): boolean {
  const a = Buffer.from(given ?? "");
  const b = Buffer.from(expected);
  return a.length === b.length && timingSafeEqual(a, b);
}

async function verifyIdToken(sim: Simulator, shop: SimShop, idToken: string): Promise<Id> {
  try {
    const { payload } = await jwtVerify(idToken, new TextEncoder().encode(sim.apiSecret), {
      algorithms: ["HS256"],
      audience: sim.apiKey,
      issuer: `https://${shop.domain}/admin`,
      clockTolerance: 5,
      requiredClaims: ["exp", "nbf", "sub", "dest"],
    });
    if (payload.dest !== `https://${shop.domain}`) throw new Error("dest is another shop");
    return String(payload.sub);
  } catch (error) {
    throw new OauthError(400, "invalid_subject_token", error instanceof Error ? error.message : "invalid token");
  }
}

function associatedUser(shop: SimShop, staffId: Id): Record<string, unknown> {
  const staff = shop.staff.find(({ id }) => id === staffId);
  if (!staff) throw new OauthError(400, "invalid_subject_token", `no staff member ${staffId} in ${shop.domain}`);
  const [first = staff.name, ...others] = staff.name.split(" ");
  const rest = others.join(" ");
  const [firstName, lastName] = FAMILY_FIRST.test(staff.name) && rest ? [rest, first] : [first, rest];
  return {
    id: Number(staff.id),
    first_name: firstName,
    last_name: lastName,
    email: staff.email,
    email_verified: true,
    account_owner: shop.staff[0]?.id === staffId,
    locale: staff.locale,
    collaborator: false,
  };
}

/** The installation an access token belongs to; null when the token is unknown, expired or revoked. */
export function findInstallByToken(sim: Simulator, domain: string, accessToken: string): SimInstall | null {
  const install = sim.findShop(domain)?.install;
  const token = install?.tokens.find(({ access }) => same(accessToken, access));
  if (!install || !token || token.expiresAtMs <= Date.now()) return null;
  if (token.replaces !== undefined) {
    // First use of the new token: the answer arrived, so the one it replaced goes.
    install.tokens = install.tokens.filter(({ access }) => access !== token.replaces);
    delete token.replaces;
    sim.changed();
  }
  return install;
}

/** A session token as App Bridge hands it out: HS256 by the API secret, one minute. */
export async function issueIdToken(
  sim: Simulator,
  domain: string,
  staffId?: Id,
  overrides: Record<string, unknown> = {},
): Promise<string> {
  const shop = sim.shop(domain);
  const now = Math.floor(Date.now() / 1_000);
  const claims = {
    iss: `https://${domain}/admin`,
    dest: `https://${domain}`,
    aud: sim.apiKey,
    sub: staffId ?? shop.staff[0]?.id ?? "1",
    exp: now + ID_TOKEN_SECONDS,
    nbf: now,
    iat: now,
    jti: randomUUID(),
    sid: randomUUID(),
    ...overrides,
  };
  return new SignJWT(claims)
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .sign(new TextEncoder().encode(sim.apiSecret));
}

/** The `host` parameter of the embedded page. */
export function hostParameter(domain: string): string {
  return Buffer.from(`admin.shopify.com/store/${domain.replace(".myshopify.com", "")}`)
    .toString("base64")
    .replace(/=+$/, "");
}

/** The merchant presses "Install": scopes are granted, app-specific webhooks exist, nothing was called yet. */
export function grantInstall(sim: Simulator, domain: string, scopes?: string[]): SimInstall {
  const shop = sim.shop(domain);
  const config = sim.tomlFile ? readAppConfig(sim.tomlFile) : { scopes: [], webhooks: [] };
  shop.install ??= {
    appId: sim.appId,
    installationId: sim.newId(),
    scopes: [],
    installedAt: sim.now().toISOString(),
    tokens: [],
  };
  shop.install.scopes = scopes ?? config.scopes;
  syncTomlSubscriptions(sim, domain);
  sim.changed();
  return shop.install;
}

/** Makes the shop's app-specific subscriptions those of shopify.app.toml, at the app's present address. */
export function syncTomlSubscriptions(sim: Simulator, domain: string): void {
  if (!sim.tomlFile) return;
  const shop = sim.shop(domain);
  const { webhooks } = readAppConfig(sim.tomlFile);
  for (const { id, origin } of Object.values(shop.subscriptions)) if (origin === "toml") delete shop.subscriptions[id];
  const at = sim.now().toISOString();
  for (const { topic, uri } of webhooks) {
    if (!shop.install && !COMPLIANCE_TOPICS.includes(topic)) continue;
    const id = sim.newId();
    const address = /^[a-z]+:/.test(uri) ? uri : `${sim.appUrl}${uri}`;
    shop.subscriptions[id] = {
      id, topic, uri: address, origin: "toml", failures: 0, filter: null, includeFields: [], createdAt: at, updatedAt: at,
    }; // prettier-ignore
  }
  sim.changed();
}

/**
 * Installs the app and opens its page like a merchant's browser, so that the app's real install path runs.
 * @throws Error when the page does not answer 200
 */
export async function installApp(
  sim: Simulator,
  domain: string,
  options: { scopes?: string[]; staffId?: Id } = {},
): Promise<void> {
  grantInstall(sim, domain, options.scopes);
  await openApp(sim, domain, options.staffId);
}

/** Loads the embedded page as the admin would. @throws Error when it does not answer 200 */
export async function openApp(sim: Simulator, domain: string, staffId?: Id): Promise<void> {
  const shop = sim.shop(domain);
  const url = new URL("/app", sim.addresses.tunnel || sim.appUrl);
  url.search = new URLSearchParams({
    embedded: "1",
    shop: domain,
    host: hostParameter(domain),
    locale: shop.staff.find(({ id }) => id === staffId)?.locale ?? shop.staff[0]?.locale ?? shop.locale,
    id_token: await issueIdToken(sim, domain, staffId),
  }).toString();
  const response = await followInside(url);
  const text = await response.text();
  if (response.status !== 200) {
    const where = response.headers.get("location") ?? text.slice(0, 300);
    throw new Error(
      `opening the app in ${domain} answered ${response.status}: ${where.replace(/id_token=[^&]+/, "id_token=[cut]")}`,
    );
  }
}

const REDIRECTS_MAX = 3;
// The app may lead on to another page of its own (a set-up page); a way out to sign in again is a refusal.
async function followInside(url: URL, left = REDIRECTS_MAX): Promise<Response> {
  const response = await fetch(url, {
    redirect: "manual",
    headers: {
      accept: "text/html",
      "user-agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36",
    },
    signal: AbortSignal.timeout(30_000),
  });
  const next = new URL(response.headers.get("location") ?? "", url);
  const staysInside = response.status === 302 && next.origin === url.origin && next.pathname.startsWith("/app");
  return staysInside && left > 0 ? followInside(next, left - 1) : response;
}

/** Revokes every token of the app in a shop, as a merchant's or Shopify's security action would. */
export function revokeTokens(sim: Simulator, domain: string): void {
  const install = sim.shop(domain).install;
  if (install) install.tokens = [];
  sim.changed();
}

/** Lets every access token of a shop expire now; refresh tokens stay good. */
export function expireTokens(sim: Simulator, domain: string): void {
  for (const token of sim.shop(domain).install?.tokens ?? []) token.expiresAtMs = Date.now() - 1;
  sim.changed();
}

/** Uninstall: tokens die, app/uninstalled is sent, subscriptions go, shop/redact follows 48 h later. */
export function uninstallApp(sim: Simulator, domain: string): void {
  const shop = sim.shop(domain);
  if (!shop.install) throw new Error(`the app is not installed in ${domain}`);
  const installation = `gid://shopify/AppInstallation/${shop.install.installationId}`;
  shop.install = null;
  sim.emit({ shop: domain, topic: "app/uninstalled", ids: {} });
  for (const { id, topic, origin } of Object.values(shop.subscriptions)) {
    if (origin !== "toml" || !COMPLIANCE_TOPICS.includes(topic)) delete shop.subscriptions[id];
  }
  shop.metafields = shop.metafields.filter(({ ownerGid }) => ownerGid !== installation);
  sim.emitAt(new Date(sim.now().getTime() + REDACT_AFTER_MS), { shop: domain, topic: "shop/redact", ids: {} });
  sim.changed();
}

/** A newer version of the app wants more than a kept shop granted: its merchant agrees. */
export function approveNewScopes(sim: Simulator, domain: string): void {
  const granted = sim.shop(domain).install?.scopes ?? [];
  const wanted = sim.tomlFile ? readAppConfig(sim.tomlFile).scopes : [];
  const next = [...new Set([...granted, ...wanted])];
  if (next.length > granted.length) changeScopes(sim, domain, next);
}

/** The merchant (or a new version of the app) changes the granted scopes. */
export function changeScopes(sim: Simulator, domain: string, scopes: string[]): void {
  const install = sim.shop(domain).install;
  if (!install) throw new Error(`the app is not installed in ${domain}`);
  const previous = install.scopes;
  install.scopes = scopes;
  sim.emit({ shop: domain, topic: "app/scopes_update", ids: {}, extra: { previous, current: scopes } });
}

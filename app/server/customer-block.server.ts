// The door of the block on Shopify's customer page: requests with a session token of the admin. The shop comes
// from the token; a customer of another shop is nobody here.
import type { IncomingMessage, ServerResponse } from "node:http";

import { businessNow } from "../clock.server";
import type { ShopId } from "../db.server";
import { readMemberPage } from "../loyalty/member-page.server";
import { textIn } from "../loyalty/program-parts";
import { findShopper } from "../loyalty/shopper-balance.server";
import { readMemberTier } from "../loyalty/tiers/read-tiers.server";
import { recordAccess } from "../privacy/record-access.server";
import { gidNumber, isGid } from "../shopify/gid";
import { readStaffToken } from "../shopify/session-token.server";
import { readShopProfile } from "../shops/read-shop-profile.server";
import { localeOf } from "../storefront/door";
import { answerExtension, answerOf, shopOfToken, type ExtensionAnswer } from "../storefront/extension-http.server";
import { readHistoryPage } from "../storefront/history-page.server";
import { createRateLimit } from "../storefront/rate-limit";
import type { CustomerBlockAnswer } from "./customer-block-answer";

/** Below it stands the door of the admin's block. */
export const CUSTOMER_BLOCK_PATH = "/admin-api-block/";
const HISTORY_LINES = 3;
/** Staff leaf through customers faster than shoppers open their history. */
const perStaff = createRateLimit(60, 5);

/** Answers GET /admin-api-block/member?customer=gid://…; 400, 401, 404, 405, 429, 503. */
export async function handleCustomerBlock(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const [target = "", query = ""] = (req.url ?? "").split(/\?(.*)/s);
  const path = target.slice(CUSTOMER_BLOCK_PATH.length);
  await answerExtension(req, res, path, () => answer(req, path, new URLSearchParams(query)));
}

async function answer(req: IncomingMessage, path: string, parameters: URLSearchParams): Promise<ExtensionAnswer> {
  const token = await readStaffToken(req.headers.authorization);
  if (!token) return answerOf({ outcome: "signed_out" });
  if (path !== "member") return answerOf({ outcome: "not_found" });
  if (req.method !== "GET") return { status: 405, body: { outcome: "method" }, headers: { Allow: "GET" } };
  if (!perStaff.allow(`${token.shop}/${token.userId}`, performance.now()))
    return answerOf({ outcome: "too_many" }, { "Retry-After": "5" });
  const shopId = await shopOfToken(token.shop);
  if (shopId === null) return answerOf({ outcome: "not_found" });
  const customerGid = parameters.get("customer");
  if (!isGid(customerGid, "Customer")) return answerOf({ outcome: "bad_request" });
  const block = await readBlock(shopId, customerGid, localeOf(parameters.get("locale")));
  if (block.outcome === "found")
    await recordAccess({ shopId, actor: `staff:${token.userId}` }, "customer_block", {
      people: 1,
      memberId: block.memberId,
    });
  return answerOf({ ...block });
}

async function readBlock(shopId: ShopId, customerGid: string, locale: "en" | "ja"): Promise<CustomerBlockAnswer> {
  const memberId = await findShopper(shopId, customerGid);
  if (memberId === null) return { outcome: "not_found" };
  const now = await businessNow();
  const [member, tier, profile, history] = await Promise.all([
    readMemberPage(shopId, memberId),
    readMemberTier(shopId, memberId, now),
    readShopProfile(shopId),
    readHistoryPage(shopId, gidNumber(customerGid), new URLSearchParams({ locale })),
  ]);
  if (!member) return { outcome: "not_found" };
  const held = tier?.tiers.find(({ id }) => id === tier.tierId);
  const lines = history.outcome === "found" ? history.entries.slice(0, HISTORY_LINES) : [];
  return {
    outcome: "found",
    memberId,
    balances: member.balances,
    tier: tier && { name: held ? textIn(held.name, locale) : null, until: tier.until },
    timeZone: profile?.timeZone ?? "UTC",
    history: lines.map(({ id, on, points, text }) => ({ id, on, points, text })),
  };
}

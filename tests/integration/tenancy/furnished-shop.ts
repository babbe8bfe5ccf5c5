// A shop with something of every kind that a page or a door can be asked for, and a word in all of it that no other
// shop may ever be shown.
import { randomBytes } from "node:crypto";

import type pg from "pg";

import { routerPool, type ShopId } from "../../../app/db.server";
import { unsubscribeToken } from "../../../app/journeys/contact-keys.server";
import { adjustPoints } from "../../../app/loyalty/adjust-points.server";
import { defaultEarningRules } from "../../../app/loyalty/earning-rules";
import { saveProgram } from "../../../app/loyalty/program.server";
import { saveReward } from "../../../app/loyalty/rewards/save-reward.server";
import { authorToken } from "../../../app/reviews/author-token.server";
import { feedUrls } from "../../../app/reviews/feeds/feed-address.server";
import { hashToken, requestToken } from "../../../app/reviews/requests/request-token.server";
import { openUpload, readTicket } from "../../../app/reviews/media/upload-ticket.server";
import { campaign, goldPlan } from "../../builders/campaigns";
import { createTestMember } from "../../builders/member";
import { newGid } from "../../builders/order-facts";
import { setReviewSettings, storeOrder, submission, takeReview } from "../../builders/review";
import { createTestShop } from "../../builders/shop";
import { AMOUNT_OFF } from "../loyalty/redemption-shop";

export const AT = new Date("2026-06-20T03:00:00Z");
const LATER = new Date("2036-06-20T03:00:00Z");

/** What a stranger could try to name: numbers of rows, Shopify's numbers, words, and secrets of links. */
export interface FurnishedShop {
  shopId: ShopId;
  domain: string;
  /** In every text of this shop. */
  mark: string;
  /** Rows of ours, by kind. */
  ids: Record<
    | "member"
    | "order"
    | "reward"
    | "redemption"
    | "referral"
    | "review"
    | "held"
    | "media"
    | "upload"
    | "task"
    | "request"
    | "delivery"
    | "batch"
    | "done"
    | "run"
    | "message"
    | "export"
    | "override",
    number
  >;
  /** Shopify's own numbers. */
  numbers: Record<"customer" | "order" | "line" | "product", string>;
  words: Record<"campaign" | "tier" | "way" | "code" | "referralCode" | "staff" | "group" | "requestKey", string>;
  /** Each opens one thing of this shop and nothing of any other. */
  secrets: Record<"request" | "author" | "ticket" | "unsubscribe" | "feed" | "mediaFolder", string>;
}

let furnished = 0;

/** Makes a shop and furnishes it. */
export async function furnishShop(owner: pg.Pool, domain: string, mark: string): Promise<FurnishedShop> {
  const shopId = await createTestShop(domain, { name: mark });
  const number = ++furnished;
  const insert = async (table: string, fields: Record<string, unknown>): Promise<number> => {
    const columns = Object.keys(fields);
    const { rows } = await owner.query<{ id?: string }>(
      `INSERT INTO ${table} (shop_id, ${columns.join(", ")}) VALUES ($1, ${columns.map((_, at) => `$${at + 2}`).join(", ")}) RETURNING *`,
      [shopId, ...Object.values(fields)],
    );
    return Number(rows[0]?.id ?? 0);
  };
  const place: Place = { shopId, mark, number, owner, insert };
  const program = await furnishProgram(place);
  const people = await furnishPeople(place, program.tier);
  const bought = await furnishRewards(place, people.member);
  const written = await furnishReviews(place, people);
  const kept = await furnishRecords(place, people.member);
  const { rows } = await routerPool().query<{ id: number }>(
    `INSERT INTO webhook_inbox (shop_id, domain, topic, webhook_id, body, status)
     VALUES ($1, $2, 'orders/create', $3, $4, 'dead') RETURNING id`,
    [shopId, domain, `delivery-${number}`, JSON.stringify({ note: mark })],
  );
  return {
    shopId,
    domain,
    mark,
    ids: {
      ...bought.ids,
      ...written.ids,
      ...kept,
      member: people.member,
      order: people.order,
      override: people.override,
      delivery: rows[0]?.id ?? 0,
    },
    numbers: { customer: people.customer, order: people.orderNumber, line: people.line, product: people.product },
    words: {
      ...program,
      code: bought.code,
      requestKey: bought.requestKey,
      referralCode: bought.referralCode,
      staff: `staff:${90 + number}`,
      group: `gid://shopify/Product/${people.product}`,
    },
    secrets: {
      ...written.secrets,
      unsubscribe: unsubscribeToken(shopId, { memberId: people.member }),
      feed: new URL(feedUrls(shopId, 1).google).pathname,
    },
  };
}

interface Place {
  shopId: ShopId;
  mark: string;
  number: number;
  owner: pg.Pool;
  insert(table: string, fields: Record<string, unknown>): Promise<number>;
}
type People = Awaited<ReturnType<typeof furnishPeople>>;
const numberOf = (gid: string) => gid.slice(gid.lastIndexOf("/") + 1);
const texts = (mark: string) => ({ en: mark, ja: mark });

async function furnishProgram({ shopId, mark, number }: Place) {
  const words = { campaign: `sale-${number}`, tier: `gold-${number}`, way: `join-${number}` };
  const plan = goldPlan();
  const tiers = plan.tiers.map((tier) => ({ ...tier, id: words.tier, name: texts(mark) }));
  const saved = await saveProgram(
    shopId,
    {
      ...defaultEarningRules({ currency: "JPY", taxesIncluded: true }),
      campaigns: [campaign({ id: words.campaign, name: texts(mark) })],
      tierPlans: [{ ...plan, tiers }],
      ways: [{ id: words.way, kind: "join", enabled: true, points: 100, holdDays: 0 }],
    },
    "staff:1",
    new Date("2026-01-01T00:00:00Z"),
  );
  if (saved.outcome !== "saved") throw new Error(JSON.stringify(saved));
  await setReviewSettings(shopId, { feeds: { enabled: true, generation: 1 } });
  return words;
}

async function furnishPeople({ shopId, mark, number, insert }: Place, tier: string) {
  const email = `${mark.toLowerCase()}@example.com`;
  const { memberId, customerGid } = await createTestMember(shopId, { name: mark, email });
  const productGid = newGid("Product");
  await insert("product_fact", { product_gid: productGid, title: mark, tags: [], collection_ids: [], updated_at: AT });
  const { orderId, lineIds, facts } = await storeOrder(shopId, {
    productGids: [productGid],
    customerId: customerGid,
    email,
    deliveredAt: "2026-06-10T01:00:00.000Z",
  });
  const adjusted = await adjustPoints(
    shopId,
    { memberId, points: 5_000, reason: "adjust_gift", note: mark, actor: "staff:1", key: crypto.randomUUID() },
    AT,
  );
  if (adjusted.outcome !== "adjusted") throw new Error(JSON.stringify(adjusted));
  await insert("staff", { user_id: String(90 + number), name: mark, seen_at: AT });
  const override = await insert("tier_override", { member_id: memberId, tier_id: tier, from_at: AT, actor: "staff:1" });
  return {
    member: memberId,
    customer: numberOf(customerGid),
    customerGid,
    email,
    order: orderId,
    orderNumber: numberOf(facts.orderId),
    line: numberOf(lineIds[0] ?? ""),
    product: numberOf(productGid),
    productGid,
    override,
  };
}

async function furnishRewards({ shopId, mark, number, owner, insert }: Place, member: number) {
  const title = texts(mark);
  const words = { title, description: title };
  const draft = { points: 100, terms: AMOUNT_OFF, texts: words, picture: null, stock: null };
  const made = await saveReward(shopId, { id: null, draft, status: "active" }, "staff:1", AT);
  if (made.outcome !== "saved") throw new Error(JSON.stringify(made));
  const reward = made.reward.id;
  const code = `${mark.toUpperCase()}-${number}-CODE`;
  const requestKey = `request-${number}-${mark}`;
  const redemption = await insert("redemption", {
    ...{ member_id: member, reward_id: reward, kind: "amount_off", request_key: requestKey, request_hash: "x" },
    ...{ points: 100, currency: "JPY", code, terms: AMOUNT_OFF, texts: words, actor: "shopper" },
    ...{ status: "issued", reserved_at: AT, issued_at: AT, expires_at: LATER },
  });
  await insert("voucher_code", { reward_id: reward, code: `${code}-V`, added_at: AT });
  const referralCode = `FRIEND${number}${mark.toUpperCase()}`;
  await owner.query("UPDATE member SET referral_code = $3 WHERE shop_id = $1 AND id = $2", [
    shopId,
    member,
    referralCode,
  ]);
  await insert("way_grant", {
    ...{ member_id: member, way_id: `join-${number}`, occasion: "once", kind: "join", points: 100, at: AT },
  });
  const referral = await insert("referral", {
    ...{ advocate_id: member, friend_key: `friend-${number}`, code: `${code}-R`, status: "held" },
    ...{ claimed_at: AT, points: 50 },
  });
  return { ids: { reward, redemption, referral }, code, requestKey, referralCode };
}

async function furnishReviews({ shopId, mark, owner, insert }: Place, people: People) {
  const content = { title: mark, body: `${mark} smells of spring.`, authorName: mark };
  const lineId = `gid://shopify/LineItem/${people.line}`;
  const buyer = { memberId: people.member, customerGid: people.customerGid, authorEmail: people.email };
  const bought = { ...buyer, productGid: people.productGid, orderId: people.order, lineId };
  const { reviewId: review } = await takeReview(shopId, submission({ ...bought, content }));
  const suspicious = { ...content, title: `${mark} again`, body: `${mark} See www.spam.example.com` };
  const { reviewId: held } = await takeReview(
    shopId,
    submission({ productGid: people.productGid, authorEmail: `other.${people.email}`, content: suspicious }),
  );
  const products = JSON.stringify([{ lineId, productId: people.productGid, title: mark }]);
  await insert("product_wanted", { product_gid: people.productGid, order_id: people.order });
  const request = await insert("review_request", {
    ...{ order_id: people.order, member_id: people.member, status: "sent", products, created_at: AT, updated_at: AT },
    ...{ invited_at: AT, token_expires_at: LATER },
  });
  const secrets = {
    request: requestToken(shopId, request, 1),
    author: authorToken(shopId, review),
    ticket: openUpload(shopId),
    mediaFolder: randomBytes(16).toString("base64url"),
  };
  await owner.query("UPDATE review_request SET token_hash = $3 WHERE shop_id = $1 AND id = $2", [
    shopId,
    request,
    hashToken(secrets.request),
  ]);
  await insert("review_note", { review_id: review, kind: "staff_note", text: mark, actor: "staff:1", at: AT });
  await insert("review_report", { review_id: review, reason: "spam", text: mark, reporter: "visitor", at: AT });
  const task = await insert("support_task", { review_id: review, kind: "low_rating", opened_at: AT, due_at: AT });
  const file = { name: "w640.webp", type: "image/webp", width: 640, height: 480, bytes: 10, url: null, ref: null };
  const picture = { kind: "photo", status: "ready", files: JSON.stringify([file]), alt: mark, created_at: AT };
  const media = await insert("review_media", {
    ...picture,
    review_id: review,
    viewed_at: AT,
    storage_key: secrets.mediaFolder,
  });
  const ticket_hash = readTicket(shopId, secrets.ticket);
  const upload = await insert("review_media", { ...picture, ticket_hash, storage_key: `${secrets.mediaFolder}x` });
  return { ids: { review, held, media, upload, task, request }, secrets };
}

async function furnishRecords({ mark, number, insert }: Place, member: number) {
  const by = { actor: "staff:1", at: AT };
  const file = { reason: "adjust_import", file_name: mark, counts: "{}" };
  const batch = await insert("adjustment_batch", {
    kind: "import",
    key: `b-${number}`,
    status: "preview",
    ...file,
    ...by,
  });
  const done = await insert("adjustment_batch", { kind: "import", key: `d-${number}`, status: "done", ...file, ...by });
  await insert("adjustment_row", {
    batch_id: batch,
    row: 1,
    email: `${mark}@x.example`,
    member_id: member,
    outcome: "ready",
  });
  const run = await insert("reconciliation_run", { kind: "backfill", status: "running" });
  const mail = { kind: "points_expiring", key: `m-${number}`, locale: "en", due_at: LATER, params: { mark } };
  const message = await insert("message", { member_id: member, ...mail });
  await insert("health_alert", { kind: "delivery_quarantined", params: { mark } });
  await insert("loyalty_event", {
    member_id: member,
    kind: "points_expiring",
    key: `e-${number}`,
    params: { mark },
    at: AT,
  });
  const content = JSON.stringify({ member: mark });
  const exported = await insert("data_export", { request_key: `x-${number}`, requested_at: AT, content });
  return { batch, done, run, message, export: exported };
}

// A person's words go in by every door that takes some, and are looked for in everything that is kept: before the
// erasure to see that the search finds them, after it to see that nothing is left. One after the other.
import { randomBytes, randomUUID } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { inShop, queryShop, routerPool, type ShopId } from "../../../app/db.server";
import { env } from "../../../app/env.server";
import { applyOrder } from "../../../app/ingest/apply-order.server";
import { drainOnce } from "../../../app/ingest/drain.server";
import type { JobName } from "../../../app/jobs/catalog";
import { runJob } from "../../../app/jobs/run-job.server";
import { addressKeys } from "../../../app/journeys/contact-keys.server";
import { announceEvents } from "../../../app/journeys/announce-events.server";
import { sendMessages } from "../../../app/journeys/send-messages.server";
import { log } from "../../../app/log.server";
import { adjustPoints } from "../../../app/loyalty/adjust-points.server";
import { announceEvent } from "../../../app/loyalty/announce-event.server";
import { friendKeys } from "../../../app/loyalty/referrals/referral-keys.server";
import { stagePointsImport } from "../../../app/loyalty/transfers/stage-points-import.server";
import { setBirthday } from "../../../app/loyalty/ways/set-birthday.server";
import { runAudit } from "../../../app/operator/audit.server";
import { announceRequests } from "../../../app/privacy/announce-requests.server";
import { appealReview } from "../../../app/reviews/appeal-review.server";
import { editReview } from "../../../app/reviews/edit-review.server";
import { messageAuthor } from "../../../app/reviews/message-author.server";
import { decideReviews } from "../../../app/reviews/moderation/decide-reviews.server";
import { noteOnReview } from "../../../app/reviews/note-on-review.server";
import { replyToReview } from "../../../app/reviews/reply-to-review.server";
import { reportReview } from "../../../app/reviews/report-review.server";
import { voteReview, voterKeysOf } from "../../../app/reviews/votes/vote-review.server";
import { mediaStore } from "../../../app/storage/media-store.server";
import type { OrderFacts } from "../../../app/shopify/order-facts";
import { orderFacts, orderLine } from "../../builders/order-facts";
import { submission, takeReview } from "../../builders/review";
import { storeTestSession } from "../../builders/shopify-session";
import type { TestMember } from "../../builders/member";
import { createTestMember } from "../../builders/member";
import { useTestDatabase } from "../../setup/postgres";
import { createWaysShop, NOW } from "../loyalty/ways-shop";
import { useTestMailbox } from "../journeys/test-mailbox";
import { filesWith, tablesWith } from "./find-everywhere";

const database = useTestDatabase();
const mailbox = useTestMailbox();
const never = new AbortController().signal;
const day = (count: number) => new Date(NOW.getTime() + count * 86_400_000);

const CANARY = {
  name: "Zzcanaria",
  email: "zzcanary@mail.example",
  tag: "zz-canary-tag",
  street: "Zzcanary Street 7",
  phone: "+81-90-7777-4242",
  words: "zzcanarywords",
  note: "zzcanarynote",
  mail: "zzcanarymail",
  file: "zzcanarypixels",
};
const WORDS = Object.values(CANARY);
const TOKENS = ["shpat_zzcanaryaccess", "shprt_zzcanaryrefresh"];
const TEA = "gid://shopify/Product/9";
/** The shop's own words; each planted shop has others. */
let shopWords: { staff: string; mail: string };
let planted = 0;

let shopId: ShopId;
let domain: string;
let member: TestMember;
let birthday: string[];
let orderNumber: string;
let logged: string;

beforeAll(async () => {
  env().KIZUNA_MEDIA_FOLDER = path.join(os.tmpdir(), `kizuna-canary-${randomBytes(6).toString("hex")}`);
  logged = "";
  // Whatever a process of ours would have written, at its most talkative.
  const stream = (log() as unknown as Record<symbol, { write(line: string): void }>)[pino.symbols.streamSym];
  if (!stream) throw new Error("the logger writes nowhere");
  stream.write = (line) => void (logged += line);
  log().level = "trace";
});
afterAll(async () => {
  log().level = "silent";
  await fs.promises.rm(env().KIZUNA_MEDIA_FOLDER, { recursive: true, force: true });
});

/** Arrives; what `waits` is not taken before tomorrow. */
async function deliver(topic: string, body: unknown, waits = false): Promise<void> {
  await routerPool().query(
    `INSERT INTO webhook_inbox (shop_id, domain, topic, webhook_id, body, triggered_at, next_attempt)
     SELECT id, domain, $2, $3, $4, now(), now() + $5 * interval '1 day' FROM shop WHERE id = $1`,
    [shopId, topic, randomUUID(), JSON.stringify(body), waits ? 1 : 0],
  );
  while ((await drainOnce()).claimed > 0);
}
/** Runs what waits in the queue under a name. */
async function work(name: JobName): Promise<void> {
  const { rows } = await database
    .owner()
    .query<{ id: string; data: object }>("SELECT id, data FROM pgboss.job WHERE name = $1 AND state = 'created'", [
      name,
    ]);
  for (const { id, data } of rows) {
    await runJob(name, data, never);
    await database.owner().query("UPDATE pgboss.job SET state = 'completed' WHERE id = $1", [id]);
  }
}
// As text: the numbers of tests are larger than JavaScript counts.
const numberOf = (gid: string) => gid.slice(gid.lastIndexOf("/") + 1);
const found = async (words: readonly string[]) => [
  ...(await tablesWith(database.owner(), words)),
  ...(await filesWith(env().KIZUNA_MEDIA_FOLDER, words)),
];

/** Everything the app takes from or about one person. */
async function plant(): Promise<void> {
  const ways = [
    { id: "b", kind: "birthday", enabled: true, points: 5, holdDays: 0, noticeDays: 30, lockDays: 365 } as const,
  ];
  ({ shopId } = await createWaysShop({ ways }));
  planted += 1;
  shopWords = { staff: `Zzstaffname${planted}`, mail: `zzshop${planted}@teahouse.example` };
  [{ domain }] = (await routerPool().query<{ domain: string }>("SELECT domain FROM shop WHERE id = $1", [shopId]))
    .rows as [{ domain: string }];
  await inShop(shopId, async (tx) => {
    await tx.query("UPDATE shop_profile SET email = $2, primary_domain = 'tea.example' WHERE shop_id = $1", [
      shopId,
      shopWords.mail,
    ]);
    await tx.query("INSERT INTO staff (shop_id, user_id, name, seen_at) VALUES ($1, '1', $2, $3)", [
      shopId,
      shopWords.staff,
      NOW,
    ]);
  });
  await storeTestSession(domain, { accessToken: TOKENS[0], refreshToken: TOKENS[1] });
  const { email, name, tag } = CANARY;
  member = await createTestMember(shopId, { email, name, tags: [tag], emailConsent: "subscribed" });
  expect((await setBirthday(shopId, member.customerGid, "11-23", NOW)).outcome).toBe("set");
  const [sealed] = await queryShop<{ sealed: string; key: string }>(
    shopId,
    "SELECT birthday_sealed AS sealed, birthday_key AS key FROM member WHERE id = $1",
    [member.memberId],
  );
  birthday = [sealed?.sealed ?? "", sealed?.key ?? ""];
  const adjustment = { memberId: member.memberId, points: 70, reason: "adjust_gift", actor: "staff:1" } as const;
  await adjustPoints(shopId, { ...adjustment, note: CANARY.note, key: "gift" }, NOW);
  const bytes = Buffer.from(`email,points\r\n${email},5\r\n`);
  expect(
    await stagePointsImport(shopId, { name: "points.csv", bytes, mode: "add", actor: "staff:1" }, NOW),
  ).toMatchObject({
    outcome: "staged",
  });
  await plantReview(await plantOrders());
  await plantMail();
}

async function plantOrders(): Promise<OrderFacts> {
  const { email, tag, street, phone, name } = CANARY;
  const of = { email, customerTags: [tag], orderTags: [tag] };
  const lines = [orderLine({ productId: TEA })];
  const own = orderFacts({ ...of, lines, customerId: member.customerGid });
  const guest = orderFacts({ ...of, customerId: null });
  for (const facts of [own, guest]) await inShop(shopId, (tx) => applyOrder(tx, facts, "payload", NOW));
  orderNumber = numberOf(own.orderId);
  const address = { first_name: name, address1: street, phone };
  await deliver("orders/updated", { id: orderNumber, email, note: CANARY.note, shipping_address: address }, true);
  // Names nobody but the address.
  await deliver("carts/update", { email: email.toUpperCase() }, true);
  // What was signed for, with a signature that is none of the body's business.
  await deliver("customers/update", {
    id: numberOf(member.customerGid),
    email,
    default_address: address,
    first_name: name,
  });
  return own;
}

async function plantReview(own: OrderFacts): Promise<void> {
  const { email, name, words } = CANARY;
  const [order] = await queryShop<{ orderId: number }>(
    shopId,
    `SELECT id AS "orderId" FROM customer_order WHERE order_gid = $1`,
    [own.orderId],
  );
  if (!order) throw new Error("the order is not there");
  const content = {
    rating: 2,
    title: `Tea for ${words}`,
    body: `It smells of spring, says ${words}, and keeps well.`,
    pros: "Smells of spring",
    cons: "A little dear",
    answers: [],
    authorName: name,
  };
  const sent = submission({
    ...{
      source: "account" as const,
      productGid: TEA,
      customerGid: member.customerGid,
      memberId: member.memberId,
    },
    ...{
      orderId: order.orderId,
      lineId: own.lines[0]?.lineId ?? null,
      authorEmail: email,
      content,
      visitorKey: "zzcanaryvisitor",
    },
  });
  const taken = await takeReview(shopId, sent, NOW);
  expect(taken.outcome).toBe("published");
  const { reviewId } = taken;
  const { reviewId: others } = await takeReview(shopId, submission({ productGid: TEA }), NOW);
  await voteReview(shopId, others, { customerGid: member.customerGid }, true, NOW);
  await replyToReview(shopId, reviewId, `Dear ${name}`, "staff:1", day(1));
  await messageAuthor(shopId, reviewId, `Dear ${name}`, "staff:1", day(1));
  await noteOnReview(shopId, reviewId, CANARY.note, "staff:1", day(1));
  expect(
    await reportReview(shopId, reviewId, { reason: "spam", text: words, reporter: "visitor" }, day(1)),
  ).toMatchObject({ outcome: "reported" });
  await editReview(shopId, reviewId, { ...content, title: `${words} www.spam.example.com` }, null, day(1));
  await decideReviews(shopId, [reviewId], { decision: "reject", reason: "spam", about: "review" }, "staff:1", day(2));
  await appealReview(shopId, reviewId, `I am ${name}`, day(3));
  const folder = randomBytes(16).toString("base64url");
  const file = path.join(os.tmpdir(), `${folder}.webp`);
  await fs.promises.writeFile(file, CANARY.file);
  await mediaStore().put(shopId, folder, [{ name: "w640.webp", width: 640, path: file }]);
  await fs.promises.rm(file);
  const files = JSON.stringify([
    { name: "w640.webp", type: "image/webp", width: 1, height: 1, bytes: 14, url: null, ref: null },
  ]);
  await inShop(shopId, async (tx) => {
    await tx.query(
      `INSERT INTO review_media (shop_id, review_id, kind, status, storage_key, files, alt, created_at) VALUES ($1, $2, 'photo', 'ready', $3, $4, $5, $6)`,
      [shopId, reviewId, folder, files, words, NOW],
    );
    await tx.query(
      `WITH asked AS (INSERT INTO review_request (shop_id, order_id, member_id, status, products, created_at, updated_at)
         VALUES ($1, $2, $3, 'sent', $4, $5, $5) RETURNING id)
       INSERT INTO message (shop_id, request_id, kind, key, locale, params, due_at) SELECT $1, id, 'review_request', 'ask', 'en', $6, $7 FROM asked`,
      [shopId, order.orderId, member.memberId, JSON.stringify([{ title: words }]), NOW, { name, words }, day(900)],
    );
    await tx.query(
      "INSERT INTO referral (shop_id, advocate_id, friend_key, status, claimed_at, signals) VALUES ($1, $2, $3, 'claimed', $4, $5)",
      [shopId, member.memberId, friendKeys(shopId, email)[0], NOW, { network: "zzcanarynetwork" }],
    );
  });
}

async function plantMail(): Promise<void> {
  const params = { redemptionId: 1, title: CANARY.mail, code: "KZ-1" };
  await inShop(shopId, (tx) =>
    announceEvent(tx, { memberId: member.memberId, kind: "reward_issued", key: "reward/1", params }, NOW),
  );
  await announceEvents(shopId, (_kind, said) => said, NOW, never);
  await sendMessages(shopId, NOW, never);
  const customer = { id: numberOf(member.customerGid), email: CANARY.email };
  await deliver("customers/data_request", { customer, orders_requested: [], data_request: { id: 1 } });
}

describe("canaries", () => {
  it("I18 are found where they were put, except where they must never be", async () => {
    await plant();
    // The member has their mail, and the shop is told of the request without a word about whose it is.
    expect(await announceRequests(shopId, NOW)).toEqual({ told: 1 });
    expect(await announceRequests(shopId, NOW)).toEqual({ told: 0 });
    expect(mailbox.received.map(({ to }) => to)).toEqual([[CANARY.email], [shopWords.mail]]);
    for (const word of WORDS) expect(mailbox.received[1]?.raw).not.toContain(word);
    const places = await found(WORDS);
    for (const table of [
      "member",
      "member_note",
      "customer_order",
      "adjustment_row",
      "review",
      "review_note",
      "review_report",
      "review_media",
      "review_request",
      "message",
      "loyalty_event",
      "data_export",
      "webhook_inbox",
    ])
      expect(places, table).toContain(`public.${table}`);
    expect(places.filter((place) => place.endsWith(".webp"))).toHaveLength(1);
    expect(await found(birthday)).toEqual(["public.member"]);
    expect(await found(voterKeysOf(shopId, member.customerGid))).toEqual(["public.review_vote"]);
    // Tokens at rest are ciphertext; a birthday is nowhere in clear; no job holds a word of anybody.
    expect(await found(TOKENS)).toEqual([]);
    expect(places.filter((place) => place.startsWith("pgboss."))).toEqual([]);
    // Entries hold codes and parameters: nothing of a person's own ever reaches them.
    expect(places).not.toContain("public.points_entry");
    const { rows } = await database.owner().query("SELECT FROM member WHERE birthday IS NOT NULL");
    expect(rows).toEqual([]);
  });

  it("I18 D04 D07 nothing is left of a person after customers/redact, and the books still balance", async () => {
    const customer = { id: numberOf(member.customerGid), email: CANARY.email };
    await deliver("customers/redact", { customer, orders_to_redact: [orderNumber] });
    await work("purge-payloads");
    await runJob("tidy-review-media", { shopId }, never);
    expect(await found([...WORDS, ...birthday, "zzcanaryvisitor", "zzcanarynetwork"])).toEqual([]);
    // What an address or an account was known by goes, too.
    expect(await found(voterKeysOf(shopId, member.customerGid))).toEqual([]);
    expect(await found([...friendKeys(shopId, CANARY.email), addressKeys(shopId, CANARY.email)[0] ?? "-"])).toEqual([]);
    const { ok, invariants } = await runAudit(database.ownerUrl());
    expect(invariants.filter(({ violations }) => violations > 0)).toEqual([]);
    expect(ok).toBe(true);
    const [kept] = await queryShop<{ entries: number; points: number }>(
      shopId,
      "SELECT count(*) AS entries, sum(points)::int AS points FROM points_entry WHERE member_id = $1 AND reason = 'adjust_gift'",
      [member.memberId],
    );
    expect(kept).toEqual({ entries: 1, points: 70 });
  });

  it("D05 an address without a number reaches deliveries that still wait", async () => {
    await deliver("carts/update", { email: CANARY.email }, true);
    await deliver("customers/redact", { customer: { email: ` ${CANARY.email.toUpperCase()}` }, orders_to_redact: [] });
    await work("purge-payloads");
    expect(await found(WORDS)).toEqual([]);
  });

  it("D12 no token, address, name or signature is ever logged, whatever fails", async () => {
    log().error({ err: Object.assign(new Error("x"), { detail: CANARY.email }) }, "made up");
    const { email, name } = CANARY;
    const failing = inShop(shopId, (tx) =>
      tx.query("INSERT INTO member (shop_id, name, email, first_seen_at, status) VALUES ($1, $2, $3, now(), $2)", [
        shopId,
        name,
        email,
      ]),
    );
    const error = await failing.catch((caught: unknown) => caught);
    log().warn({ err: error }, "a row that quotes itself");
    log().warn({ err: new Error(`no answer for ${email} with ${TOKENS[0]}`) }, "a message that quotes");
    await queryShop(shopId, "SELECT $1::int AS n", [name]).catch((caught: unknown) =>
      log().warn({ err: caught }, "a value"),
    );
    try {
      JSON.parse(`{"email":"${email}" oops`);
    } catch (caught) {
      log().warn({ err: caught }, "a body that quotes itself");
    }
    expect(logged).toContain("a row that quotes itself");
    for (const word of [...WORDS, ...TOKENS, ...birthday, env().SHOPIFY_API_SECRET]) expect(logged).not.toContain(word);
  });

  it("D04 nothing is left of a shop after shop/redact but a tombstone", async () => {
    await plant();
    await runJob("seal-ledger", { shopId }, never);
    await routerPool().query("UPDATE shop SET uninstalled_at = now() WHERE id = $1", [shopId]);
    await deliver("shop/redact", { shop_domain: domain, email: shopWords.mail });
    await work("shop-redact");
    expect(await found([...WORDS, ...birthday, ...TOKENS, shopWords.mail, shopWords.staff])).toEqual([]);
    const { rows } = await database
      .owner()
      .query<{ counts: Record<string, number> }>("SELECT counts FROM erasure WHERE shop_id = $1", [shopId]);
    expect(rows).toHaveLength(1);
    expect(rows[0]?.counts).toMatchObject({
      ...{ entries: 2, sealedEntries: 2, ledger_seal: 1 },
      lastSeal: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
    const folder = path.join(env().KIZUNA_MEDIA_FOLDER, String(shopId));
    const folders = await fs.promises.readdir(folder).catch(() => []);
    expect(folders).toEqual([]);
    expect(logged).not.toContain(CANARY.email);
  });
});

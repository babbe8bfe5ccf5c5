// 100,000 published reviews on one product: what a page, a filter and a search cost in the database.
//   node --import tsx tests/bench/reviews-display.ts [--explain]
// Prints the database's CPU, the fastest, p50 and p95 of each kind of question, everything included: narrowing, the page,
// the count. On a machine that does other things as well only CPU and the buffers that --explain shows can be compared.
import pg from "pg";

import type { GramAnswer } from "../../app/reviews/display/review-grams";
import type { Cursor, ShownQuery, ShownSort } from "../../app/reviews/display/shown-query";
import { startTestCluster, TEMPLATE, urlFor } from "../setup/global-postgres";
import { cpuOf } from "./stage";
import { testEnvironment } from "../setup/test-environment";

const REVIEWS = Number(process.env.KIZUNA_BENCH_REVIEWS ?? 100_000);
const ROUNDS = 40;
const GROUP = "gid://shopify/Product/7000001";
const LIMIT_MS = 50;

const cluster = await startTestCluster();
const admin = new pg.Client({ connectionString: cluster.facts.adminUrl });
await admin.connect();
await admin.query(`CREATE DATABASE bench TEMPLATE ${TEMPLATE} OWNER test_owner`);
await admin.end();
const ownerUrl = urlFor(cluster.facts, "owner", "bench");
Object.assign(
  process.env,
  testEnvironment({
    appUrl: urlFor(cluster.facts, "app", "bench"),
    routerUrl: urlFor(cluster.facts, "router", "bench"),
  }),
);

// Statements of the app's pool, so that their plans can be asked for.
let seen: { text: string; values: unknown[] }[] = [];
const query = pg.Pool.prototype.query as (...args: unknown[]) => unknown;
pg.Pool.prototype.query = function (this: pg.Pool, ...args: unknown[]) {
  const [asked, values] = args;
  const { text, values: bound } = asked as { text?: string; values?: unknown[] };
  seen.push({ text: text ?? String(asked), values: bound ?? ((values ?? []) as unknown[]) });
  return query.apply(this, args);
} as typeof pg.Pool.prototype.query;

const { closeDatabase, inShop, routerPool } = await import("../../app/db.server");
const { gramsOfReview, readKeyword } = await import("../../app/reviews/display/review-grams");
const { readShownReviews } = await import("../../app/reviews/display/read-shown-reviews.server");
const { firstPage } = await import("../../app/reviews/display/shown-query");
const { helpfulRank } = await import("../../app/reviews/votes/helpful-rank");
const { recountRatings } = await import("../../app/reviews/recount-ratings.server");

// Nothing random: the same reviews each time.
let state = 42;
function dice(sides: number): number {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) % sides;
}
const chance = (perMille: number) => dice(1_000) < perMille;
const SENTENCES = [
  "乾燥する季節でも肌がもっちりします。", "香りがやさしくて気に入っています。", "リピート購入です。", "容器が使いやすいです。",
  "母へのプレゼントに選びました。", "べたつかず朝も使えます。", "少しの量でよく伸びます。", "発送が早く、梱包も丁寧でした。",
  "The texture is light and it absorbs quickly.", "I bought it as a gift for my mother.", "The bottle is small but lasts for weeks.",
  "毎日続けたら化粧のりがよくなりました。", "思っていたより小さめでした。", "値段の割に満足しています。", "次は大きいサイズを買います。",
]; // prettier-ignore
interface Row {
  rating: number;
  title: string;
  body: string;
  answers: GramAnswer[];
  helpful: number;
  unhelpful: number;
  photos: number;
  at: string;
}
function review(index: number): Row {
  const sentences = Array.from({ length: 2 + dice(5) }, () => SENTENCES[dice(SENTENCES.length)] ?? "");
  if (chance(300)) sentences.push("とても潤いました。"); // frequent: 30 %
  if (chance(20)) sentences.push("敏感肌です。"); // 2 %
  if (index % 5_000 === 17) sentences.push("蜂蜜のような色でした。"); // rare: 20 reviews
  if (index % 9_000 === 5) sentences.push("Unfortunately the pump leaked in my suitcase.");
  const score = dice(1_000);
  const rating = score < 600 ? 5 : score < 850 ? 4 : score < 940 ? 3 : score < 980 ? 2 : 1;
  const answers = [{ questionId: "skin", optionId: chance(990) ? (chance(500) ? "dry" : "oily") : "sensitive" }];
  const helpful = chance(100) ? dice(60) : 0;
  return {
    rating,
    title: chance(400) ? "満足です" : "",
    body: sentences.join(""),
    answers,
    helpful,
    unhelpful: helpful > 0 ? dice(10) : 0,
    photos: chance(80) ? 1 + dice(3) : 0,
    at: new Date(Date.UTC(2024, 0, 1) + index * 600_000 + dice(600_000)).toISOString(),
  };
}

async function seed(): Promise<number> {
  const { rows } = await routerPool().query<{ id: number }>(
    "INSERT INTO shop (domain) VALUES ('bench.myshopify.com') RETURNING id",
  );
  const shopId = rows[0]?.id ?? 0;
  await inShop(shopId, (tx) =>
    tx.query(
      "INSERT INTO shop_profile (shop_id, name, currency, time_zone, taxes_included, country, primary_locale) VALUES ($1, 'Bench', 'JPY', 'Asia/Tokyo', true, 'JP', 'ja')",
      [shopId],
    ),
  );
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  // Built afterwards: row by row it takes minutes.
  const { rows: index } = await owner.query<{ text: string }>(
    "SELECT pg_get_indexdef('review_search'::regclass) AS text",
  );
  await owner.query("DROP INDEX review_search");
  for (const [group, most] of [
    [GROUP, REVIEWS],
    ["gid://shopify/Product/7000002", REVIEWS / 5],
  ] as const) {
    for (let start = 0; start < most; start += 2_000) {
      const batch = Array.from({ length: Math.min(2_000, most - start) }, (_, at) => review(start + at));
      await inShop(shopId, (tx) => insert(tx, group, batch));
    }
  }
  await inShop(shopId, (tx) =>
    tx.query(
      `INSERT INTO review_mention (shop_id, review_id, topic, group_key, sentiment)
       SELECT shop_id, id, topic, group_key, 1 FROM review CROSS JOIN LATERAL (VALUES ('moisture', body LIKE '%潤い%'), ('colour', body LIKE '%蜂蜜%')) t (topic, has)
        WHERE shop_id = $1 AND has`,
      [shopId],
    ),
  );
  await owner.query(index[0]?.text ?? "");
  await owner.query("VACUUM ANALYZE review");
  await owner.query("VACUUM ANALYZE review_mention");
  const { rows: sizes } = await owner.query<{ heap: string; grams: string }>(
    "SELECT pg_size_pretty(pg_table_size('review')) AS heap, pg_size_pretty(pg_relation_size('review_search')) AS grams",
  );
  console.log(`table ${sizes[0]?.heap ?? ""}, search index ${sizes[0]?.grams ?? ""}`);
  await owner.end();
  await recountRatings(shopId, new Date(), new AbortController().signal);
  return shopId;
}

type Tx = Parameters<Parameters<typeof inShop>[1]>[0];
async function insert(tx: Tx, group: string, batch: Row[]): Promise<void> {
  const place = { shopId: tx.shopId, groupKey: group };
  const rows = batch.map((row) => ({
    ...row,
    rank: helpfulRank(row.helpful, row.unhelpful),
    grams: gramsOfReview(place, [row.title, row.body], row.answers),
  }));
  await tx.query(
    `INSERT INTO review (shop_id, product_gid, group_key, source, status, rating, title, body, answers, author_name, helpful, unhelpful,
                         helpful_rank, photos, search_grams, submitted_at, published_at, updated_at)
     SELECT $1, $2, $2, 'open', 'published', r.rating, r.title, r.body, r.answers, '山田 花子', r.helpful, r.unhelpful, r.rank, r.photos,
            r.grams, r.at, r.at, r.at
       FROM jsonb_to_recordset($3) AS r (rating int, title text, body text, answers jsonb, helpful int, unhelpful int, rank int, photos int,
                                         grams text[], at timestamptz)`,
    [tx.shopId, group, JSON.stringify(rows)],
  );
}

function questions(): Record<string, Partial<ShownQuery>> {
  const words = (text: string) => ({ words: readKeyword(text) });
  const deep: Cursor = {
    rank: 0,
    publishedAt: new Date(Date.UTC(2024, 0, 1) + (REVIEWS / 2) * 600_000).toISOString(),
    id: 1_000_000,
  };
  return {
    "first page": {},
    "load more, half-way down": { cursor: deep },
    "5 stars (60 %)": { stars: [5] },
    "1 and 2 stars (6 %)": { stars: [1, 2] },
    "with photos (8 %)": { withMedia: true },
    "with photos, 1 star": { withMedia: true, stars: [1] },
    "answer, frequent (49 %)": { answers: [{ questionId: "skin", optionId: "dry" }] },
    "answer, 1 %": { answers: [{ questionId: "skin", optionId: "sensitive" }] },
    "answer, 1 %, with photos": { answers: [{ questionId: "skin", optionId: "sensitive" }], withMedia: true },
    "潤い (30 %)": words("潤い"),
    "潤い, half-way down": { ...words("潤い"), cursor: deep },
    "潤い, 1 star": { ...words("潤い"), stars: [1] },
    "潤い, with photos": { ...words("潤い"), withMedia: true },
    "敏感 (2 %)": words("敏感"),
    "敏感, 5 stars": { ...words("敏感"), stars: [5] },
    "蜂蜜 (20 reviews)": words("蜂蜜"),
    "苺大 (none)": words("苺大"),
    "mother (24 %)": words("mother"),
    "suitcase (11 reviews)": words("suitcase"),
    "敏感 潤い": words("敏感 潤い"),
    "潤い, 5 stars": { ...words("潤い"), stars: [5] },
    "潤い, 1 star, with photos": { ...words("潤い"), stars: [1], withMedia: true },
    "敏感, with photos": { ...words("敏感"), withMedia: true },
    "蜂蜜, with photos": { ...words("蜂蜜"), withMedia: true },
    "topic, frequent (30 %)": { topic: "moisture" },
    "topic, rare": { topic: "colour" },
    "topic and 蜂蜜": { topic: "moisture", ...words("蜂蜜") },
    "topic and 1 star": { topic: "moisture", stars: [1] },
  };
}

async function measure(shopId: number): Promise<boolean> {
  let isFast = true;
  for (const sort of ["helpful", "newest"] satisfies ShownSort[]) {
    for (const [name, more] of Object.entries(questions())) {
      const asked = { ...firstPage(GROUP, sort), ...more };
      const times: number[] = [];
      const before = await cpuOfQuestions();
      let total = "";
      for (let round = 0; round < ROUNDS + 3; round += 1) {
        seen = [];
        const begin = performance.now();
        const page = await readShownReviews(shopId, asked);
        if (round >= 3) times.push(performance.now() - begin);
        total = page.total ? `${page.total.count}${page.total.isExact ? "" : "+"}` : "–";
      }
      const cpu = ((await cpuOfQuestions()) - before) / (ROUNDS + 3);
      times.sort((a, b) => a - b);
      const [best, p50, p95] = [0, 0.5, 0.95].map((share) => times[Math.floor(ROUNDS * share)] ?? 0) as [
        number,
        number,
        number,
      ];
      isFast &&= p95 <= LIMIT_MS;
      const mark = p95 > LIMIT_MS ? "  ← slow" : "";
      console.log(
        `${sort.padEnd(8)} ${name.padEnd(28)} ${total.padStart(7)}  cpu ${cpu.toFixed(1).padStart(5)} ms  best ${best.toFixed(1).padStart(6)} ms  p50 ${p50.toFixed(1).padStart(6)} ms  p95 ${p95.toFixed(1).padStart(6)} ms${mark}`,
      );
      if (process.argv.includes("--explain") || mark) await explain(seen);
    }
  }
  return isFast;
}

/** CPU of the app's connections so far, milliseconds. */
async function cpuOfQuestions(): Promise<number> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  const { rows } = await client.query<{ pid: number }>(
    "SELECT pid FROM pg_stat_activity WHERE datname = 'bench' AND application_name = 'kizuna-tenant'",
  );
  await client.end();
  return rows.reduce((sum, { pid }) => sum + cpuOf(pid), 0);
}

async function explain(statements: typeof seen): Promise<void> {
  const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  for (const { text, values } of statements) {
    const { rows } = await client.query<{ "QUERY PLAN": string }>(`EXPLAIN (ANALYZE, BUFFERS) ${text}`, values);
    console.log(rows.map((row) => `    ${row["QUERY PLAN"].slice(0, 220)}`).join("\n"));
  }
  await client.end();
}

const begin = performance.now();
const shopId = await seed();
console.log(`${REVIEWS} reviews seeded in ${Math.round((performance.now() - begin) / 1000)} s`);
const isFast = await measure(shopId);
await closeDatabase();
await cluster.stop();
if (!isFast) process.exitCode = 1;

// Shops of any size, made by single statements as the database's owner: rows as use cases leave them, without the way
// they came. For what must not depend on how many there are.
import type { ShopId } from "../../app/db.server";

/** A connection of the owner: row-level security would look at each of a million rows. */
interface CrowdOwner {
  query<T extends object>(text: string, values?: unknown[]): Promise<{ rows: T[] }>;
}
/** Ids of rows made by one statement. */
export interface IdRange {
  first: number;
  last: number;
}

export const CROWD_PRODUCTS = 1_000;
const FIRST_CUSTOMER = 9_000_000_000;
const NAMES = `(ARRAY['佐藤','鈴木','高橋','田中','伊藤','渡辺','山本','中村','小林','加藤'])[1 + n % 10] || ' ' ||
  (ARRAY['一','二','三','四','五','六','七','八','九','十'])[1 + n / 10 % 10] || (ARRAY['子','郎','美','介','香'])[1 + n / 100 % 5]`;

/** Members with 500 different names, in two tiers and none; a third never ordered and have no points, the others up to 5,020. */
export async function insertCrowd(owner: CrowdOwner, shopId: ShopId, members: number): Promise<IdRange> {
  const restore = await dropIndexes(owner, ["member"]);
  const made = await idsOf(
    owner,
    `INSERT INTO member (shop_id, customer_gid, name, email, tags, search_grams, first_seen_at, available, tier_id, last_order_at, orders_count)
     SELECT $1::int, 'gid://shopify/Customer/' || ${FIRST_CUSTOMER} + n, name, 'user' || n || '@example.jp', '{}',
            ARRAY(SELECT $1::int || ':' || substr(replace(name, ' ', ''), i, 2) FROM generate_series(1, length(replace(name, ' ', '')) - 1) i),
            timestamptz '2024-01-01' + n * interval '1 minute', CASE WHEN n % 3 = 0 THEN 0 ELSE 20 + (n * 7919::bigint) % 5000 END, (ARRAY['gold', 'silver', NULL, NULL])[1 + n % 4],
            CASE WHEN n % 3 = 0 THEN NULL ELSE timestamptz '2026-01-01' + (n * 31 % 100000) * interval '1 minute' END, (n % 3 > 0)::int
       FROM (SELECT n, ${NAMES} AS name FROM generate_series(1, $2::int) n) people`,
    [shopId, members],
  );
  await restore();
  await owner.query("VACUUM ANALYZE member");
  return made;
}

/** For each of these members who has points one order, one lot with all of them, and the fifteen entries they came from. */
export async function insertCrowdLedger(owner: CrowdOwner, shopId: ShopId, members: IdRange): Promise<void> {
  const tables = ["customer_order", "lot", "points_entry"];
  const restore = await dropIndexes(owner, tables);
  const of = [shopId, members.first, members.last];
  const crowd = "FROM member m WHERE m.shop_id = $1::int AND m.id BETWEEN $2 AND $3 AND available > 0";
  await idsOf(
    owner,
    `INSERT INTO customer_order (shop_id, order_gid, name, member_id, customer_gid, processed_at)
     SELECT shop_id, 'gid://shopify/Order/' || ${FIRST_CUSTOMER} + id, '#C' || id, id, customer_gid, last_order_at ${crowd}`,
    of,
  );
  const lots = await idsOf(
    owner,
    `INSERT INTO lot (shop_id, member_id, source_type, source_id, rule, size, remaining, state, available_at, created_at)
     SELECT shop_id, id, 'adjustment', 'crowd', 'adjustment', available, available, 'available', first_seen_at, first_seen_at ${crowd}`,
    of,
  );
  await idsOf(
    owner,
    `INSERT INTO points_entry (shop_id, member_id, lot_id, kind, from_bucket, to_bucket, points, key, source_type, source_id, rule, reason, actor, at)
     SELECT l.shop_id, l.member_id, l.id, 'adjustment', 'issued', 'available', CASE WHEN n = 15 THEN l.size - 14 ELSE 1 END,
            'crowd/' || l.id || '/' || n, 'adjustment', 'crowd', 'adjustment', 'adjust_gift', 'staff:1', l.created_at + n * interval '1 day'
       FROM generate_series(1, 15) n, lot l WHERE l.shop_id = $1::int AND l.id BETWEEN $2 AND $3`,
    [shopId, lots.first, lots.last],
  );
  await restore();
  for (const table of tables) await owner.query(`VACUUM ANALYZE ${table}`);
}

// Which of the reviews, counted by n, wait for what: none for two things.
const HELD = "n % 50 = 7";
const REJECTED = "n % 50 = 9";
const APPEALED = "n % 1000 = 9";
const UNCONFIRMED = "n % 100 = 11";
const WITH_PHOTO = "n % 100 = 13";
const REPORTED = "n % 500 = 1";
const EDITED = "n % 2000 = 3";

/**
 * Reviews of `CROWD_PRODUCTS` products by these members, the newest last: 2 % held, 2 % rejected (a few under appeal),
 * 1 % unconfirmed, and among the published ones photos to look at, reports and new words. All of that is in the queue.
 */
export async function insertCrowdReviews(
  owner: CrowdOwner,
  shopId: ShopId,
  plan: { members: IdRange; reviews: number },
): Promise<IdRange> {
  const { members, reviews } = plan;
  await owner.query(
    `INSERT INTO product_fact (shop_id, product_gid, title, tags, collection_ids, updated_at)
     SELECT $1::int, ${PRODUCT}, '商品 ' || n, '{}', '{}', timestamptz '2026-01-01' FROM generate_series(0, ${CROWD_PRODUCTS - 1}) n
     ON CONFLICT DO NOTHING`,
    [shopId],
  );
  const restore = await dropIndexes(owner, ["review"]);
  const made = await quietly(owner, "review", ["review_shown", "review_held"], () =>
    idsOf(
      owner,
      `INSERT INTO review (shop_id, product_gid, group_key, member_id, order_id, source, status, rating, title, body, answers, author_name, author_email,
                         locale, hold_reasons, findings, queued_at, reject_reason, appeal, photos, submitted_at, published_at, updated_at, analysed)
     SELECT $1::int, ${PRODUCT}, ${PRODUCT}, $2::bigint + n % $3::int, NULL, 'open', status, (ARRAY[5,5,5,4,5,3,5,4,2,1])[1 + n * 7 % 10], title, body, '[]',
            '山田 花子', 'author' || n || '@example.jp', 'ja', CASE WHEN ${HELD} THEN ARRAY[kind] ELSE '{}' END,
            CASE WHEN ${HELD} THEN jsonb_build_array(jsonb_build_object('kind', kind, 'field', 'body', 'from', 0, 'to', 2, 'detail', '')) ELSE '[]' END,
            CASE WHEN ${HELD} OR ${APPEALED} OR ${WITH_PHOTO} OR ${REPORTED} OR ${EDITED} THEN at + interval '1 hour' END,
            CASE WHEN ${REJECTED} THEN 'spam' END, CASE WHEN ${APPEALED} THEN 'open' END, (${WITH_PHOTO})::int, at,
            CASE WHEN status = 'published' THEN at END, at, 1
       FROM (SELECT n, timestamptz '2024-06-01' + n * interval '1 minute' AS at, (ARRAY['link', 'spam', 'claim', 'profanity'])[1 + n / 50 % 4] AS kind,
                    CASE WHEN ${HELD} THEN 'held' WHEN ${REJECTED} THEN 'rejected' WHEN ${UNCONFIRMED} THEN 'unconfirmed' ELSE 'published' END AS status,
                    (ARRAY['満足です', '', 'リピートします', 'Good', ''])[1 + n % 5] AS title,
                    (ARRAY['乾燥する季節でも肌がもっちりします。', '香りがやさしくて気に入っています。', '少しの量でよく伸びます。', 'The texture is light and it absorbs quickly.'])[1 + n % 4] ||
                    (ARRAY['母へのプレゼントに選びました。', '容器が使いやすいです。', '値段の割に満足しています。'])[1 + n % 3] ||
                    CASE WHEN n % 50000 = 7 THEN '蜂蜜のような色でした。' ELSE '' END AS body
               FROM generate_series(1, $4::int) n) written`,
      [shopId, members.first, members.last - members.first + 1, reviews],
    ),
  );
  await restore();
  await insertCrowdWaits(owner, shopId, made);
  return made;
}

const PRODUCT = `'gid://shopify/Product/' || 8000000000 + n % ${CROWD_PRODUCTS}`;

// What reviews in the queue wait for beside their own words; n counts them as above.
async function insertCrowdWaits(owner: CrowdOwner, shopId: ShopId, { first, last }: IdRange): Promise<void> {
  const crowd =
    "FROM (SELECT *, id - $2::bigint + 1 AS n FROM review WHERE shop_id = $1::int AND id BETWEEN $2 AND $3) r";
  const of = [shopId, first, last];
  await owner.query(
    `INSERT INTO review_media (shop_id, review_id, kind, status, storage_key, created_at)
     SELECT shop_id, id, 'photo', 'ready', 'crowd/' || id, submitted_at ${crowd} WHERE ${WITH_PHOTO}`,
    of,
  );
  await owner.query(
    `INSERT INTO review_report (shop_id, review_id, reason, reporter, at)
     SELECT shop_id, id, 'spam', 'crowd', submitted_at ${crowd} WHERE ${REPORTED}`,
    of,
  );
  await owner.query(
    `INSERT INTO review_version (shop_id, review_id, version, content, submitted_at)
     SELECT shop_id, id, 2, jsonb_build_object('rating', rating, 'title', title, 'body', body, 'pros', '', 'cons', '', 'answers', '[]'::jsonb, 'authorName', author_name),
            submitted_at ${crowd} WHERE ${EDITED}`,
    of,
  );
  for (const table of ["review", "review_media", "review_report", "review_version", "product_fact"])
    await owner.query(`VACUUM ANALYZE ${table}`);
}

/** Takes away what makes rows slow to write, but what keeps them unique; the answer puts it back and checks every key. */
async function dropIndexes(owner: CrowdOwner, tables: readonly string[]): Promise<() => Promise<void>> {
  const { rows } = await owner.query<{ drop: string; make: string }>(
    `SELECT format('DROP INDEX %s', indexrelid::regclass) AS drop, pg_get_indexdef(indexrelid) AS make
       FROM pg_index WHERE indrelid = ANY ($1::regclass[]) AND NOT indisunique
     UNION ALL
     SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
            format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
       FROM pg_constraint WHERE conrelid = ANY ($1::regclass[]) AND contype = 'f'`,
    [tables],
  );
  for (const { drop } of rows) await owner.query(drop);
  return async () => {
    for (const { make } of rows) await owner.query(make);
  };
}

// A note per row would have every group of the shop counted again, a million times.
async function quietly<T>(
  owner: CrowdOwner,
  table: string,
  triggers: readonly string[],
  work: () => Promise<T>,
): Promise<T> {
  for (const trigger of triggers) await owner.query(`ALTER TABLE ${table} DISABLE TRIGGER ${trigger}`);
  try {
    return await work();
  } finally {
    for (const trigger of triggers) await owner.query(`ALTER TABLE ${table} ENABLE TRIGGER ${trigger}`);
  }
}

async function idsOf(owner: CrowdOwner, insert: string, values: unknown[]): Promise<IdRange> {
  const { rows } = await owner.query<{ first: string; last: string }>(
    `WITH made AS (${insert} RETURNING id) SELECT min(id) AS first, max(id) AS last FROM made`,
    values,
  );
  const [range] = rows;
  if (!range) throw new Error("nothing was made");
  return { first: Number(range.first), last: Number(range.last) };
}

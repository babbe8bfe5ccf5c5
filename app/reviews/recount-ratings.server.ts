// What a group's published reviews add up to: counted anew whenever something changed, never added to. A
// trigger leaves a row for each change in the commit that makes it; the recount takes those rows away first
// and counts afterwards, so that a change it did not see has left a row for the next one. A vote moves no sum: its
// group is published anew and not counted.
import { inShop, type Queryable, type ShopId, type ShopTx } from "../db.server";
import { TOPICS } from "./highlights/topics";

const GROUPS_AT_ONCE = 50;
/** Rows taken away at once for one group: a bulk import leaves many. */
const CHANGES_AT_ONCE = 10_000;

/** Recounts every group that changed. @returns how many */
export async function recountRatings(shopId: ShopId, now: Date, signal: AbortSignal): Promise<{ recounted: number }> {
  let recounted = 0;
  while (!signal.aborted) {
    const groups = await changedGroups(shopId);
    if (groups.length === 0) break;
    for (const groupKey of groups) {
      if (signal.aborted) break;
      await inShop(shopId, (tx) => recountGroup(tx, groupKey, now));
      recounted += 1;
    }
  }
  return { recounted };
}

async function changedGroups(shopId: ShopId): Promise<string[]> {
  const { rows } = await inShop(shopId, (tx) =>
    tx.query<{ groupKey: string }>(
      `SELECT DISTINCT group_key AS "groupKey" FROM (SELECT group_key FROM rating_change WHERE shop_id = $1 ORDER BY id LIMIT 5000) oldest
        ORDER BY 1 LIMIT ${GROUPS_AT_ONCE}`,
      [shopId],
    ),
  );
  return rows.map(({ groupKey }) => groupKey);
}

async function recountGroup(tx: ShopTx, groupKey: string, now: Date): Promise<void> {
  // The row is the lock: two recounts of a group come one after the other.
  await tx.query(`INSERT INTO rating_summary (shop_id, group_key) VALUES ($1, $2) ON CONFLICT DO NOTHING`, [
    tx.shopId,
    groupKey,
  ]);
  await tx.query("SELECT FROM rating_summary WHERE shop_id = $1 AND group_key = $2 FOR UPDATE", [tx.shopId, groupKey]);
  const { rows: changes } = await tx.query<{ keepsSums: boolean }>(
    `WITH taken AS (
       DELETE FROM rating_change WHERE shop_id = $1 AND id IN (
         SELECT id FROM rating_change WHERE shop_id = $1 AND group_key = $2 ORDER BY id LIMIT ${CHANGES_AT_ONCE}) RETURNING keeps_sums)
     SELECT bool_and(keeps_sums) AS "keepsSums" FROM taken`,
    [tx.shopId, groupKey],
  );
  if (changes[0]?.keepsSums) {
    // Only what was counted before can be kept.
    const { rowCount } = await tx.query(
      `UPDATE rating_summary SET counted_seq = counted_seq + 1 WHERE shop_id = $1 AND group_key = $2 AND counted_at IS NOT NULL`,
      [tx.shopId, groupKey],
    );
    if (rowCount === 1) return;
  }
  await tx.query(
    `UPDATE rating_summary s SET counts = n.counts, verified = n.verified, incentivised = n.incentivised, with_media = n.with_media,
            topics = $4, answers = $5, counted_seq = s.counted_seq + 1, counted_at = $3
       FROM (${COUNT_OF_GROUP}) n WHERE s.shop_id = $1 AND s.group_key = $2`,
    [
      tx.shopId,
      groupKey,
      now,
      JSON.stringify(await mostMentioned(tx, groupKey)),
      JSON.stringify(await countAnswers(tx, groupKey)),
    ],
  );
}

/** How often an answer to a question of the shop was given. */
export interface AnswerCount {
  [column: string]: unknown;
  question: string;
  option: string;
  count: number;
}

/** The answers of a group's shown reviews. */
export async function countAnswers(tx: Queryable & { shopId: ShopId }, groupKey: string): Promise<AnswerCount[]> {
  const { rows } = await tx.query<AnswerCount>(
    `SELECT answer->>'questionId' AS question, answer->>'optionId' AS option, count(*)::int AS count
       FROM review, jsonb_array_elements(answers) answer
      WHERE shop_id = $1 AND group_key = $2 AND status = 'published' AND answers <> '[]'
      GROUP BY 1, 2 ORDER BY 1, 2`,
    [tx.shopId, groupKey],
  );
  return rows;
}

/** A topic of a group's shown reviews, as shoppers read it. */
export interface TopicSum {
  topic: string;
  en: string;
  ja: string;
  reviews: number;
  positive: number;
  negative: number;
}
const TOPICS_MAX = 8;
/** Fewer are chance. */
const MENTIONS_MIN = 2;

async function mostMentioned(tx: ShopTx, groupKey: string): Promise<TopicSum[]> {
  const { rows } = await tx.query<Omit<TopicSum, "en" | "ja">>(
    `SELECT m.topic, count(*)::int AS reviews, count(*) FILTER (WHERE m.sentiment > 0)::int AS positive, count(*) FILTER (WHERE m.sentiment < 0)::int AS negative
       FROM review_mention m JOIN review r ON r.shop_id = $1 AND r.id = m.review_id AND r.status = 'published'
      WHERE m.shop_id = $1 AND m.group_key = $2 GROUP BY 1 HAVING count(*) >= ${MENTIONS_MIN} ORDER BY reviews DESC, m.topic LIMIT ${TOPICS_MAX}`,
    [tx.shopId, groupKey],
  );
  return rows.flatMap((row) => {
    const name = TOPICS.find(({ id }) => id === row.topic)?.name;
    return name ? [{ ...row, ...name }] : [];
  });
}

/** The sums of group $2 of shop $1, from the reviews themselves; the audit asks the same. */
export const COUNT_OF_GROUP = `SELECT ARRAY[
         count(*) FILTER (WHERE rating = 1), count(*) FILTER (WHERE rating = 2), count(*) FILTER (WHERE rating = 3),
         count(*) FILTER (WHERE rating = 4), count(*) FILTER (WHERE rating = 5)]::int[] AS counts,
       count(*) FILTER (WHERE verified)::int AS verified, count(*) FILTER (WHERE incentivised)::int AS incentivised,
       count(*) FILTER (WHERE photos + videos > 0)::int AS with_media
  FROM review WHERE shop_id = $1 AND group_key = $2 AND status = 'published'`;

// The numbers of the analytics page. Every count is made of rows as they are now, inside the weeks asked for.
import { queryShop, type ShopId } from "../../db.server";
import { lastWeeks, type Period } from "./periods";

export interface ReviewWeek {
  /** Its Monday: 2026-11-16 */
  week: string;
  /** Reviews received, whatever was decided about them; those that were never confirmed are not counted. */
  received: number;
  /** Sum of their stars. */
  stars: number;
  requested: number;
  /** Of the requests sent in this week, those that brought at least one review until today. */
  answered: number;
}
export interface TopicCount {
  topic: string;
  en: string;
  ja: string;
  positive: number;
  negative: number;
  reviews: number;
}
export interface ReviewAnalytics {
  weeks: ReviewWeek[];
  /** Published in the period: how long that took, in seconds. null: nothing was published. */
  publishing: { published: number; atOnce: number; medianSeconds: number | null; slowSeconds: number | null };
  shares: { published: number; verified: number; incentivised: number; withMedia: number };
  /** Answers due in the period. */
  tasks: { due: number; inTime: number; late: number; open: number };
  topics: TopicCount[];
}

const TOPICS_MAX = 12;
/** Published within a minute counts as at once. */
const AT_ONCE_SECONDS = 60;

/** What the reviews of the last weeks say. */
export async function readReviewAnalytics(
  shopId: ShopId,
  period: Period,
  timeZone: string,
  now: Date,
): Promise<ReviewAnalytics> {
  const { from, weeks } = lastWeeks(period, now, timeZone);
  const [received, requested, publishing, tasks, topics] = await Promise.all([
    queryShop<{ week: string; received: number; stars: number }>(shopId, RECEIVED, [shopId, from, timeZone, now]),
    queryShop<{ week: string; requested: number; answered: number }>(shopId, REQUESTED, [shopId, from, timeZone, now]),
    queryShop<PublishedRow>(shopId, PUBLISHED, [shopId, from, AT_ONCE_SECONDS, now]),
    queryShop<ReviewAnalytics["tasks"]>(shopId, TASKS, [shopId, from, now]),
    queryShop<TopicCount & { [column: string]: unknown }>(shopId, TOPICS, [shopId, TOPICS_MAX]),
  ]);
  const row = publishing[0] ?? NOTHING_PUBLISHED;
  return {
    weeks: weeks.map((week) => ({
      week,
      received: 0,
      stars: 0,
      requested: 0,
      answered: 0,
      ...received.find((each) => each.week === week),
      ...requested.find((each) => each.week === week),
    })),
    publishing: {
      published: row.published,
      atOnce: row.atOnce,
      medianSeconds: row.medianSeconds,
      slowSeconds: row.slowSeconds,
    },
    shares: {
      published: row.published,
      verified: row.verified,
      incentivised: row.incentivised,
      withMedia: row.withMedia,
    },
    tasks: tasks[0] ?? { due: 0, inTime: 0, late: 0, open: 0 },
    topics,
  };
}

export interface ReviewPulse {
  /** Received in the last seven days. */
  received: number;
  /** In the queue: somebody should look. */
  waiting: number;
  published: number;
  /** Of all published reviews. */
  stars: number;
}

/** Three numbers for the first page. */
export async function readReviewPulse(shopId: ShopId, now: Date): Promise<ReviewPulse> {
  const weekAgo = new Date(now.getTime() - 7 * 86_400_000);
  const [row] = await queryShop<ReviewPulse & { [column: string]: unknown }>(shopId, PULSE, [shopId, weekAgo, now]);
  return row ?? { received: 0, waiting: 0, published: 0, stars: 0 };
}

interface PublishedRow {
  [column: string]: unknown;
  published: number;
  atOnce: number;
  medianSeconds: number | null;
  slowSeconds: number | null;
  verified: number;
  incentivised: number;
  withMedia: number;
}
const NOTHING_PUBLISHED: PublishedRow = {
  published: 0,
  atOnce: 0,
  medianSeconds: null,
  slowSeconds: null,
  verified: 0,
  incentivised: 0,
  withMedia: 0,
};

const week = (column: string) => `to_char(date_trunc('week', ${column} AT TIME ZONE $3), 'YYYY-MM-DD')`;

const RECEIVED = `
SELECT ${week("submitted_at")} AS week, count(*) AS received, sum(rating) AS stars
  FROM review WHERE shop_id = $1 AND submitted_at >= $2 AND submitted_at <= $4 AND status <> 'unconfirmed' GROUP BY 1`;

const REQUESTED = `
SELECT ${week("q.invited_at")} AS week, count(*) AS requested,
       count(*) FILTER (WHERE EXISTS (SELECT FROM review r WHERE r.shop_id = q.shop_id AND r.request_id = q.id)) AS answered
  FROM review_request q WHERE q.shop_id = $1 AND q.invited_at >= $2 AND q.invited_at <= $4 GROUP BY 1`;

const PUBLISHED = `
SELECT count(*) AS published,
       count(*) FILTER (WHERE published_at <= submitted_at + $3 * interval '1 second') AS "atOnce",
       round(percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM published_at - submitted_at)))::bigint AS "medianSeconds",
       round(percentile_cont(0.9) WITHIN GROUP (ORDER BY extract(epoch FROM published_at - submitted_at)))::bigint AS "slowSeconds",
       count(*) FILTER (WHERE verified) AS verified, count(*) FILTER (WHERE incentivised) AS incentivised,
       count(*) FILTER (WHERE photos + videos > 0) AS "withMedia"
  FROM review WHERE shop_id = $1 AND status = 'published' AND published_at >= $2 AND published_at <= $4`;

const TASKS = `
SELECT count(*) AS due,
       count(*) FILTER (WHERE status = 'done' AND closed_at <= due_at) AS "inTime",
       count(*) FILTER (WHERE status = 'done' AND closed_at > due_at) AS late,
       count(*) FILTER (WHERE status <> 'done') AS open
  FROM support_task WHERE shop_id = $1 AND due_at >= $2 AND due_at <= $3`;

const TOPICS = `
SELECT topic->>'topic' AS topic, min(topic->>'en') AS en, min(topic->>'ja') AS ja,
       sum((topic->>'positive')::int) AS positive, sum((topic->>'negative')::int) AS negative, sum((topic->>'reviews')::int) AS reviews
  FROM rating_summary s CROSS JOIN LATERAL jsonb_array_elements(s.topics) topic
 WHERE s.shop_id = $1 GROUP BY 1 ORDER BY reviews DESC, 1 LIMIT $2`;

const PULSE = `
SELECT (SELECT count(*) FROM review WHERE shop_id = $1 AND submitted_at > $2 AND submitted_at <= $3 AND status <> 'unconfirmed') AS received,
       (SELECT count(*) FROM review WHERE shop_id = $1 AND queued_at IS NOT NULL) AS waiting,
       coalesce(sum(c.reviews), 0) AS published, coalesce(sum(c.reviews * c.stars), 0) AS stars
  FROM rating_summary s CROSS JOIN LATERAL unnest(s.counts) WITH ORDINALITY AS c(reviews, stars) WHERE s.shop_id = $1`;

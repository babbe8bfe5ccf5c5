// Published reviews are read for what they talk about: each once per version of its words. What a group's
// reviews mention most is part of its sums, which are then counted anew.
import { inShop, queryShop, type ShopId } from "../../db.server";
import type { Finding } from "../moderation/findings";
import { shownTexts } from "../moderation/mask-text";
import { isJapanese, mentionsOf, type TokenizeJapanese } from "./mentions";
import { japaneseTokenizer } from "./tokenize-japanese.server";

const AT_ONCE = 50;

interface DueRow {
  [column: string]: unknown;
  id: number;
  version: number;
  groupKey: string;
  title: string;
  body: string;
  pros: string;
  cons: string;
  authorName: string;
  findings: Finding[];
}

/** Reads what was not read yet. @returns how many reviews */
export async function analyseReviews(shopId: ShopId, signal: AbortSignal): Promise<{ analysed: number }> {
  let analysed = 0;
  while (!signal.aborted) {
    const due = await queryShop<DueRow>(
      shopId,
      `SELECT id, version, group_key AS "groupKey", title, body, pros, cons, author_name AS "authorName", findings
         FROM review WHERE shop_id = $1 AND status = 'published' AND analysed IS NULL ORDER BY id LIMIT ${AT_ONCE}`,
      [shopId],
    );
    if (due.length === 0) break;
    const tokenize = due.some(({ title, body, pros, cons }) => isJapanese(title + body + pros + cons))
      ? await japaneseTokenizer()
      : null;
    const read = due.map((row) => ({ ...row, mentions: mentions(row, tokenize) }));
    await write(shopId, read);
    analysed += due.length;
  }
  return { analysed };
}

function mentions(row: DueRow, tokenize: TokenizeJapanese | null) {
  const { title, body, pros, cons } = shownTexts(row, row.findings);
  return mentionsOf([title, body, pros, cons], tokenize);
}

async function write(shopId: ShopId, read: (DueRow & { mentions: ReturnType<typeof mentions> })[]): Promise<void> {
  await inShop(shopId, async (tx) => {
    // A review whose words changed meanwhile is left for the next look.
    const { rows } = await tx.query<{ id: number }>(
      `UPDATE review r SET analysed = d.version FROM jsonb_to_recordset($2::jsonb) AS d (id bigint, version int)
        WHERE r.shop_id = $1 AND r.id = d.id AND r.version = d.version AND r.status = 'published' RETURNING r.id`,
      [shopId, JSON.stringify(read.map(({ id, version }) => ({ id, version })))],
    );
    const marked = new Set(rows.map(({ id }) => id));
    const kept = read.filter(({ id }) => marked.has(id));
    await tx.query("DELETE FROM review_mention WHERE shop_id = $1 AND review_id = ANY ($2)", [shopId, [...marked]]);
    await tx.query(
      `INSERT INTO review_mention (shop_id, review_id, topic, group_key, sentiment)
       SELECT $1, m.id, m.topic, m."groupKey", m.sentiment
         FROM jsonb_to_recordset($2::jsonb) AS m (id bigint, topic text, "groupKey" text, sentiment int)`,
      [
        shopId,
        JSON.stringify(
          kept.flatMap(({ id, groupKey, mentions: all }) => all.map((each) => ({ id, groupKey, ...each }))),
        ),
      ],
    );
    await tx.query("INSERT INTO rating_change (shop_id, group_key) SELECT $1, unnest($2::text[])", [
      shopId,
      [...new Set(kept.map(({ groupKey }) => groupKey))].sort(),
    ]);
  });
}

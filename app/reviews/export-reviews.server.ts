// What a person wrote, for the merchant to hand over to them.
import type { ShopTx } from "../db.server";
import { withMergedMembers } from "./redact-reviews.server";

/** Everything of theirs: words of every version, media, notes, and what was done with it. Empty: nothing is held. */
export async function exportReviews(
  tx: ShopTx,
  { customerGid, email, memberIds }: { customerGid: string | null; email: string | null; memberIds: readonly number[] },
): Promise<unknown[]> {
  const { rows } = await tx.query<{ content: unknown }>(EXPORT, [
    tx.shopId,
    customerGid,
    email?.trim().toLowerCase() || null,
    await withMergedMembers(tx, memberIds),
  ]);
  return rows.map(({ content }) => content);
}

const EXPORT = `
  SELECT jsonb_build_object(
    'review', to_jsonb(r) - 'search_grams' - 'shop_id' - 'author_key' - 'visitor_key',
    'versions', (SELECT coalesce(jsonb_agg(jsonb_build_object('version', v.version, 'at', v.submitted_at, 'status', v.status, 'content', v.content)
                    ORDER BY v.version), '[]') FROM review_version v WHERE v.shop_id = r.shop_id AND v.review_id = r.id),
    'media', (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', m.kind, 'at', m.created_at, 'status', m.status, 'folder', m.storage_key, 'files', m.files,
                 'alt', m.alt, 'licence', m.licence) ORDER BY m.position, m.id), '[]') FROM review_media m
                WHERE m.shop_id = r.shop_id AND m.review_id = r.id AND m.status IN ('received', 'ready')),
    'notes', (SELECT coalesce(jsonb_agg(jsonb_build_object('at', n.at, 'kind', n.kind, 'text', n.text) ORDER BY n.id), '[]')
                FROM review_note n WHERE n.shop_id = r.shop_id AND n.review_id = r.id),
    'events', (SELECT coalesce(jsonb_agg(jsonb_build_object('at', e.at, 'kind', e.kind, 'params', e.params) ORDER BY e.id), '[]')
                 FROM review_event e WHERE e.shop_id = r.shop_id AND e.review_id = r.id)) AS content
    FROM review r
   WHERE r.shop_id = $1 AND r.status <> 'deleted'
     AND (r.customer_gid = $2 OR r.member_id = ANY ($4) OR (r.author_email = $3 AND (r.customer_gid IS NULL OR $2::text IS NULL)))
   ORDER BY r.id`;

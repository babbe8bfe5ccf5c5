// A review takes the files of its page's ticket, with the licence the author gave, in the review's own transaction.
import type { ShopTx } from "../../db.server";
import { PHOTOS_MAX, VIDEOS_MAX } from "../review-content";
import type { MediaLicence } from "./media-limits";
import { readTicket } from "./upload-ticket.server";

export interface AttachedMedia {
  photos: number;
  videos: number;
}

/** What came to its end; of some files the store is still making what shoppers will see. */
const TAKEN = "(m.status = 'ready' OR m.status = 'received' AND m.files <> '[]')";

/**
 * Attaches what the ticket holds, photos and videos up to their limits; the rest stays behind and is tidied away.
 * @param only the ids the form named, when a page sends several reviews with one ticket; null: all of them
 */
export async function attachMedia(
  tx: ShopTx,
  reviewId: number,
  { ticket, only, licence }: { ticket: string; only: readonly number[] | null; licence: MediaLicence },
): Promise<AttachedMedia> {
  const ticketHash = readTicket(tx.shopId, ticket);
  if (!ticketHash) return { photos: 0, videos: 0 };
  const { rows } = await tx.query<{ kind: "photo" | "video" }>(
    `WITH kept AS (
       SELECT m.kind, count(*) AS present FROM review_media m WHERE m.shop_id = $1 AND m.review_id = $2 AND ${TAKEN} GROUP BY m.kind),
     offered AS (
       SELECT m.id, m.kind, row_number() OVER (PARTITION BY m.kind ORDER BY m.position, m.id) + coalesce(k.present, 0) AS place
         FROM review_media m LEFT JOIN kept k USING (kind)
        WHERE m.shop_id = $1 AND m.ticket_hash = $3 AND m.review_id IS NULL AND ${TAKEN} AND ($4::bigint[] IS NULL OR m.id = ANY ($4)))
     UPDATE review_media m SET review_id = $2, ticket_hash = NULL, licence = $5, position = offered.place
       FROM offered
      WHERE m.shop_id = $1 AND m.id = offered.id AND offered.place <= CASE offered.kind WHEN 'photo' THEN $6::int ELSE $7::int END
      RETURNING m.kind`,
    [tx.shopId, reviewId, ticketHash, only, JSON.stringify(licence), PHOTOS_MAX, VIDEOS_MAX],
  );
  const photos = rows.filter(({ kind }) => kind === "photo").length;
  return { photos, videos: rows.length - photos };
}

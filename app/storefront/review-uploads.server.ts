// The files of a page's ticket before their review is sent: what is there, what is described, what is taken back.
import { createReadStream } from "node:fs";

import { inShop, queryShop, type ShopId } from "../db.server";
import { isReadyFile, type MediaFile } from "../reviews/media/media-limits";
import { mediaUrl } from "../reviews/media/media-place.server";
import { receiveMedia } from "../reviews/media/receive-media.server";
import { removeMedia } from "../reviews/media/show-media.server";
import { readTicket } from "../reviews/media/upload-ticket.server";
import type { ReviewSettings } from "../reviews/review-settings";
import { filesOf, type PostedForm } from "./page-http.server";
import type { KeptFile, RefusedFile } from "./pages/review-form";

/** Without a script a form brings so many photos of each product. */
const PHOTOS_PER_FORM = 2;
const ALT_MAX = 300;

/** The files that the ticket holds, in their order. */
export async function readUploads(shopId: ShopId, ticket: string): Promise<KeptFile[]> {
  const ticketHash = readTicket(shopId, ticket);
  if (!ticketHash) return [];
  const rows = await queryShop<{
    id: number;
    kind: "photo" | "video";
    folder: string;
    files: MediaFile[];
    alt: string;
  }>(
    shopId,
    `SELECT id, kind, storage_key AS folder, files, alt FROM review_media
      WHERE shop_id = $1 AND ticket_hash = $2 AND review_id IS NULL AND (status = 'ready' OR status = 'received' AND files <> '[]') ORDER BY position, id`,
    [shopId, ticketHash],
  );
  return rows.map(({ id, kind, folder, files, alt }) => {
    const picture = files.find((file) => file.type.startsWith("image/") && isReadyFile(file));
    return { mediaId: id, kind, alt, url: picture ? mediaUrl(shopId, folder, picture) : null };
  });
}

/** Receives the photos that a form without a script brought for a ticket. @returns those that could not be taken */
export async function receivePhotos(
  shopId: ShopId,
  {
    form,
    field,
    ticket,
    settings,
  }: { form: PostedForm; field: string; ticket: string; settings: ReviewSettings["media"] },
  now: Date,
): Promise<RefusedFile[]> {
  const { taken, over } = filesOf(form, field, PHOTOS_PER_FORM);
  const refused: RefusedFile[] = over.map(({ name }) => ({ name, why: "too_many_files" }));
  for (const { name, path, isTooLarge } of taken) {
    if (isTooLarge) {
      refused.push({ name, why: "too_large" });
      continue;
    }
    const facts = { ticket, alt: "", posterOf: null, settings };
    const received = await receiveMedia(shopId, createReadStream(path), facts, now);
    if (received.outcome === "refused") refused.push({ name, why: received.why });
  }
  return refused;
}

/** Describes a ticket's files for those who cannot see them. */
export async function describeUploads(
  shopId: ShopId,
  ticket: string,
  texts: readonly { mediaId: number; alt: string }[],
): Promise<void> {
  const ticketHash = readTicket(shopId, ticket);
  if (!ticketHash || texts.length === 0) return;
  const clean = texts.map(({ alt }) =>
    alt
      .replace(/[\p{Cc}\u2028\u2029]+/gu, " ")
      .trim()
      .slice(0, ALT_MAX),
  );
  await inShop(shopId, (tx) =>
    tx.query(
      `UPDATE review_media m SET alt = given.alt FROM unnest($3::bigint[], $4::text[]) AS given (id, alt)
        WHERE m.shop_id = $1 AND m.id = given.id AND m.ticket_hash = $2 AND m.review_id IS NULL`,
      [shopId, ticketHash, texts.map(({ mediaId }) => mediaId), clean],
    ),
  );
}

/** Takes files of a ticket back. @returns how many were there */
export async function dropUploads(
  shopId: ShopId,
  ticket: string,
  mediaIds: readonly number[],
  now: Date,
): Promise<number> {
  const ticketHash = readTicket(shopId, ticket);
  if (!ticketHash || mediaIds.length === 0) return 0;
  return inShop(shopId, async (tx) => {
    const { rows } = await tx.query<{ id: number }>(
      `SELECT id FROM review_media WHERE shop_id = $1 AND ticket_hash = $2 AND review_id IS NULL AND id = ANY ($3) FOR UPDATE`,
      [shopId, ticketHash, mediaIds],
    );
    return removeMedia(
      tx,
      rows.map(({ id }) => id),
      now,
    );
  });
}

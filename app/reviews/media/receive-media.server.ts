// One uploaded file becomes a photo or video that can be shown: bounded while it arrives, judged by its bytes
// and never by its name, cleaned, stored. It belongs to its ticket until a review takes it.
import { createWriteStream } from "node:fs";
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import { inShop, queryShop, type ShopId } from "../../db.server";
import { MEDIA_TYPES, type PutOutcome, type StoredFile } from "../../storage/media-store";
import { mediaStore } from "../../storage/media-store.server";
import type { ReviewSettings } from "../review-settings";
import { encodePhoto } from "./encode-photo.server";
import {
  FILES_PER_TICKET,
  kindOf,
  PHOTO_BYTES_MAX,
  SNIFF_BYTES,
  sniffFormat,
  VIDEO_BYTES_MAX,
  videoExtension,
  type MediaFile,
  type MediaFormat,
  type Refusal,
} from "./media-limits";
import { newFolder } from "./media-place.server";
import { stripVideoMetadata } from "./strip-location.server";
import { readTicket } from "./upload-ticket.server";

export interface UploadFacts {
  ticket: string;
  alt: string;
  /** The file is the poster of this video of the same ticket. */
  posterOf: number | null;
  settings: ReviewSettings["media"];
}
export type ReceiveOutcome =
  | { outcome: "ready"; mediaId: number; kind: "photo" | "video" | "poster"; folder: string; files: MediaFile[] }
  | { outcome: "refused"; why: Refusal };

class Refused extends Error {
  constructor(readonly why: Refusal) {
    super(why);
  }
}

/** Receives one file. The stream is read to its end or destroyed; nothing of a refused file stays. */
export async function receiveMedia(
  shopId: ShopId,
  stream: Readable,
  facts: UploadFacts,
  now: Date,
): Promise<ReceiveOutcome> {
  const ticketHash = readTicket(shopId, facts.ticket);
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), "kizuna-upload-"));
  try {
    if (!ticketHash) throw new Refused("ticket");
    await checkRoom(shopId, ticketHash, facts.settings.quotaMegabytes);
    const file = path.join(folder, "original");
    const format = await takeIn(stream, file);
    checkWanted(format, facts);
    const made = kindOf(format) === "photo" ? await photo(file, format, folder) : await video(file, format);
    return await keep(shopId, { ...facts, ticketHash }, format, made, now);
  } catch (error) {
    stream.destroy();
    if (error instanceof Refused) return { outcome: "refused", why: error.why };
    throw error;
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
}

// The sum is read from an index of sizes; it is a fence, not a ledger, and two uploads may pass it together.
async function checkRoom(shopId: ShopId, ticketHash: Buffer, quotaMegabytes: number): Promise<void> {
  const [room] = await queryShop<{ files: number; bytes: number }>(
    shopId,
    `SELECT (SELECT count(*)::int FROM review_media WHERE shop_id = $1 AND ticket_hash = $2) AS files,
            (SELECT coalesce(sum(bytes), 0)::bigint FROM review_media WHERE shop_id = $1 AND erased_at IS NULL) AS bytes`,
    [shopId, ticketHash],
  );
  if ((room?.files ?? 0) >= FILES_PER_TICKET) throw new Refused("too_many_files");
  if ((room?.bytes ?? 0) >= quotaMegabytes * 1_000_000) throw new Refused("quota");
}

function checkWanted(format: MediaFormat, { settings, posterOf }: UploadFacts): void {
  const kind = kindOf(format);
  if (posterOf !== null && kind !== "photo") throw new Refused("type_not_allowed");
  const isOn = kind === "video" || posterOf !== null ? settings.videos : settings.photos;
  if (!isOn) throw new Refused("switched_off");
}

// The first bytes say what it is, and so how long it may become; whatever is longer is cut off on the way.
async function takeIn(stream: Readable, file: string): Promise<MediaFormat> {
  let head = Buffer.alloc(0);
  let format: MediaFormat | null = null;
  let received = 0;
  await pipeline(
    stream,
    async function* (source: AsyncIterable<Buffer>) {
      for await (const chunk of source) {
        received += chunk.length;
        if (format === null) {
          head = Buffer.concat([head, chunk]);
          if (head.length >= SNIFF_BYTES) format = sniffed(head);
        }
        if (received > bytesMax(format)) throw new Refused("too_large");
        yield chunk;
      }
    },
    createWriteStream(file, { mode: 0o600 }),
  );
  return format ?? sniffed(head);
}
function sniffed(head: Buffer): MediaFormat {
  const format = head.length < 12 ? null : sniffFormat(head);
  if (!format) throw new Refused("type_not_allowed");
  return format;
}
function bytesMax(format: MediaFormat | null): number {
  return format !== null && kindOf(format) === "video" ? VIDEO_BYTES_MAX : PHOTO_BYTES_MAX;
}

interface Made {
  width: number | null;
  height: number | null;
  files: (Omit<MediaFile, "url" | "ref"> & { path: string })[];
}
async function photo(file: string, format: MediaFormat, folder: string): Promise<Made> {
  const encoded = await encodePhoto(file, format, folder);
  if (encoded.outcome === "refused") throw new Refused(encoded.why);
  const { width, height, files } = encoded;
  return { width, height, files: files.map((each) => ({ ...each, path: path.join(folder, each.name) })) };
}
async function video(file: string, format: MediaFormat): Promise<Made> {
  const extension = videoExtension(format);
  if (!extension || !(await stripVideoMetadata(file, extension))) throw new Refused("broken");
  const { size } = await fs.stat(file);
  const name = `video.${extension}`;
  return {
    width: null,
    height: null,
    files: [{ name, width: null, height: null, type: MEDIA_TYPES[extension], bytes: size, path: file }],
  };
}

// The row comes first: whatever is in the store has a row that knows of it, so that nothing is left behind.
async function keep(
  shopId: ShopId,
  facts: UploadFacts & { ticketHash: Buffer },
  format: MediaFormat,
  made: Made,
  now: Date,
): Promise<ReceiveOutcome> {
  const isPoster = facts.posterOf !== null;
  const row = isPoster ? await findVideo(shopId, facts) : await insertRow(shopId, facts, format, now);
  const stored = isPoster ? made.files.map((each) => ({ ...each, name: `poster${each.name}` })) : made.files;
  const put = await mediaStore().put(shopId, row.folder, stored);
  if (put.outcome !== "stored") {
    if (!isPoster) await giveUp(shopId, row.id, put, now);
    throw new Refused("not_kept");
  }
  const files = stored.map(({ path: _path, ...file }, index) => ({ ...file, ...fileAt(put.files, index) }));
  await write(shopId, row, files, made, now);
  return { outcome: "ready", mediaId: row.id, kind: isPoster ? "poster" : kindOf(format), folder: row.folder, files };
}

function fileAt(files: readonly StoredFile[], index: number): StoredFile {
  const file = files[index];
  if (!file) throw new Error("the store lost a file");
  return file;
}

const FIRST_LOOK_MS = 5_000;
// What the store is not ready with waits to be asked about: settle-media.server.ts.
async function write(shopId: ShopId, row: MediaRow, files: readonly MediaFile[], made: Made, now: Date): Promise<void> {
  const { rowCount } = await inShop(shopId, (tx) =>
    tx.query(
      `UPDATE review_media SET files = files || $3::jsonb, bytes = bytes + $4, width = coalesce(width, $5), height = coalesce(height, $6),
              status = CASE WHEN ${WAITS} THEN 'received' ELSE 'ready' END, check_at = CASE WHEN ${WAITS} THEN $7::timestamptz END
        WHERE shop_id = $1 AND id = $2 AND status IN ('received', 'ready')`,
      [
        shopId,
        row.id,
        JSON.stringify(files),
        files.reduce((sum, { bytes }) => sum + bytes, 0),
        made.width,
        made.height,
        new Date(now.getTime() + FIRST_LOOK_MS),
      ],
    ),
  );
  if (rowCount) return;
  // It was taken back meanwhile, and its files may have been erased before these came.
  await mediaStore().remove(
    shopId,
    row.folder,
    files.flatMap(({ ref }) => ref ?? []),
  );
  throw new Refused("ticket");
}
const WAITS = `jsonb_path_exists(files || $3::jsonb, '$[*] ? (@.url == null && @.ref != null)')`;

const SEARCHABLE_MS = 3_600_000;
// What may stand behind a busy answer is found by its folder, once the store's search knows of it.
async function giveUp(
  shopId: ShopId,
  mediaId: number,
  put: Exclude<PutOutcome, { outcome: "stored" }>,
  now: Date,
): Promise<void> {
  const isKnown = put.outcome === "refused";
  await inShop(shopId, (tx) =>
    tx.query(
      `UPDATE review_media SET status = 'refused', why = $3, removed_at = $4, check_at = $5
        WHERE shop_id = $1 AND id = $2 AND status = 'received'`,
      [shopId, mediaId, isKnown ? put.why : "BUSY", now, isKnown ? null : new Date(now.getTime() + SEARCHABLE_MS)],
    ),
  );
}

interface MediaRow {
  id: number;
  folder: string;
}
async function insertRow(
  shopId: ShopId,
  { ticketHash, alt }: UploadFacts & { ticketHash: Buffer },
  format: MediaFormat,
  now: Date,
): Promise<MediaRow> {
  const folder = newFolder();
  const { rows } = await inShop(shopId, (tx) =>
    tx.query<{ id: number }>(
      `INSERT INTO review_media (shop_id, ticket_hash, kind, storage_key, alt, position, created_at)
       VALUES ($1, $2, $3, $4, $5, (SELECT count(*) FROM review_media WHERE shop_id = $1 AND ticket_hash = $2), $6) RETURNING id`,
      [shopId, ticketHash, kindOf(format), folder, alt, now],
    ),
  );
  const [row] = rows;
  if (!row) throw new Error("a media row did not come back");
  return { id: row.id, folder };
}
// A video has one poster, and only who uploaded it gives it one.
async function findVideo(
  shopId: ShopId,
  { ticketHash, posterOf }: UploadFacts & { ticketHash: Buffer },
): Promise<MediaRow> {
  const [row] = await queryShop<MediaRow & { [column: string]: unknown }>(
    shopId,
    `SELECT id, storage_key AS folder FROM review_media
      WHERE shop_id = $1 AND id = $2 AND ticket_hash = $3 AND kind = 'video' AND width IS NULL
        AND (status = 'ready' OR status = 'received' AND files <> '[]')`,
    [shopId, posterOf, ticketHash],
  );
  if (!row) throw new Refused("ticket");
  return row;
}

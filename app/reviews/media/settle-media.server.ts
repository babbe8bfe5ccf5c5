// Files that the store took and was not ready with: it is asked until it is, or says that it never will be.
import { inShop, queryShop, type ShopId } from "../../db.server";
import { log } from "../../log.server";
import { mediaStore } from "../../storage/media-store.server";
import type { SettleOutcome } from "../../storage/media-store";
import { settleQueue } from "../moderation/settle-queue.server";
import { lockReview } from "../review-rows.server";
import type { MediaFile } from "./media-limits";
import { postponeMedia } from "./postpone-media.server";
import { removeMedia } from "./show-media.server";

const AT_ONCE = 100;
/** A film may take a store minutes; what takes it a day will not come. */
const PATIENCE_MS = 24 * 3_600_000;

interface WaitingMedia {
  [column: string]: unknown;
  id: number;
  reviewId: number | null;
  folder: string;
  files: MediaFile[];
  createdAt: Date;
}

/**
 * Asks about every file that is due.
 * @throws what the store throws; whatever it stumbled over is asked about later, so that the others are not held up
 */
export async function settleMedia(
  shopId: ShopId,
  now: Date,
  signal: AbortSignal,
): Promise<{ ready: number; failed: number }> {
  const done = { ready: 0, failed: 0 };
  for (let due = await nextDue(shopId, now); due.length > 0 && !signal.aborted; due = await nextDue(shopId, now)) {
    for (const media of due) {
      if (signal.aborted) break;
      const answer = await ask(shopId, media, now);
      const isLate = media.createdAt.getTime() <= now.getTime() - PATIENCE_MS;
      const outcome: SettleOutcome =
        answer.outcome === "waiting" && isLate ? { outcome: "failed", why: "NOT_READY" } : answer;
      if (outcome.outcome === "waiting") {
        await postponeMedia(shopId, media, now);
        continue;
      }
      if (await write(shopId, media, outcome, now)) done[outcome.outcome] += 1;
    }
  }
  return done;
}

async function ask(shopId: ShopId, media: WaitingMedia, now: Date): Promise<SettleOutcome> {
  const waiting = media.files.flatMap(({ name, width, url, ref }) =>
    url === null && ref ? [{ name, width, ref }] : [],
  );
  try {
    return await mediaStore().settle(shopId, media.folder, waiting);
  } catch (error) {
    await postponeMedia(shopId, media, now);
    throw error;
  }
}

// The review first, as everybody does who looks at its media. Whatever changed meanwhile is read anew.
async function write(
  shopId: ShopId,
  media: WaitingMedia,
  outcome: Exclude<SettleOutcome, { outcome: "waiting" }>,
  now: Date,
): Promise<boolean> {
  return inShop(shopId, async (tx) => {
    if (media.reviewId !== null) await lockReview(tx, media.reviewId);
    const { rowCount } = await tx.query(
      `UPDATE review_media SET files = $4, why = $5, check_at = NULL, status = CASE WHEN $5::text IS NULL THEN 'ready' ELSE status END
        WHERE shop_id = $1 AND id = $2 AND status = 'received' AND review_id IS NOT DISTINCT FROM $3 AND files = $6`,
      [
        shopId,
        media.id,
        media.reviewId,
        JSON.stringify(outcome.outcome === "ready" ? withAnswers(media.files, outcome.files) : media.files),
        outcome.outcome === "failed" ? outcome.why : null,
        JSON.stringify(media.files),
      ],
    );
    if (!rowCount) return false;
    if (outcome.outcome === "failed") {
      await removeMedia(tx, [media.id], now);
      log().warn({ shopId, mediaId: media.id, why: outcome.why }, "the store could not keep a photo or film");
    }
    if (media.reviewId !== null) await settleQueue(tx, [media.reviewId], now);
    return true;
  });
}

function withAnswers(
  files: readonly MediaFile[],
  answers: Extract<SettleOutcome, { outcome: "ready" }>["files"],
): MediaFile[] {
  const left = [...answers];
  return files.map((file) => (file.url === null && file.ref ? { ...file, ...left.shift() } : file));
}

async function nextDue(shopId: ShopId, now: Date): Promise<WaitingMedia[]> {
  return queryShop<WaitingMedia>(
    shopId,
    `SELECT id, review_id AS "reviewId", storage_key AS folder, files, created_at AS "createdAt" FROM review_media
      WHERE shop_id = $1 AND status = 'received' AND check_at <= $2 ORDER BY check_at, id LIMIT ${AT_ONCE}`,
    [shopId, now],
  );
}

// A shop that keeps its media in its own files at Shopify: the simulated platform over HTTP, and a review's uploads.
import { Readable } from "node:stream";
import sharp from "sharp";

import { inShop, queryShop, type ShopId } from "../../../app/db.server";
import { env } from "../../../app/env.server";
import { attachMedia, type AttachedMedia } from "../../../app/reviews/media/attach-media.server";
import type { MediaFile } from "../../../app/reviews/media/media-limits";
import { receiveMedia, type ReceiveOutcome } from "../../../app/reviews/media/receive-media.server";
import { settleMedia } from "../../../app/reviews/media/settle-media.server";
import { tidyMedia } from "../../../app/reviews/media/tidy-media.server";
import { openUpload } from "../../../app/reviews/media/upload-ticket.server";
import { DEFAULT_REVIEW_SETTINGS } from "../../../app/reviews/review-settings";
import { createTestShop } from "../../builders/shop";
import { storeTestSession } from "../../builders/shopify-session";
import type { SimFile } from "../../simulator/state";
import { DOMAIN, SCOPES, startPlatform, type Platform } from "../simulator/platform";

export const PROCESSING_MS = 3_600_000;

export interface KeptMedia {
  id: number;
  status: string;
  why: string | null;
  files: MediaFile[];
  folder: string;
  erased: boolean;
}
export interface LibraryShop {
  platform: Platform;
  shopId: ShopId;
  /** Business time of the test: moved by hand, and the platform's clock with it. */
  now: Date;
  later(ms: number): Date;
  photo(): Promise<Buffer>;
  upload(bytes: Buffer, more?: { ticket?: string; posterOf?: number }): Promise<ReceiveOutcome>;
  /** A published review that took the ticket's files. */
  review(ticket: string): Promise<{ reviewId: number; attached: AttachedMedia }>;
  media(id: number): Promise<KeptMedia>;
  /** Every row, oldest first. */
  all(): Promise<KeptMedia[]>;
  settle(): Promise<{ ready: number; failed: number }>;
  tidy(): Promise<{ given: number; erased: number }>;
  /** What stands in the shop's library. */
  library(): SimFile[];
  stop(): Promise<void>;
}
const signal = new AbortController().signal;
const COLUMNS = `id, status, why, files, storage_key AS folder, erased_at IS NOT NULL AS erased`;

/** Starts the platform and the shop; call in beforeAll, before anything asks for the media store. */
export async function startLibraryShop(): Promise<LibraryShop> {
  const platform = await startPlatform([...SCOPES, "write_files"]);
  await platform.ask("{ shop { name } }");
  platform.shop.bucket = { available: 1e6, maximum: 1e6, restorePerSecond: 1e5, at: Date.now() };
  platform.sim.faults.files.processingMs = PROCESSING_MS;
  Object.assign(env(), { KIZUNA_MEDIA_STORE: "shopify", SHOPIFY_SIMULATOR_URL: platform.address });
  const shopId = await createTestShop(DOMAIN);
  await storeTestSession(DOMAIN, { accessToken: "shpat_test" });
  const read = (where: string, values: unknown[]) =>
    queryShop<KeptMedia & { [column: string]: unknown }>(
      shopId,
      `SELECT ${COLUMNS} FROM review_media WHERE shop_id = $1 ${where} ORDER BY id`,
      [shopId, ...values],
    );
  let colour = 0;
  let products = 0;
  const shop: LibraryShop = {
    platform,
    shopId,
    now: platform.sim.now(),
    later(ms) {
      platform.sim.clock.advance(ms);
      return (shop.now = platform.sim.now());
    },
    photo: () =>
      sharp({ create: { width: 800, height: 600, channels: 3, background: { r: colour++ % 255, g: 90, b: 60 } } })
        .jpeg()
        .toBuffer(),
    upload(bytes, { ticket = openUpload(shopId), posterOf } = {}) {
      const facts = { ticket, alt: "", posterOf: posterOf ?? null, settings: DEFAULT_REVIEW_SETTINGS.media };
      return receiveMedia(shopId, Readable.from([bytes]), facts, shop.now);
    },
    review: (ticket) =>
      inShop(shopId, async (tx) => {
        const product = `gid://shopify/Product/${++products}`;
        const { rows } = await tx.query<{ id: number }>(
          `INSERT INTO review (shop_id, product_gid, group_key, source, status, rating, submitted_at, published_at, updated_at)
           VALUES ($1, $2, $2, 'open', 'published', 4, $3, $3, $3) RETURNING id`,
          [shopId, product, shop.now],
        );
        const reviewId = rows[0]?.id ?? 0;
        const licence = { wording: "yes", locale: "en", agreedAt: shop.now.toISOString() } as const;
        return { reviewId, attached: await attachMedia(tx, reviewId, { ticket, only: null, licence }) };
      }),
    async media(id) {
      const [row] = await read("AND id = $2", [id]);
      if (!row) throw new Error("no such media");
      return row;
    },
    all: () => read("", []),
    settle: () => settleMedia(shopId, shop.now, signal),
    tidy: () => tidyMedia(shopId, shop.now, signal),
    library: () => Object.values(platform.shop.files ?? {}),
    async stop() {
      delete env().SHOPIFY_SIMULATOR_URL;
      await platform.stop();
    },
  };
  return shop;
}

/** What was received; a refusal fails the test. */
export function received(outcome: ReceiveOutcome): Extract<ReceiveOutcome, { outcome: "ready" }> {
  if (outcome.outcome !== "ready") throw new Error(`refused: ${outcome.why}`);
  return outcome;
}

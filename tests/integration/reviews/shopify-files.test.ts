// Media in the shop's own files at Shopify: a photo's and a film's whole way there by a staged upload, what is shown of
// them and when, and how they go again. The platform is the simulator, over HTTP.
import fs from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { buffer } from "node:stream/consumers";
import sharp from "sharp";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { inShop, queryShop, routerPool } from "../../../app/db.server";
import { decideMedia } from "../../../app/reviews/media/decide-media.server";
import { mediaUrl } from "../../../app/reviews/media/media-place.server";
import { approveMedia, readMedia, removeMedia } from "../../../app/reviews/media/show-media.server";
import { openUpload } from "../../../app/reviews/media/upload-ticket.server";
import { handleMedia } from "../../../app/server/media.server";
import { mediaStore } from "../../../app/storage/media-store.server";
import { readUploads } from "../../../app/storefront/review-uploads.server";
import { mp4WithPlace } from "../../fixtures/videos";
import { useTestDatabase } from "../../setup/postgres";
import { failNext, noFaults } from "../../simulator/faults";
import { PROCESSING_MS, received, startLibraryShop, type LibraryShop } from "./library-shop";

useTestDatabase();
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "kizuna-library-test-"));
let shop: LibraryShop;
beforeAll(async () => {
  shop = await startLibraryShop();
});
afterAll(async () => {
  await shop.stop();
  fs.rmSync(scratch, { recursive: true, force: true });
});
beforeEach(() => {
  shop.now = shop.platform.sim.now();
});
afterEach(async () => {
  Object.assign(shop.platform.sim.faults, noFaults());
  shop.platform.sim.faults.files.processingMs = PROCESSING_MS;
  // Each test leaves an empty library behind it.
  const ids = (await shop.all()).map(({ id }) => id);
  await inShop(shop.shopId, (tx) => removeMedia(tx, ids, shop.now));
  shop.later(2 * PROCESSING_MS);
  await shop.settle();
  await shop.tidy();
  shop.platform.shop.files = {};
});

const FILM = mp4WithPlace().bytes;
const shown = (reviewId: number, which: "shown" | "all") =>
  inShop(shop.shopId, (tx) => readMedia(tx, [reviewId], which));
const isQueued = async (reviewId: number) =>
  (
    await queryShop<{ queued: boolean }>(
      shop.shopId,
      "SELECT queued_at IS NOT NULL AS queued FROM review WHERE shop_id = $1 AND id = $2",
      [shop.shopId, reviewId],
    )
  )[0]?.queued;
const isDue = async (at: Date) =>
  (await routerPool().query("SELECT FROM due_shops($1) WHERE shop_id = $2 AND work = 'media'", [at, shop.shopId]))
    .rowCount === 1;

describe("a photo", () => {
  it("is sent once, waits for Shopify with its review, and is then seen from the CDN in every size", async () => {
    const ticket = openUpload(shop.shopId);
    const { mediaId, folder } = received(await shop.upload(await shop.photo(), { ticket }));
    const hex = Buffer.from(folder, "base64url").toString("hex");
    expect(shop.library()).toMatchObject([{ kind: "MediaImage", name: `kizuna${hex}w1280.jpg`, alt: "" }]);
    expect(await shop.media(mediaId)).toMatchObject({ status: "received", why: null });
    expect(await readUploads(shop.shopId, ticket)).toEqual([{ mediaId, kind: "photo", alt: "", url: null }]);
    const { reviewId, attached } = await shop.review(ticket);
    expect(attached).toEqual({ photos: 1, videos: 0 });

    expect([await isDue(shop.now), await isDue(new Date(shop.now.getTime() + 5_000))]).toEqual([false, true]);
    shop.later(PROCESSING_MS / 2);
    expect(await shop.settle()).toEqual({ ready: 0, failed: 0 });
    expect([await shown(reviewId, "all"), await isQueued(reviewId), await isDue(shop.now)]).toEqual([[], false, false]);

    shop.later(PROCESSING_MS);
    expect(await isDue(shop.now)).toBe(true);
    expect(await shop.settle()).toEqual({ ready: 1, failed: 0 });
    expect([await shown(reviewId, "shown"), await isQueued(reviewId), await isDue(shop.now)]).toEqual([
      [],
      true,
      false,
    ]);
    const [photo] = await shown(reviewId, "all");
    expect(photo?.files.map(({ url, width }) => [new URL(url).searchParams.get("width"), width])).toEqual([
      ["320", 320],
      ["640", 640],
      ["800", 800],
      ["800", 800],
    ]);
    for (const { url, width } of photo?.files ?? []) {
      const answer = await fetch(url, { headers: { accept: "image/webp,*/*" } });
      const seen = await sharp(Buffer.from(await answer.arrayBuffer())).metadata();
      expect({ width: seen.width, format: seen.format }).toEqual({ width, format: "webp" });
    }
    const decided = await decideMedia(
      shop.shopId,
      reviewId,
      { mediaIds: [mediaId], decision: "approve" },
      "staff:1",
      shop.now,
    );
    expect(decided).toEqual({ outcome: "approved", changed: 1 });
    expect([(await shown(reviewId, "shown")).length, await isQueued(reviewId)]).toEqual([1, false]);
  });

  it("is read back for an export, and is nothing at our own door", async () => {
    const { mediaId, folder } = received(await shop.upload(await shop.photo()));
    shop.later(2 * PROCESSING_MS);
    await shop.settle();
    const { files } = await shop.media(mediaId);
    const plain = files.find(({ name }) => name === "w1280.jpg");
    const opened = await mediaStore().open(shop.shopId, { folder, name: "w1280.jpg", url: plain?.url ?? null });
    if (!opened) throw new Error("the store has no such file");
    const { format, width } = await sharp(await buffer(opened.stream)).metadata();
    expect({ format, width, length: opened.length > 0 }).toEqual({ format: "jpeg", width: 800, length: true });
    const server = createServer((req, res) => void handleMedia(req, res, req.url ?? ""));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const own = new URL(mediaUrl(shop.shopId, folder, { name: "w1280.jpg", url: null })).pathname;
    const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${own}`);
    expect(answer.status).toBe(404);
    await new Promise((resolve) => server.close(resolve));
  });

  it("that is put twice is one file: Shopify says so at once, or when it has looked", async () => {
    const { mediaId, folder } = received(await shop.upload(await shop.photo()));
    const [file] = shop.library();
    if (!file) throw new Error("the library is empty");
    const again = path.join(scratch, "again.jpg");
    fs.writeFileSync(again, await shop.photo());
    const put = await mediaStore().put(shop.shopId, folder, [{ name: "w1280.jpg", width: 800, path: again }]);
    expect(put).toEqual({ outcome: "stored", files: [{ url: null, ref: `name:${file.name}` }] });
    expect(shop.library()).toHaveLength(1);
    // A race that the second one lost.
    const first = { ...file, id: "88" };
    file.error = "DUPLICATE_FILENAME_ERROR";
    shop.platform.shop.files = { ...shop.platform.shop.files, "88": first };
    shop.later(2 * PROCESSING_MS);
    expect(await shop.settle()).toEqual({ ready: 1, failed: 0 });
    expect(new Set((await shop.media(mediaId)).files.map(({ ref }) => ref))).toEqual(
      new Set(["gid://shopify/MediaImage/88"]),
    );
    expect(shop.library()).toEqual([first]);
  });

  it.each(["IMAGE_PROCESSING_FAILURE", "FILE_STORAGE_LIMIT_EXCEEDED"])(
    "that ends with %s goes from its review, says why, and leaves nothing at Shopify",
    async (code) => {
      shop.platform.sim.faults.files.failWith = code;
      const ticket = openUpload(shop.shopId);
      const { mediaId } = received(await shop.upload(await shop.photo(), { ticket }));
      shop.platform.sim.faults.files.failWith = null;
      received(await shop.upload(await shop.photo(), { ticket }));
      const { reviewId } = await shop.review(ticket);
      shop.later(2 * PROCESSING_MS);
      expect(await shop.settle()).toEqual({ ready: 1, failed: 1 });
      expect(await shop.media(mediaId)).toMatchObject({ status: "removed", why: code });
      expect((await shown(reviewId, "all")).length).toBe(1);
      expect(await shop.tidy()).toMatchObject({ erased: 1 });
      expect(shop.library()).toHaveLength(1);
    },
  );

  it("that the merchant deleted, or that is not ready within a day, is given up", async () => {
    const gone = received(await shop.upload(await shop.photo())).mediaId;
    shop.platform.shop.files = {};
    shop.platform.sim.faults.files.processingMs = 30 * PROCESSING_MS;
    const ticket = openUpload(shop.shopId);
    const slow = received(await shop.upload(await shop.photo(), { ticket })).mediaId;
    await shop.review(ticket);
    shop.later(10_000);
    expect(await shop.settle()).toEqual({ ready: 0, failed: 1 });
    expect(await shop.media(gone)).toMatchObject({ status: "removed", why: "GONE" });
    shop.later(24 * 3_600_000);
    await shop.settle();
    expect(await shop.media(slow)).toMatchObject({ status: "removed", why: "NOT_READY" });
    // Shopify is still at work on it: it is deleted when it can be.
    expect(await shop.tidy()).toMatchObject({ erased: 1 });
    expect([shop.library().length, await isDue(shop.now)]).toEqual([1, false]);
    shop.later(8 * PROCESSING_MS);
    expect([await isDue(shop.now), (await shop.tidy()).erased, shop.library().length]).toEqual([true, 1, 0]);
  });
});

describe("a film", () => {
  it("and its poster are two files, seen when both are ready, the film as what Shopify made of it", async () => {
    const ticket = openUpload(shop.shopId);
    const { mediaId, folder } = received(await shop.upload(FILM, { ticket }));
    expect(received(await shop.upload(await shop.photo(), { ticket, posterOf: mediaId })).kind).toBe("poster");
    expect(await shop.upload(await shop.photo(), { ticket, posterOf: mediaId })).toMatchObject({ why: "ticket" });
    const hex = Buffer.from(folder, "base64url").toString("hex");
    expect(shop.library().map(({ kind, name }) => [kind, name])).toEqual([
      ["Video", `kizuna${hex}video.mp4`],
      ["MediaImage", `kizuna${hex}posterw1280.jpg`],
    ]);
    const { reviewId, attached } = await shop.review(ticket);
    expect(attached).toEqual({ photos: 0, videos: 1 });
    shop.later(2 * PROCESSING_MS);
    expect(await shop.settle()).toEqual({ ready: 1, failed: 0 });
    await inShop(shop.shopId, (tx) => approveMedia(tx, [mediaId], "staff:1", shop.now));
    const [film] = await shown(reviewId, "shown");
    expect(film?.files.map(({ type }) => type)).toEqual([
      "video/mp4",
      "image/webp",
      "image/webp",
      "image/webp",
      "image/jpeg",
    ]);
    const url = film?.files[0]?.url ?? "";
    const part = await mediaStore().open(shop.shopId, { folder, name: "video.mp4", url }, { from: 4, to: 7 });
    expect(part).toMatchObject({ length: 4, size: FILM.length, from: 4 });
    expect(part && (await buffer(part.stream)).toString()).toBe("ftyp");
  });

  it("that the shop's plan does not allow is refused with a reason, and no row of it stays", async () => {
    failNext(shop.platform.sim.faults, "fileCreate", "user_error", { code: "UNACCEPTABLE_TRIAL_ASSET" });
    expect(await shop.upload(FILM)).toEqual({ outcome: "refused", why: "not_kept" });
    const [row] = (await shop.all()).slice(-1);
    expect(row).toMatchObject({ status: "refused", why: "UNACCEPTABLE_TRIAL_ASSET", files: [] });
    expect((await shop.tidy()).erased).toBe(1);
  });
});

describe("what is removed", () => {
  it("leaves Shopify with the review, whoever deleted some of it by hand before", async () => {
    const ticket = openUpload(shop.shopId);
    const { mediaId } = received(await shop.upload(FILM, { ticket }));
    received(await shop.upload(await shop.photo(), { ticket, posterOf: mediaId }));
    const kept = received(await shop.upload(await shop.photo(), { ticket })).mediaId;
    shop.later(2 * PROCESSING_MS);
    await shop.settle();
    delete shop.platform.shop.files?.[shop.library()[0]?.id ?? ""];
    await inShop(shop.shopId, (tx) => removeMedia(tx, [mediaId], shop.now));
    expect(await shop.tidy()).toEqual({ given: 0, erased: 1 });
    expect(shop.library()).toHaveLength(1);
    expect(await shop.media(kept)).toMatchObject({ status: "ready", erased: false });
  });

  it("leaves Shopify when nobody sends the review", async () => {
    received(await shop.upload(await shop.photo()));
    shop.later(25 * 3_600_000);
    await shop.settle();
    expect(await shop.tidy()).toEqual({ given: 1, erased: 1 });
    expect(shop.library()).toEqual([]);
  });

  it("never takes a file that does not say that it is ours, whatever the search answers", async () => {
    const ours = received(await shop.upload(await shop.photo())).mediaId;
    shop.later(2 * PROCESSING_MS);
    await shop.settle();
    const [file] = shop.library();
    if (!file) throw new Error("the library is empty");
    const theirs = { ...file, id: "77", name: "banner.jpg" };
    shop.platform.shop.files = { ...shop.platform.shop.files, "77": theirs };
    shop.platform.sim.faults.files.searchAnswersAnything = true;
    await inShop(shop.shopId, (tx) => removeMedia(tx, [ours], shop.now));
    expect((await shop.tidy()).erased).toBe(1);
    expect(shop.library()).toEqual([theirs]);
  });

  it("stays with a shop that has uninstalled the app: nobody lets us in", async () => {
    received(await shop.upload(await shop.photo()));
    expect(await mediaStore().removeShop(shop.shopId)).toBe("left");
    expect(shop.library()).toHaveLength(1);
  });
});

describe("Shopify", () => {
  it("that wants a scope we were not given refuses, clearly and once", async () => {
    const install = shop.platform.shop.install;
    if (!install) throw new Error("the app is not installed");
    const scopes = install.scopes;
    install.scopes = scopes.filter((scope) => scope !== "write_files");
    try {
      expect(await shop.upload(await shop.photo())).toEqual({ outcome: "refused", why: "not_kept" });
      expect((await shop.all()).at(-1)).toMatchObject({ status: "refused", why: "ACCESS_DENIED" });
    } finally {
      install.scopes = scopes;
    }
    expect(shop.library()).toEqual([]);
  });

  it("that throttles is waited for; that goes on throttling is too busy for the shopper to wait", async () => {
    failNext(shop.platform.sim.faults, "stagedUploadsCreate", "throttled");
    failNext(shop.platform.sim.faults, "fileCreate", "throttled");
    received(await shop.upload(await shop.photo()));
    expect(shop.library()).toHaveLength(1);
    const always = failNext(shop.platform.sim.faults, "stagedUploadsCreate", "throttled", { times: "always" });
    expect(await shop.upload(await shop.photo())).toEqual({ outcome: "refused", why: "not_kept" });
    expect((await shop.all()).at(-1)).toMatchObject({ status: "refused", why: "BUSY" });
    always.clear();
  });

  it("that does not answer about one file does not hold up the others", async () => {
    received(await shop.upload(await shop.photo()));
    shop.later(PROCESSING_MS);
    const second = received(await shop.upload(await shop.photo())).mediaId;
    shop.later(2 * PROCESSING_MS);
    shop.platform.sim.faults.api.shopStatus = 402;
    await expect(shop.settle()).rejects.toThrow();
    shop.platform.sim.faults.api.shopStatus = null;
    expect(await shop.settle()).toEqual({ ready: 1, failed: 0 });
    expect((await shop.media(second)).status).toBe("ready");
  });
});

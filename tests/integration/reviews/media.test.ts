// Uploads with the real decoder in its own process, the real disk and the real door: what is refused leaves
// nothing, and what is kept holds nothing but pixels.
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { inShop } from "../../../app/db.server";
import { attachMedia } from "../../../app/reviews/media/attach-media.server";
import { encodePhoto, ENCODE_LIMITS } from "../../../app/reviews/media/encode-photo.server";
import { FILES_PER_TICKET, PHOTO_BYTES_MAX } from "../../../app/reviews/media/media-limits";
import { mediaUrl, newFolder } from "../../../app/reviews/media/media-place.server";
import { receiveMedia, type ReceiveOutcome } from "../../../app/reviews/media/receive-media.server";
import { approveMedia, readMedia, removeMedia } from "../../../app/reviews/media/show-media.server";
import { tidyMedia } from "../../../app/reviews/media/tidy-media.server";
import { openUpload } from "../../../app/reviews/media/upload-ticket.server";
import { DEFAULT_REVIEW_SETTINGS } from "../../../app/reviews/review-settings";
import { handleMedia } from "../../../app/server/media.server";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";
import { HEIC_GRADIENT } from "../../fixtures/photos";
import { box, mp4WithPlace, webmWithTags } from "../../fixtures/videos";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "kizuna-media-test-"));
useTestDatabase();
const now = new Date("2026-06-01T03:00:00Z");
const settings = DEFAULT_REVIEW_SETTINGS.media;
let shopId: number;
let server: Server;

beforeAll(async () => {
  process.env.KIZUNA_MEDIA_FOLDER = folder;
  shopId = await createTestShop();
  server = createServer((req, res) => {
    res.setHeader("X-Content-Type-Options", "nosniff");
    void handleMedia(req, res, (req.url ?? "").split("?", 1)[0] ?? "");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  fs.rmSync(folder, { recursive: true, force: true });
});

async function upload(
  bytes: Buffer,
  ticket = openUpload(shopId),
  more: Partial<{ posterOf: number; alt: string }> = {},
) {
  return receiveMedia(
    shopId,
    Readable.from([bytes.subarray(0, 1_000), bytes.subarray(1_000)]),
    { ticket, alt: more.alt ?? "", posterOf: more.posterOf ?? null, settings },
    now,
  );
}
function ready(outcome: ReceiveOutcome) {
  if (outcome.outcome !== "ready") throw new Error(`refused: ${outcome.why}`);
  return outcome;
}
const stored = (outcome: ReceiveOutcome, name: string) =>
  fs.readFileSync(path.join(folder, String(shopId), ready(outcome).folder, name));
const noise = (width: number, height: number) =>
  sharp(randomBytes(width * height * 3), { raw: { width, height, channels: 3 } });
const red = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: { r: 220, g: 30, b: 30 } } });
async function review(): Promise<number> {
  const { rows } = await inShop(shopId, (tx) =>
    tx.query<{ id: number }>(
      `INSERT INTO review (shop_id, product_gid, group_key, source, status, rating, submitted_at, published_at, updated_at)
       VALUES ($1, 'gid://shopify/Product/1', 'gid://shopify/Product/1', 'open', 'published', 4, $2, $2, $2) RETURNING id`,
      [shopId, now],
    ),
  );
  return rows[0]?.id ?? 0;
}

describe("photos", () => {
  it("E14 keeps the pixels upright and nothing else: no place, no camera, no name", async () => {
    const original = await noise(400, 200)
      .withExif({
        IFD0: { Make: "SecretCamera", Artist: "canary person" },
        IFD3: { GPSLatitude: "35/1 40/1 0/1", GPSLatitudeRef: "N" },
      })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    expect((await sharp(original).metadata()).exif).toBeDefined();
    const outcome = await upload(original);
    const { files } = ready(outcome);
    expect(files.map(({ name }) => name)).toEqual(["w320.webp", "w1280.jpg"]);
    for (const { name } of files) {
      const bytes = stored(outcome, name);
      const { width = 0, height = 0, exif, xmp, iptc, orientation } = await sharp(bytes).metadata();
      expect({ exif, xmp, iptc, orientation }).toEqual({});
      expect(width).toBeLessThan(height);
      expect(bytes.includes("SecretCamera") || bytes.includes("canary")).toBe(false);
    }
  });

  it("takes jpeg, png, webp and avif, also CMYK, grey, 16 bit and animated ones, in sizes up to their own", async () => {
    const samples = {
      jpeg: await noise(700, 500).jpeg().toBuffer(),
      cmyk: await red(300, 300).toColourspace("cmyk").jpeg().toBuffer(),
      png: await sharp({ create: { width: 90, height: 60, channels: 4, background: { r: 0, g: 9, b: 9, alpha: 0.2 } } })
        .png()
        .toBuffer(),
      grey: await red(300, 300).toColourspace("b-w").png().toBuffer(),
      sixteen: await red(300, 300).toColourspace("rgb16").png().toBuffer(),
      webp: await red(1500, 900).webp().toBuffer(),
      avif: await red(200, 100).avif({ effort: 0 }).toBuffer(),
      animated: await sharp([await red(64, 64).png().toBuffer(), await noise(64, 64).png().toBuffer()], {
        join: { animated: true },
      })
        .webp()
        .toBuffer(),
    };
    for (const [name, bytes] of Object.entries(samples)) {
      const outcome = await upload(bytes);
      expect(outcome, name).toMatchObject({ outcome: "ready", kind: "photo" });
      const { format, space, pages } = await sharp(stored(outcome, "w320.webp")).metadata();
      expect({ format, space, pages }, name).toEqual({ format: "webp", space: "srgb", pages: undefined });
    }
    expect(ready(await upload(samples.webp)).files.map(({ name, width }) => `${name} ${width ?? 0}`)).toEqual([
      "w320.webp 320",
      "w640.webp 640",
      "w1280.webp 1280",
      "w1280.jpg 1280",
    ]);
  });

  it("takes the photos of phones that sharp cannot read", async () => {
    const outcome = await upload(HEIC_GRADIENT);
    expect(outcome).toMatchObject({ outcome: "ready", kind: "photo" });
    const { data, info } = await sharp(stored(outcome, "w1280.jpg")).raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([96, 64]);
    const at = (x: number, y: number) => [...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3)];
    const near = (x: number, y: number, colour: number[]) =>
      at(x, y).every((value, channel) => Math.abs(value - (colour[channel] ?? 0)) < 30);
    expect([near(3, 3, [8, 12, 96]), near(92, 3, [244, 12, 96]), near(92, 60, [244, 239, 96])]).toEqual(
      Array(3).fill(true),
    );
    expect(await upload(HEIC_GRADIENT.subarray(0, 400))).toEqual({ outcome: "refused", why: "broken" });
  });

  it("E13 refuses what is no photo, whatever it says it is, and leaves nothing behind", async () => {
    const jpeg = await noise(300, 300).jpeg().toBuffer();
    const before = fs.readdirSync(path.join(folder, String(shopId))).length;
    const refused: Record<string, [Buffer, string]> = {
      svg: [Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'.padEnd(200)), "type_not_allowed"],
      html: [Buffer.from("<html><script>alert(1)</script></html>".padEnd(200)), "type_not_allowed"],
      gif: [await red(40, 40).gif().toBuffer(), "type_not_allowed"],
      empty: [Buffer.alloc(0), "type_not_allowed"],
      "magic only": [
        Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.from("<script>alert(1)</script>".repeat(20))]),
        "broken",
      ],
      truncated: [jpeg.subarray(0, jpeg.length / 2), "broken"],
      "one pixel": [await red(1, 1).png().toBuffer(), "too_small"],
      "wrong magic": [Buffer.concat([Buffer.from("RIFF\0\0\0\0WEBP"), jpeg]), "broken"],
    };
    for (const [name, [bytes, why]] of Object.entries(refused)) {
      expect(await upload(bytes), name).toEqual({ outcome: "refused", why });
    }
    expect(fs.readdirSync(path.join(folder, String(shopId))).length).toBe(before);
  });

  it("E13 encodes a polyglot to a plain photo: what was hidden in it is gone", async () => {
    const jpeg = await noise(200, 200).jpeg().toBuffer();
    const outcome = await upload(Buffer.concat([jpeg, Buffer.from("<script>alert('canary')</script>PK\x03\x04")]));
    for (const { name } of ready(outcome).files) expect(stored(outcome, name).includes("canary")).toBe(false);
  });

  it("E13 stops a bomb: too many pixels, too much memory, too much time, too many bytes", async () => {
    const bomb = await sharp({
      create: { width: 8_000, height: 7_000, channels: 3, background: "white" },
      limitInputPixels: false,
    })
      .png({ compressionLevel: 9 })
      .toBuffer();
    expect(bomb.length).toBeLessThan(1_000_000);
    expect(await upload(bomb)).toEqual({ outcome: "refused", why: "too_many_pixels" });
    // A header that promises 65,000 × 65,000 pixels in a few bytes.
    const header = Buffer.from(bomb);
    header.writeUInt32BE(65_000, 16);
    header.writeUInt32BE(65_000, 20);
    expect(await upload(header)).toMatchObject({ outcome: "refused" });
    const large = path.join(folder, "large.png");
    await noise(4_000, 4_000).png({ compressionLevel: 0 }).toFile(large);
    expect(await encodePhoto(large, "png", folder, { ...ENCODE_LIMITS, milliseconds: 5 })).toEqual({
      outcome: "refused",
      why: "took_too_long",
    });
    if (process.platform === "linux") {
      expect(await encodePhoto(large, "png", folder, { ...ENCODE_LIMITS, bytes: 1_000_000 })).toEqual({
        outcome: "refused",
        why: "too_much_memory",
      });
    }
    fs.rmSync(large);
    const jpeg = await noise(50, 50).jpeg().toBuffer();
    expect(await upload(Buffer.concat([jpeg, Buffer.alloc(PHOTO_BYTES_MAX)]))).toEqual({
      outcome: "refused",
      why: "too_large",
    });
  });
});

describe("videos", () => {
  it("E14 removes every box of metadata and the samples of a position track, and moves no other byte", async () => {
    const { bytes, film } = mp4WithPlace();
    const outcome = await upload(bytes);
    expect(outcome).toMatchObject({
      outcome: "ready",
      kind: "video",
      files: [{ name: "video.mp4", type: "video/mp4" }],
    });
    const kept = stored(outcome, "video.mp4");
    expect(kept.length).toBe(bytes.length);
    for (const secret of ["+35.6895", "GPS-SAMPLE", "canary"]) {
      expect(bytes.includes(secret)).toBe(true);
      expect(kept.includes(secret)).toBe(false);
    }
    expect(kept.includes(film)).toBe(true);
  });

  it("E14 empties the tags of a WebM", async () => {
    const bytes = webmWithTags();
    expect(bytes.includes("LOCATION")).toBe(true);
    const kept = stored(await upload(bytes), "video.webm");
    expect(kept.includes("LOCATION")).toBe(false);
    expect(kept.includes("FILM")).toBe(true);
    expect(kept.length).toBe(bytes.length);
  });

  it("E13 refuses a video that leads out of itself, and one without a film", async () => {
    const { bytes } = mp4WithPlace();
    expect(await upload(bytes.subarray(0, bytes.length - 10))).toEqual({ outcome: "refused", why: "broken" });
    const only = Buffer.concat([box("ftyp", Buffer.from("isom\0\0\0\0isom")), box("mdat", Buffer.alloc(100))]);
    expect(await upload(only)).toEqual({ outcome: "refused", why: "broken" });
  });

  it("takes one poster for a video of the same ticket", async () => {
    const ticket = openUpload(shopId);
    const { mediaId } = ready(await upload(mp4WithPlace().bytes, ticket));
    const poster = await noise(640, 360).jpeg().toBuffer();
    expect(await upload(poster, openUpload(shopId), { posterOf: mediaId })).toEqual({
      outcome: "refused",
      why: "ticket",
    });
    const outcome = ready(await upload(poster, ticket, { posterOf: mediaId }));
    expect(outcome.files.map(({ name }) => name)).toEqual(["posterw320.webp", "posterw640.webp", "posterw1280.jpg"]);
    expect(await upload(poster, ticket, { posterOf: mediaId })).toEqual({ outcome: "refused", why: "ticket" });
  });
});

describe("tickets, reviews and what is left over", () => {
  it("takes a ticket of the same shop only, as long as it is young, and so many files with it", async () => {
    const jpeg = await noise(40, 40).jpeg().toBuffer();
    const other = await createTestShop();
    const ticket = openUpload(shopId);
    const [random = "", until = "", mac = ""] = ticket.split(".");
    const forged = [
      openUpload(other),
      `${random}.${until}`,
      `${random}.zzzzzz.${mac}`,
      `x${random}.${until}.${mac}`,
      "",
      "a.b.c",
    ];
    for (const each of forged) expect(await upload(jpeg, each), each).toEqual({ outcome: "refused", why: "ticket" });
    ready(await upload(jpeg, ticket));
    await inShop(shopId, (tx) =>
      tx.query(
        `INSERT INTO review_media (shop_id, ticket_hash, kind, status, storage_key, created_at)
         SELECT $1, m.ticket_hash, 'photo', 'ready', rpad('filler-' || n, 22, 'x'), $2 FROM generate_series(2, $3::int) n,
                (SELECT ticket_hash FROM review_media WHERE shop_id = $1 ORDER BY id DESC LIMIT 1) m`,
        [shopId, now, FILES_PER_TICKET],
      ),
    );
    expect(await upload(jpeg, ticket)).toEqual({ outcome: "refused", why: "too_many_files" });
    const full = { ticket: openUpload(shopId), alt: "", posterOf: null, settings: { ...settings, quotaMegabytes: 0 } };
    expect(await receiveMedia(shopId, Readable.from([jpeg]), full, now)).toEqual({ outcome: "refused", why: "quota" });
    const off = { ...full, settings: { ...settings, photos: false } };
    expect(await receiveMedia(shopId, Readable.from([jpeg]), off, now)).toEqual({
      outcome: "refused",
      why: "switched_off",
    });
  });

  it("shows media once a person has seen them, counts them with the review, and forgets what is removed", async () => {
    const ticket = openUpload(shopId);
    const jpeg = await noise(60, 60).jpeg().toBuffer();
    const ids: number[] = [];
    for (const alt of ["first", "second"]) ids.push(ready(await upload(jpeg, ticket, { alt })).mediaId);
    const reviewId = await review();
    const licence = { wording: "yes", locale: "en" as const, agreedAt: now.toISOString() };
    const attached = await inShop(shopId, (tx) =>
      attachMedia(tx, reviewId, { ticket, only: ids.slice(0, 1), licence }),
    );
    expect(attached).toEqual({ photos: 1, videos: 0 });
    const seen = (which: "shown" | "all") => inShop(shopId, (tx) => readMedia(tx, [reviewId], which));
    expect([(await seen("shown")).length, (await seen("all")).length]).toEqual([0, 1]);
    const counted = async () =>
      (
        await inShop(shopId, (tx) =>
          tx.query<{ photos: number; due: boolean }>(
            "SELECT photos, award_due AS due FROM review WHERE shop_id = $1 AND id = $2",
            [shopId, reviewId],
          ),
        )
      ).rows[0];
    expect(await counted()).toEqual({ photos: 0, due: false });
    await inShop(shopId, (tx) => approveMedia(tx, ids, "staff:1", now));
    expect(await counted()).toEqual({ photos: 1, due: true });
    const [shown] = await seen("shown");
    expect(shown).toMatchObject({ alt: "first", isViewed: true });
    await inShop(shopId, (tx) => removeMedia(tx, ids.slice(0, 1), now));
    expect((await counted())?.photos).toBe(0);
    const tomorrow = new Date(now.getTime() + 25 * 3_600_000);
    const tidied = await tidyMedia(shopId, tomorrow, AbortSignal.timeout(60_000));
    expect(tidied.erased).toBeGreaterThanOrEqual(2);
    const left = await inShop(shopId, (tx) =>
      tx.query("SELECT FROM review_media WHERE shop_id = $1 AND id = ANY ($2) AND (erased_at IS NULL OR bytes > 0)", [
        shopId,
        ids,
      ]),
    );
    expect(left.rowCount).toBe(0);
    expect(await tidyMedia(shopId, tomorrow, AbortSignal.timeout(60_000))).toEqual({ given: 0, erased: 0 });
  });
});

describe("the door to the files", () => {
  const get = (target: string, headers: Record<string, string> = {}, method = "GET") =>
    fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${target}`, { headers, method });

  it("E15 serves the types we store, unsniffed, sandboxed and for good; parts of a video, too", async () => {
    const outcome = ready(await upload(mp4WithPlace().bytes));
    const target = new URL(mediaUrl(shopId, outcome.folder, { name: "video.mp4", url: null })).pathname;
    const whole = await get(target);
    expect(
      Object.fromEntries(
        ["content-type", "x-content-type-options", "content-security-policy", "cache-control"].map((name) => [
          name,
          whole.headers.get(name),
        ]),
      ),
    ).toEqual({
      "content-type": "video/mp4",
      "x-content-type-options": "nosniff",
      "content-security-policy": "sandbox; default-src 'none'",
      "cache-control": "public, max-age=31536000, immutable",
    });
    const bytes = Buffer.from(await whole.arrayBuffer());
    const part = await get(target, { Range: "bytes=4-7" });
    expect([part.status, part.headers.get("content-range"), await part.text()]).toEqual([
      206,
      `bytes 4-7/${bytes.length}`,
      "ftyp",
    ]);
    expect((await get(target, { Range: "bytes=99999999-" })).status).toBe(416);
    expect((await get(target, {}, "HEAD")).headers.get("content-length")).toBe(String(bytes.length));
    expect((await get(target, {}, "POST")).status).toBe(405);
  });

  it("E16 knows no names but its own: paths that lead elsewhere are not found", async () => {
    const outside = path.join(folder, "secret.jpg");
    fs.writeFileSync(outside, "secret");
    const own = newFolder();
    for (const name of [
      "/media/1/../secret.jpg",
      "/media/1/%2e%2e/secret.jpg",
      `/media/${shopId}/${own}/../../secret.jpg`,
      `/media/${shopId}/${own}/w320.webp%00.jpg`,
      `/media/${shopId}/${own}/con.svg`,
      `/media/${shopId}/${own}/`,
      "/media/0/a/b",
      `/media/${shopId}/${"x".repeat(300)}/w320.webp`,
    ]) {
      expect((await get(name)).status, name).toBe(404);
    }
  });

  it("D08 another shop's number finds nothing of this shop's", async () => {
    const outcome = ready(await upload(await noise(40, 40).jpeg().toBuffer()));
    expect((await get(`/media/${shopId}/${outcome.folder}/w320.webp`)).status).toBe(200);
    expect((await get(`/media/${shopId + 1}/${outcome.folder}/w320.webp`)).status).toBe(404);
  });
});

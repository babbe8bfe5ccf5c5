// Media in a bucket: the store against a server that speaks S3 and checks each signature itself, and a photo's whole
// way into it and out through our own door.
import fs from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import sharp from "sharp";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { inShop } from "../../../app/db.server";
import { mediaUrl } from "../../../app/reviews/media/media-place.server";
import { receiveMedia } from "../../../app/reviews/media/receive-media.server";
import { tidyMedia } from "../../../app/reviews/media/tidy-media.server";
import { openUpload } from "../../../app/reviews/media/upload-ticket.server";
import { DEFAULT_REVIEW_SETTINGS } from "../../../app/reviews/review-settings";
import { handleMedia } from "../../../app/server/media.server";
import type { MediaStore, OpenFile } from "../../../app/storage/media-store";
import { bucketStore } from "../../../app/storage/s3-store.server";
import { startBucket, type Bucket } from "../../builders/bucket";
import { createTestShop } from "../../builders/shop";
import { mp4WithPlace } from "../../fixtures/videos";
import { useTestDatabase } from "../../setup/postgres";

useTestDatabase();
const now = new Date("2026-06-01T03:00:00Z");
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "kizuna-bucket-test-"));
const film = path.join(folder, "film.mp4");
const FILM = Buffer.from(Array.from({ length: 200_000 }, (_, index) => index % 251));
const place = (letter: string, name = "video.mp4") => ({ folder: letter.repeat(22), name });
let bucket: Bucket;

beforeAll(async () => {
  bucket = await startBucket();
  fs.writeFileSync(film, FILM);
  const { endpoint, name, region, keyId, secret } = bucket;
  Object.assign(process.env, {
    KIZUNA_MEDIA_STORE: "s3",
    KIZUNA_MEDIA_FOLDER: folder,
    KIZUNA_S3_ENDPOINT: endpoint,
    KIZUNA_S3_BUCKET: name,
    KIZUNA_S3_REGION: region,
    KIZUNA_S3_KEY_ID: keyId,
    KIZUNA_S3_SECRET: secret,
  });
});
beforeEach(() => {
  bucket.objects.clear();
  bucket.log.length = 0;
  bucket.failing.length = 0;
});
afterAll(async () => {
  await bucket.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

const storeWith = (change: Partial<{ secret: string; keyId: string; region: string }> = {}) => {
  const { endpoint, name, region, keyId, secret } = bucket;
  return bucketStore({ endpoint: `${endpoint}/`, bucket: name, region, keyId, secret, ...change });
};
const put = (
  store: MediaStore,
  letter: string,
  { name = "video.mp4", path: from = film }: { name?: string; path?: string } = {},
  shopId = 7,
) => store.put(shopId, letter.repeat(22), [{ name, path: from, width: null }]);
async function bytesOf(file: OpenFile | null): Promise<Buffer> {
  if (!file) throw new Error("there is no such file");
  return buffer(file.stream);
}

describe("a bucket", () => {
  it("takes a file as it is with its type, gives it back, and replaces it", async () => {
    const store = storeWith();
    expect(await put(store, "a")).toEqual({ outcome: "stored", files: [{ url: null, ref: null }] });
    const key = `7/${"a".repeat(22)}/video.mp4`;
    expect([...bucket.objects.keys()]).toEqual([key]);
    expect(bucket.objects.get(key)?.type).toBe("video/mp4");
    const whole = await store.open(7, place("a"));
    expect(whole).toMatchObject({ length: FILM.length, size: FILM.length, from: 0 });
    expect((await bytesOf(whole)).equals(FILM)).toBe(true);
    fs.writeFileSync(path.join(folder, "second"), "second");
    await put(store, "a", { path: path.join(folder, "second") });
    expect((await bytesOf(await store.open(7, place("a")))).toString()).toBe("second");
  });

  it("gives parts, nothing beyond the end, and null for what is not there", async () => {
    const store = storeWith();
    await put(store, "a");
    const part = await store.open(7, place("a"), { from: 10, to: 19 });
    expect(part).toMatchObject({ length: 10, size: FILM.length, from: 10 });
    expect(await bytesOf(part)).toEqual(FILM.subarray(10, 20));
    const rest = await store.open(7, place("a"), { from: FILM.length - 5, to: null });
    expect(await bytesOf(rest)).toEqual(FILM.subarray(-5));
    expect(await store.open(7, place("a"), { from: FILM.length, to: null })).toMatchObject({ length: 0 });
    expect(await store.open(7, place("b"))).toBeNull();
    expect(await store.open(8, place("a"))).toBeNull();
  });

  it("forgets a folder, or a shop over several pages of a list, and nothing of the next shop", async () => {
    const store = storeWith();
    for (const letter of ["a", "b", "c", "d"]) {
      await put(store, letter);
      await put(store, letter, { name: "posterw320.webp" });
    }
    await put(store, "a", {}, 70);
    await store.remove(7, place("a").folder, []);
    expect(bucket.objects.size).toBe(7);
    await store.remove(7, place("a").folder, []);
    await store.removeShop(7);
    expect([...bucket.objects.keys()]).toEqual([`70/${"a".repeat(22)}/video.mp4`]);
  });

  it("believes the right signature only, and a refusal is a failure, not an empty answer", async () => {
    await put(storeWith(), "a");
    for (const change of [{ secret: "guessed" }, { keyId: "AKIASOMEBODY" }, { region: "us-east-1" }]) {
      const stranger = storeWith(change);
      await expect(stranger.open(7, place("a"))).rejects.toThrow("403");
      await expect(put(stranger, "b")).rejects.toThrow("403");
      await expect(stranger.remove(7, place("a").folder, [])).rejects.toThrow("403");
    }
    expect(bucket.objects.size).toBe(1);
  });

  it("is asked again when it is too busy, a whole file included", async () => {
    const store = storeWith();
    bucket.failing.push("PUT");
    await put(store, "a");
    expect(bucket.objects.get(`7/${"a".repeat(22)}/video.mp4`)?.bytes.equals(FILM)).toBe(true);
    bucket.failing.push("GET", "DELETE");
    expect((await bytesOf(await store.open(7, place("a")))).length).toBe(FILM.length);
    await store.remove(7, place("a").folder, []);
    expect(bucket.objects.size).toBe(0);
    expect(bucket.log.filter((line) => line.endsWith(" 503"))).toHaveLength(3);
  });

  it("never gets a name that we did not make", async () => {
    const store = storeWith();
    for (const bad of [place("a", "../x.mp4"), { folder: "..", name: "video.mp4" }, place("a", "video.html")]) {
      const file = { name: bad.name, path: film, width: null };
      await expect(store.put(7, bad.folder, [file])).rejects.toThrow(RangeError);
      await expect(store.open(7, bad)).rejects.toThrow(RangeError);
    }
    expect(bucket.log).toEqual([]);
  });
});

describe("uploads into the bucket", () => {
  let shopId: number;
  let server: Server;
  beforeAll(async () => {
    shopId = await createTestShop();
    server = createServer((req, res) => void handleMedia(req, res, (req.url ?? "").split("?", 1)[0] ?? ""));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));
  const settings = DEFAULT_REVIEW_SETTINGS.media;
  const get = (address: string, range?: string) =>
    fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${new URL(address).pathname}`, {
      headers: range ? { range } : {},
    });

  it("are encoded, stored, shown through our own door, and erased when nobody sends the review", async () => {
    const photo = await sharp({ create: { width: 400, height: 300, channels: 3, background: "#c84" } })
      .jpeg()
      .toBuffer();
    const ticket = openUpload(shopId);
    const send = (bytes: Buffer) =>
      receiveMedia(shopId, Readable.from([bytes]), { ticket, alt: "", posterOf: null, settings }, now);
    const [kept, video] = [await send(photo), await send(mp4WithPlace().bytes)];
    if (kept.outcome !== "ready" || video.outcome !== "ready") throw new Error("the bucket takes nothing");
    const names = [...kept.files.map(({ name }) => `${kept.folder}/${name}`), `${video.folder}/video.mp4`];
    expect([...bucket.objects.keys()].sort()).toEqual(names.map((name) => `${shopId}/${name}`).sort());
    const shown = await get(mediaUrl(shopId, kept.folder, { name: "w320.webp", url: null }));
    expect([shown.status, shown.headers.get("content-type")]).toEqual([200, "image/webp"]);
    expect((await sharp(Buffer.from(await shown.arrayBuffer())).metadata()).width).toBe(320);
    const part = await get(mediaUrl(shopId, video.folder, { name: "video.mp4", url: null }), "bytes=4-7");
    expect([part.status, await part.text()]).toEqual([206, "ftyp"]);
    const tomorrow = new Date(now.getTime() + 25 * 3_600_000);
    expect(await tidyMedia(shopId, tomorrow, AbortSignal.timeout(60_000))).toMatchObject({ erased: 2 });
    expect(bucket.objects.size).toBe(0);
    const left = await inShop(shopId, (tx) =>
      tx.query("SELECT FROM review_media WHERE shop_id = $1 AND (erased_at IS NULL OR bytes > 0)", [shopId]),
    );
    expect(left.rowCount).toBe(0);
  });
});

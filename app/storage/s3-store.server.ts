// Media in a bucket of an S3-compatible service, under <shop>/<random>/<name>; served through our own door,
// so that the bucket needs no public access.
import { createReadStream } from "node:fs";
import fs from "node:fs/promises";
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { setTimeout as sleep } from "node:timers/promises";
import { AwsClient } from "aws4fetch";

import type { ShopId } from "../db.server";
import { checkPlace, extensionOf, MEDIA_TYPES, type MediaStore, type StoredPlace } from "./media-store";

export interface BucketAddress {
  /** https://s3.ap-northeast-1.amazonaws.com, or the address of another service. */
  endpoint: string;
  bucket: string;
  region: string;
  keyId: string;
  secret: string;
}
/** Served through our own door. */
const HERE = { url: null, ref: null };
const TIMEOUT_MS = 60_000;
const PUT_TRIES = 4;
const PAUSE_MS = 100;
/** Keys of one list answer. */
const KEY = /<Key>([^<]+)<\/Key>/g;

/** A store in a bucket. */
export function bucketStore({ endpoint, bucket, region, keyId, secret }: BucketAddress): MediaStore {
  const access = { accessKeyId: keyId, secretAccessKey: secret, region, service: "s3" };
  const client = new AwsClient({ ...access, retries: 4 });
  const once = new AwsClient({ ...access, retries: 0 });
  const base = `${endpoint.replace(/\/$/, "")}/${encodeURIComponent(bucket)}`;
  const urlOf = (shopId: ShopId, place: StoredPlace): string => {
    checkPlace(place);
    return `${base}/${shopId}/${place.folder}/${place.name}`;
  };
  const ask = (url: string, init: RequestInit) =>
    client.fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });

  // A stream is read once: each try opens the file anew.
  async function send(url: string, type: string, file: string): Promise<Response> {
    const { size } = await fs.stat(file);
    for (let tries = 1; ; tries++) {
      const answer = await once.fetch(url, {
        method: "PUT",
        headers: {
          "Content-Type": type,
          "Content-Length": String(size),
          // The body is streamed: it cannot be hashed before it is sent.
          "X-Amz-Content-Sha256": "UNSIGNED-PAYLOAD",
        },
        body: Readable.toWeb(createReadStream(file)),
        duplex: "half",
        signal: AbortSignal.timeout(TIMEOUT_MS),
      } as RequestInit);
      if ((answer.status !== 429 && answer.status < 500) || tries === PUT_TRIES) return answer;
      await answer.body?.cancel();
      await sleep(PAUSE_MS * 2 ** tries);
    }
  }

  // Pages of up to 1,000 keys; what was listed is deleted, so the first page is always the next one.
  async function removeBelow(prefix: string): Promise<void> {
    for (;;) {
      const listed = await ask(`${base}?list-type=2&prefix=${encodeURIComponent(prefix)}`, { method: "GET" });
      if (!listed.ok) throw new Error(`the media bucket answered ${listed.status} to a list`);
      const keys = [...(await listed.text()).matchAll(KEY)].map((match) => match[1] ?? "");
      if (keys.length === 0) return;
      for (const key of keys) {
        const gone = await ask(`${base}/${key.split("/").map(encodeURIComponent).join("/")}`, { method: "DELETE" });
        if (!gone.ok && gone.status !== 404) throw new Error(`the media bucket answered ${gone.status} to a delete`);
      }
    }
  }
  return {
    async put(shopId, folder, files) {
      for (const { name, path } of files) {
        const answer = await send(urlOf(shopId, { folder, name }), MEDIA_TYPES[extensionOf(name)], path);
        if (!answer.ok) throw new Error(`the media bucket answered ${answer.status} to a put`);
      }
      return { outcome: "stored", files: files.map(() => HERE) };
    },
    settle: (_shopId, _folder, files) => Promise.resolve({ outcome: "ready", files: files.map(() => HERE) }),
    async open(shopId, place, range) {
      const answer = await ask(urlOf(shopId, place), {
        method: "GET",
        headers: range ? { Range: `bytes=${range.from}-${range.to ?? ""}` } : {},
      });
      if (answer.status === 404) return null;
      if (answer.status === 416)
        return { stream: Readable.from([]), length: 0, size: range?.from ?? 0, from: range?.from ?? 0 };
      if (!answer.ok || !answer.body) throw new Error(`the media bucket answered ${answer.status} to a get`);
      const length = Number(answer.headers.get("content-length") ?? 0);
      const whole = /\/(\d+)$/.exec(answer.headers.get("content-range") ?? "")?.[1];
      const stream = Readable.fromWeb(answer.body as ReadableStream);
      return { stream, length, size: whole ? Number(whole) : length, from: whole ? (range?.from ?? 0) : 0 };
    },
    async remove(shopId, folder) {
      await removeBelow(`${shopId}/${folder}/`);
      return "removed";
    },
    async removeShop(shopId) {
      await removeBelow(`${shopId}/`);
      return "removed";
    },
  };
}

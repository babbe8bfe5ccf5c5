// The store this installation uses.
import path from "node:path";

import { env } from "../env.server";
import { projectRoot } from "../project-root.server";
import {
  deleteShopFile,
  downloadShopFile,
  findShopFiles,
  makeShopFile,
  readShopFiles,
} from "../shopify/shop-files.server";
import { diskStore } from "./disk-store.server";
import type { MediaStore } from "./media-store";
import { bucketStore } from "./s3-store.server";
import { shopifyStore } from "./shopify-store.server";

let opened: MediaStore | undefined;

/** The media store named by the environment. */
export function mediaStore(): MediaStore {
  return (opened ??= openStore());
}
function openStore(): MediaStore {
  const { KIZUNA_MEDIA_STORE: kind, KIZUNA_MEDIA_FOLDER: folder } = env();
  if (kind === "disk") return diskStore(path.resolve(projectRoot(), folder));
  if (kind === "shopify")
    return shopifyStore({
      make: makeShopFile,
      read: readShopFiles,
      find: findShopFiles,
      remove: deleteShopFile,
      download: downloadShopFile,
    });
  const { KIZUNA_S3_ENDPOINT, KIZUNA_S3_BUCKET, KIZUNA_S3_REGION, KIZUNA_S3_KEY_ID, KIZUNA_S3_SECRET } = env();
  if (!KIZUNA_S3_ENDPOINT || !KIZUNA_S3_BUCKET || !KIZUNA_S3_KEY_ID || !KIZUNA_S3_SECRET) {
    throw new Error("the media bucket is not described completely");
  }
  return bucketStore({
    endpoint: KIZUNA_S3_ENDPOINT,
    bucket: KIZUNA_S3_BUCKET,
    region: KIZUNA_S3_REGION,
    keyId: KIZUNA_S3_KEY_ID,
    secret: KIZUNA_S3_SECRET,
  });
}

// Addresses of stored media, and the places behind them.
import { randomBytes } from "node:crypto";

import type { ShopId } from "../../db.server";
import { env } from "../../env.server";
import { FILE_NAME, FOLDER_NAME, type StoredPlace } from "../../storage/media-store";
import type { MediaFile } from "./media-limits";

/** Below it stand the files of every shop. */
export const MEDIA_PATH = "/media/";

/** A new folder for one photo or video: nobody can guess it. */
export function newFolder(): string {
  return randomBytes(16).toString("base64url");
}
/** Where a stored file is seen from. */
export function mediaUrl(shopId: ShopId, folder: string, file: Pick<MediaFile, "name" | "url">): string {
  return file.url ?? new URL(`${MEDIA_PATH}${shopId}/${folder}/${file.name}`, env().SHOPIFY_APP_URL).toString();
}
/** The place behind an address of ours; null: it was not made by us. */
export function readMediaPath(pathname: string): { shopId: ShopId; place: StoredPlace } | null {
  const [shop = "", folder = "", name = "", ...rest] = pathname.slice(MEDIA_PATH.length).split("/");
  const isOurs = /^[1-9]\d{0,8}$/.test(shop) && FOLDER_NAME.test(folder) && FILE_NAME.test(name) && rest.length === 0;
  return isOurs ? { shopId: Number(shop), place: { folder, name } } : null;
}

// Where media files live: the port. Each shop has a folder of its own, and each photo or video a folder in it
// with a random, server-made name; what people call their files never becomes a name here.
import type { Readable } from "node:stream";

import type { ShopId } from "../db.server";

/** The types that are ever stored, and the only ones a stored file is served with. */
export const MEDIA_TYPES = {
  webp: "image/webp",
  jpg: "image/jpeg",
  mp4: "video/mp4",
  webm: "video/webm",
  mov: "video/quicktime",
} as const;
export type MediaExtension = keyof typeof MEDIA_TYPES;

/** "w640.webp": letters, digits and one dot. */
export const FILE_NAME = /^[a-z0-9]{1,20}\.(webp|jpg|mp4|webm|mov)$/;
/** 128 random bits as base64url. */
export const FOLDER_NAME = /^[A-Za-z0-9_-]{22}$/;

export interface StoredPlace {
  /** The folder of one photo or video. */
  folder: string;
  name: string;
}
/** A file of a folder, and how wide it is meant to be. */
export interface StoredName {
  name: string;
  width: number | null;
}
/** A finished file on the disk, on its way into a folder. */
export interface FileToKeep extends StoredName {
  path: string;
}
export interface StoredFile {
  /** Where the file is served from, when the store serves it itself; null: through our own door. */
  url: string | null;
  /** What the store knows the file by, where that is not its place. Without a url: the store is not ready with it. */
  ref: string | null;
  /** What it is served as, when the store made something else of it. */
  type?: string;
}
export type PutOutcome =
  /** In the order of the files that were given. */
  | { outcome: "stored"; files: StoredFile[] }
  /** The store does not take it: asking again cannot help. */
  | { outcome: "refused"; why: string }
  /** The store cannot be asked now; what became of it is unknown. */
  | { outcome: "busy" };
/** How far a store is with files that it gave no url for. */
export type SettleOutcome =
  { outcome: "ready"; files: StoredFile[] } | { outcome: "waiting" } | { outcome: "failed"; why: string };
export interface OpenFile {
  stream: Readable;
  /** Bytes of this answer and of the whole file. */
  length: number;
  size: number;
  /** First byte of this answer. */
  from: number;
}

export interface MediaStore {
  /** Takes the finished files of a photo, a poster or a film. Files that are put again are one file each, never two. */
  put(shopId: ShopId, folder: string, files: readonly FileToKeep[]): Promise<PutOutcome>;
  /** Asks again about files that `put` stored without a url. */
  settle(shopId: ShopId, folder: string, files: readonly (StoredName & { ref: string })[]): Promise<SettleOutcome>;
  /**
   * A file, or the part of it from `range.from` to `range.to` inclusive; null: there is none.
   * `url`: where it is served from, when the store said so.
   */
  open(
    shopId: ShopId,
    place: StoredPlace & { url?: string | null },
    range?: { from: number; to: number | null },
  ): Promise<OpenFile | null>;
  /**
   * Removes everything in a folder; nothing there is fine. `refs`: those of its files, where the store gave some.
   * later: the store is still at work on one of them. unseen: one that it said it has cannot be found (yet).
   */
  remove(shopId: ShopId, folder: string, refs: readonly string[]): Promise<"removed" | "later" | "unseen">;
  /** Removes everything of a shop that has gone. left: it belongs to the shop, and nobody lets us in any more. */
  removeShop(shopId: ShopId): Promise<"removed" | "left">;
}

/** The extension of a stored name. @throws RangeError for a name that no store would have made */
export function extensionOf(name: string): MediaExtension {
  const extension = FILE_NAME.exec(name)?.[1];
  if (!extension) throw new RangeError("not the name of a stored file");
  return extension as MediaExtension;
}
/** @throws RangeError when a place is not one that we made */
export function checkPlace({ folder, name }: StoredPlace): void {
  if (!FOLDER_NAME.test(folder) || !FILE_NAME.test(name)) throw new RangeError("not the place of a stored file");
}

// Media on a local disk: <folder>/<shop>/<random>/<name>. The default; one process, or processes that share
// the folder.
import { createReadStream } from "node:fs";
import fs from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";

import type { ShopId } from "../db.server";
import { checkPlace, FOLDER_NAME, type MediaStore, type OpenFile, type StoredPlace } from "./media-store";

/** Served through our own door. */
const HERE = { url: null, ref: null };

/** A store below `root`, which is made on first use. */
export function diskStore(root: string): MediaStore {
  const folderOf = (shopId: ShopId, folder: string): string => {
    if (!FOLDER_NAME.test(folder)) throw new RangeError("not the place of a stored file");
    return path.join(root, String(shopId), folder);
  };
  const pathOf = (shopId: ShopId, place: StoredPlace): string => {
    checkPlace(place);
    return path.join(folderOf(shopId, place.folder), place.name);
  };
  return {
    async put(shopId, folder, files) {
      for (const file of files) {
        const target = pathOf(shopId, { folder, name: file.name });
        await fs.mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
        // Copied beside its place first: a reader never meets half a file.
        const beside = `${target}.part`;
        await fs.copyFile(file.path, beside);
        await fs.rename(beside, target);
      }
      return { outcome: "stored", files: files.map(() => HERE) };
    },
    settle: (_shopId, _folder, files) => Promise.resolve({ outcome: "ready", files: files.map(() => HERE) }),
    async open(shopId, place, range) {
      return openPart(pathOf(shopId, place), range);
    },
    async remove(shopId, folder) {
      await fs.rm(folderOf(shopId, folder), { recursive: true, force: true });
      return "removed";
    },
    async removeShop(shopId) {
      await fs.rm(path.join(root, String(shopId)), { recursive: true, force: true });
      return "removed";
    },
  };
}

async function openPart(file: string, range?: { from: number; to: number | null }): Promise<OpenFile | null> {
  const found = await fs.stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return null;
    throw error;
  });
  if (!found?.isFile()) return null;
  const { size } = found;
  const from = range ? Math.min(range.from, size) : 0;
  const to = Math.min(range?.to ?? size - 1, size - 1);
  const length = Math.max(0, to - from + 1);
  const stream = length === 0 ? Readable.from([]) : createReadStream(file, { start: from, end: to });
  return { stream, length, size, from };
}
